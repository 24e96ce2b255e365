package neartext

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/text"
)

// sentence makes n words of no meaning from a vocabulary in two scripts.
func sentence(rnd *rand.Rand, n int) []string {
	syllables := []string{"ba", "ko", "ri", "ten", "شم", "نو", "كر", "لي", "da", "مت"}
	words := make([]string, n)
	for i := range words {
		for range 2 + rnd.IntN(3) {
			words[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	return words
}

func TestFindNearCopies(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	x := New[int]()
	texts := make([][]string, 1500)
	for i := range texts {
		texts[i] = sentence(rnd, 60+rnd.IntN(60))
		x.Put(i, text.Of(strings.Join(texts[i], " ")))
	}
	found, wrong := 0, 0
	const rounds = 300
	for range rounds {
		i := rnd.IntN(len(texts))
		copied := append(sentence(rnd, 3), texts[i]...) // a caption before it, a word changed within
		copied[len(copied)/2] = "replaced"
		for _, m := range x.Find(text.Of(strings.Join(copied, " ")), Threshold, 0) {
			if m.Key == i {
				found++
			} else {
				wrong++
			}
		}
	}
	if found < rounds*98/100 || wrong > 0 {
		t.Errorf("found %d of %d near copies, %d wrong", found, rounds, wrong)
	}
	if m := x.Find(text.Of(strings.Join(sentence(rnd, 80), " ")), Threshold, 0); len(m) != 0 {
		t.Errorf("a text nobody has seen resembles %v", m)
	}
}

// relative is a signature of the Jaccard similarity asked for to another set.
func relative(rnd *rand.Rand, set []uint64, similarity float64) text.Signature {
	common := int(math.Round(2 * float64(len(set)) * similarity / (1 + similarity)))
	other := slices.Clone(set[:common])
	for len(other) < len(set) {
		other = append(other, rnd.Uint64())
	}
	return text.OfHashes(other)
}

func randomSet(rnd *rand.Rand, n int) []uint64 {
	set := make([]uint64, n)
	for i := range set {
		set[i] = rnd.Uint64()
	}
	return set
}

// TestRecall counts what is found at exact similarities among other texts.
func TestRecall(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	x := New[int]()
	sets := make([][]uint64, 500)
	for i := range sets {
		sets[i] = randomSet(rnd, 60)
		x.Put(i, text.OfHashes(sets[i]))
	}
	for _, tt := range []struct{ similarity, least float64 }{{0.9, 1}, {0.8, 0.99}, {0.7, 0.97}} {
		found := 0
		for i, set := range sets {
			for _, m := range x.Find(relative(rnd, set, tt.similarity), Threshold, 0) {
				if m.Key == i {
					found++
				}
			}
		}
		if got := float64(found) / float64(len(sets)); got < tt.least {
			t.Errorf("at similarity %.1f %.4f are found, want %.2f", tt.similarity, got, tt.least)
		}
	}
}

func TestPutAndWithdraw(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	sig, other := text.Of(strings.Join(sentence(rnd, 50), " ")), text.Of(strings.Join(sentence(rnd, 50), " "))
	x := New[string]()
	x.Put("b", sig)
	x.Put("a", sig)
	x.Put("none", text.Signature{})
	if got := fmt.Sprint(x.Find(sig, 1, 0)); got != "[{a 1} {b 1}]" || x.Len() != 2 {
		t.Errorf("found %s, length %d", got, x.Len())
	}
	if got := x.Find(sig, 1, 1); len(got) != 1 || got[0].Key != "a" {
		t.Errorf("the most similar one is %v", got)
	}
	x.Put("a", other)
	if got := fmt.Sprint(x.Find(sig, 0.9, 0), x.Find(other, 0.9, 0)); got != "[{b 1}] [{a 1}]" {
		t.Errorf("after a change: %s", got)
	}
	if !x.Withdraw("b") || x.Withdraw("b") || len(x.Find(sig, 0.9, 0)) != 0 || x.Len() != 1 {
		t.Errorf("after withdrawal: %v, length %d", x.Find(sig, 0.9, 0), x.Len())
	}
	x.Put("c", sig) // takes the place given up
	x.Put("a", text.Signature{})
	if got := fmt.Sprint(x.Find(sig, 0.9, 0), x.Find(other, 0.9, 0), len(x.segments[0].sketches)); got != "[{c 1}] [] 2" {
		t.Errorf("after reuse: %s", got)
	}
	if len(x.Find(text.Signature{}, 0, 0)) != 0 {
		t.Error("a text without words resembles something")
	}
}

// TestEqualTextsAreComparedOnce counts work: ten thousand copies of one text
// are compared once, and come and go one by one.
func TestEqualTextsAreComparedOnce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	sig := text.Of(strings.Join(sentence(rnd, 50), " "))
	x := New[int]()
	order := rnd.Perm(10_000)
	for _, i := range order {
		x.Put(i, sig)
	}
	all, work := x.Search(sig, Threshold, 0)
	if work.Compared != 1 || work.Planes != 0 || len(all) != 10_000 || !slices.IsSortedFunc(all, byKey) {
		t.Errorf("%+v, %d found", work, len(all))
	}
	for _, i := range order[:9_990] {
		x.Withdraw(i)
	}
	if got := x.Find(sig, Threshold, 0); len(got) != 10 || !slices.IsSortedFunc(got, byKey) {
		t.Errorf("left are %v", got)
	}
}

func byKey(a, b Match[int]) int { return cmp.Compare(a.Key, b.Key) }

// brute compares with everything, by the sketches.
func brute(sigs map[int]text.Signature, sig text.Signature, threshold float64) (out []Match[int]) {
	q := sketchOf(&sig)
	for key, s := range sigs {
		k := sketchOf(&s)
		if got := similarities[q.equal(&k)]; got >= threshold {
			out = append(out, Match[int]{key, got})
		}
	}
	slices.SortFunc(out, func(a, b Match[int]) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Key, b.Key))
	})
	return out
}

