package page

import (
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/staydown/staydown/internal/location"
)

// maxForeign bounds a foreign name in runes; what is longer is cut with an ellipsis, and the whole is in the exhibit.
const maxForeign = 300

// Name writes a name or title from outside inside a sentence of ours: isolated, so that neither direction turns the
// other, and with every character that could deceive the reader made visible.
func Name(s string) template.HTML {
	return template.HTML("<bdi>" + string(visible(s, maxForeign, false)) + "</bdi>")
}

// Code writes a handle, a hash, a reference or a time-code: left to right in every language, in the mono type.
func Code(s string) template.HTML {
	return template.HTML(`<bdi dir="ltr" class="mono">` + string(visible(s, maxForeign, true)) + "</bdi>")
}

// URL writes an address as text. It is never a link: a page of the desk sends nobody to what it examines. A canonical
// address is written for reading, with the punycode beside a name that is not plain ASCII, so that a look-alike letter
// is seen; any other is written as it came. What leaves in a letter is shown with [Code], character by character.
func URL(s string) template.HTML {
	return template.HTML(`<bdi dir="ltr" class="url">` + string(visible(location.Display(s), 2*maxForeign, true)) + "</bdi>")
}

// Place writes an address for a title: as [URL] does, without the scheme that nearly all of them share.
func Place(s string) template.HTML {
	shown := strings.TrimPrefix(location.Display(s), "https://")
	return template.HTML(`<bdi dir="ltr" class="url">` + string(visible(shown, maxForeign, true)) + "</bdi>")
}

// Text writes a longer text from outside, such as a caption or an answer: its line ends are kept, its direction is
// taken from its first letter. limit bounds it in runes.
func Text(s string, limit int) template.HTML {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteString("\n")
		}
		if limit <= 0 {
			b.WriteString("…")
			break
		}
		b.WriteString(string(visible(line, limit, false)))
		limit -= utf8.RuneCountInString(line)
	}
	return template.HTML(b.String())
}

// visible escapes a text and shows what would not be seen: control characters, bidirectional controls, invisible
// separators and broken UTF-8 stand as their code in a small frame. strict also shows the joiners, which words of some
// scripts and emoji need, but no address, handle or hash.
func visible(s string, limit int, strict bool) template.HTML {
	var b strings.Builder
	count := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if count++; count > limit {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `<span class="ctl">\x%02X</span>`, s[i])
		case deceives(r, strict):
			fmt.Fprintf(&b, `<span class="ctl">U+%04X</span>`, r)
		default:
			b.WriteString(template.HTMLEscapeString(string(r)))
		}
		i += size
	}
	return template.HTML(b.String())
}

// deceives tells whether a character changes what the reader sees without being seen.
func deceives(r rune, strict bool) bool {
	switch {
	case r == '\u200C' || r == '\u200D': // joiners
		return strict
	case r == '\t':
		return strict
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // signs of Arabic and Syriac that are drawn
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return true
	case unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return true
	case r == '\u115F', r == '\u1160', r == '\u3164', r == '\uFFA0', r == '\u2800': // letters drawn as nothing
		return true
	case strict && unicode.IsSpace(r) && r != ' ':
		return true
	case strict && unicode.Is(unicode.Variation_Selector, r):
		return true
	}
	return false
}
