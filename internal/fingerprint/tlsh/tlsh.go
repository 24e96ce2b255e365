// Package tlsh makes and compares TLSH values (Oliver, Cheng, Chen, "TLSH: a
// locality sensitive hash", 2013), which some partners exchange for texts and
// documents (ThreatExchange: HASH_TEXT_TLSH). Our own fingerprint of texts is in
// package text; this one is for comparing with theirs.
//
// A value is of bytes as they are: one letter in another spelling moves it. It
// needs bytes enough, and of enough variety, or there is none.
package tlsh

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/glaslos/tlsh"
)

const (
	// MinBytes is the length from which a value is made, as the reference does.
	MinBytes = 50
	// MaxBytes bounds what is read for one value.
	MaxBytes = 64 << 20
	// Radius is the distance without length up to which ThreatExchange takes two
	// texts for a confident match.
	Radius = 30
)

const (
	version = "T1"
	codes   = 32 // bytes, four buckets each
	size    = 3 + codes
)

// Hash is a TLSH value with 128 buckets and a checksum of one byte: checksum,
// length, quartile ratios, buckets, as they are printed.
type Hash [size]byte

// Errors of [Of] and [Parse].
var (
	ErrShort  = fmt.Errorf("fewer than %d bytes have no TLSH value", MinBytes)
	ErrLong   = fmt.Errorf("more than %d bytes are given no TLSH value", MaxBytes)
	ErrSame   = errors.New("bytes of too little variety have no TLSH value")
	ErrFormat = errors.New("not a TLSH value of T1 and 70 hexadecimal digits")
)

// Of returns the value of bytes. The errors are [ErrShort], [ErrLong] and
// [ErrSame].
func Of(b []byte) (Hash, error) {
	switch {
	case len(b) < MinBytes:
		return Hash{}, ErrShort
	case len(b) > MaxBytes:
		return Hash{}, ErrLong
	}
	made, err := tlsh.HashBytes(b)
	if err != nil {
		return Hash{}, fmt.Errorf("making a TLSH value: %w", err)
	}
	h := Hash(made.Binary())
	if h.poor() {
		return Hash{}, ErrSame
	}
	return h, nil
}

// poor reports that half of the buckets or more were empty, where the reference
// makes no value. It is read off the value: the middle quartile is then nothing,
// so both ratios are nothing, no bucket is in the second quarter, and at least
// half are in the first. (A value that looks so by chance is refused, too.)
func (h Hash) poor() bool {
	if h[2] != 0 {
		return false
	}
	empty := 0
	for _, c := range h[3:] {
		for ; c != 0; c >>= 2 {
			if c&3 == 1 {
				return false
			}
		}
	}
	for _, c := range h[3:] {
		for range 4 {
			if c&3 == 0 {
				empty++
			}
			c >>= 2
		}
	}
	return empty >= 64
}

// Parse reads "T1" and 70 hexadecimal digits in either case; values written
// before the prefix was introduced are read, too.
func Parse(s string) (Hash, error) {
	digits := strings.TrimPrefix(s, version)
	if len(digits) != 2*size {
		return Hash{}, ErrFormat
	}
	var h Hash
	if _, err := hex.Decode(h[:], []byte(digits)); err != nil {
		return Hash{}, ErrFormat
	}
	return h, nil
}

// String returns "T1" and 70 upper-case digits, as the reference prints.
func (h Hash) String() string { return version + strings.ToUpper(hex.EncodeToString(h[:])) }

// MarshalText writes the form of [Hash.String], for JSON.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what [Parse] reads.
func (h *Hash) UnmarshalText(text []byte) (err error) {
	*h, err = Parse(string(text))
	return err
}

// Distance is the reference's diffxlen, which leaves the length out of account:
// 0 for equal, about 30 for near texts, over 1,000 at most.
func (h Hash) Distance(other Hash) int {
	other[1] = h[1]
	return h.DistanceWithLength(other)
}

// DistanceWithLength is the reference's diff.
func (h Hash) DistanceWithLength(other Hash) int { return h.open().Diff(other.open()) }

// open takes a value apart for the library.
func (h Hash) open() *tlsh.Tlsh {
	return tlsh.New(swap(h[0]), swap(h[1]), h[2]>>4, h[2]&15, h[2], [codes]byte(h[3:]))
}

func swap(b byte) byte { return b<<4 | b>>4 }