// TestCrowded: of very many near copies of one form letter none is left out,
// before and after most of them are withdrawn, and few are compared if few are
// asked for.
func TestCrowded(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	letter := randomSet(rnd, 60)
	sigs := map[int]text.Signature{}
	x := New[int]()
	for i := range 2000 {
		sig := relative(rnd, letter, 0.5+rnd.Float64()/2)
		if i%4 == 0 {
			sig = text.OfHashes(randomSet(rnd, 60))
		}
		sigs[i] = sig
		x.Put(i, sig)
	}
	query := relative(rnd, letter, 0.95)
	check := func(when string) {
		t.Helper()
		want := brute(sigs, query, Threshold)
		if got := x.Find(query, Threshold, 0); !slices.Equal(got, want) {
			t.Errorf("%s: found %d of %d", when, len(got), len(want))
		}
		few, work := x.Search(query, Threshold, 20)
		if !slices.Equal(few, want[:min(20, len(want))]) {
			t.Errorf("%s: the first twenty are %v, want %v", when, few, want[:min(20, len(want))])
		}
		if work.Planes == 0 || work.Compared > len(want) {
			t.Errorf("%s: %+v for twenty of %d", when, work, len(want))
		}
	}
	check("all")
	for i := range 1500 {
		x.Withdraw(i)
		delete(sigs, i)
	}
	check("after withdrawals")
	for i := 1500; i < 2000; i++ {
		x.Withdraw(i)
	}
	if x.Len() != 0 || len(x.Find(query, 0, 0)) != 0 {
		t.Errorf("%d left", x.Len())
	}
	x.Put(1, query)
	if _, work := x.Search(query, Threshold, 0); work.Planes != 0 || work.Compared != 1 {
		t.Errorf("an emptied index still works for what was in it: %+v", work)
	}
}

