package lumajpeg

import (
	"bytes"
	"encoding/binary"
)

// decoder is the state of one file being read.
type decoder struct {
	data    []byte
	at      int
	options Options

	width, height int
	progressive   bool
	parts         []part
	quantizers    [4][64]uint16 // in zigzag order
	defined       [4]bool
	dc, ac        [4]*table
	restart       int // MCUs between restart markers; 0 is none
	jfif          bool
	adobe         int // transform the Adobe segment names; -1 without one
	scans         int

	plane   *Plane
	points  int       // each block becomes points x points values
	keep    int       // coefficients of a block that matter to them, in zigzag order
	weights [64]int32 // what coefficients are multiplied by, in zigzag order
	stored  []int16   // progressive: keep coefficients of each block
	present []uint64  // progressive: which coefficients of each block are not zero
	block   [64]int32 // the block at hand, in natural order
	bits    bitReader // the interval at hand
}

// part is a colour component of the frame (T.81 B.2.2).
type part struct {
	id           byte
	h, v         int // blocks of it in an MCU
	quantizer    byte
	across, down int // blocks that hold a part of the picture
	stride, rows int // blocks with those that fill up the last MCUs
	pred         int32
	dc, ac       *table // of the scan at hand
}

// luma is the component of brightness: the first.
func (d *decoder) luma() *part { return &d.parts[0] }

// run walks the segments up to the end of what matters: the first scan of
// brightness where there can be only one, the end of the file otherwise.
func (d *decoder) run() error {
	d.adobe = -1
	if len(d.data) < 4 || d.data[0] != 0xFF || d.data[1] != 0xD8 {
		return broken("no start of image")
	}
	d.at = 2
	for {
		marker, body, err := d.segment()
		if err != nil {
			return err
		}
		switch {
		case marker == 0xD9: // EOI
			return d.finish()
		case marker == 0xDA: // SOS
			done, err := d.scan(body)
			if err != nil || done {
				return err
			}
		default:
			if err := d.define(marker, body); err != nil {
				return err
			}
		}
	}
}

// segment reads a marker and its parameters (T.81 B.1.1).
func (d *decoder) segment() (marker byte, body []byte, err error) {
	for {
		if d.at+2 > len(d.data) {
			return 0, nil, broken("ends where a marker is due")
		}
		if d.data[d.at] != 0xFF {
			return 0, nil, broken("no marker where one is due")
		}
		marker = d.data[d.at+1]
		if marker == 0xFF {
			d.at++
			continue
		}
		d.at += 2
		if marker == 0xD9 {
			return marker, nil, nil
		}
		if marker == 0x01 || marker >= 0xD0 && marker <= 0xD7 { // without parameters
			continue
		}
		break
	}
	if d.at+2 > len(d.data) {
		return 0, nil, broken("ends within a segment")
	}
	size := int(binary.BigEndian.Uint16(d.data[d.at:]))
	if size < 2 || d.at+size > len(d.data) {
		return 0, nil, broken("ends within a segment")
	}
	body = d.data[d.at+2 : d.at+size]
	d.at += size
	return marker, body, nil
}

// define takes in a segment other than a scan.
func (d *decoder) define(marker byte, body []byte) error {
	switch marker {
	case 0xC0, 0xC1, 0xC2: // SOF0 to SOF2: baseline, extended, progressive
		d.progressive = marker == 0xC2
		return d.frame(body)
	case 0xC4: // DHT
		return d.tables(body)
	case 0xDB: // DQT
		return d.quantizer(body)
	case 0xDD: // DRI
		if len(body) != 2 {
			return broken("restart interval")
		}
		d.restart = int(binary.BigEndian.Uint16(body))
	case 0xE0: // APP0
		d.jfif = d.jfif || bytes.HasPrefix(body, []byte("JFIF\x00"))
	case 0xEE: // APP14
		if bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12 {
			d.adobe = int(body[11])
		}
	case 0x00:
		return broken("no marker where one is due")
	default:
		if marker >= 0xC3 && marker <= 0xCF || marker == 0xDC { // other processes, DAC, DNL
			return unusual("its coding process")
		}
	}
	return nil
}

