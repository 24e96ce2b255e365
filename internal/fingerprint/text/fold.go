package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold brings s into the normal spelling without stemming: compatibility
// forms resolved (NFKC), case folded, accents and vowel marks of Latin, Greek,
// Cyrillic, Hebrew and Arabic letters off, tatweel and invisible marks off,
// alef, ya, ta marbuta, kaf and the seats of hamza folded, all digits
// Western, everything that is neither letter nor digit a single space.
// Fold(Fold(s)) equals Fold(s).
func Fold(s string) string {
	s = cases.Fold().String(norm.NFKC.String(strings.ToValidUTF8(s, " ")))
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		r = foldRune(r)
		switch {
		case r == drop:
		case r == ' ':
			space = b.Len() > 0
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// drop marks characters that leave nothing behind, not even a space.
const drop = -1

// foldRune takes decomposed text, rune by rune.
func foldRune(r rune) rune {
	if r < 0x80 {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return ' '
	}
	if folded, ok := letters[r]; ok {
		return folded
	}
	switch {
	case r >= 0xAB70 && r <= 0xABBF: // Cherokee folds to its capitals, which the case folding before turns around each time
		return r - 0xAB70 + 0x13A0
	case r >= 0x13F8 && r <= 0x13FD:
		return r - 8
	case isVowelMark(r), r == 0x0640, r == 0x00AD, r >= 0xFE00 && r <= 0xFE0F, unicode.Is(unicode.Cf, r):
		return drop
	case unicode.IsDigit(r):
		return digit(r)
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
		return r
	}
	return ' '
}

// letters that are spelling variants of another, after decomposition (which
// has already taken hamza and madda off their seats as marks).
var letters = map[rune]rune{
	'\u0671': 'ا', '\u0672': 'ا', '\u0673': 'ا', '\u0675': 'ا', // alef wasla and kin
	'ى': 'ي', 'ی': 'ي', 'ې': 'ي', 'ے': 'ي', '\u0678': 'ي', // alef maqsura, Persian, Pashto and Urdu ya
	'ة': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ە': 'ه', 'ۃ': 'ه', // ta marbuta, Urdu and Kurdish ha
	'ک': 'ك', 'ڪ': 'ك', // Persian and swash kaf
	'ٮ': 'ب', 'ڡ': 'ف', 'ٯ': 'ق', // dotless forms, used to slip past filters
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ħ': 'h', 'æ': 'e', 'œ': 'e', 'þ': 't', 'ð': 'd',
	'ς': 'σ',
}

// isVowelMark reports marks that ordinary writing leaves off or that only tell
// apart what readers tell apart anyway.
func isVowelMark(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F: // accents; the breve of й and the dots of ё go too
		return true
	case r >= 0x0591 && r <= 0x05C7, r >= 0x0610 && r <= 0x061A, r >= 0x064B && r <= 0x065F, r == 0x0670:
		return true
	case r >= 0x06D6 && r <= 0x06DC, r >= 0x06DF && r <= 0x06E8, r >= 0x06EA && r <= 0x06ED, r >= 0x08D3 && r <= 0x08FF:
		return true
	}
	return false
}

// digit returns the Western digit for a decimal digit of any script. Unicode
// lists them in runs of ten that begin with zero.
func digit(r rune) rune {
	for _, rg := range unicode.Nd.R16 {
		if lo := rune(rg.Lo); r >= lo && r <= rune(rg.Hi) {
			return '0' + (r-lo)%10
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if lo := rune(rg.Lo); r >= lo && r <= rune(rg.Hi) {
			return '0' + (r-lo)%10
		}
	}
	return r
}
