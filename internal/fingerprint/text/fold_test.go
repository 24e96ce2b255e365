package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"case and punctuation", "The Second OFFICER's look -- again!", "the second officer s look again"},
		{"accents", "Déjà-vu à l'École, Čeština, Ñandú", "deja vu a l ecole cestina nandu"},
		{"German", "Straße ÜBER", "strasse uber"},
		{"Turkish", "IŞIK ışık İstanbul", "isik isik istanbul"},
		{"Cyrillic", "Ещё Йод", "еще иод"},
		{"Greek", "Ὀδυσσεύς", "οδυσσευσ"},
		{"compatibility forms", "ﬁle № ① ＡＢＣ", "file no 1 abc"},
		{"vowel marks", "بَيَانٌ رَسْمِيٌّ", "بيان رسمي"},
		{"tatweel", "بيـــان", "بيان"},
		{"hamza seats", "أحمد إعلان آخر مسؤول شئون", "احمد اعلان اخر مسوول شيون"},
		{"alef maqsura and ta marbuta", "مستشفى مدرسة", "مستشفي مدرسه"},
		{"Persian letters", "کتاب فارسی", "كتاب فارسي"},
		{"presentation forms", "ﻣﺮﺣﺒﺎ", "مرحبا"},
		{"digits", "٢٦٠٠٠ ۱۲۳ ２０ १२", "26000 123 20 12"},
		{"bidi marks and zero width", "a\u200bb\u202ec\u2067 d\u200f", "abc d"},
		{"nothing left", " !؟، \u200f", ""},
		{"bad bytes", "a\xffb", "a b"},
		{"Devanagari keeps its vowels", "हिन्दी", "हिन्दी"},
	} {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom(nil, unicode.Arabic, unicode.Mn, unicode.Latin, unicode.Hangul), 0, 30, -1)).Draw(t, "text")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, again %q", s, once, twice)
		}
		if !utf8.ValidString(once) || strings.Contains(once, "  ") || strings.TrimSpace(once) != once {
			t.Fatalf("Fold(%q) = %q", s, once)
		}
	})
}

func TestDigitsOfAllScripts(t *testing.T) {
	seen := 0
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.IsDigit(r) {
			continue
		}
		seen++
		if got := digit(r); got < '0' || got > '9' || got != '9' && unicode.IsDigit(r+1) && digit(r+1) != got+1 {
			t.Errorf("U+%04X is read as %q", r, got)
		}
	}
	if seen < 500 {
		t.Errorf("only %d digits seen", seen)
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"article and endings", "الإرهابية والكتاب بالبيت للناس", "ارهاب كتاب بيت ناس"},
		{"both spellings of one word", "المدرسة المدرسه مدرسة", "مدرس مدرس مدرس"},
		{"short words stay", "في ال هي و ولد", "في ال هي و ولد"},
		{"plural", "videos stories classes status glass boxes", "video story classe status glass boxe"},
		{"no spaces", "新聞 in 東京2020", "新 聞 in 東 京 2020"},
		{"empty", "...", ""},
	} {
		if got := Normal(tt.in); got != tt.want {
			t.Errorf("%s: Normal(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
	if n := len(Words(strings.Repeat("a ", MaxWords+5))); n != MaxWords {
		t.Errorf("%d words, want %d", n, MaxWords)
	}
}

// TestSearchFindsOtherSpellings holds the promise that search rests on: what a
// person would call the same word has one normal form.
func TestSearchFindsOtherSpellings(t *testing.T) {
	for _, pair := range [][2]string{
		{"إعلان", "اعلان"}, {"مُؤسَّسة", "مؤسسه"}, {"الأخبار", "اخبار"}, {"٢٠١٩", "2019"}, {"Videos", "video"}, {"résumé", "resume"}, {"هدىٰ", "هدي"},
	} {
		if Normal(pair[0]) != Normal(pair[1]) {
			t.Errorf("%q gives %q, %q gives %q", pair[0], Normal(pair[0]), pair[1], Normal(pair[1]))
		}
	}
}
