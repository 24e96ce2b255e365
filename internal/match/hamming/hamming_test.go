package hamming_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming"
	"github.com/staydown/staydown/internal/match/hamming/hammingtest"
)

func TestIndex(t *testing.T) {
	hammingtest.Run(t, func() hammingtest.Index { return hamming.New[string]() })
}

// TestPublishedHashes searches a published set of hashes for published needles
// and compares with comparing one by one.
func TestPublishedHashes(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "pdq")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the published hashes are not beside the repository (../shared/data/pdq)")
	}
	hay, needles := hashesIn(t, filepath.Join(dir, "haystack.txt")), hashesIn(t, filepath.Join(dir, "needles.txt"))
	x := hamming.New[int]()
	for round := range 3 { // thrice the set, turned, so that the slots are used
		for i, h := range hay {
			h[round] ^= 0xFF * byte(min(round, 1))
			x.Put(round*len(hay)+i, h)
		}
	}
	hits := 0
	for _, n := range needles {
		want := 0
		for round := range 3 {
			for _, h := range hay {
				h[round] ^= 0xFF * byte(min(round, 1))
				if h.Distance(n) <= pdq.Radius {
					want++
				}
			}
		}
		if got := len(x.Find(n, pdq.Radius, 0)); got != want {
			t.Errorf("needle %v: %d found, %d are there", n, got, want)
		}
		hits += want
	}
	if hits == 0 {
		t.Error("no needle lies in the haystack")
	}
}

func hashesIn(t *testing.T, path string) (all []pdq.Hash) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		field := strings.FieldsFunc(line, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) })
		if len(field) == 0 || len(field[0]) != 64 {
			continue
		}
		h, err := pdq.Parse(field[0])
		if err != nil {
			t.Fatalf("%s: %q", path, line)
		}
		all = append(all, h)
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no hashes", path)
	}
	return all
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		rnd := rand.New(rand.NewPCG(1, 1))
		x := hamming.New[int]()
		for i := range n {
			x.Put(i, hammingtest.Random(rnd))
		}
		queries := make([]pdq.Hash, 256)
		for i := range queries {
			queries[i] = hammingtest.Random(rnd)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				x.Find(queries[i&255], pdq.Radius, 0)
			}
		})
	}
}
