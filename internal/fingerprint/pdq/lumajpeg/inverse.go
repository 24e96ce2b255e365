package lumajpeg

import "math"

// zigzag is the place in a block of each coefficient in the order of the file.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// fraction is how many bits behind the point the weights of reduced blocks
// have.
const fraction = 7

// weigh works out what coefficients are multiplied by: the quantiser, and for
// a reduced picture how averaging weakens each frequency. For 4 points the
// factor 1/√2 of frequencies 0 and 2 is in it as well.
func (d *decoder) weigh() error {
	p := d.luma()
	if !d.defined[p.quantizer] {
		return broken("without its quantisation table")
	}
	d.plane.Step = d.coarsest()
	for k, q := range d.quantizers[p.quantizer] {
		if d.points == 8 {
			d.weights[k] = int32(q)
			continue
		}
		u, v := int(zigzag[k]>>3), int(zigzag[k]&7)
		d.weights[k] = int32(math.Round(float64(q) * d.weakened(u) * d.weakened(v) * (1 << fraction)))
	}
	return nil
}

// weakened is what averaging groups of neighbours leaves of frequency u.
func (d *decoder) weakened(u int) float64 {
	share, group := 0.0, 8/d.points
	for i := range group {
		share += math.Cos((float64(i)-float64(group-1)/2)*float64(u)*math.Pi/8) / float64(group)
	}
	if d.points == 4 && u&1 == 0 {
		share *= math.Sqrt2 / 2
	}
	return share
}

// put turns the block at hand into brightness at its place in the plane, and
// clears it; top is the last coefficient that is not nought, in zigzag order.
func (d *decoder) put(x, y, top int) {
	p := d.plane
	out := p.Pix[y*d.points*p.Stride+x*d.points:]
	b := &d.block
	switch d.points {
	case 8:
		if top == 0 {
			flat(out, p.Stride, clamp(int(b[0]+4)>>3+128))
			b[0] = 0
			return
		}
		inverse8(b, out, p.Stride)
		*b = [64]int32{}
	case 4:
		inverse4(b, out, p.Stride)
		*b = [64]int32{}
	case 2:
		inverse2(b, out, p.Stride)
		b[0], b[1], b[8], b[9] = 0, 0, 0, 0
	default:
		out[0] = clamp((int(b[0])+4<<fraction)>>(3+fraction) + 128)
		b[0] = 0
	}
}

func clamp(v int) byte { return byte(max(0, min(v, 255))) }

func flat(out []byte, stride int, v byte) {
	word := uint64(v) * 0x0101010101010101
	for row := range 8 {
		putWord(out[row*stride:], word)
	}
}

// inverse2 makes 2x2 means.
func inverse2(b *[64]int32, out []byte, stride int) {
	const round = 4 << fraction
	left, right := int(b[0]), int(b[1])
	below, belowRight := int(b[8]), int(b[9])
	top, bottom := left+below+round, left-below+round
	topStep, bottomStep := right+belowRight, right-belowRight
	out[0] = clamp((top+topStep)>>(3+fraction) + 128)
	out[1] = clamp((top-topStep)>>(3+fraction) + 128)
	out = out[stride:]
	out[0] = clamp((bottom+bottomStep)>>(3+fraction) + 128)
	out[1] = clamp((bottom-bottomStep)>>(3+fraction) + 128)
}

// cosines of π/8 and 3π/8, 13 bits behind the point
const cos1, cos3 = 7568, 3135

// inverse4 makes 4x4 means.
func inverse4(b *[64]int32, out []byte, stride int) {
	var half [16]int
	for x := range 4 {
		b0, b1, b2, b3 := int(b[x]), int(b[8+x]), int(b[16+x]), int(b[24+x])
		outer, inner := (b0+b2)<<13, (b0-b2)<<13
		o1, o3 := b1*cos1+b3*cos3, b1*cos3-b3*cos1
		half[x] = (outer + o1) >> 9
		half[4+x] = (inner + o3) >> 9
		half[8+x] = (inner - o3) >> 9
		half[12+x] = (outer - o1) >> 9
	}
	const down = 2 + fraction + 4 + 13
	for y := range 4 {
		b0, b1, b2, b3 := half[4*y], half[4*y+1], half[4*y+2], half[4*y+3]
		outer, inner := (b0+b2)<<13+1<<(down-1), (b0-b2)<<13+1<<(down-1)
		o1, o3 := b1*cos1+b3*cos3, b1*cos3-b3*cos1
		row := out[y*stride:][:4]
		row[0] = clamp((outer+o1)>>down + 128)
		row[1] = clamp((inner+o3)>>down + 128)
		row[2] = clamp((inner-o3)>>down + 128)
		row[3] = clamp((outer-o1)>>down + 128)
	}
}
