package hamming

import "slices"

// starts tells where each of many consecutive lists begins in one long array
// (list b runs from at(b) to at(b+1)). It takes two bytes a list instead of
// four: only every 256th beginning is kept whole, the others as what is added
// to it. A block of 256 lists too long for that is kept whole in wide.
type starts struct {
	base []uint32 // of each block; with isWide, the number of a block in wide
	rel  []uint16
	wide []uint32
}

const (
	blockBits = 8
	blockSize = 1 << blockBits
	isWide    = 1 << 31
)

// at is where list b begins; the list behind the last begins where it ends.
func (s *starts) at(b uint32) uint32 {
	from := s.base[b>>blockBits]
	if from&isWide != 0 {
		return s.wide[(from&^isWide)<<blockBits|b&(blockSize-1)]
	}
	return from + uint32(s.rel[b])
}

// crowdedBlocks yields the blocks of lists that hold so many together that one
// list may hold least.
func (s *starts) crowdedBlocks(least int, yield func(first, behind uint32)) {
	for block, from := range s.base {
		to := uint32(isWide) // of the last block the end is not known here
		if block+1 < len(s.base) {
			to = s.base[block+1]
		}
		if (from|to)&isWide != 0 || int(to-from) >= least {
			yield(uint32(block)<<blockBits, uint32(block+1)<<blockBits)
		}
	}
}

// blocksOf is how many bases there are for so many lists.
func blocksOf(lists int) int { return lists>>blockBits + 1 }

// fill packs the ends of all lists. The arrays have been reserved.
func (s *starts) fill(ends []uint32) {
	begin := func(b int) uint32 {
		if b == 0 {
			return 0
		}
		return ends[b-1]
	}
	for block := range s.base {
		first := block << blockBits
		last := min(first+blockSize-1, len(ends))
		from := begin(first)
		if begin(last)-from <= 0xFFFF {
			s.base[block] = from
			for b := first; b <= last; b++ {
				s.rel[b] = uint16(begin(b) - from)
			}
			continue
		}
		s.base[block] = isWide | uint32(len(s.wide)>>blockBits)
		for b := first; b < first+blockSize; b++ {
			s.wide = append(s.wide, begin(min(b, len(ends))))
		}
	}
}

// holds reports whether the packed form is sound: as many lists as told, in
// rising order, the last ending at total. It never reads beside the arrays.
func (s *starts) holds(lists int, total uint32) bool {
	if len(s.base) != blocksOf(lists) || len(s.rel) != lists+1 || len(s.wide)%blockSize != 0 {
		return false
	}
	before := uint32(0)
	for block, from := range s.base {
		rel := s.rel[block<<blockBits : min((block+1)<<blockBits, lists+1)]
		if from&isWide == 0 {
			if from < before || block == 0 && from != 0 || !slices.IsSorted(rel) || rel[0] != 0 {
				return false
			}
			before = from + uint32(rel[len(rel)-1])
			continue
		}
		at := int(from&^isWide) << blockBits
		if at >= len(s.wide) {
			return false
		}
		wide := s.wide[at : at+blockSize]
		if wide[0] < before || block == 0 && wide[0] != 0 || !slices.IsSorted(wide) {
			return false
		}
		before = wide[len(rel)-1]
	}
	return before == total
}

func (s *starts) bytes() int { return 4*len(s.base) + 2*len(s.rel) + 4*len(s.wide) }
