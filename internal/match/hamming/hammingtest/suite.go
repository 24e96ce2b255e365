// Package hammingtest states what every index of hashes must do, so that a
// faster one can take the place of a slower.
package hammingtest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming"
)

// Index is what is tested.
type Index interface {
	Put(key uint64, h pdq.Hash)
	Withdraw(key uint64) bool
	Find(h pdq.Hash, radius, most int) []hamming.Match
	Len() int
}

// Run holds the index that open makes, empty each time, to comparing with all.
func Run(t *testing.T, open func() Index) {
	t.Run("equals brute force", func(t *testing.T) { bruteForce(t, open()) })
	t.Run("borders of the radius", func(t *testing.T) { borders(t, open) })
	t.Run("put and withdraw", func(t *testing.T) { changes(t, open()) })
	t.Run("poisoned", func(t *testing.T) { poisoned(t, open()) })
	t.Run("from several goroutines", func(t *testing.T) { concurrent(t, open()) })
}

// Random returns a hash with bits drawn evenly.
func Random(rnd *rand.Rand) (h pdq.Hash) {
	for i := range h {
		h[i] = byte(rnd.Uint32())
	}
	return h
}

// Near returns h with exactly n bits turned.
func Near(rnd *rand.Rand, h pdq.Hash, n int) pdq.Hash {
	for _, k := range rnd.Perm(256)[:n] {
		h[k>>3] ^= 1 << (k & 7)
	}
	return h
}

// model is the index at its simplest.
type model map[uint64]pdq.Hash

func (m model) find(h pdq.Hash, radius int) []hamming.Match {
	var found []hamming.Match
	for key, have := range m {
		if d := have.Distance(h); d <= radius {
			found = append(found, hamming.Match{Key: key, Hash: have, Distance: d})
		}
	}
	slices.SortFunc(found, func(a, b hamming.Match) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Key, b.Key))
	})
	return found
}

func (m model) check(t *testing.T, x Index, h pdq.Hash, radius int) int {
	t.Helper()
	want, got := m.find(h, radius), x.Find(h, radius, 0)
	if !slices.Equal(want, got) {
		t.Fatalf("radius %d: %d found, %d are there", radius, len(got), len(want))
	}
	if x.Len() != len(m) {
		t.Fatalf("length %d, want %d", x.Len(), len(m))
	}
	return len(want)
}

func bruteForce(t *testing.T, x Index) {
	rnd := rand.New(rand.NewPCG(1, 1))
	m := model{}
	var centres []pdq.Hash
	for i := range 6000 {
		h := Random(rnd)
		if i%3 == 0 && len(centres) > 0 { // a third lies in clusters, as copies do
			h = Near(rnd, centres[rnd.IntN(len(centres))], rnd.IntN(40))
		} else if len(centres) < 200 {
			centres = append(centres, h)
		}
		key := uint64(i)
		m[key] = h
		x.Put(key, h)
	}
	hits := 0
	for range 150 {
		query := Near(rnd, centres[rnd.IntN(len(centres))], rnd.IntN(32))
		for _, radius := range []int{0, 10, 15, 16, pdq.Radius, 40, 63} {
			hits += m.check(t, x, query, radius)
		}
		m.check(t, x, Random(rnd), pdq.Radius)
	}
	if hits < 1000 {
		t.Errorf("only %d hits: the test compares nothing", hits)
	}
}

func borders(t *testing.T, open func() Index) {
	rnd := rand.New(rand.NewPCG(2, 2))
	for _, others := range []int{0, 3000} {
		x := open()
		for i := range others {
			x.Put(uint64(1000+i), Random(rnd))
		}
		for d := range 64 {
			h := Random(rnd)
			x.Put(uint64(7), Near(rnd, h, d))
			for _, radius := range []int{d - 1, d} {
				got := x.Find(h, radius, 0)
				if found := len(got) > 0 && got[0].Key == uint64(7) && got[0].Distance == d; found != (radius == d) {
					t.Errorf("%d bits away among %d, radius %d: found is %v", d, others, radius, found)
				}
			}
		}
	}
}

func changes(t *testing.T, x Index) {
	rnd := rand.New(rand.NewPCG(3, 3))
	m := model{}
	pool := make([]pdq.Hash, 1200)
	for i := range pool {
		pool[i] = Random(rnd)
	}
	for step := range 12_000 {
		key := rnd.Uint64N(4000)
		if rnd.IntN(3) == 0 {
			_, there := m[key]
			delete(m, key)
			if x.Withdraw(key) != there {
				t.Fatalf("withdrawing %d: there is %v", key, there)
			}
		} else {
			m[key] = Near(rnd, pool[rnd.IntN(len(pool))], rnd.IntN(3))
			x.Put(key, m[key])
		}
		if step%100 == 0 {
			m.check(t, x, pool[rnd.IntN(len(pool))], pdq.Radius)
		}
	}
	for key := range m {
		x.Withdraw(key)
	}
	if x.Len() != 0 || len(x.Find(pool[0], 256, 0)) != 0 {
		t.Errorf("an emptied index holds %d", x.Len())
	}
}

// poisoned fills the index with nearly and wholly equal hashes, as somebody
// would who wants to stop it: the answers stay right.
func poisoned(t *testing.T, x Index) {
	rnd := rand.New(rand.NewPCG(4, 4))
	m := model{}
	h := Random(rnd)
	for i := range 5000 {
		key := uint64(i)
		m[key] = Near(rnd, h, i%2*rnd.IntN(3))
		x.Put(key, m[key])
	}
	m.check(t, x, h, pdq.Radius)
	m.check(t, x, Random(rnd), pdq.Radius)
	if got := x.Find(h, pdq.Radius, 7); !slices.Equal(got, m.find(h, pdq.Radius)[:7]) {
		t.Errorf("the nearest 7 are %v", got)
	}
}

func concurrent(t *testing.T, x Index) {
	fixed := rand.New(rand.NewPCG(5, 5))
	h := Random(fixed)
	x.Put(uint64(1), h)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(6, uint64(g)))
			for i := range 800 {
				key := uint64(1+g)<<32 | uint64(i)
				mine := Random(rnd)
				x.Put(key, mine)
				if got := x.Find(mine, 0, 0); len(got) != 1 || got[0].Key != key {
					t.Errorf("what was just put in is not found: %v", got)
				}
				if got := x.Find(h, pdq.Radius, 1); len(got) != 1 || got[0].Key != uint64(1) {
					t.Errorf("the hash that stays is not found: %v", got)
				}
				if i%2 == 0 {
					x.Withdraw(key)
				}
			}
		})
	}
	wg.Wait()
	if x.Len() != 1+4*400 {
		t.Errorf("%d keys, want %d", x.Len(), 1+4*400)
	}
}
