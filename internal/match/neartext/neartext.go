// Package neartext finds, among millions of text signatures in memory, those of
// near copies of a text.
//
// A signature is kept as a sketch of 128 bytes, one for each of its places, and
// filed under 32 band keys of four bytes each; a query compares only what shares
// a key (Broder 1997; one byte a place: Li and König, "b-Bit Minwise Hashing",
// 2010). So it may miss: of two texts that have 80 % of their word runs in common
// it finds all but one in ten thousand, at 70 % all but one in a hundred. Just at
// the threshold it finds half, since similarity is estimated (standard error 0.043).
//
// What it finds it has compared, and what it has compared it answers: nothing
// that shares a key is left out. Where very many texts share one key (a form
// letter, or an attack) the key is given up for that part of the index, and a
// query that meets it looks through a plane of two bits a place instead, which
// leaves out nothing that reaches the threshold. The work of a query is therefore
// bounded by one reading of the index, whatever was put in.
//
// What is put in or withdrawn counts from the next query on. Nothing is rebuilt:
// the index grows by segments that are never moved.
package neartext

import (
	"cmp"
	"slices"
	"sync"

	"github.com/staydown/staydown/internal/fingerprint/text"
)

// Threshold is the similarity from which two texts count as candidates for a
// person to compare.
const Threshold = 0.6

// Match is a text that resembles the one asked for.
type Match[K cmp.Ordered] struct {
	Key        K
	Similarity float64 // estimated share of common word runs, 0 to 1
}

// Index holds signatures under keys of the caller's choice. It is safe for use
// by several goroutines. The zero value is not ready; use [New].
type Index[K cmp.Ordered] struct {
	mu       sync.RWMutex
	places   map[K]place
	segments []*segment
	open     []int       // segments with room, the earliest last
	keys     []holder[K] // by segment
}

// place is where a sketch lies: its segment and its row in it.
type place struct{ segment, row uint32 }

// New returns an empty index.
func New[K cmp.Ordered]() *Index[K] { return &Index[K]{places: map[K]place{}} }

// Len is the number of keys.
func (x *Index[K]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.places)
}

// Put files a signature under a key, in place of what stood there before. The
// signature of a text without words is not filed.
func (x *Index[K]) Put(key K, sig text.Signature) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if at, ok := x.places[key]; ok {
		x.withdraw(key, at)
	}
	if sig.Shingles == 0 {
		return
	}
	s := sketchOf(&sig)
	at, ok := x.equal(&s)
	if !ok {
		at = x.file(&s)
	}
	x.keys[at.segment].add(at.row, key)
	x.places[key] = at
}

// Withdraw takes a key and its signature out. It reports whether it was there.
func (x *Index[K]) Withdraw(key K) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, ok := x.places[key]
	if ok {
		x.withdraw(key, at)
	}
	return ok
}

// equal finds the place of an equal sketch, so that a million copies of one
// text cost one place.
func (x *Index[K]) equal(s *sketch) (place, bool) {
	for i, seg := range x.segments {
		if row, ok := seg.equal(s); ok {
			return place{uint32(i), row}, true
		}
	}
	return place{}, false
}

func (x *Index[K]) file(s *sketch) place {
	if len(x.open) == 0 {
		x.open = append(x.open, len(x.segments))
		seg := newSegment(sizeOf(len(x.segments)))
		x.segments = append(x.segments, seg)
		x.keys = append(x.keys, holder[K]{first: make([]K, 0, seg.rows)})
	}
	i := x.open[len(x.open)-1]
	seg := x.segments[i]
	row := seg.file(s)
	if seg.full() {
		x.open = x.open[:len(x.open)-1]
	}
	return place{uint32(i), row}
}

func (x *Index[K]) withdraw(key K, at place) {
	delete(x.places, key)
	if !x.keys[at.segment].remove(at.row, key) {
		return
	}
	seg := x.segments[at.segment]
	if seg.full() {
		x.open = append(x.open, int(at.segment))
		slices.SortFunc(x.open, func(a, b int) int { return b - a })
	}
	seg.withdraw(at.row)
}

// Bytes is the memory that the index holds: what it has allocated, and an
// estimate of the map from keys to places (the size of a key in it is taken as
// eight bytes).
func (x *Index[K]) Bytes() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	const mapEntry = 8 + 8 + 1 // key, place, control byte
	n := int64(len(x.places)) * mapEntry * 8 / 5
	for i, s := range x.segments {
		n += s.bytes() + int64(cap(x.keys[i].first))*8
	}
	return n
}
