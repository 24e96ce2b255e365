package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
)

// Module is the import path of the root package.
const Module = "github.com/staydown/staydown"

// Tree is the parsed source of a module.
type Tree struct {
	Fset     *token.FileSet
	Packages []*Package // sorted by Dir
}

// Package is one folder with Go files in it.
type Package struct {
	Dir   string // slash-separated, from the module's root; "" is the root
	Name  string // as the non-test files declare it
	Files []*File
}

// File is one parsed Go file.
type File struct {
	Path string // slash-separated, from the module's root
	Test bool   // its name ends in _test.go
	AST  *ast.File
}

// Problem is one place where the sources break a rule.
type Problem struct {
	Where string // file:line, or the file alone
	Text  string
}

// String is the problem as a compiler would print it.
func (p Problem) String() string { return p.Where + ": " + p.Text }

// Read parses every Go file of a module, tests included. It leaves out folders
// that the go command leaves out (testdata, vendor, names that begin with a dot
// or an underscore) and folders that are modules of their own.
func Read(fsys fs.FS) (*Tree, error) {
	t := &Tree{Fset: token.NewFileSet()}
	byDir := map[string]*Package{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(fsys, name) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		return t.add(fsys, name, byDir)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the sources: %w", err)
	}
	for _, p := range byDir {
		t.Packages = append(t.Packages, p)
	}
	sort.Slice(t.Packages, func(i, j int) bool { return t.Packages[i].Dir < t.Packages[j].Dir })
	return t, nil
}

func skipped(fsys fs.FS, dir string) bool {
	if dir == "." {
		return false
	}
	base := path.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

func (t *Tree) add(fsys fs.FS, name string, byDir map[string]*Package) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	if dir == "." {
		dir = ""
	}
	p := byDir[dir]
	if p == nil {
		p = &Package{Dir: dir}
		byDir[dir] = p
	}
	f := &File{Path: name, Test: strings.HasSuffix(name, "_test.go"), AST: parsed}
	p.Files = append(p.Files, f)
	if !f.Test || p.Name == "" {
		p.Name = strings.TrimSuffix(parsed.Name.Name, "_test")
	}
	return nil
}

// code is the package's files without its tests.
func (p *Package) code() []*File {
	var files []*File
	for _, f := range p.Files {
		if !f.Test {
			files = append(files, f)
		}
	}
	return files
}

// at tells where in the sources a node stands.
func (t *Tree) at(n ast.Node) string {
	pos := t.Fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

// imported is one import of a file: the path, and the folder when the package
// is one of ours.
type imported struct {
	spec *ast.ImportSpec
	path string
	ours bool
	dir  string
}

func (f *File) imports() []imported {
	var list []imported
	for _, spec := range f.AST.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has already refused such a file
		}
		in := imported{spec: spec, path: p}
		if p == Module {
			in.ours = true
		} else if rest, ok := strings.CutPrefix(p, Module+"/"); ok {
			in.ours, in.dir = true, rest
		}
		list = append(list, in)
	}
	return list
}

// standard tells whether an import path belongs to the standard library: its
// first element has no dot, and it is not ours.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}
