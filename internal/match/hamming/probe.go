package hamming

import (
	"math/bits"
	"sync"
)

// scratch is the working memory of one query.
type scratch struct {
	spans   []span
	numbers [2048]uint32
	hits    []hit
	work    work
}

// span is a list of a table: its numbers stand between the two.
type span struct{ from, to uint32 }

// hit is a hash within the radius.
type hit struct {
	at       uint32
	distance int32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// search hands every match in the part to the sink. False means that the sink
// wants no more.
func (p *part) search(q *code, radius int, moment uint64, s sink, sc *scratch) bool {
	if radius < len(p.plans) && !p.plans[radius].scan {
		if ok, done := p.probe(q, radius, moment, s, sc); done {
			return ok
		}
	}
	return p.scan(q, radius, moment, s, sc)
}

// probe looks into the tables. All lists are found first, then the numbers in
// them fetched, then the hashes: in each of the three loops one memory access
// does not wait for another, so the processor has many of them under way at
// once. What makes a search is this waiting.
//
// The lists tell how many hashes they offer before any is fetched. If those are
// too many, done is false and nothing has been given to the sink.
func (p *part) probe(q *code, radius int, moment uint64, s sink, sc *scratch) (ok, done bool) {
	plan := &p.plans[radius]
	if cap(sc.spans) < plan.lookups {
		sc.spans = make([]span, plan.lookups)
	}
	sc.spans = sc.spans[:0]
	sc.work.lookups += plan.lookups
	var ends [maxSlots]int
	offered := 0
	for i := range p.slots {
		sl := &p.slots[i]
		var n int
		sc.spans, n = sl.look(q.field(sl.from, sl.width), masksOf(sl.width).upTo(plan.flips[i]), sc.spans)
		offered += n
		ends[i] = len(sc.spans)
	}
	if offered > len(p.codes)/scanGain+1000 {
		return true, false
	}
	sc.work.candidates += offered
	begin := 0
	for i := range p.slots {
		sc.hits = sc.hits[:0]
		p.slots[i].compare(p.codes, q, radius, sc.spans[begin:ends[i]], sc)
		begin = ends[i]
		for _, h := range sc.hits {
			if !s.wants(int(h.distance)) || p.offeredBefore(i, q, &p.codes[h.at], plan) {
				continue
			}
			if !p.give(h.at, int(h.distance), moment, s) {
				return false, true
			}
		}
	}
	return true, true
}

// look appends the lists of all values that a mask away from v.
func (sl *slot) look(v uint32, masks []uint32, spans []span) ([]span, int) {
	base, rel := sl.lists.base, sl.lists.rel
	n := len(spans)
	spans = spans[:n+len(masks)]
	offered := uint32(0)
	for i, mask := range masks {
		b := v ^ mask
		from, to := base[b>>blockBits], base[(b+1)>>blockBits]
		if (from|to)&isWide == 0 {
			from += uint32(rel[b])
			to += uint32(rel[b+1])
		} else {
			from, to = sl.lists.at(b), sl.lists.at(b+1)
		}
		spans[n+i] = span{from, to}
		offered += to - from
	}
	return spans, int(offered)
}

// compare adds to the hits what lies within the radius among the hashes in the
// lists.
func (sl *slot) compare(codes []code, q *code, radius int, spans []span, sc *scratch) {
	if sl.numbers == nil {
		for _, sp := range spans {
			sc.hits = within(codes[sp.from:sp.to], sp.from, q, radius, sc.hits)
		}
		return
	}
	n := 0
	for _, sp := range spans {
		for _, number := range sl.numbers[sp.from:sp.to] { // one or two, mostly
			if n == len(sc.numbers) {
				sc.hits = fetch(codes, sc.numbers[:], q, radius, sc.hits)
				n = 0
			}
			sc.numbers[n] = number
			n++
		}
	}
	sc.hits = fetch(codes, sc.numbers[:n], q, radius, sc.hits)
}

// fetch compares with the hashes of some numbers. Half of a hash is enough to
// refuse nearly all.
func fetch(codes []code, numbers []uint32, q *code, radius int, hits []hit) []hit {
	q0, q1, q2, q3 := q[0], q[1], q[2], q[3]
	for _, at := range numbers {
		c := &codes[at]
		d := bits.OnesCount64(c[0]^q0) + bits.OnesCount64(c[1]^q1)
		if d > radius {
			continue
		}
		if d += bits.OnesCount64(c[2]^q2) + bits.OnesCount64(c[3]^q3); d <= radius {
			hits = append(hits, hit{at, int32(d)})
		}
	}
	return hits
}

// within compares with consecutive hashes; the first has the number given.
func within(codes []code, first uint32, q *code, radius int, hits []hit) []hit {
	q0, q1, q2, q3 := q[0], q[1], q[2], q[3]
	for i := range codes {
		c := &codes[i]
		d := bits.OnesCount64(c[0]^q0) + bits.OnesCount64(c[1]^q1)
		if d > radius {
			continue
		}
		if d += bits.OnesCount64(c[2]^q2) + bits.OnesCount64(c[3]^q3); d <= radius {
			hits = append(hits, hit{first + uint32(i), int32(d)})
		}
	}
	return hits
}

// offeredBefore reports whether an earlier slot has offered the hash already, so
// that it is given once without a list of those seen.
func (p *part) offeredBefore(i int, q, c *code, plan *plan) bool {
	for j := range i {
		sl := &p.slots[j]
		if bits.OnesCount32(q.field(sl.from, sl.width)^c.field(sl.from, sl.width)) <= plan.flips[j] {
			return true
		}
	}
	return false
}

// scan compares with every hash, in stretches so that the hits of one fit into
// little memory.
func (p *part) scan(q *code, radius int, moment uint64, s sink, sc *scratch) bool {
	const stretch = 4096
	sc.work.scanned += len(p.codes)
	for first := 0; first < len(p.codes); first += stretch {
		some := p.codes[first:min(first+stretch, len(p.codes))]
		sc.hits = within(some, uint32(first), q, radius, sc.hits[:0])
		for _, h := range sc.hits {
			if s.wants(int(h.distance)) && !p.give(h.at, int(h.distance), moment, s) {
				return false
			}
		}
	}
	return true
}
