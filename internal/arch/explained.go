package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// Explained checks that every package opens with a paragraph, and that every
// exported name at the top level of a package says what it is. A group of
// constants or variables may share one comment, or carry one per line.
func Explained(t *Tree) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		if len(p.code()) == 0 {
			continue
		}
		if !opens(p) {
			found = append(found, Problem{p.code()[0].Path, fmt.Sprintf("package %s does not open with a paragraph (\"// Package %s ...\")", p.Name, p.Name)})
		}
		if p.Name == "main" {
			continue
		}
		for _, f := range p.code() {
			for _, d := range f.AST.Decls {
				for _, id := range unexplained(d) {
					found = append(found, Problem{t.at(id), fmt.Sprintf("exported name %s is not explained", id.Name)})
				}
			}
		}
	}
	return found
}

// opens tells whether one of the package's files has a doc comment that names
// the package.
func opens(p *Package) bool {
	for _, f := range p.code() {
		if f.AST.Doc == nil {
			continue
		}
		text := f.AST.Doc.Text()
		if p.Name == "main" && text != "" || strings.HasPrefix(text, "Package "+p.Name) {
			return true
		}
	}
	return false
}

// unexplained lists the exported names of a declaration that have no comment.
// Methods are left to the reader of their type.
func unexplained(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.IsExported() && d.Doc == nil {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT || d.Doc != nil {
			return nil
		}
		var list []*ast.Ident
		for _, s := range d.Specs {
			list = append(list, unexplainedSpec(s)...)
		}
		return list
	}
	return nil
}

func unexplainedSpec(s ast.Spec) []*ast.Ident {
	var list []*ast.Ident
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
			list = append(list, s.Name)
		}
	case *ast.ValueSpec:
		if s.Doc != nil || s.Comment != nil {
			return nil
		}
		for _, id := range s.Names {
			if id.IsExported() {
				list = append(list, id)
			}
		}
	}
	return list
}
