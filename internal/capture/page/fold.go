package page

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings text into one form for comparison: compatibility forms, case,
// marks (accents, Arabic vowels), tatweel and punctuation go; the spellings of
// alef, ya, ta marbuta and hamza become one; digits become Western ones; words
// stand one space apart. It is for comparing, never for showing.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFKD.String(s) {
		r = foldRune(r)
		switch {
		case r < 0:
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// foldRune folds one rune of decomposed text; -1 drops it without parting the
// word it stands in.
func foldRune(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		if r == '\'' {
			return -1 // isn't and isn’t are one word
		}
		return r
	}
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی', 'ئ':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ة':
		return 'ه'
	case 'ؤ':
		return 'و'
	case 'ء', 'ـ', '’', '‘', 'ʼ':
		return -1
	case 'ı':
		return 'i'
	case 'ß':
		return 's'
	}
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return -1
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	}
	return unicode.ToLower(r)
}
