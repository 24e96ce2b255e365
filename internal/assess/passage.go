package assess

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A passage is a quotation, a time-code in a clip ("01:10", "00:01:10-00:01:25 title card"), or a place in a picture
// ("image: words on the banner"). Only a quotation can be checked against the captured text.
var (
	timeCode = regexp.MustCompile(`^(\d{1,2}:)?\d{1,3}:[0-5]\d([.,]\d{1,3})?(\s*[-\x{2013}]\s*(\d{1,2}:)?\d{1,3}:[0-5]\d([.,]\d{1,3})?)?(\s|$)`)
	inImage  = regexp.MustCompile(`^(?i:image|video)\s*:\s*\S`)
)

// shortest is how many letters and digits a piece of a quotation needs, so that it says something.
const shortest = 3

// IsQuotation reports whether a passage claims to stand in the text, rather than at a time or in a picture.
func IsQuotation(passage string) bool {
	p := strings.TrimSpace(digits(passage))
	return !timeCode.MatchString(p) && !inImage.MatchString(p)
}

// Occurs reports whether a quotation stands in a text. Case, accents, Arabic letter forms, punctuation and white space do not
// matter; "..." in the quotation stands for what it leaves out.
func Occurs(quotation, text string) bool {
	rest := fold(text)
	found := false
	for piece := range strings.SplitSeq(norm.NFKC.String(quotation), "...") {
		piece = fold(piece)
		if piece == "" {
			continue
		}
		if utf8.RuneCountInString(strings.ReplaceAll(piece, " ", "")) < shortest {
			return false
		}
		_, after, ok := strings.Cut(rest, piece)
		if !ok {
			return false
		}
		rest, found = after, true
	}
	return found
}

// sameLetter maps letters that are written one for the other and that decomposition leaves apart.
var sameLetter = map[rune]rune{'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ة': 'ه', 'ک': 'ك', 'ı': 'i'}

// fold brings text into the form in which quotations are compared: letters and digits only, one space between words. Taking
// compatibility forms apart and dropping the marks folds accents, vowel signs and the hamza of Arabic letters.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range strings.ToLower(norm.NFKD.String(s)) {
		if m, ok := sameLetter[r]; ok {
			r = m
		}
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == 'ـ':
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(digit(r))
		default:
			gap = true
		}
	}
	return b.String()
}

// digits writes the digits of any script as European ones.
func digits(s string) string { return strings.Map(digit, s) }

func digit(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r >= '०' && r <= '९':
		return '0' + r - '०'
	}
	return r
}
