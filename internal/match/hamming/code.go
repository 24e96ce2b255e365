package hamming

import (
	"cmp"
	"encoding/binary"
	"math/bits"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// code is a hash with its bits in the order the slots want them. Distances are
// the same between codes as between hashes. Bit 0 is the highest of the first
// word, so that codes sorted as numbers are sorted by their first slot,
// however wide it is.
type code [codeWords]uint64

const (
	codeBits  = 256
	codeWords = codeBits / 64
)

// order tells which frequency stands at each place of a code. Bit k of a PDQ
// hash is the frequency k/16 down and k%16 across; neighbours go together, the
// low ones most, and pictures that mirror in themselves lack every second row
// or column. So a slot must not be a run of neighbours: its values would crowd
// in few of its places. The places are drawn by a fixed shuffle. It is part of
// the file format.
var order = shuffled()

// shuffled deals 0 to 255 by a fixed generator (SplitMix64, Fisher and Yates),
// written out because the result may never change.
func shuffled() (all [codeBits]uint8) {
	for i := range all {
		all[i] = uint8(i)
	}
	state := uint64(0x5374617964_6f776e)
	for i := codeBits - 1; i > 0; i-- {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		z ^= z >> 31
		j := z % uint64(i+1)
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// To carry 256 bits one by one would cost a microsecond. Instead the bytes are
// carried in halves: for each of the 64 half bytes and each of its 16 values,
// the table holds what it becomes.
type dealing [64][16]code

var dealOut, dealBack = dealings(order)

func dealings(order [codeBits]uint8) (out, back *dealing) {
	out, back = new(dealing), new(dealing)
	for place, k := range order {
		// In a hash read as four big-endian words, bit k stands at 255-k.
		at := codeBits - 1 - int(k)
		out.carry(at, place)
		back.carry(place, at)
	}
	return out, back
}

// carry notes that the bit at one place goes to another; places count from the
// highest bit.
func (d *dealing) carry(from, to int) {
	for value := range 16 {
		if value>>(3-from&3)&1 == 1 {
			d[from>>2][value][to>>6] |= 1 << (63 - to&63)
		}
	}
}

func (d *dealing) apply(c code) (out code) {
	for i, word := range c {
		for half := range 16 {
			t := &d[i<<4+half][word>>(60-4*half)&15]
			out[0] |= t[0]
			out[1] |= t[1]
			out[2] |= t[2]
			out[3] |= t[3]
		}
	}
	return out
}

func codeOf(h pdq.Hash) code { return dealOut.apply(rawCode(h)) }

// rawCode is the hash in its own order.
func rawCode(h pdq.Hash) (c code) {
	for i := range c {
		c[i] = binary.BigEndian.Uint64(h[8*i:])
	}
	return c
}

func (c code) hash() (h pdq.Hash) {
	for i, word := range dealBack.apply(c) {
		binary.BigEndian.PutUint64(h[8*i:], word)
	}
	return h
}

func (c *code) distance(other *code) int {
	return bits.OnesCount64(c[0]^other[0]) + bits.OnesCount64(c[1]^other[1]) +
		bits.OnesCount64(c[2]^other[2]) + bits.OnesCount64(c[3]^other[3])
}

func (c *code) compare(other *code) int {
	for i := range c {
		if c[i] != other[i] {
			return cmp.Compare(c[i], other[i])
		}
	}
	return 0
}

// field returns the bits from a place on, at most 32 of them.
func (c *code) field(from, width int) uint32 {
	word, shift := from>>6, from&63
	v := c[word] << shift
	if shift+width > 64 {
		v |= c[word+1] >> (64 - shift)
	}
	return uint32(v >> (64 - width))
}
