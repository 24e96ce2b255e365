package locale

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/feature/plural"
)

// Printer says things in one language. It is safe for concurrent use and costs nothing to make.
type Printer struct {
	lang     Lang
	messages map[string]message
}

// For gives the printer of a language.
func For(l Lang) *Printer {
	messages, ok := loaded()[l]
	if !ok {
		l, messages = English, loaded()[English]
	}
	return &Printer{lang: l, messages: messages}
}

// Lang is the language spoken.
func (p *Printer) Lang() Lang { return p.lang }

// Has tells whether the catalogue has a key.
func (p *Printer) Has(key string) bool { _, ok := p.messages[key]; return ok }

// T says the message of a key as plain text. Arguments take the places {0}, {1} ...: whole numbers are grouped, times
// and durations written as [Printer.When] and [Printer.Duration] write them, and texts are isolated where their
// direction could disturb the sentence. A key that does not exist is said as ⟦key⟧: visible, and no reason to fail.
func (p *Printer) T(key string, args ...any) string {
	return p.Expand(key, 0, args, func(s string) string { return s }, p.argument)
}

// N says the message of a key in the form that a number asks for; the number itself is the place {0}.
func (p *Printer) N(key string, n int, args ...any) string {
	return p.Expand(key, n, append([]any{n}, args...), func(s string) string { return s }, p.argument)
}

// Expand is the work behind T and N, open to callers that write something other than plain text: text renders the
// catalogue's own words, arg renders an argument. n chooses the plural form, where the message has forms.
func (p *Printer) Expand(key string, n int, args []any, text func(string) string, arg func(any) string) string {
	m, ok := p.messages[key]
	if !ok {
		return text("⟦" + key + "⟧")
	}
	pieces := m.plain
	if m.forms != nil {
		if pieces, ok = m.forms[form(p.lang, n)]; !ok {
			pieces = m.forms[plural.Other]
		}
	}
	var b strings.Builder
	for _, piece := range pieces {
		switch {
		case piece.arg < 0:
			b.WriteString(text(piece.text))
		case piece.arg < len(args):
			b.WriteString(arg(args[piece.arg]))
		default:
			b.WriteString(text(fmt.Sprintf("⟦%d⟧", piece.arg)))
		}
	}
	return b.String()
}

// argument writes an argument as plain text.
func (p *Printer) argument(a any) string {
	if s, ok := p.Value(a); ok {
		return s
	}
	return p.isolate(fmt.Sprint(a))
}

// Value writes the kinds of values whose writing the language decides; ok is false for everything else.
func (p *Printer) Value(a any) (s string, ok bool) {
	switch v := a.(type) {
	case int:
		return p.Number(v), true
	case int64:
		return p.Number(int(v)), true
	case time.Time:
		return p.When(v), true
	case time.Duration:
		return p.Duration(v), true
	}
	return "", false
}

const (
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// isolate keeps a foreign text from turning the sentence around it: in Arabic always, in English when the text has a
// letter that runs right to left. See UAX #9, explicit directional isolates.
func (p *Printer) isolate(s string) string {
	if p.lang.Dir() == "ltr" && !strings.ContainsFunc(s, runsRightToLeft) {
		return s
	}
	return firstStrongIsolate + s + popIsolate
}

// runsRightToLeft tells whether a letter belongs to a script written from the right.
func runsRightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
