package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRawForm(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"The quick brown FOX jumps!", "thequickbrownfoxjumps"},
		{"ãóë_ß ½ ②", "aoeß122"},
		{"İstanbul ΟΔΟΣ", "istanbulοδος"},
		{"بَيَانٌ رَسْمِيٌّ ٢٠", "بيانرسمي٢٠"},
		{"w0000000t", "w0000000t"},
		{"", ""},
	} {
		if got := RawOf(tt.in).String(); got != tt.want {
			t.Errorf("RawOf(%q) is %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestRawCompare(t *testing.T) {
	fifty := strings.Repeat("abcde fghij ", 10) // a hundred characters: five may change
	for _, tt := range []struct {
		name, known, seen string
		want              RawMatch
	}{
		{"same", fifty, strings.ToUpper(fifty), RawMatch{Match: true, Most: 5}},
		{"five changed", fifty, "vwxyz" + fifty[5:], RawMatch{Match: true, Distance: 5, Most: 5}},
		{"five added", fifty, fifty + "vwxyz", RawMatch{Match: true, Distance: 5, Most: 5}},
		{"five taken off", fifty, fifty[6:], RawMatch{Match: true, Distance: 5, Most: 5}},
		{"six changed", fifty, "uvwxy z" + fifty[7:], RawMatch{Most: 5}},
		{"short texts must be equal", "bball now?", "bball nov?", RawMatch{}},
		{"stretched", "a long text for the exercise", "a looooooooong text for the exercise", RawMatch{Match: true, Distance: 1, Most: 1, Squeezed: true}},
		{"nothing", "", "...", RawMatch{}},
	} {
		if got := RawOf(tt.known).Compare(RawOf(tt.seen), RawPercent); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	long := strings.Repeat("x", MaxRaw+1)
	if got := RawOf(long).Compare(RawOf(long), RawPercent); got.Match {
		t.Error("texts beyond the bound are compared")
	}
}

// levenshtein is the definition.
func levenshtein(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, corner+cost)
		}
	}
	return row[len(b)]
}

func TestDistanceIsLevenshteins(t *testing.T) {
	few := rapid.SliceOfN(rapid.RuneFrom([]rune("abc")), 0, 14)
	rapid.Check(t, func(t *rapid.T) {
		a, b, most := few.Draw(t, "a"), few.Draw(t, "b"), rapid.IntRange(0, 14).Draw(t, "most")
		want := levenshtein(a, b)
		if got, ok := distance(a, b, most); ok != (want <= most) || ok && got != want {
			t.Fatalf("distance(%q, %q, %d) = %d, %v; want %d", string(a), string(b), most, got, ok, want)
		}
	})
}

func FuzzRaw(f *testing.F) {
	f.Add("The quick brown fox", "ãóë")
	f.Add("\xff\u0301", "بَيَانٌ")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 4000 {
			return
		}
		x, y := RawOf(a), RawOf(b)
		m := x.Compare(y, RawPercent)
		if !m.Match && x.String() == y.String() && x.String() != "" {
			t.Fatalf("%q does not match its equal", x)
		}
		Exact(a)
	})
}
