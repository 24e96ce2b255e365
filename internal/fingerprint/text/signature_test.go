package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// overlapping makes two sets of hashes with the Jaccard similarity asked for.
func overlapping(rnd *rand.Rand, n int, similarity float64) (a, b []uint64) {
	common := int(math.Round(2 * float64(n) * similarity / (1 + similarity)))
	for range common {
		h := rnd.Uint64()
		a, b = append(a, h), append(b, h)
	}
	for range n - common {
		a, b = append(a, rnd.Uint64()), append(b, rnd.Uint64())
	}
	return a, b
}

func TestSimilarityEstimates(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, want := range []float64{0, 0.2, 0.5, 0.8, 0.95, 1} {
		sum := 0.0
		const rounds = 60
		for range rounds {
			a, b := overlapping(rnd, 200, want)
			got := OfHashes(a).Similarity(OfHashes(b))
			sum += got
			if math.Abs(got-want) > 0.2 {
				t.Errorf("similarity %.2f estimated as %.2f", want, got)
			}
		}
		if mean := sum / rounds; math.Abs(mean-want) > 0.02 {
			t.Errorf("similarity %.2f estimated as %.3f on average", want, mean)
		}
	}
}

// TestBandsFindNearTexts counts how often two texts share a band, which is
// what an index can find.
func TestBandsFindNearTexts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, tt := range []struct {
		similarity, atLeast, atMost float64
	}{{0.8, 0.98, 1}, {0.5, 0.75, 0.97}, {0.1, 0, 0.05}} {
		found := 0
		const rounds = 400
		for range rounds {
			a, b := overlapping(rnd, 120, tt.similarity)
			if shareBand(OfHashes(a), OfHashes(b)) {
				found++
			}
		}
		if share := float64(found) / rounds; share < tt.atLeast || share > tt.atMost {
			t.Errorf("similarity %.1f: %.3f share a band, want %.2f to %.2f", tt.similarity, share, tt.atLeast, tt.atMost)
		}
	}
}

func shareBand(a, b Signature) bool {
	bands := b.Bands()
	for i, k := range a.Bands() {
		if bands[i] == k {
			return true
		}
	}
	return false
}

const (
	english = "This is an exercise text. It was written for a drill and names no group, no person and no place. Whoever finds it may read it, copy it and forget it again; it is here to be found a second time after somebody has moved it elsewhere."
	arabic  = "هذا نص تدريبي كتب لتمرين ولا يذكر جماعة ولا شخصا ولا مكانا. من وجده فله أن يقرأه وينسخه وينساه مرة أخرى، فهو هنا ليعثر عليه ثانية بعد أن ينقله أحد إلى مكان آخر."
)

func TestNearCopies(t *testing.T) {
	respelled := strings.NewReplacer("هذا", "هـذا", "أن", "ان", "أخرى", "اخري", "جماعة", "جماعه", "،", " ").Replace(arabic)
	for _, tt := range []struct {
		name, a, b  string
		least, most float64
	}{
		{"same", english, english, 1, 1},
		{"shouted, other punctuation", english, strings.ToUpper(strings.ReplaceAll(english, ".", " ...")), 1, 1},
		{"Arabic respelled", arabic, respelled, 1, 1},
		{"caption added", english, "Shared by a friend: " + english + " Follow for more.", 0.7, 0.95},
		{"one word changed", english, strings.Replace(english, "drill", "rehearsal", 1), 0.75, 0.99},
		{"other language", english, arabic, 0, 0.05},
	} {
		if got := Of(tt.a).Similarity(Of(tt.b)); got < tt.least || got > tt.most {
			t.Errorf("%s: %.2f, want %.2f to %.2f", tt.name, got, tt.least, tt.most)
		}
	}
}

func TestWeakAndEmpty(t *testing.T) {
	if s := Of(" ... "); s != (Signature{}) || !s.Weak() || s.Similarity(s) != 0 {
		t.Errorf("a text without words: %d shingles, similarity to itself %v", s.Shingles, s.Similarity(s))
	}
	if s := Of("see my profile"); s.Shingles != 1 || !s.Weak() || s.Similarity(Of("See my profile!")) != 1 {
		t.Errorf("a short text: %d shingles", s.Shingles)
	}
	if s := Of(english); s.Weak() || s.Shingles < 30 {
		t.Errorf("a long text: %d shingles", s.Shingles)
	}
}

// TestSignatureIsPinned: stored signatures must stay comparable. Whoever
// changes how they are made changes Version and this value.
func TestSignatureIsPinned(t *testing.T) {
	s := Of(english)
	h := uint64(0)
	for _, v := range s.Values {
		h = mix(h ^ uint64(v))
	}
	for _, k := range s.Bands() {
		h = mix(h ^ k)
	}
	if got := fmt.Sprintf("%s %d %016x", Version, s.Shingles, h); got != "mh128-w3-v1 45 0966df55b5baa16c" {
		t.Errorf("the signature of the sample is %s", got)
	}
}

func TestSignatureText(t *testing.T) {
	want := Of(arabic)
	got, err := Parse(want.String())
	if err != nil || got != want {
		t.Errorf("through text: %v, equal %v", err, got == want)
	}
	var back struct{ S Signature }
	data, err := json.Marshal(struct{ S Signature }{want})
	if err != nil || json.Unmarshal(data, &back) != nil || back.S != want {
		t.Errorf("through JSON: %v", err)
	}
	for _, bad := range []string{"", Version, Version + ":1:", "mh64:1:" + strings.Repeat("A", 683), Version + ":-1:" + strings.Repeat("A", 683), want.String() + "A", Version + ":x" + want.String()[len(Version)+1:]} {
		if _, err := Parse(bad); !errors.Is(err, ErrFormat) {
			t.Errorf("Parse(%.40q): %v", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Of(english).String())
	f.Add(Version + ":5:AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		Words(s)
		if sig, err := Parse(s); err == nil {
			if again, err := Parse(sig.String()); err != nil || again != sig {
				t.Fatalf("read %q, written %q", s, sig)
			}
		}
	})
}
