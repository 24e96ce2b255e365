package hamming

import (
	"runtime"
	"sync"
)

// assemble makes a part of the entries of sorted sources, of which there are at
// most so many. Equal hashes become one with several keys.
func assemble(most int, from []*source) *part {
	return assembleAs(nil, most, from)
}

// assembleAs uses a given layout; if nil, the one for the number of hashes.
func assembleAs(l layout, most int, from []*source) *part {
	p := &part{layout: l}
	m := reserve(room(most, 32) + room(most, 8))
	p.own(m)
	codes, keys := cutArray[code](m, most), cutArray[uint64](m, most)

	scrap := reserve(room(most, 4))
	defer scrap.free()
	ends := cutArray[uint32](scrap, most) // of the entries of each hash
	hashes, n := 0, 0
	mergeSources(from, func(e *entry) {
		if hashes == 0 || codes[hashes-1] != e.code {
			codes[hashes] = e.code
			hashes++
		}
		keys[n] = e.key
		n++
		ends[hashes-1] = uint32(n)
	})
	p.codes, p.keys = codes[:hashes], keys[:n]
	if l == nil {
		p.layout = layoutFor(hashes)
	}
	p.reserveTables()
	p.entries.fill(ends[:hashes])
	p.sortKeys()
	p.fillSlots()
	p.finish()
	return p
}

// reserveTables makes room for everything but codes and keys.
func (p *part) reserveTables() {
	hashes, n := len(p.codes), len(p.keys)
	size := room(n, 4) + roomForStarts(hashes)
	for i, width := range p.layout {
		size += roomForStarts(1 << width)
		if i > 0 {
			size += room(hashes, 4)
		}
	}
	m := reserve(size)
	p.own(m)
	p.byKey = cutArray[uint32](m, n)
	p.entries = cutStarts(m, hashes)
	p.dead = make([]uint64, (n+63)/64)
	at := 0
	for i, width := range p.layout {
		s := slot{from: at, width: width, lists: cutStarts(m, 1<<width)}
		if i > 0 {
			s.numbers = cutArray[uint32](m, hashes)
		}
		p.slots = append(p.slots, s)
		at += width
	}
}

func roomForStarts(lists int) int { return room(blocksOf(lists), 4) + room(lists+1, 2) }

func cutStarts(m *memory, lists int) starts {
	return starts{base: cutArray[uint32](m, blocksOf(lists)), rel: cutArray[uint16](m, lists+1)}
}

// fillSlots makes the tables, as many at a time as there are processors: each
// takes a scrap of four bytes for every value of its slot.
func (p *part) fillSlots() {
	work := make(chan *slot, len(p.slots))
	widest := 0
	for i := range p.slots {
		work <- &p.slots[i]
		widest = max(widest, p.slots[i].width)
	}
	close(work)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(p.slots)) {
		wg.Go(func() {
			scrap := reserve(room(1<<widest, 4))
			defer scrap.free()
			for s := range work {
				scrap.cut = 0
				ends := cutArray[uint32](scrap, 1<<s.width)
				clear(ends)
				s.fill(p.codes, ends)
			}
		})
	}
	wg.Wait()
}

// fill deals the numbers out by the slot's value. Each list is rising.
func (s *slot) fill(codes []code, ends []uint32) {
	for i := range codes {
		ends[codes[i].field(s.from, s.width)]++
	}
	sumUp(ends)
	for i := range codes {
		at := &ends[codes[i].field(s.from, s.width)]
		if s.numbers != nil {
			s.numbers[*at] = uint32(i)
		}
		*at++
	}
	s.lists.fill(ends)
}

// keyed is an entry's place with its key, for sorting.
type keyed struct {
	key   uint64
	place uint64
}

// sortKeys fills byKey: the entries by rising key. Sorted digit by digit, from
// the lowest; digits that all keys share are left out.
func (p *part) sortKeys() {
	n := len(p.keys)
	scrap := reserve(2 * room(n, 16))
	defer scrap.free()
	now, next := cutArray[keyed](scrap, n), cutArray[keyed](scrap, n)
	differ := uint64(0)
	for i, key := range p.keys {
		now[i] = keyed{key, uint64(i)}
		differ |= key ^ p.keys[0]
	}
	const digit = 11
	for shift := 0; shift < 64; shift += digit {
		if differ>>shift&(1<<digit-1) == 0 {
			continue
		}
		var ends [1 << digit]uint32
		for i := range now {
			ends[now[i].key>>shift&(1<<digit-1)]++
		}
		sumUp(ends[:])
		for i := range now {
			at := &ends[now[i].key>>shift&(1<<digit-1)]
			next[*at] = now[i]
			*at++
		}
		now, next = next, now
	}
	for i := range now {
		p.byKey[i] = uint32(now[i].place)
	}
}
