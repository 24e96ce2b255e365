package hamming

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming/hammingdata"
)

// The brute force that queries are held to while others write. A clock counts
// the steps of all; each stay of a hash under a key notes between which steps
// it began and between which it ended. What surely stood throughout a query
// must be in its answer, what surely did not stand must not, and what changed
// meanwhile may be or not.
type stay struct {
	key          uint64
	hash         pdq.Hash
	raw          code
	begun, stood atomic.Int64 // before and after Put; 0 while not yet
	fell, gone   atomic.Int64 // before and after Withdraw; 0 while not yet
}

const (
	churnSize    = 50_000
	churnWriters = 4
	churnQueries = 2000
)

func TestAnswersAreRightWhileOthersWrite(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	hashes := hammingdata.Clustered(rnd, 2*churnSize)
	stays := make([]stay, len(hashes))
	for i := range stays {
		stays[i].key, stays[i].hash = uint64(i%(churnSize*3/2)), hashes[i] // keys come again later
		stays[i].raw = rawCode(hashes[i])
	}
	x := New()
	x.sealAt = 3000 // so that sealing and merging go on all the time
	if err := x.Load(func(yield func(uint64, pdq.Hash) bool) {
		for i := range churnSize {
			stays[i].begun.Store(1)
			stays[i].stood.Store(1)
			yield(stays[i].key, stays[i].hash)
		}
	}); err != nil {
		t.Fatal(err)
	}
	var clock atomic.Int64
	clock.Store(1)
	var stop atomic.Bool
	var writers sync.WaitGroup
	for w := range churnWriters {
		writers.Go(func() {
			// Each writer has the keys of its own remainder: one out, one in.
			for out, in := w, churnSize+w; in < len(stays) && !stop.Load(); out, in = out+churnWriters, in+churnWriters {
				withdraw(t, x, &stays[out], &clock)
				put(x, &stays[in], &clock)
			}
		})
	}
	var queries sync.WaitGroup
	var hits atomic.Int64
	for g := range 2 {
		queries.Go(func() {
			rnd := rand.New(rand.NewPCG(2, uint64(g)))
			for range churnQueries / 2 {
				h := hammingdata.Near(rnd, hashes[rnd.IntN(len(hashes))], rnd.IntN(32))
				hits.Add(int64(held(t, x, h, stays, &clock)))
			}
		})
	}
	queries.Wait()
	stop.Store(true)
	writers.Wait()
	x.settle()
	if hits.Load() < churnQueries/4 {
		t.Errorf("only %d hits: the test compares nothing", hits.Load())
	}
	if parts := x.Stats().Parts; parts > 8 {
		t.Errorf("%d parts are left unmerged", parts)
	}
	if err := x.Verify(); err != nil {
		t.Error(err)
	}
}

func put(x *Index, s *stay, clock *atomic.Int64) {
	s.begun.Store(clock.Add(1))
	x.Put(s.key, s.hash)
	s.stood.Store(clock.Add(1))
}

func withdraw(t *testing.T, x *Index, s *stay, clock *atomic.Int64) {
	s.fell.Store(clock.Add(1))
	if !x.Withdraw(s.key) {
		t.Errorf("the key %d was not there", s.key)
	}
	s.gone.Store(clock.Add(1))
}

// held compares one answer with all stays, and counts what it found.
func held(t *testing.T, x *Index, h pdq.Hash, stays []stay, clock *atomic.Int64) int {
	before := clock.Add(1)
	got := x.Find(h, pdq.Radius, 0)
	after := clock.Add(1)
	found := map[Match]bool{}
	for _, m := range got {
		if found[m] {
			t.Errorf("%d is answered twice", m.Key)
		}
		found[m] = true
	}
	for _, i := range nearOnes(stays, rawCode(h)) {
		s := &stays[i]
		d := s.hash.Distance(h)
		begun, stood, fell, gone := s.begun.Load(), s.stood.Load(), s.fell.Load(), s.gone.Load()
		m := Match{Key: s.key, Hash: s.hash, Distance: d}
		must := stood > 0 && stood < before && (fell == 0 || fell > after)
		may := begun > 0 && begun < after && (gone == 0 || gone > before)
		if must && !found[m] {
			t.Errorf("%d, %d bits away, stood throughout and was not found", s.key, d)
		}
		if !may && found[m] {
			t.Errorf("%d, %d bits away, did not stand and was found", s.key, d)
		}
		delete(found, m)
	}
	if len(found) > 0 {
		t.Errorf("found, though never put in: %v", found)
	}
	return len(got)
}

