package hamming

import (
	"cmp"
	"slices"
)

// entry is a hash under a key.
type entry struct {
	code code
	key  uint64
}

func (a *entry) compare(b *entry) int {
	if c := a.code.compare(&b.code); c != 0 {
		return c
	}
	return cmp.Compare(a.key, b.key)
}

// sortEntries sorts by code, then key. Codes are spread well, so dealing the
// entries out by their first bits leaves little to sort; where it does not,
// the rest is merely slower.
func sortEntries(all []entry) {
	const bits = 16
	if len(all) < 1<<bits {
		slices.SortFunc(all, func(a, b entry) int { return a.compare(&b) })
		return
	}
	m := reserve(room(len(all), entrySize))
	defer m.free()
	dealt := cutArray[entry](m, len(all))
	ends := make([]uint32, 1<<bits)
	for i := range all {
		ends[all[i].code[0]>>(64-bits)]++
	}
	sumUp(ends)
	for i := range all {
		at := &ends[all[i].code[0]>>(64-bits)]
		dealt[*at] = all[i]
		*at++
	}
	begin := uint32(0)
	for _, end := range ends {
		slices.SortFunc(dealt[begin:end], func(a, b entry) int { return a.compare(&b) })
		begin = end
	}
	copy(all, dealt)
}

const entrySize = 40

// sumUp turns counts into where each list begins.
func sumUp(counts []uint32) {
	sum := uint32(0)
	for i, n := range counts {
		counts[i] = sum
		sum += n
	}
}

// source yields entries in order.
type source struct {
	head entry
	pull func() (entry, bool)
}

// advance moves to the next entry, false at the end.
func (s *source) advance() (ok bool) {
	s.head, ok = s.pull()
	return ok
}

func sourceOf(sorted []entry) *source {
	i := -1
	return &source{pull: func() (entry, bool) {
		if i++; i >= len(sorted) {
			return entry{}, false
		}
		return sorted[i], true
	}}
}

// living yields what was alive in the part at a moment.
func (p *part) living(moment uint64) *source {
	number, next, end := -1, uint32(0), uint32(0)
	return &source{pull: func() (entry, bool) {
		for {
			for next == end {
				if number++; number == len(p.codes) {
					number--
					return entry{}, false
				}
				next, end = p.bounds(uint32(number))
			}
			next++
			if p.alive(next-1, moment) {
				return entry{p.codes[number], p.keys[next-1]}, true
			}
		}
	}}
}

// mergeSources calls take with the entries of all sources in order.
func mergeSources(from []*source, take func(*entry)) {
	from = slices.DeleteFunc(from, func(s *source) bool { return !s.advance() })
	for len(from) > 0 {
		least := 0
		for i := 1; i < len(from); i++ {
			if from[i].head.compare(&from[least].head) < 0 {
				least = i
			}
		}
		take(&from[least].head)
		if !from[least].advance() {
			from = slices.Delete(from, least, least+1)
		}
	}
}
