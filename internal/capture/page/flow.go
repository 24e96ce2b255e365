package page

import (
	"unicode"
	"unicode/utf8"
)

// flow collects visible text: white space collapsed, block elements on lines of
// their own, no control characters, never longer than its limit.
type flow struct {
	b     []byte
	limit int
	gap   byte // what stands between the last word and the next: 0, ' ' or '\n'
}

func newFlow(limit int) *flow { return &flow{limit: limit} }

// line ends the line.
func (f *flow) line() { f.gap = '\n' }

// add takes text in.
func (f *flow) add(text []byte) {
	for len(text) > 0 && len(f.b) < f.limit {
		if n := graphic(text); n > 0 {
			f.word(text[:n])
			text = text[n:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		switch {
		case unicode.IsSpace(r):
			if f.gap == 0 {
				f.gap = ' '
			}
		case r == utf8.RuneError && n == 1, r == 0xFEFF, unicode.IsControl(r):
		default:
			f.word(text[:n])
		}
		text = text[n:]
	}
}

// graphic counts the bytes at the beginning of text that are visible ASCII:
// most of most pages, so they are taken in one go.
func graphic(text []byte) int {
	for i, c := range text {
		if c <= ' ' || c > '~' {
			return i
		}
	}
	return len(text)
}

// word appends the bytes of a word, or of one rune. What does not fit ends the
// flow; ASCII may be cut anywhere, a rune may not.
func (f *flow) word(w []byte) {
	room := f.limit - len(f.b)
	if f.gap != 0 && len(f.b) > 0 {
		room--
	}
	if len(w) > room {
		if w[0] >= utf8.RuneSelf || room <= 0 {
			f.limit = len(f.b)
			return
		}
		w = w[:room]
	}
	if f.gap != 0 && len(f.b) > 0 {
		f.b = append(f.b, f.gap)
	}
	f.gap = 0
	f.b = append(f.b, w...)
}

func (f *flow) String() string { return string(f.b) }

// clean makes a single line of at most limit bytes of any string.
func clean(s string, limit int) string {
	f := newFlow(limit)
	f.add([]byte(s))
	return f.String()
}