// nearOnes compares with all, in the order of bits that hashes come in. Nothing
// it reads is ever written, and there is much of it, so the detector of races is
// kept out.
//
//go:norace
func nearOnes(stays []stay, h code) (near []int) {
	for i := range stays {
		c := &stays[i].raw
		if d := bits.OnesCount64(c[0]^h[0]) + bits.OnesCount64(c[1]^h[1]); d > pdq.Radius {
			continue
		}
		if c.distance(&h) <= pdq.Radius {
			near = append(near, i)
		}
	}
	return near
}

// TestViewIsOfOneMoment replaces the hash of a key again and again: each answer
// holds one of the two, never both or none.
func TestViewIsOfOneMoment(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	a := hammingdata.Random(rnd)
	b := hammingdata.Near(rnd, a, 9)
	x := New()
	x.sealAt = 500
	x.Put(1, a)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 20_000 {
			x.Put(1, b)
			x.Put(1, a)
			x.Put(uint64(2+i%5000), hammingdata.Random(rnd))
		}
	}()
	for {
		if got := x.Find(a, pdq.Radius, 0); len(got) != 1 || got[0].Key != 1 {
			t.Fatalf("an answer between two moments: %v", got)
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

// TestChurnLeavesNothingBehind turns the whole content over many times: memory,
// parts and tombstones stay bounded.
func TestChurnLeavesNothingBehind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	x := New()
	x.sealAt = 1000
	const living = 8000
	for i := range uint64(6 * living) {
		x.Put(i, hammingdata.Random(rnd))
		if i >= living {
			x.Withdraw(i - living)
		}
		if i%5000 == 0 {
			x.settle()
		}
	}
	x.settle()
	s := x.Stats()
	if s.Entries != living || x.Len() != living {
		t.Errorf("%d entries, want %d", s.Entries, living)
	}
	if s.Sealed+s.Tail > 2*living || s.Parts > 6 {
		t.Errorf("what is gone stays: %+v", s)
	}
	x.Compact()
	if s := x.Stats(); s.Parts != 1 || s.Tombstones != 0 || s.Tail != 0 || s.Sealed != living || s.Hashes != living {
		t.Errorf("compacted: %+v", s)
	}
}

func TestLoadReplaces(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	x := New()
	x.sealAt = 100
	want := map[uint64]pdq.Hash{}
	for i := range uint64(350) {
		want[i] = hammingdata.Random(rnd)
		x.Put(i, want[i])
	}
	load := func(keys ...uint64) error {
		return x.Load(func(yield func(uint64, pdq.Hash) bool) {
			for _, key := range keys {
				h := hammingdata.Random(rnd)
				want[key] = h
				if !yield(key, h) {
					return
				}
			}
		})
	}
	if err := load(5, 120, 349, 1000); err != nil {
		t.Fatal(err)
	}
	have := map[uint64]pdq.Hash{}
	for _, m := range x.everything() {
		have[m.Key] = m.Hash
	}
	for key, h := range want {
		if have[key] != h {
			t.Errorf("key %d holds %v, want %v", key, have[key], h)
		}
	}
	if x.Len() != len(want) || len(have) != len(want) {
		t.Errorf("%d keys, want %d", x.Len(), len(want))
	}
	before := x.everything()
	if err := load(7, 8, 7); err == nil {
		t.Error("a key that comes twice is taken")
	}
	if !slices.Equal(before, x.everything()) {
		t.Error("a load that failed changed something")
	}
}
