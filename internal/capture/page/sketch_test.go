package page

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// words makes n different words that begin with a letter.
func words(letter string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d ", letter, i)
	}
	return b.String()
}

func TestSketch(t *testing.T) {
	for name, c := range map[string]struct {
		a, b     string
		from, to float64 // the share of a that is found in b
	}{
		"the same":           {words("a", 500), words("a", 500), 1, 1},
		"spelled otherwise":  {"What WAS said; here.", "what was said — HERE", 1, 1},
		"other text":         {words("a", 500), words("b", 500), 0, 0},
		"short in long":      {words("a", 10), words("b", 2000) + words("a", 10), 1, 1},
		"long in its part":   {words("a", 1000), words("a", 250), 0.12, 0.38},
		"contained":          {words("a", 60), words("a", 60) + words("b", 10), 1, 1},
		"half":               {words("a", 400) + words("b", 400), words("a", 400) + words("c", 400), 0.35, 0.65},
		"one word":           {"gone", "gone", 1, 1},
		"nothing":            {"", "gone", 0, 0},
		"nothing, the other": {"gone", "", 0, 0},
	} {
		got := SketchOf(c.a).Found(c.b)
		if got < c.from || got > c.to {
			t.Errorf("%s: %.2f, want %.2f to %.2f", name, got, c.from, c.to)
		}
	}
}

func TestSketchAsJSON(t *testing.T) {
	s := SketchOf(words("a", 500))
	b, err := json.Marshal(s)
	if err != nil || len(b) > 1100 {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	var again Sketch
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{}`, `[1]x`, `[1,"AAA"]`, `[1,"!"]`, `[1,"AAAAAAAAAAIAAAAAAAAAAQ"]`, `[1,"` + strings.Repeat("A", 2000) + `"]`, `["a","AA"]`} {
		if err := json.Unmarshal([]byte(bad), &again); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
