package hamming

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A file's checksums tell that it is as it was written; soundness tells that
// what was written can be read without harm and, as far as looked at, is right.

// sound reports whether a part read from a file is one that could have been
// built: hashes, keys and lists in order, and no number that leads outside of an
// array. Whether the hashes in a list belong there is checked for one list in
// every sampled; for all lists with every true.
func (p *part) sound(every bool) bool {
	hashes, n := len(p.codes), uint32(len(p.keys))
	for i := 1; i < hashes; i++ {
		if p.codes[i-1].compare(&p.codes[i]) >= 0 {
			return false
		}
	}
	if !p.entries.holds(hashes, n) || !p.keysSound() {
		return false
	}
	if rest := n & 63; rest != 0 && atomic.LoadUint64(&p.dead[len(p.dead)-1])>>rest != 0 {
		return false
	}
	return p.slotsSound(every)
}

func (p *part) keysSound() bool {
	for number := range uint32(len(p.codes)) {
		from, to := p.bounds(number)
		if from == to {
			return false
		}
		for ; from+1 < to; from++ {
			if p.keys[from] >= p.keys[from+1] {
				return false
			}
		}
	}
	for i, at := range p.byKey {
		if at >= uint32(len(p.keys)) || i > 0 && p.keys[p.byKey[i-1]] >= p.keys[at] {
			return false
		}
	}
	return true
}

func (p *part) slotsSound(every bool) bool {
	work := make(chan *slot, len(p.slots))
	for i := range p.slots {
		work <- &p.slots[i]
	}
	close(work)
	var wrong atomic.Bool
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(p.slots)) {
		wg.Go(func() {
			for s := range work {
				if !s.sound(p.codes, every) {
					wrong.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return !wrong.Load()
}

// sampled: of so many lists the hashes of one are looked at when a file is
// opened. Looking at all costs a cache miss for each hash and slot, seconds at
// ten millions.
const sampled = 61

func (s *slot) sound(codes []code, every bool) bool {
	if !s.lists.holds(1<<s.width, uint32(len(codes))) {
		return false
	}
	for _, number := range s.numbers {
		if number >= uint32(len(codes)) {
			return false
		}
	}
	step := uint32(sampled)
	if every {
		step = 1
	}
	for b := uint32(0); b < 1<<s.width; b += step {
		if !s.listSound(codes, b) {
			return false
		}
	}
	return true
}

// listSound reports whether all hashes in a list have its value, and none is in
// it twice. If that holds for all lists, each hash is in exactly one, because
// the lists have room for as many as there are.
func (s *slot) listSound(codes []code, b uint32) bool {
	before := int64(-1)
	for i, to := s.lists.at(b), s.lists.at(b+1); i < to; i++ {
		number := i
		if s.numbers != nil {
			number = s.numbers[i]
		}
		if int64(number) <= before || codes[number].field(s.from, s.width) != b {
			return false
		}
		before = int64(number)
	}
	return true
}

// Verify looks at everything: that each table holds each hash once, at its
// place, so that answers are exact. [Open] looks at a sample of that. It takes
// some seconds for ten million hashes; queries and writers go on meanwhile.
func (x *Index) Verify() error {
	for i, p := range x.view().parts {
		if !p.sound(true) {
			return refuse(CodeLying, "the tables of part %d contradict its hashes", i)
		}
	}
	return nil
}

// checkKeysOnce makes sure that no key lives at two places of the index, as
// Withdraw would find only one of them.
func (x *Index) checkKeysOnce() error {
	for i, p := range x.parts {
		for _, other := range x.parts[:i] {
			for _, key := range sharedKeys(p, other) {
				a, _ := p.locate(key)
				b, _ := other.locate(key)
				if p.alive(a, 0) && other.alive(b, 0) {
					return refuse(CodeLying, "the key %d comes twice", key)
				}
			}
		}
		for key := range x.tail.places {
			if at, ok := p.locate(key); ok && p.alive(at, 0) {
				return refuse(CodeLying, "the key %d comes twice", key)
			}
		}
	}
	return nil
}
