package lumajpeg

import (
	"bytes"
	"encoding/binary"
)

// slack is how many zero bytes follow the bytes of an interval: more than a
// block can use up (64 codes of 16 bits with 15 bits each), so that only
// before a block it must be asked whether the interval is over.
const slack = 512

// bitReader reads the entropy-coded bytes of one restart interval, with the
// stuffed zeros taken out.
type bitReader struct {
	buf  []byte // with slack behind
	size int    // without
	pos  int    // next byte to take in
	acc  uint64 // bits taken in, the next on top
	n    uint   // how many
}

// load takes the interval at data[at:] and returns where the marker behind it
// lies, or the end of data.
func (r *bitReader) load(data []byte, at int) int {
	r.buf, r.pos, r.acc, r.n = r.buf[:0], 0, 0, 0
	for at < len(data) {
		plain := bytes.IndexByte(data[at:], 0xFF)
		if plain < 0 {
			r.buf = append(r.buf, data[at:]...)
			at = len(data)
			break
		}
		r.buf = append(r.buf, data[at:at+plain]...)
		at += plain
		if at+1 >= len(data) || data[at+1] != 0 {
			break
		}
		r.buf = append(r.buf, 0xFF)
		at += 2
	}
	r.size = len(r.buf)
	r.buf = append(r.buf, make([]byte, slack)...)
	return at
}

// over reports that more was read than there is.
func (r *bitReader) over() bool { return r.pos-int(r.n>>3) > r.size }

// fill takes in bytes until there are at least 56 bits.
func (r *bitReader) fill() {
	r.acc |= bigEndian(r.buf[r.pos:]) >> r.n
	r.pos += int(63-r.n) >> 3
	r.n |= 56
}

// take reads up to 16 bits.
func (r *bitReader) take(size int) uint32 {
	if r.n < 32 {
		r.fill()
	}
	v := uint32(r.acc >> 1 >> (63 - size))
	r.acc <<= size
	r.n -= uint(size)
	return v
}

// symbol reads a code, with its coefficient where that was looked up too.
func (r *bitReader) symbol(t *table) (e uint32) {
	if r.n < 32 {
		r.fill()
	}
	if e = t.fast[r.acc>>(64-fast)]; e == 0 {
		if e = t.long(r.acc); e == 0 {
			return 0
		}
	}
	r.acc <<= e & 0xFF
	r.n -= uint(e & 0xFF)
	return e
}

// value is the coefficient of a symbol just read.
func (r *bitReader) value(e uint32) int32 {
	if size := int(e >> 12 & 15); size > 0 {
		return extend(r.take(size), size)
	}
	return int32(e) >> 16
}

// nextMarker returns where the first marker at or behind at lies that ends a
// scan; restart markers do not.
func nextMarker(data []byte, at int) int {
	for {
		k := bytes.IndexByte(data[min(at, len(data)):], 0xFF)
		if k < 0 || at+k+1 >= len(data) {
			return len(data)
		}
		at += k
		switch m := data[at+1]; {
		case m == 0xFF:
			at++
		case m == 0, m >= 0xD0 && m <= 0xD7:
			at += 2
		default:
			return at
		}
	}
}

func bigEndian(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// Scans counts the scans of a file, without decoding anything: for whoever
// hands it to a decoder that takes any number of them.
func Scans(data []byte) (n int) {
	for at := nextMarker(data, 2); at < len(data); at = nextMarker(data, at) {
		marker := data[at+1]
		if at += 2; marker == 0xDA {
			n++
		}
		if marker != 0x01 && marker != 0xD8 && marker != 0xD9 && at+2 <= len(data) {
			at += int(binary.BigEndian.Uint16(data[at:]))
		}
	}
	return n
}
