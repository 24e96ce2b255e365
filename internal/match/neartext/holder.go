package neartext

import (
	"cmp"
	"iter"
	"slices"
	"sort"
)

// holder keeps the keys of each row of a segment, in order. Nearly every row
// has one; rows of copied texts have as many as there are copies.
type holder[K cmp.Ordered] struct {
	first []K
	more  map[uint32]*sorted[K] // all keys of the rows that have several
	empty []uint64              // a bit for each row given up, whose first is stale
}

// add files a key under a row.
func (h *holder[K]) add(row uint32, key K) {
	switch {
	case int(row) == len(h.first):
		h.first = append(h.first, key)
		return
	case int(row/64) < len(h.empty) && h.empty[row/64]>>(row%64)&1 == 1:
		h.empty[row/64] &^= 1 << (row % 64)
		h.first[row] = key
		return
	}
	list := h.more[row]
	if list == nil {
		if h.more == nil {
			h.more = map[uint32]*sorted[K]{}
		}
		list = &sorted[K]{}
		list.add(h.first[row])
		h.more[row] = list
	}
	list.add(key)
}

// remove takes a key off a row and reports whether it was the last one.
func (h *holder[K]) remove(row uint32, key K) (last bool) {
	if list := h.more[row]; list != nil {
		list.remove(key)
		if list.len == 1 {
			h.first[row] = list.runs[0][0]
			delete(h.more, row)
		}
		return false
	}
	if h.empty == nil {
		h.empty = make([]uint64, (cap(h.first)+63)/64)
	}
	h.empty[row/64] |= 1 << (row % 64)
	var none K
	h.first[row] = none
	return true
}

// of lists the keys of a row in rising order, at most most of them if most is
// above zero.
func (h *holder[K]) of(row uint32, most int) iter.Seq[K] {
	return func(yield func(K) bool) {
		list := h.more[row]
		if list == nil {
			yield(h.first[row])
			return
		}
		n := 0
		for _, run := range list.runs {
			for _, key := range run {
				if most > 0 && n == most || !yield(key) {
					return
				}
				n++
			}
		}
	}
}

// sorted is a set of keys in rising order, in runs that are short enough to
// insert into: a million copies of one text come and go without copying a
// million keys each time.
type sorted[K cmp.Ordered] struct {
	runs [][]K // none empty
	len  int
}

const longestRun = 512

// run is the number of the run that a key belongs to.
func (s *sorted[K]) run(key K) int {
	return max(0, sort.Search(len(s.runs), func(i int) bool { return s.runs[i][0] > key })-1)
}

func (s *sorted[K]) add(key K) {
	if len(s.runs) == 0 {
		s.runs, s.len = [][]K{{key}}, 1
		return
	}
	r := s.run(key)
	at, there := slices.BinarySearch(s.runs[r], key)
	if there {
		return
	}
	s.len++
	s.runs[r] = slices.Insert(s.runs[r], at, key)
	if n := len(s.runs[r]); n > longestRun {
		half := slices.Clone(s.runs[r][n/2:])
		s.runs[r] = s.runs[r][:n/2]
		s.runs = slices.Insert(s.runs, r+1, half)
	}
}

func (s *sorted[K]) remove(key K) {
	r := s.run(key)
	at, there := slices.BinarySearch(s.runs[r], key)
	if !there {
		return
	}
	s.len--
	if s.runs[r] = slices.Delete(s.runs[r], at, at+1); len(s.runs[r]) == 0 {
		s.runs = slices.Delete(s.runs, r, r+1)
	}
}
