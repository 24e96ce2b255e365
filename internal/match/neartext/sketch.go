package neartext

import (
	"encoding/binary"
	"math/bits"

	"github.com/staydown/staydown/internal/fingerprint/text"
)

const (
	words  = 16 // of eight places each
	places = 8 * words
)

// sketch is a signature with one byte a place, eight places a word. The byte is
// the lowest of the value, since the upper bits of a least value are mostly zero.
type sketch [words]uint64

func sketchOf(sig *text.Signature) (s sketch) {
	for w := range s {
		var b [8]byte
		for i := range b {
			b[i] = byte(sig.Values[8*w+i])
		}
		s[w] = binary.LittleEndian.Uint64(b[:])
	}
	return s
}

// band is the key of four places.
func (s *sketch) band(b int) uint32 { return uint32(s[b/2] >> (32 * (b % 2))) }

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// unlike counts the places that two sketches do not have alike, eight at a time:
// a byte of the difference is zero if adding 0x7f to its lower bits does not
// reach the highest, which itself is not set. It stops half-way once there are
// more than most.
func (s *sketch) unlike(other *sketch, most int) int {
	n := 0
	for w := range words / 2 {
		d := s[w] ^ other[w]
		n += bits.OnesCount64(((d &^ highBits) + ^uint64(highBits) | d) & highBits)
	}
	if n > most {
		return n
	}
	for w := words / 2; w < words; w++ {
		d := s[w] ^ other[w]
		n += bits.OnesCount64(((d &^ highBits) + ^uint64(highBits) | d) & highBits)
	}
	return n
}

// equal counts the places that two sketches have alike.
func (s *sketch) equal(other *sketch) int { return places - s.unlike(other, places) }

// plane is two bits a place, the lowest, the first of all places before the
// second. Two sketches that have n places alike have at least n places alike
// here, so a plane never hides a near text; of places that differ, three in four
// differ here.
type plane [2 * places / 64]uint64

func (s *sketch) plane() (p plane) {
	for w, v := range s {
		at, shift := w/8, 8*(w%8)
		p[at] |= gather(v) << shift
		p[at+2] |= gather(v>>1) << shift
	}
	return p
}

// gather puts the lowest bits of eight bytes side by side.
func gather(v uint64) uint64 { return (v & lowBits) * 0x0102040810204080 >> 56 }

// distance is the number of places that differ.
func (p *plane) distance(other *plane) int {
	return bits.OnesCount64(p[0]^other[0]|p[2]^other[2]) + bits.OnesCount64(p[1]^other[1]|p[3]^other[3])
}

// similarities is the estimate for each count of equal places. Of two places
// with nothing in common one in 256 is alike by chance, which is taken off.
var similarities = func() (table [places + 1]float64) {
	for n := range table {
		table[n] = max(0, (float64(n)/places-1.0/256)/(1-1.0/256))
	}
	return table
}()

// leastEqual is the count of equal places from which a similarity reaches the
// threshold; more than there are if none does.
func leastEqual(threshold float64) int {
	for n, s := range similarities {
		if s >= threshold {
			return n
		}
	}
	return places + 1
}
