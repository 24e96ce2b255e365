package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/staydown/staydown/internal/locale"
)

//go:embed *.html
var frames embed.FS

// View binds a template to the struct it is rendered from, once for each language. Templates are parsed when the
// package that owns them starts, so a broken one never waits for a visitor.
type View[T any] struct {
	name   string
	byLang map[locale.Lang]*template.Template
}

// Frame is the dot of the layout: the shell, and the page's own struct, which its "body" gets.
type Frame[T any] struct {
	Shell Shell
	Body  T
}

// NewView parses a page's template: a file that defines "body" and may define parts that [View.Part] renders alone.
// It panics on an error, which any test of the package finds.
func NewView[T any](source fs.FS, name string) *View[T] {
	v := &View[T]{name: name, byLang: map[locale.Lang]*template.Template{}}
	for _, l := range locale.Langs {
		t := template.New("layout.html").Funcs(funcs(l))
		t = template.Must(t.ParseFS(frames, "layout.html", "parts.html"))
		v.byLang[l] = template.Must(t.ParseFS(source, name))
	}
	return v
}

// Render writes a whole page. It is built in memory first: a page is sent complete or not at all.
func (v *View[T]) Render(w http.ResponseWriter, status int, shell Shell, body T) error {
	return v.write(w, status, shell.Lang, "layout.html", Frame[T]{shell, body})
}

// Part writes one named part of a page, for htmx.
func (v *View[T]) Part(w http.ResponseWriter, lang locale.Lang, part string, body T) error {
	return v.write(w, http.StatusOK, lang, part, body)
}

func (v *View[T]) write(w http.ResponseWriter, status int, lang locale.Lang, name string, dot any) error {
	t, ok := v.byLang[lang]
	if !ok {
		t = v.byLang[locale.English]
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, name, dot); err != nil {
		return fmt.Errorf("rendering %s: %w", v.name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(out.Bytes())
	if err != nil {
		return nil // the reader has gone; the page was right
	}
	return nil
}

// Checked is a view as the type-checking test sees it: its name, its templates, and a value of the type it renders.
type Checked interface {
	Name() string
	Template(locale.Lang) *template.Template
	Zero() any
}

// Name is the file of the template.
func (v *View[T]) Name() string { return v.name }

// Template gives the parsed template of a language.
func (v *View[T]) Template(l locale.Lang) *template.Template { return v.byLang[l] }

// Zero is a value of the type that the layout is rendered from.
func (v *View[T]) Zero() any { return Frame[T]{} }

// problemView is the page of every error.
var problemView = NewView[problemPage](frames, "problem.html")
