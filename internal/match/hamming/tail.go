package hamming

import "sync/atomic"

// tail holds what was put in lately, in the order it came. Entries are only
// added, and marked with the change that killed them, so a query that took
// down its length sees a tail that does not change. In blocks, so that growing
// moves nothing that somebody reads.
type tail struct {
	blocks []*tailBlock
	n      int
	places map[uint64]uint32 // where the living keys are; the writer's
	moving *build
}

const tailBlockSize = 1024

type tailBlock struct {
	codes [tailBlockSize]code
	keys  [tailBlockSize]uint64
	died  [tailBlockSize]atomic.Uint64 // 0 while alive
}

func newTail() *tail { return &tail{places: map[uint64]uint32{}} }

func (t *tail) add(key uint64, c code) {
	block, at := t.n/tailBlockSize, t.n%tailBlockSize
	if block == len(t.blocks) {
		t.blocks = append(t.blocks, new(tailBlock))
	}
	t.blocks[block].codes[at], t.blocks[block].keys[at] = c, key
	t.places[key] = uint32(t.n)
	t.n++
}

func (t *tail) at(place uint32) (b *tailBlock, at int) {
	return t.blocks[place/tailBlockSize], int(place % tailBlockSize)
}

func (t *tail) kill(key uint64, change uint64) {
	b, at := t.at(t.places[key])
	b.died[at].Store(change)
	delete(t.places, key)
}

// tailView is a tail as it was at one moment.
type tailView struct {
	blocks []*tailBlock
	n      int
}

func (t *tail) view() tailView { return tailView{t.blocks, t.n} }

func (t tailView) search(q *code, radius int, moment uint64, s sink, sc *scratch) bool {
	sc.work.scanned += t.n
	for i, b := range t.blocks {
		codes := b.codes[:min(t.n-i*tailBlockSize, tailBlockSize)]
		sc.hits = within(codes, 0, q, radius, sc.hits[:0])
		for _, h := range sc.hits {
			if !b.alive(h.at, moment) || !s.wants(int(h.distance)) {
				continue
			}
			s.take(b.keys[h.at], &b.codes[h.at], int(h.distance))
			if !s.more() {
				return false
			}
		}
	}
	return true
}

func (b *tailBlock) alive(at uint32, moment uint64) bool {
	died := b.died[at].Load()
	return died == 0 || died > moment
}

// living lists the entries alive at a moment.
func (t tailView) living(moment uint64) []entry {
	all := make([]entry, 0, t.n)
	for i, b := range t.blocks {
		for at := range uint32(min(t.n-i*tailBlockSize, tailBlockSize)) {
			if b.alive(at, moment) {
				all = append(all, entry{b.codes[at], b.keys[at]})
			}
		}
	}
	return all
}
