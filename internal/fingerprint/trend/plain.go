package trend

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain is a term that stands between word boundaries as it is.
type plain string

func (p plain) in(text string) bool {
	if p == "" { // two boundaries with nothing between them
		return strings.ContainsFunc(text, isWord)
	}
	first, _ := utf8.DecodeRuneInString(string(p))
	last, _ := utf8.DecodeLastRuneInString(string(p))
	for from := 0; from <= len(text)-len(p); {
		i := strings.Index(text[from:], string(p))
		if i < 0 {
			return false
		}
		at := from + i
		if wordBefore(text, at) != isWord(first) && wordAfter(text, at+len(p)) != isWord(last) {
			return true
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		from = at + n
	}
	return false
}

// isWord is Python's \w in texts: letters and numbers of every script, and _.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func wordBefore(text string, at int) bool {
	r, n := utf8.DecodeLastRuneInString(text[:at])
	return n > 0 && isWord(r)
}

func wordAfter(text string, at int) bool {
	r, n := utf8.DecodeRuneInString(text[at:])
	return n > 0 && isWord(r)
}
