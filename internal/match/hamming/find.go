package hamming

import (
	"cmp"
	"slices"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

const (
	nSlots   = 16
	slotBits = 16
	// reach is the widest radius the slots can answer: with one bit of
	// difference allowed in each, 2*16-1.
	reach = 2*nSlots - 1
	// few is the number of hashes up to which comparing all is quicker than
	// 272 look-ups.
	few = 1500
)

// Find returns the keys of all hashes within radius bits of h, nearest first,
// equal distances by key. If most is above zero, only the nearest most of them.
func (x *Index[K]) Find(h pdq.Hash, radius, most int) []Match[K] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var found []Match[K]
	collect := func(at uint32, distance int) {
		for _, key := range x.keys[at] {
			found = append(found, Match[K]{Key: key, Hash: x.hashes[at], Distance: distance})
		}
	}
	if radius > reach || len(x.byHash) <= few || !x.probe(h, radius, collect) {
		found = found[:0]
		x.scan(h, radius, collect)
	}
	slices.SortFunc(found, func(a, b Match[K]) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Key, b.Key))
	})
	if most > 0 && len(found) > most {
		found = slices.Clone(found[:most])
	}
	return found
}

// scan compares with every hash.
func (x *Index[K]) scan(h pdq.Hash, radius int, collect func(uint32, int)) {
	for at := range x.hashes {
		if len(x.keys[at]) == 0 {
			continue
		}
		if d := x.hashes[at].Distance(h); d <= radius {
			collect(uint32(at), d)
		}
	}
}

// probe looks into the slots. It gives up, and reports false, once the slots
// have offered more hashes than a quarter of all: then they are crowded, and
// scan is no dearer.
func (x *Index[K]) probe(h pdq.Hash, radius int, collect func(uint32, int)) bool {
	budget := len(x.byHash)/4 + few
	near := radius / nSlots // bits allowed in one slot: none up to 15, then one
	values := slotsOf(h)
	look := func(slot int, value uint16) bool {
		for _, at := range x.slots[slot][value] {
			if budget--; budget < 0 {
				return false
			}
			if d := x.hashes[at].Distance(h); d <= radius && !foundBefore(x.hashes[at], values, slot, near) {
				collect(at, d)
			}
		}
		return true
	}
	for slot, value := range values {
		if !look(slot, value) {
			return false
		}
		for bit := 0; near > 0 && bit < slotBits; bit++ {
			if !look(slot, value^1<<bit) {
				return false
			}
		}
	}
	return true
}

// foundBefore reports whether an earlier slot has already offered the hash, so
// that each is collected once without keeping a list of those seen.
func foundBefore(h pdq.Hash, query [nSlots]uint16, slot, near int) bool {
	values := slotsOf(h)
	for i := range slot {
		if differ := values[i] ^ query[i]; differ == 0 || near > 0 && differ&(differ-1) == 0 {
			return true
		}
	}
	return false
}

// slotsOf deals the bits of a hash out to the slots. Neighbouring bits of a PDQ
// hash are neighbouring frequencies, and the low ones are alike in many
// pictures; dealt out along the diagonals of the 16x16 frequencies, every slot
// gets one of each row and column, and no slot is crowded.
func slotsOf(h pdq.Hash) (slots [nSlots]uint16) {
	for row := range 16 {
		bits := uint16(h[pdq.Size-1-2*row]) | uint16(h[pdq.Size-2-2*row])<<8
		for slot := range nSlots {
			slots[slot] |= bits >> ((row + slot) & 15) & 1 << row
		}
	}
	return slots
}
