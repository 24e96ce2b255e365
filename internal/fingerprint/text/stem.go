package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords bounds how many words of one text are looked at.
const MaxWords = 50_000

// Words returns the normal words of s in order: folded and lightly stemmed.
// Scripts that write without spaces (Chinese, Japanese, Thai, Lao, Khmer,
// Burmese) give one word for each character. At most [MaxWords] are returned.
func Words(s string) []string {
	var out []string
	for w := range strings.SplitSeq(Fold(s), " ") {
		for _, part := range splitScript(w) {
			if len(out) == MaxWords {
				return out
			}
			out = append(out, Stem(part))
		}
	}
	return out
}

// Normal returns the normal words of s joined by spaces: the form that is
// indexed and compared.
func Normal(s string) string { return strings.Join(Words(s), " ") }

// splitScript cuts characters of scripts without spaces out of a word.
func splitScript(w string) []string {
	if w == "" {
		return nil
	}
	if !strings.ContainsFunc(w, spaceless) {
		return []string{w}
	}
	var parts []string
	from := 0
	for i, r := range w {
		if !spaceless(r) {
			continue
		}
		if i > from {
			parts = append(parts, w[from:i])
		}
		from = i + utf8.RuneLen(r)
		parts = append(parts, w[i:from])
	}
	if from < len(w) {
		parts = append(parts, w[from:])
	}
	return parts
}

func spaceless(r rune) bool {
	return r > 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// Stem takes the article, "and" and the common endings off an Arabic word
// (the light10 stemmer: Larkey, Ballesteros, Connell, 2007), and the plural
// off a word in Latin letters (Harman's S stemmer, 1991). The word must be
// folded. Stems are for comparing only, never for showing.
func Stem(w string) string {
	r, _ := utf8.DecodeRuneInString(w)
	switch {
	case unicode.Is(unicode.Arabic, r):
		return stemArabic(w)
	case r < 0x80:
		return stemPlural(w)
	}
	return w
}

var (
	arabicArticles = []string{"ال", "بال", "كال", "فال", "لل"}              // وال has lost its و before
	arabicEndings  = []string{"ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"} // ية is يه once folded
)

func stemArabic(w string) string {
	if rest, ok := strings.CutPrefix(w, "و"); ok && utf8.RuneCountInString(rest) >= 3 {
		w = rest
	}
	for _, a := range arabicArticles {
		if rest, ok := strings.CutPrefix(w, a); ok && utf8.RuneCountInString(rest) >= 2 {
			w = rest
			break
		}
	}
	for _, e := range arabicEndings {
		if rest, ok := strings.CutSuffix(w, e); ok && utf8.RuneCountInString(rest) >= 2 {
			w = rest
		}
	}
	return w
}

func stemPlural(w string) string {
	if len(w) < 4 || !strings.HasSuffix(w, "s") {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && !strings.HasSuffix(w, "eies") && !strings.HasSuffix(w, "aies"):
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "es") && !strings.HasSuffix(w, "aes") && !strings.HasSuffix(w, "ees") && !strings.HasSuffix(w, "oes"):
		return w[:len(w)-1]
	case strings.HasSuffix(w, "us") || strings.HasSuffix(w, "ss"):
		return w
	}
	return w[:len(w)-1]
}
