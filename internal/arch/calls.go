package arch

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
)

// outward is every name of the standard library that opens a connection by
// itself. Addresses come from outside, so each dial must pass the one guard in
// internal/dial: other rooms receive a dial function or a client built on it.
var outward = map[string]bool{
	"crypto/tls.Dial": true, "crypto/tls.DialWithDialer": true, "crypto/tls.Dialer": true,
	"net.Dial": true, "net.DialIP": true, "net.DialTCP": true, "net.DialTimeout": true, "net.DialUDP": true, "net.DialUnix": true, "net.Dialer": true,
	"net/http.DefaultClient": true, "net/http.DefaultTransport": true,
	"net/http.Get": true, "net/http.Head": true, "net/http.Post": true, "net/http.PostForm": true,
	"net/smtp.Dial": true, "net/smtp.SendMail": true,
}

// dialsItself lists the rooms that may open connections, with the reason.
var dialsItself = map[string]string{
	"internal/dial":              "is the guard",
	"internal/exercise":          "plays officers on the desk's own loopback address",
	"internal/exercise/practice": "plays providers that speak to the desk's loopback address",
}

// Dials checks that nothing but the guarded dialer reaches out: no dialling
// function of the standard library, and no HTTP client or transport that falls
// back to one.
func Dials(t *Tree) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		r, ok := roomOf(p.Dir)
		if !ok || isKit(p) || dialsItself[r.dir] != "" {
			continue
		}
		for _, f := range p.code() {
			names := f.localNames()
			ast.Inspect(f.AST, func(n ast.Node) bool {
				if text := dials(n, names); text != "" {
					found = append(found, Problem{t.at(n), text + ": every outbound dial goes through internal/dial"})
				}
				return true
			})
		}
	}
	return found
}

func dials(n ast.Node, names map[string]string) string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if q := qualified(n, names); outward[q] {
			return "uses " + q
		}
	case *ast.CompositeLit:
		sel, ok := n.Type.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		switch qualified(sel, names) {
		case "net/http.Client":
			if !sets(n, "Transport") {
				return "makes an http.Client without a Transport"
			}
		case "net/http.Transport":
			if !sets(n, "DialContext", "DialTLSContext") {
				return "makes an http.Transport without a DialContext"
			}
		}
	}
	return ""
}

// sets tells whether a literal gives a value to one of the fields.
func sets(lit *ast.CompositeLit, fields ...string) bool {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		for _, field := range fields {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == field {
				return true
			}
		}
	}
	return false
}

// Clock checks that the vocabulary and the pure packages never ask the machine
// for the time: they are told, so that a rule gives the same answer in an
// exercise, in a test and in court.
func Clock(t *Tree) []Problem {
	asks := map[string]bool{"time.Now": true, "time.Since": true, "time.Until": true}
	return t.uses(asks, func(p *Package) bool { return isPure(p.Dir) && !isKit(p) }, "a rule is told the time, it does not ask for it")
}

// uses reports where packages that pass the filter mention one of the names.
func (t *Tree) uses(names map[string]bool, filter func(*Package) bool, why string) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		if !filter(p) {
			continue
		}
		for _, f := range p.code() {
			local := f.localNames()
			ast.Inspect(f.AST, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if q := qualified(sel, local); names[q] {
						found = append(found, Problem{t.at(n), fmt.Sprintf("uses %s: %s", q, why)})
					}
				}
				return true
			})
		}
	}
	return found
}

// Registries checks that no import is a side effect: package init functions hide
// what a program contains, an explicit list shows it.
func Registries(t *Tree) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		for _, f := range p.code() {
			for _, d := range f.AST.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					found = append(found, Problem{t.at(fn), "an init function makes an import a side effect: call it by name"})
				}
			}
		}
	}
	return found
}

// localNames maps the name a file uses for a package to the package's path.
func (f *File) localNames() map[string]string {
	names := map[string]string{}
	for _, in := range f.imports() {
		name := path.Base(in.path)
		if in.spec.Name != nil {
			name = in.spec.Name.Name
		}
		names[name] = in.path
	}
	return names
}

// qualified is path.Name for a selector on an imported package, or "".
func qualified(sel *ast.SelectorExpr, names map[string]string) string {
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	p, ok := names[id.Name]
	if !ok || strings.Contains(p, ".") {
		return ""
	}
	return p + "." + sel.Sel.Name
}
