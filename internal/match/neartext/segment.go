package neartext

import "github.com/staydown/staydown/internal/fingerprint/text"

const (
	smallest = 1 << 10 // rows of the first segment
	largest  = 1 << 17 // rows of every later one, reached by doubling
	perHead  = 2       // rows to a chain, on average, of a full segment

	// chain is the most rows in one chain. A chain that would grow longer is
	// marked as given up: what comes later is not linked in this band, and a query
	// that meets the mark looks through the plane.
	chain = 64

	// givenUp marks the head of such a chain. It stays until the segment is empty.
	givenUp = 1 << 31
)

// sizeOf is the number of rows of the n-th segment.
func sizeOf(n int) int {
	if n < 7 {
		return smallest << n
	}
	return largest
}

// segment holds up to rows sketches and the chains of their bands. Its arrays
// are allocated once, and the system provides their pages as they are touched.
type segment struct {
	rows     int
	live     int
	sketches []sketch
	planes   []plane
	alive    []uint64              // one bit a row
	heads    [text.NBands][]uint32 // row+1 of a chain's first, 0 where empty, with givenUp
	next     [][text.NBands]uint32 // row+1 of what follows in the chain of each band
	linked   []bandSet             // by row, the bands in whose chains it stands; nil while all stand in all
	free     []uint32
	shift    uint // from a key's hash to its head
}

// bandSet has a bit for each band.
type bandSet uint32

const allBands bandSet = 1<<text.NBands - 1

func newSegment(rows int) *segment {
	s := &segment{
		rows: rows, sketches: make([]sketch, 0, rows), planes: make([]plane, 0, rows), next: make([][text.NBands]uint32, 0, rows),
		alive: make([]uint64, (rows+63)/64), shift: 32,
	}
	for n := rows / perHead; n > 1; n /= 2 {
		s.shift--
	}
	for b := range s.heads {
		s.heads[b] = make([]uint32, rows/perHead)
	}
	return s
}

func (s *segment) full() bool { return s.live == s.rows }

func (s *segment) isAlive(row uint32) bool { return s.alive[row/64]>>(row%64)&1 == 1 }

// head is the chain of a band key. Multiplying spreads keys that somebody has
// chosen to differ in few bits (Knuth's multiplicative hashing).
func (s *segment) head(b int, key uint32) *uint32 {
	return &s.heads[b][key*2654435769>>s.shift]
}

// file puts a sketch into a row. The segment must not be full.
func (s *segment) file(k *sketch) uint32 {
	var row uint32
	if n := len(s.free); n > 0 {
		row, s.free = s.free[n-1], s.free[:n-1]
		s.sketches[row], s.planes[row] = *k, k.plane()
	} else {
		row = uint32(len(s.sketches))
		s.sketches, s.planes, s.next = append(s.sketches, *k), append(s.planes, k.plane()), append(s.next, [text.NBands]uint32{})
	}
	s.alive[row/64] |= 1 << (row % 64)
	s.live++
	var linked bandSet
	for b := range s.heads {
		if s.link(b, row, s.head(b, k.band(b))) {
			linked |= 1 << b
		}
	}
	s.note(row, linked)
	return row
}

// note keeps in whose chains a row stands.
func (s *segment) note(row uint32, linked bandSet) {
	if s.linked == nil {
		if linked == allBands {
			return
		}
		s.linked = make([]bandSet, s.rows)
		for i := range s.linked {
			s.linked[i] = allBands
		}
	}
	s.linked[row] = linked
}

// link puts a row at the beginning of a chain, or gives the chain up.
func (s *segment) link(b int, row uint32, head *uint32) bool {
	if *head&givenUp != 0 {
		return false
	}
	n := 0
	for at := *head; at != 0; at = s.next[at-1][b] {
		if n++; n == chain {
			*head |= givenUp
			return false
		}
	}
	s.next[row][b], *head = *head, row+1
	return true
}

func (s *segment) unlink(b int, row uint32) {
	head := s.head(b, s.sketches[row].band(b))
	flag := *head & givenUp
	if *head&^givenUp == row+1 {
		*head = s.next[row][b] | flag
		return
	}
	for at := *head &^ givenUp; at != 0; at = s.next[at-1][b] {
		if s.next[at-1][b] == row+1 {
			s.next[at-1][b] = s.next[row][b]
			return
		}
	}
}

func (s *segment) withdraw(row uint32) {
	for b := range s.heads {
		if s.linked == nil || s.linked[row]>>b&1 == 1 {
			s.unlink(b, row)
		}
	}
	s.alive[row/64] &^= 1 << (row % 64)
	s.free = append(s.free, row)
	if s.live--; s.live == 0 {
		s.empty()
	}
}

// empty forgets which chains were given up, once nothing is left that they miss.
func (s *segment) empty() {
	for b := range s.heads {
		clear(s.heads[b])
	}
	s.sketches, s.planes, s.next, s.free, s.linked = s.sketches[:0], s.planes[:0], s.next[:0], s.free[:0], nil
}

// equal finds the row of an equal sketch. Equal sketches share every chain, so
// the first one that is whole tells, and no other is walked. Where all 32 are given
// up it is not looked for: an equal text then takes a row of its own, and answers
// are the same.
func (s *segment) equal(k *sketch) (row uint32, ok bool) {
	for b := range s.heads {
		head := *s.head(b, k.band(b))
		if head&givenUp != 0 {
			continue
		}
		for at := head; at != 0; at = s.next[at-1][b] {
			if s.sketches[at-1] == *k {
				return at - 1, true
			}
		}
		return 0, false
	}
	return 0, false
}

// bytes is what the segment has allocated.
func (s *segment) bytes() int64 {
	row := 8*words + 8*len(plane{}) + 4*text.NBands
	return int64(cap(s.sketches))*int64(row) + int64(s.rows/perHead)*4*text.NBands + int64(len(s.alive))*8 +
		int64(cap(s.free))*4 + int64(len(s.linked))*4
}
