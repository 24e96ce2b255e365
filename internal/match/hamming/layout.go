package hamming

import (
	"math/bits"
	"slices"
	"sync"
)

// layout is the widths of the slots in bits, in the order of the code. They add
// up to 256. None at all means that every query compares with every hash.
type layout []int

const (
	maxSlots = 16
	maxWidth = 24
	// maxFlips is the most bits by which a query looks beside its own value in
	// one slot.
	maxFlips = 4
	// maxReach is the widest radius that the tables are planned for.
	maxReach = 63
)

// Which layout is quickest at which number of hashes was measured
// (docs/decisions, "hamming-index-layout"): wider slots offer fewer hashes, but
// want more look-ups and larger tables.
var (
	scanned = layout{}
	slots16 = layout{16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16}
	slots12 = layout{22, 22, 22, 22, 22, 22, 22, 22, 20, 20, 20, 20}
	slots11 = layout{23, 23, 23, 23, 23, 23, 23, 23, 24, 24, 24}
)

// layoutFor chooses by the number of different hashes.
func layoutFor(hashes int) layout {
	switch {
	case hashes < 2048:
		return scanned
	case hashes < 300_000:
		return slots16
	case hashes < 4_000_000:
		return slots12
	}
	return slots11
}

// plan is how many flipped bits each slot is looked up with, for one radius.
type plan struct {
	scan    bool          // comparing with every hash costs less
	flips   [maxSlots]int // at most so many in each slot; -1 where the slot is not needed
	lookups int           // how many places of tables that is
}

// scanGain is how many hashes can be compared in the time of one look-up or of
// fetching one hash from a random place.
const scanGain = 8

// planFor finds the cheapest plan that misses nothing. If every slot differed
// in more bits than it is looked up with, the two hashes would differ in at
// least the sum of (flips+1); so the sum has to exceed the radius. Each step
// widens the slot where that costs least; since the next step in the same slot
// always costs more, no other choice is cheaper.
func (l layout) planFor(radius, hashes int) plan {
	p := plan{scan: len(l) == 0 || radius > maxReach}
	for i := range p.flips {
		p.flips[i] = -1
	}
	cost := 0.0
	for sum := 0; !p.scan && sum <= radius; sum++ {
		best, least := -1, 0.0
		for i, width := range l {
			if p.flips[i] == maxFlips {
				continue
			}
			lookups := float64(choose(width, p.flips[i]+1))
			price := lookups * (1 + float64(hashes)/float64(int(1)<<width))
			if best < 0 || price < least {
				best, least = i, price
			}
		}
		if best < 0 {
			p.scan = true
			break
		}
		p.flips[best]++
		p.lookups += choose(l[best], p.flips[best])
		cost += least
		p.scan = cost > float64(hashes)/scanGain
	}
	return p
}

func choose(n, k int) int {
	c := 1
	for i := range k {
		c = c * (n - i) / (i + 1)
	}
	return c
}

// masksOf lists the masks of a slot that flip at most maxFlips bits, fewest
// first, and where those with up to 0, 1, 2... end.
func masksOf(width int) *masks { return everyMask()[width] }

type masks struct {
	all []uint32
	end [maxFlips + 1]int
}

// upTo are the masks of at most so many bits.
func (m *masks) upTo(flips int) []uint32 {
	if flips < 0 {
		return nil
	}
	return m.all[:m.end[flips]]
}

var everyMask = sync.OnceValue(func() map[int]*masks {
	every := map[int]*masks{}
	for _, l := range []layout{slots16, slots12, slots11} {
		for _, width := range l {
			if every[width] == nil {
				every[width] = newMasks(width)
			}
		}
	}
	return every
})

func newMasks(width int) *masks {
	m := &masks{all: []uint32{0}}
	m.end[0] = 1
	last := m.all
	for n := 1; n <= maxFlips; n++ {
		var next []uint32
		for _, mask := range last {
			for bit := bits.Len32(mask); bit < width; bit++ {
				next = append(next, mask|1<<bit)
			}
		}
		slices.Sort(next) // neighbours share a line of memory
		m.all = append(m.all, next...)
		m.end[n], last = len(m.all), next
	}
	return m
}
