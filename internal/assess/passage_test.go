package assess

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestOccurs(t *testing.T) {
	const english = "Training marker ALPHA: “Join the exercise brigade,” it says; bring\n\tnothing real. Café 12."
	const arabic = "نَصٌّ تدريبيٌّ: انضمّوا إلى كتيبةِ التمرين، السّاعة ١٢"
	for _, c := range []struct {
		quote, text string
		want        bool
	}{
		{"Join the exercise brigade", english, true},
		{"join THE   exercise brigade!", english, true},
		{`"bring nothing real"`, english, true},
		{"cafe 12", english, true},
		{"Join … nothing real", english, true},
		{"Join [...] nothing real", english, true},
		{"nothing real ... Join", english, false}, // order counts
		{"Join the real brigade", english, false},
		{"...", english, false},
		{"“”", english, false},
		{"it", english, false}, // says nothing
		{"انضموا الى كتيبه التمرين", arabic, true},
		{"الساعة 12", arabic, true},
		{"الســـاعة ١٢", arabic, true},
		{"انسحبوا من الكتيبة", arabic, false},
		{"ＪＯＩＮ the exercise", english, true}, // full width
		{"", english, false},
	} {
		if got := Occurs(c.quote, c.text); got != c.want {
			t.Errorf("Occurs(%q) = %v, want %v", c.quote, got, c.want)
		}
	}
}

func TestIsQuotation(t *testing.T) {
	for p, want := range map[string]bool{
		"01:10":                       false,
		"1:02:03":                     false,
		"00:01:10-00:01:25":           false,
		"00:10 \u2013 00:15.5 banner": false,
		"٠٠:١٠":                       false,
		"image: words on the banner":  false,
		"Video: last frame":           false,
		"image:":                      true,
		"12 o'clock they say":         true,
		"10:99":                       true,
		"join us at 10:30":            true,
		"imagery of a banner":         true,
		"99:10 somewhere":             false,
	} {
		if got := IsQuotation(p); got != want {
			t.Errorf("IsQuotation(%q) = %v, want %v", p, got, want)
		}
	}
}

// What is cut out of a text occurs in it, whatever the text.
func FuzzOccurs(f *testing.F) {
	f.Add("Training marker: join the exercise brigade", 9, 20)
	f.Add("نَصٌّ تدريبيٌّ: انضمّوا", 4, 18)
	f.Add("a\u0300\u0301bc İıß \x00\xff…", 0, 12)
	f.Fuzz(func(t *testing.T, text string, from, n int) {
		if len(text) > 1<<12 {
			return
		}
		runes := []rune(text)
		if from < 0 || n < 0 || from > len(runes) || n > len(runes)-from {
			return
		}
		piece := string(runes[from : from+n])
		if Occurs(piece, text) || strings.Contains(norm.NFKC.String(piece), "...") {
			return
		}
		if folded := fold(piece); utf8.RuneCountInString(strings.ReplaceAll(folded, " ", "")) >= shortest {
			t.Errorf("%q, read as %q, does not occur in %q, read as %q", piece, folded, text, fold(text))
		}
	})
}
