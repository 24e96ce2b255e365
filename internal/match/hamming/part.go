package hamming

import (
	"math/bits"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

// part is a sealed set of hashes and keys. Nothing in it changes except which
// of its keys are dead.
//
// Each different hash has a number, in the order of codes; its keys stand
// together in keys, rising. The place of a key in keys is called an entry.
type part struct {
	memory  []*memory
	codes   []code   // by number, rising
	keys    []uint64 // by entry
	entries starts   // the entries of each number
	byKey   []uint32 // entries by rising key
	layout  layout
	slots   []slot
	plans   []plan // by radius
	crowded []crowd

	// A dead entry has its bit in dead, and in deaths the number of the change
	// that killed it. died is the highest of those, so that a query younger than
	// all of them need not look there.
	dead   []uint64 // read and written atomically
	died   atomic.Uint64
	mu     sync.RWMutex
	deaths map[uint32]uint64

	moving *build // what takes the entries elsewhere, while that goes on
}

// slot is one table: the numbers of the hashes by the value of some bits.
type slot struct {
	from, width int
	lists       starts
	// numbers is empty for the first slot: hashes are in its order already, so
	// a list there is a run of consecutive numbers.
	numbers []uint32
}

// own makes the memory go when nothing points to the part any more. Whoever
// reads its arrays keeps the part alive until done.
func (p *part) own(m *memory) {
	p.memory = append(p.memory, m)
	if m.mapped {
		runtime.AddCleanup(p, func(m *memory) { m.free() }, m)
	}
}

// finish fills in what follows from the rest.
func (p *part) finish() {
	p.plans = make([]plan, maxReach+1)
	for radius := range p.plans {
		p.plans[radius] = p.layout.planFor(radius, len(p.codes))
	}
	p.crowded = p.findCrowds()
	p.deaths = map[uint32]uint64{}
}

// bounds are the entries of a number.
func (p *part) bounds(number uint32) (from, to uint32) {
	return p.entries.at(number), p.entries.at(number + 1)
}

// numberOf finds the hash of an entry.
func (p *part) numberOf(entry uint32) uint32 {
	n := sort.Search(len(p.codes), func(i int) bool { return p.entries.at(uint32(i)+1) > entry })
	return uint32(n)
}

// locate finds the entry of a key, dead or not.
func (p *part) locate(key uint64) (entry uint32, ok bool) {
	n := len(p.byKey)
	if n == 0 || key < p.keys[p.byKey[0]] || key > p.keys[p.byKey[n-1]] {
		return 0, false
	}
	i := sort.Search(n, func(i int) bool { return p.keys[p.byKey[i]] >= key })
	if i == n || p.keys[p.byKey[i]] != key {
		return 0, false
	}
	return p.byKey[i], true
}

// kill marks an entry dead from a change on. The bit comes last: whoever sees
// it sees the rest.
func (p *part) kill(entry uint32, change uint64) {
	p.mu.Lock()
	p.deaths[entry] = change
	p.mu.Unlock()
	if p.died.Load() < change {
		p.died.Store(change)
	}
	atomic.OrUint64(&p.dead[entry>>6], 1<<(entry&63))
}

// deadAt returns, of the 64 entries from word*64 on, those dead at a moment.
func (p *part) deadAt(word uint32, moment uint64) uint64 {
	dead := atomic.LoadUint64(&p.dead[word])
	if dead == 0 || p.died.Load() <= moment {
		return dead
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	for left := dead; left != 0; left &= left - 1 {
		bit := left & -left
		if p.deaths[word<<6|uint32(bits.TrailingZeros64(bit))] > moment {
			dead &^= bit
		}
	}
	return dead
}

func (p *part) alive(entry uint32, moment uint64) bool {
	return p.deadAt(entry>>6, moment)>>(entry&63)&1 == 0
}

// dying is how many entries are dead.
func (p *part) dying() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.deaths)
}

// give hands the living keys of a hash to the sink, rising, until it has
// enough of them.
func (p *part) give(number uint32, distance int, moment uint64, s sink) bool {
	from, to := p.bounds(number)
	for word := from >> 6; word<<6 < to; word++ {
		living := ^p.deadAt(word, moment)
		if first := word << 6; first < from {
			living &= ^uint64(0) << (from - first)
		}
		if last := (word + 1) << 6; last > to {
			living &= ^uint64(0) >> (last - to)
		}
		for ; living != 0; living &= living - 1 {
			entry := word<<6 | uint32(bits.TrailingZeros64(living))
			if !s.take(p.keys[entry], &p.codes[number], distance) {
				return s.more()
			}
		}
	}
	return true
}

// bytes is the memory the part takes.
func (p *part) bytes() int {
	n := 32*len(p.codes) + 8*len(p.keys) + p.entries.bytes() + 4*len(p.byKey) + 8*len(p.dead)
	for i := range p.slots {
		n += p.slots[i].lists.bytes() + 4*len(p.slots[i].numbers)
	}
	return n + 48*p.dying() // what a map takes for an entry, roughly
}
