package pdq

import "encoding/binary"

// inBytes is a picture whose brightness is a weighed sum of its bytes, so that
// whole rows of bytes can be added up before brightness is computed: a tent's
// weights are small whole numbers, and eight bytes fit in one word.
type inBytes interface {
	// raw returns the bytes, row by row, and how many make one pixel: one byte
	// of brightness, or four of red, green, blue and opacity.
	raw() (pix []byte, stride, perPixel int)
}

// most16 is what weights may add up to before a sum of bytes leaves 16 bits.
const most16 = 0xFFFF / 0xFF

// most32 is the longest axis whose sums stay within 32 bits.
const most32 = 2 * side * 4096

// gatherBytes computes the rows of the taps that have whole weights and
// returns the taps it left: those without, and all of them once it meets a
// pixel that is not opaque.
func (g *gathered) gatherBytes(p inBytes, list []taps) (left []taps) {
	pix, stride, perPixel := p.raw()
	_, height := p.(Picture).Size()
	if height > most32 {
		return list
	}
	sums := make([]uint32, g.width*perPixel)
	for _, t := range list {
		if t.counts == nil {
			left = append(left, t)
			continue
		}
		clear(sums)
		for _, c := range t.chunks() {
			addRows(sums, pix[c.from*stride:], stride, c.counts)
		}
		if perPixel == 1 {
			scale(g.row(t.sample), sums, t.total)
		} else if !scaleRGBA(g.row(t.sample), sums, t.total) {
			clear(g.rows)
			return list
		}
	}
	return left
}

// chunk is a run of rows whose weighed sum stays within 16 bits.
type chunk struct {
	from   int
	counts []uint64
}

// chunks cuts the taps into runs; a weight too large for one is cut itself.
func (t taps) chunks() (out []chunk) {
	start, sum := 0, uint64(0)
	for k, c := range t.counts {
		if sum+c > most16 && k > start {
			out = append(out, chunk{t.from + start, t.counts[start:k]})
			start, sum = k, 0
		}
		if sum += c; sum <= most16 {
			continue
		}
		for ; c > 0; c -= min(c, most16) {
			out = append(out, chunk{t.from + k, []uint64{min(c, most16)}})
		}
		start, sum = k+1, 0
	}
	if start < len(t.counts) {
		out = append(out, chunk{t.from + start, t.counts[start:]})
	}
	return out
}

// every second byte of a word
const lanes = 0x00FF00FF00FF00FF

// addRows adds rows of bytes to sums, each row as often as counts says, which
// together must not exceed most16.
func addRows(sums []uint32, pix []byte, stride int, counts []uint64) {
	x := 0
	for ; x+16 <= len(sums); x += 16 {
		var a, b, c, d uint64
		at := x
		for _, k := range counts {
			line := pix[at : at+16 : at+16]
			v, w := binary.LittleEndian.Uint64(line), binary.LittleEndian.Uint64(line[8:])
			a += (v & lanes) * k
			b += (v >> 8 & lanes) * k
			c += (w & lanes) * k
			d += (w >> 8 & lanes) * k
			at += stride
		}
		s := sums[x : x+16 : x+16]
		spread(s[:8:8], a, b)
		spread(s[8:], c, d)
	}
	for ; x < len(sums); x++ {
		at := x
		for _, k := range counts {
			sums[x] += uint32(pix[at]) * uint32(k)
			at += stride
		}
	}
}

func spread(s []uint32, even, odd uint64) {
	_ = s[7]
	s[0] += uint32(even & 0xFFFF)
	s[1] += uint32(odd & 0xFFFF)
	s[2] += uint32(even >> 16 & 0xFFFF)
	s[3] += uint32(odd >> 16 & 0xFFFF)
	s[4] += uint32(even >> 32 & 0xFFFF)
	s[5] += uint32(odd >> 32 & 0xFFFF)
	s[6] += uint32(even >> 48)
	s[7] += uint32(odd >> 48)
}

func scale(row []float32, sums []uint32, total int) {
	share := float32(1 / float64(total))
	for x, s := range sums[:len(row)] {
		row[x] = float32(int64(s)) * share
	}
}

// scaleRGBA weighs the sums of the colours; it reports false if any pixel in
// them was not opaque.
func scaleRGBA(row []float32, sums []uint32, total int) bool {
	r := float32(float64(weightR) / float64(total))
	g := float32(float64(weightG) / float64(total))
	b := float32(float64(weightB) / float64(total))
	opaque := uint32(255 * total)
	for x := range row {
		s := sums[4*x : 4*x+4 : 4*x+4]
		if s[3] != opaque {
			return false
		}
		row[x] = float32(float32(r*float32(int64(s[0])))+float32(g*float32(int64(s[1])))) + float32(b*float32(int64(s[2])))
	}
	return true
}
