package hamming_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming"
)

// TestPublishedHashes searches a published set of hashes for published needles
// and compares with comparing one by one.
func TestPublishedHashes(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "pdq")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the published hashes are not beside the repository (../shared/data/pdq)")
	}
	hay, needles := hashesIn(t, filepath.Join(dir, "haystack.txt")), hashesIn(t, filepath.Join(dir, "needles.txt"))
	for round := range 3 { // eight times the set, bits turned, so that the slots are used
		for _, h := range hay[:len(hay):len(hay)] {
			h[round] ^= 0xFF
			hay = append(hay, h)
		}
	}
	x := hamming.New()
	for i, h := range hay {
		x.Put(uint64(i), h)
	}
	x.Compact()
	hits := 0
	for _, n := range needles {
		var want []uint64
		for i, h := range hay {
			if h.Distance(n) <= pdq.Radius {
				want = append(want, uint64(i))
			}
		}
		var got []uint64
		for _, m := range x.Find(n, pdq.Radius, 0) {
			got = append(got, m.Key)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("needle %v: %d found, %d are there", n, len(got), len(want))
		}
		hits += len(want)
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