// quantizer reads quantisation tables (T.81 B.2.4.1).
func (d *decoder) quantizer(body []byte) error {
	for len(body) > 0 {
		wide, to := int(body[0]>>4), body[0]&15
		size := 64 * (1 + wide)
		if wide > 1 || to > 3 || len(body) < 1+size {
			return broken("quantisation table")
		}
		for k := range 64 {
			if wide == 1 {
				d.quantizers[to][k] = binary.BigEndian.Uint16(body[1+2*k:])
			} else {
				d.quantizers[to][k] = uint16(body[1+k])
			}
		}
		d.defined[to] = true
		body = body[1+size:]
	}
	return nil
}

// tables reads Huffman tables (T.81 B.2.4.2).
func (d *decoder) tables(body []byte) error {
	for len(body) > 0 {
		if len(body) < 17 {
			return broken("Huffman table")
		}
		class, to, total := body[0]>>4, body[0]&15, 0
		for _, n := range body[1:17] {
			total += int(n)
		}
		if class > 1 || to > 3 || total > 256 || len(body) < 17+total {
			return broken("Huffman table")
		}
		t, ok := newTable(body[1:17], body[17:17+total])
		if !ok {
			return broken("Huffman table")
		}
		if class == 0 {
			d.dc[to] = t
		} else {
			d.ac[to] = t
		}
		body = body[17+total:]
	}
	return nil
}

// frame reads the frame header (T.81 B.2.2).
func (d *decoder) frame(body []byte) error {
	if d.parts != nil {
		return unusual("several frames")
	}
	if len(body) < 6 || len(body) != 6+3*int(body[5]) {
		return broken("frame header")
	}
	d.height, d.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	switch {
	case body[0] != 8:
		return unusual("its sample precision")
	case d.width == 0:
		return broken("no width")
	case d.height == 0:
		return unusual("its height is told later")
	case body[5] != 1 && body[5] != 3:
		return unusual("its number of colours")
	}
	for c := body[6:]; len(c) > 0; c = c[3:] {
		p := part{id: c[0], h: int(c[1] >> 4), v: int(c[1] & 15), quantizer: c[2]}
		if p.h < 1 || p.h > 4 || p.v < 1 || p.v > 4 || p.quantizer > 3 {
			return broken("frame header")
		}
		d.parts = append(d.parts, p)
	}
	return d.layout()
}

// layout computes how many blocks each component has (T.81 A.1.1, A.2).
func (d *decoder) layout() error {
	y := d.luma()
	if len(d.parts) == 1 {
		y.h, y.v = 1, 1 // a lone component is never interleaved
	}
	for _, p := range d.parts {
		if p.h > y.h || p.v > y.v {
			return unusual("brightness coarser than colour")
		}
	}
	if len(d.parts) == 3 && (d.parts[1].id == y.id || d.parts[2].id == y.id || d.parts[1].id == d.parts[2].id) {
		return broken("two components of one name")
	}
	for k := range d.parts {
		p := &d.parts[k]
		p.across, p.down = ceil(ceil(d.width*p.h, y.h), 8), ceil(ceil(d.height*p.v, y.v), 8)
		p.stride, p.rows = ceil(d.width, 8*y.h)*p.h, ceil(d.height, 8*y.v)*p.v
	}
	return nil
}

// isRGB reports a file whose first component is red.
func (d *decoder) isRGB() bool {
	if len(d.parts) != 3 {
		return false
	}
	named := d.parts[0].id == 'R' && d.parts[1].id == 'G' && d.parts[2].id == 'B'
	return d.adobe == 0 || d.adobe > 1 || named && !d.jfif && d.adobe < 0
}
