package hamming

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming/hammingdata"
)

// every layout is tried with the same data, whatever the sizes it is meant for.
func partOf(l layout, hashes []pdq.Hash) *part {
	all := make([]entry, len(hashes))
	for i, h := range hashes {
		all[i] = entry{codeOf(h), uint64(i)}
	}
	sortEntries(all)
	return assembleAs(l, len(all), []*source{sourceOf(all)})
}

func TestLayoutsAnswerLikeBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	var hashes []pdq.Hash
	for _, kind := range []string{"uniform", "clustered", "correlated", "poisoned"} {
		hashes = append(hashes, hammingdata.Kinds()[kind](rnd, 1500)...)
	}
	for _, l := range []layout{scanned, slots16, slots12, slots11} {
		p := partOf(l, hashes)
		if !p.sound(len(l) == 16) {
			t.Fatalf("%d slots: the tables are not sound", len(l))
		}
		x := New()
		x.adopt(p)
		for _, radius := range []int{0, 1, 2, 8, 15, 16, 20, 25, 30, 31, 32, 36, 47, 63} {
			forceProbing(p, radius)
			for range 6 {
				q := hammingdata.Near(rnd, hashes[rnd.IntN(len(hashes))], rnd.IntN(radius+1))
				want := 0
				for _, h := range hashes {
					if h.Distance(q) <= radius {
						want++
					}
				}
				if got := len(x.Find(q, radius, 0)); got != want {
					t.Errorf("%d slots, radius %d: %d found, %d are there", len(l), radius, got, want)
				}
			}
		}
	}
}

// forceProbing plans as among ten millions, so that the tables are asked even
// where comparing with the few hashes of a test would be quicker.
func forceProbing(p *part, radius int) {
	if radius <= pdq.Radius+5 {
		p.plans[radius] = p.layout.planFor(radius, 10_000_000)
	}
}

func TestPlansMissNothing(t *testing.T) {
	for _, l := range []layout{slots16, slots12, slots11} {
		if sum := sumOf(l); sum != codeBits {
			t.Fatalf("the widths %v add up to %d", l, sum)
		}
		for _, hashes := range []int{3000, 1_000_000, 50_000_000} {
			for radius := range maxReach + 1 {
				p := l.planFor(radius, hashes)
				covered := 0
				for i := range l {
					covered += p.flips[i] + 1
				}
				if !p.scan && covered != radius+1 {
					t.Errorf("%v, radius %d: the slots cover %d", l, radius, covered)
				}
			}
		}
	}
	if p := slots11.planFor(pdq.Radius, 10_000_000); p.scan || p.lookups != 2866 {
		t.Errorf("radius 31 among ten millions takes %d look-ups, want the 2866 of 7x23+3x24 with two flips and 1x23 with one", p.lookups)
	}
}

func sumOf(l layout) (sum int) {
	for _, width := range l {
		sum += width
	}
	return sum
}

// TestPoisonCostsNoMoreThanComparingAll counts the hashes looked at.
func TestPoisonCostsNoMoreThanComparingAll(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	const n = 40_000
	centre := hammingdata.Random(rnd)
	for name, hash := range map[string]func(i int) pdq.Hash{
		"equal":        func(int) pdq.Hash { return centre },
		"within 8":     func(int) pdq.Hash { return hammingdata.Near(rnd, centre, rnd.IntN(9)) },
		"within 100":   func(int) pdq.Hash { return hammingdata.Near(rnd, centre, rnd.IntN(100)) },
		"blank":        func(i int) (h pdq.Hash) { h[i%32] = byte(i); return h },
		"half of bits": func(int) pdq.Hash { h := hammingdata.Random(rnd); clear(h[:16]); return h },
	} {
		x := New()
		if err := x.Load(func(yield func(uint64, pdq.Hash) bool) {
			for i := range n {
				if !yield(uint64(i), hash(i)) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			for _, q := range []pdq.Hash{centre, hammingdata.Near(rnd, centre, 20), hammingdata.Random(rnd), {}} {
				var w work
				s := newNearest(10)
				x.look(q, pdq.Radius, s, &w)
				if most := n + n/scanGain + 1000; w.scanned+w.candidates > most || w.lookups > 3000 {
					t.Errorf("%s: a query looked at %+v, more than %d", name, w, most)
				}
				if name == "equal" && w.scanned+w.candidates > 16 {
					t.Errorf("equal hashes were compared one by one: %+v", w)
				}
				if cap(s.kept) > 20 {
					t.Errorf("%s: %d matches held for the nearest 10", name, cap(s.kept))
				}
			}
		}
	}
}

func TestCrowdedNamesThePoison(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	equal, near := hammingdata.Random(rnd), hammingdata.Random(rnd)
	x := New()
	if err := x.Load(func(yield func(uint64, pdq.Hash) bool) {
		for i := range 60_000 {
			h := hammingdata.Random(rnd)
			switch i % 6 {
			case 0:
				h = equal
			case 1:
				h = hammingdata.Near(rnd, near, 2+rnd.IntN(5))
			}
			if !yield(uint64(i), h) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	places := x.Crowded(10)
	if len(places) != 2 || x.Stats().Crowded != 2 {
		t.Fatalf("%d places named, want 2: %+v", len(places), places)
	}
	for _, p := range places {
		switch {
		case p.Hash == equal:
			if p.Keys != 10_000 || !slices.Equal(p.Sample, []uint64{0, 6, 12, 18, 24}) {
				t.Errorf("the equal ones: %+v", p)
			}
		case p.Hash.Distance(near) <= 8:
			if p.Near < 5000 || len(p.Sample) == 0 {
				t.Errorf("the near ones: %+v", p)
			}
		default:
			t.Errorf("named without reason: %+v", p)
		}
	}
	for i := range 60_000 {
		if i%6 == 0 {
			x.Withdraw(uint64(i))
		}
	}
	x.Compact()
	if places := x.Crowded(10); len(places) != 1 || places[0].Hash == equal {
		t.Errorf("after the equal ones were withdrawn: %+v", places)
	}
}

func TestNearestOfMany(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	centre := hammingdata.Random(rnd)
	x := New()
	for i := range 30_000 {
		x.Put(rnd.Uint64(), hammingdata.Near(rnd, centre, i%25))
	}
	all := x.Find(centre, pdq.Radius, 0)
	if len(all) != x.Len() {
		t.Fatalf("%d found of %d", len(all), x.Len())
	}
	for _, most := range []int{1, 2, 7, 100, 29_999, 40_000} {
		if got := x.Find(centre, pdq.Radius, most); !slices.Equal(got, all[:min(most, len(all))]) {
			t.Errorf("the nearest %d are others than the first of all", most)
		}
	}
	n := 0
	x.Each(centre, pdq.Radius, func(Match) bool { n++; return n < 17 })
	if n != 17 {
		t.Errorf("Each went on to %d after it was told to stop at 17", n)
	}
}

func TestCodesComeBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	for range 1000 {
		a, b := hammingdata.Random(rnd), hammingdata.Random(rnd)
		ca, cb := codeOf(a), codeOf(b)
		if ca.hash() != a || ca.distance(&cb) != a.Distance(b) {
			t.Fatalf("%v: comes back as %v", a, ca.hash())
		}
	}
}
