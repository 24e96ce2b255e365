package neartext

import (
	"cmp"
	"slices"
	"sync"

	"github.com/staydown/staydown/internal/fingerprint/text"
)

// Work counts what a query did.
type Work struct {
	Chained  int // rows met in chains, in all bands
	Planes   int // rows whose bits were compared, because a chain was given up
	Compared int // sketches compared
}

// Find returns the keys of texts whose estimated similarity is at least
// threshold, most similar first, equal ones by key. If most is above zero, only
// the first most of them.
func (x *Index[K]) Find(sig text.Signature, threshold float64, most int) []Match[K] {
	found, _ := x.Search(sig, threshold, most)
	return found
}

// Search is [Index.Find], and tells what it took.
func (x *Index[K]) Search(sig text.Signature, threshold float64, most int) ([]Match[K], Work) {
	if sig.Shingles == 0 {
		return nil, Work{}
	}
	q := queries.Get().(*query)
	defer queries.Put(q)
	q.begin(&sig, threshold, most)
	x.mu.RLock()
	defer x.mu.RUnlock()
	for i, s := range x.segments {
		if s.live > 0 {
			q.look(uint32(i), s)
		}
	}
	return x.answer(q, most), q.work
}

// answer turns rows into keys.
func (x *Index[K]) answer(q *query, most int) []Match[K] {
	slices.SortFunc(q.hits, func(a, b hit) int {
		return cmp.Or(b.equal-a.equal, cmp.Compare(a.at.segment, b.at.segment), cmp.Compare(a.at.row, b.at.row))
	})
	var found []Match[K]
	for from := 0; from < len(q.hits) && (most <= 0 || len(found) < most); {
		group := len(found)
		to := from
		for ; to < len(q.hits) && q.hits[to].equal == q.hits[from].equal; to++ {
			h := q.hits[to]
			for key := range x.keys[h.at.segment].of(h.at.row, most) {
				found = append(found, Match[K]{Key: key, Similarity: similarities[h.equal]})
			}
		}
		slices.SortFunc(found[group:], func(a, b Match[K]) int { return cmp.Compare(a.Key, b.Key) })
		from = to
	}
	if most > 0 && len(found) > most {
		found = slices.Clone(found[:most])
	}
	return found
}

// hit is a row that reaches the threshold.
type hit struct {
	at    place
	equal int // places
}

// query is the working state of one search, used again by later ones.
type query struct {
	sketch sketch
	plane  plane
	least  int // equal places from which a row counts; rises once most are found
	most   int
	many   int             // hits from which least is looked at again
	tally  [places + 1]int // hits by equal places, to raise least
	seen   []uint64        // rows of the segment at hand, a bit each
	rows   []uint32        // those bits that are set
	hits   []hit
	work   Work
}

var queries = sync.Pool{New: func() any { return &query{seen: make([]uint64, largest/64)} }}

func (q *query) begin(sig *text.Signature, threshold float64, most int) {
	q.sketch = sketchOf(sig)
	q.plane = q.sketch.plane()
	q.least, q.most, q.work = leastEqual(threshold), most, Work{}
	q.many = 2*most + 64
	q.hits = q.hits[:0]
	clear(q.tally[:])
}

// look searches one segment: by its chains, or, if one of them was given up, by
// its plane.
func (q *query) look(i uint32, s *segment) {
	whole := q.chains(i, s)
	for _, row := range q.rows {
		q.seen[row/64] = 0
	}
	q.rows = q.rows[:0]
	if !whole {
		q.planes(i, s)
	}
}

// chains compares what shares a band key. It reports false, with no hits kept of
// this segment, if a chain was given up.
func (q *query) chains(i uint32, s *segment) bool {
	var heads [text.NBands]uint32
	for b := range heads {
		heads[b] = *s.head(b, q.sketch.band(b))
		if heads[b]&givenUp != 0 {
			return false
		}
	}
	for b, at := range heads {
		key := q.sketch.band(b)
		for ; at != 0; at = s.next[at-1][b] {
			q.work.Chained++
			row := at - 1
			if s.sketches[row].band(b) != key || q.seen[row/64]>>(row%64)&1 == 1 {
				continue
			}
			q.seen[row/64] |= 1 << (row % 64)
			q.rows = append(q.rows, row)
			q.compare(i, row, s)
		}
	}
	return true
}

// planes compares everything whose bits allow for enough equal places.
func (q *query) planes(i uint32, s *segment) {
	q.work.Planes += s.live
	for row := range s.planes {
		if q.plane.distance(&s.planes[row]) <= places-q.least && s.isAlive(uint32(row)) {
			q.compare(i, uint32(row), s)
		}
	}
}

func (q *query) compare(i, row uint32, s *segment) {
	q.work.Compared++
	if n := places - q.sketch.unlike(&s.sketches[row], places-q.least); n >= q.least {
		q.hits = append(q.hits, hit{place{i, row}, n})
		q.raise(n)
	}
}

// raise lifts the least that counts to what the most similar ones found so far
// have, so that among very many near texts most are passed over by their bits.
// Each row holds at least one key, so no more rows than most are needed, beside
// those that are equally similar.
func (q *query) raise(n int) {
	q.tally[n]++
	if q.most <= 0 || len(q.hits) < q.many {
		return
	}
	have := 0
	for least := places; least >= q.least; least-- {
		if have += q.tally[least]; have >= q.most {
			q.least = least
			break
		}
	}
	q.hits = slices.DeleteFunc(q.hits, func(h hit) bool { return h.equal < q.least })
	q.many = 2*len(q.hits) + 64
}
