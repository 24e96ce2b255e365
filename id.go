package staydown

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// ID names one thing: 26 characters of Crockford's base 32 that sort by the millisecond they were made in.
type ID string

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewID makes an identifier that sorts at the given time: 48 bits of milliseconds, 80 bits of chance.
func NewID(at time.Time) ID {
	var b [16]byte
	if _, err := rand.Read(b[6:]); err != nil {
		panic("staydown: the machine gives no random bytes: " + err.Error())
	}
	return idOf(at, b)
}

func idOf(at time.Time, b [16]byte) ID {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(b[:6], ms[2:])
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return ID(out[:])
}

// Valid reports whether the identifier has the shape that NewID gives.
func (id ID) Valid() bool {
	if len(id) != 26 || id[0] > '7' {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U') {
			return false
		}
	}
	return true
}
