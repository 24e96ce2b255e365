package pdq

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
)

// Size is the length of a hash in bytes.
const Size = 32

// Radius is the Hamming distance, of 256, up to which two hashes count as a
// candidate match (the default of ThreatExchange and HMA).
const Radius = 31

// MinQuality is the quality from which a hash is worth comparing. Hashes below
// are of blank or near-blank pictures and match by chance.
const MinQuality = 50

// Hash is a PDQ hash: bit 0 of the reference is the lowest bit of the last
// byte, so that the bytes in order are the hexadecimal digits as printed.
type Hash [Size]byte

// ErrFormat is returned by [Parse] for what is not 64 hexadecimal digits.
var ErrFormat = errors.New("not a PDQ hash of 64 hexadecimal digits")

// Parse reads 64 hexadecimal digits in either case.
func Parse(s string) (Hash, error) {
	var h Hash
	if len(s) != hex.EncodedLen(Size) {
		return Hash{}, fmt.Errorf("reading %d digits: %w", len(s), ErrFormat)
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, ErrFormat
	}
	return h, nil
}

// String returns the 64 lower-case hexadecimal digits the reference prints.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hexadecimal form, for JSON.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what [Parse] reads.
func (h *Hash) UnmarshalText(text []byte) (err error) {
	*h, err = Parse(string(text))
	return err
}

// Distance is the number of bits, 0 to 256, in which two hashes differ.
func (h Hash) Distance(other Hash) int {
	d := 0
	for i := 0; i < Size; i += 8 {
		d += bits.OnesCount64(binary.LittleEndian.Uint64(h[i:]) ^ binary.LittleEndian.Uint64(other[i:]))
	}
	return d
}

// IsZero reports the hash of a picture too small to have one. It is never to
// be compared: all such pictures share it.
func (h Hash) IsZero() bool { return h == Hash{} }

func (h *Hash) set(k int) { h[Size-1-k>>3] |= 1 << (k & 7) }
