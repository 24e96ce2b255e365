package hamming

import (
	"runtime"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Match is a hash within the radius asked for.
type Match struct {
	Key      uint64
	Hash     pdq.Hash
	Distance int // bits that differ, of 256
}

// Find returns the keys of the hashes within radius bits of h, nearest first,
// equal distances by key. If most is above zero, only the nearest most of them,
// and no more memory is taken than those need; otherwise all, which may be as
// many as there are keys. It answers for any radius; up to about 40 with the
// tables, beyond by comparing with every hash.
func (x *Index) Find(h pdq.Hash, radius, most int) []Match {
	n := newNearest(most)
	x.look(h, radius, n, nil)
	return n.sorted()
}

// Each calls yield with every match, in no particular order, until it returns
// false. It takes no memory however many there are. What yield changes in the
// index does not change what it is called with.
func (x *Index) Each(h pdq.Hash, radius int, yield func(Match) bool) {
	x.look(h, radius, &each{yield: yield}, nil)
}

// look searches the index as it is at this moment.
func (x *Index) look(h pdq.Hash, radius int, s sink, w *work) {
	if radius < 0 {
		return
	}
	q := codeOf(h)
	v := x.view()
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	sc.work = work{}
	for _, t := range v.tails {
		if !t.search(&q, radius, v.moment, s, sc) {
			return
		}
	}
	for _, p := range v.parts {
		ok := p.search(&q, radius, v.moment, s, sc)
		runtime.KeepAlive(p) // its arrays are not known to the collector
		if !ok {
			return
		}
	}
	if w != nil {
		*w = sc.work
	}
}

// work counts what a query did, for tests that no input makes it dear.
type work struct {
	lookups    int // places of tables
	candidates int // hashes compared because a table offered them
	scanned    int // hashes compared one after the other
}