// TestChainsAreBounded counts work: whatever was put in, no chain grows beyond
// the bound, so no Put or Withdraw walks further.
func TestChainsAreBounded(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	letter := randomSet(rnd, 40)
	x := New[int]()
	for i := range 1000 {
		x.Put(i, relative(rnd, letter, 0.9))
	}
	for _, s := range x.segments {
		for b := range s.heads {
			for _, head := range s.heads[b] {
				n := 0
				for at := head &^ givenUp; at != 0; at = s.next[at-1][b] {
					n++
				}
				if n > chain {
					t.Fatalf("a chain of %d", n)
				}
			}
		}
	}
}

// TestAgainstBruteForce plays puts and withdrawals at random. What is found must
// be right in similarity and order, and be all that shares a band.
func TestAgainstBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	var families [][]uint64
	for range 20 {
		families = append(families, randomSet(rnd, 50))
	}
	x, sigs := New[int](), map[int]text.Signature{}
	for step := range 2000 {
		key := rnd.IntN(700)
		if rnd.IntN(3) == 0 {
			_, had := sigs[key]
			if x.Withdraw(key) != had {
				t.Fatal("withdrawal reports wrongly")
			}
			delete(sigs, key)
			continue
		}
		sig := relative(rnd, families[rnd.IntN(len(families))], 0.7+0.3*rnd.Float64())
		x.Put(key, sig)
		sigs[key] = sig
		if step%40 != 0 {
			continue
		}
		query := relative(rnd, families[rnd.IntN(len(families))], 0.9)
		got, want := x.Find(query, 0.3, 0), brute(sigs, query, 0.3)
		want = slices.DeleteFunc(want, func(m Match[int]) bool {
			return m.Similarity < Threshold && !slices.Contains(got, m) // may be missed
		})
		if !slices.Equal(got, want) {
			t.Fatalf("step %d: found %d, brute force %d", step, len(got), len(want))
		}
	}
	if x.Len() != len(sigs) {
		t.Errorf("%d keys, want %d", x.Len(), len(sigs))
	}
}

func TestSketch(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		set := randomSet(rnd, 30)
		a, b := text.OfHashes(set), relative(rnd, set, rnd.Float64())
		ka, kb := sketchOf(&a), sketchOf(&b)
		equal := 0
		for i := range a.Values {
			if byte(a.Values[i]) == byte(b.Values[i]) {
				equal++
			}
		}
		if got := ka.equal(&kb); got != equal {
			t.Fatalf("%d places alike, want %d", got, equal)
		}
		pa, pb := ka.plane(), kb.plane()
		if d := pa.distance(&pb); d > places-equal {
			t.Fatalf("%d bits differ where %d places are alike", d, equal)
		}
		if d := math.Abs(similarities[equal] - a.Similarity(b)); d > 0.03 {
			t.Fatalf("the sketches' estimate is %.3f off", d)
		}
	}
}

// TestMemory bounds what a text costs.
func TestMemory(t *testing.T) {
	rnd := rand.New(rand.NewPCG(10, 10))
	x := New[uint64]()
	const n = 2 * smallest
	for i := range uint64(n) {
		var sig text.Signature
		sig.Shingles = 100
		for p := range sig.Values {
			sig.Values[p] = rnd.Uint32()
		}
		x.Put(i, sig)
	}
	if each := x.Bytes() / n; each < 300 || each > 600 {
		t.Errorf("%d bytes a text", each)
	}
}

func TestConcurrently(t *testing.T) {
	x := New[string]()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(4, uint64(g)))
			for i := range 150 {
				key := fmt.Sprint(g, " ", i)
				sig := text.Of(strings.Join(sentence(rnd, 40), " "))
				x.Put(key, sig)
				if m := x.Find(sig, 1, 0); len(m) != 1 || m[0].Key != key {
					t.Errorf("what was just put in is not found: %v", m)
				}
				x.Withdraw(key)
			}
		})
	}
	wg.Wait()
	if x.Len() != 0 {
		t.Errorf("%d left", x.Len())
	}
}
