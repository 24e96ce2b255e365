package htmltext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textBuilder joins text with white space collapsed and a line break between
// blocks.
type textBuilder struct {
	b     strings.Builder
	space bool // white space is due before the next word
	line  bool // a line break is due
}

func (t *textBuilder) newline() { t.line = true }

func (t *textBuilder) add(s string) {
	for s != "" && t.b.Len() < MaxText {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		if unicode.IsSpace(r) {
			t.space = true
			continue
		}
		if r == 0 || r == utf8.RuneError && size == 1 {
			continue
		}
		if t.b.Len() > 0 {
			switch {
			case t.line:
				t.b.WriteByte('\n')
			case t.space:
				t.b.WriteByte(' ')
			}
		}
		t.line, t.space = false, false
		t.b.WriteRune(r)
	}
}

// String returns the text gathered.
func (t *textBuilder) String() string { return t.b.String() }

// collapse joins the words of s with single spaces, at most n bytes.
func collapse(s string, n int) string {
	if len(s) > 4*n {
		s = s[:4*n]
	}
	return clip(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "), n)
}

// clip cuts s to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
