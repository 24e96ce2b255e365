package lumajpeg

import "encoding/binary"

// Rotations of the 8-point transform, 13 bits behind the point: the sums and
// differences of cosines in the scheme of Loeffler, Ligtenberg and Moschytz
// (Practical Fast 1-D DCT Algorithms with 11 Multiplications, ICASSP 1989).
const (
	f0298 = 2446
	f0390 = 3196
	f0541 = 4433
	f0765 = 6270
	f0899 = 7373
	f1175 = 9633
	f1501 = 12299
	f1847 = 15137
	f1961 = 16069
	f2053 = 16819
	f2562 = 20995
	f3072 = 25172
)

// eight is one 8-point inverse transform, 13 bits larger than its input.
func eight(b0, b1, b2, b3, b4, b5, b6, b7 int) (o0, o1, o2, o3, o4, o5, o6, o7 int) {
	z := (b2 + b6) * f0541
	e2, e3 := z-b6*f1847, z+b2*f0765
	e0, e1 := (b0+b4)<<13, (b0-b4)<<13
	a0, a3, a1, a2 := e0+e3, e0-e3, e1+e2, e1-e2

	z1, z2, z3, z4 := b7+b1, b5+b3, b7+b3, b5+b1
	z5 := (z3 + z4) * f1175
	z1, z2 = -z1*f0899, -z2*f2562
	z3, z4 = z5-z3*f1961, z5-z4*f0390
	c0 := b7*f0298 + z1 + z3
	c1 := b5*f2053 + z2 + z4
	c2 := b3*f3072 + z2 + z3
	c3 := b1*f1501 + z1 + z4
	return a0 + c3, a1 + c2, a2 + c1, a3 + c0, a3 - c0, a2 - c1, a1 - c2, a0 - c3
}

// inverse8 makes the 8x8 values of a block (T.81 A.3.3).
func inverse8(b *[64]int32, out []byte, stride int) {
	var half [64]int
	for x := range 8 {
		b1, b2, b3, b4, b5, b6, b7 := int(b[8+x]), int(b[16+x]), int(b[24+x]), int(b[32+x]), int(b[40+x]), int(b[48+x]), int(b[56+x])
		if b1|b2|b3|b4|b5|b6|b7 == 0 {
			if v := int(b[x]) << 2; v != 0 {
				for y := 0; y < 64; y += 8 {
					half[y+x] = v
				}
			}
			continue
		}
		o0, o1, o2, o3, o4, o5, o6, o7 := eight(int(b[x]), b1, b2, b3, b4, b5, b6, b7)
		const r = 1 << 10
		half[x], half[8+x], half[16+x], half[24+x] = (o0+r)>>11, (o1+r)>>11, (o2+r)>>11, (o3+r)>>11
		half[32+x], half[40+x], half[48+x], half[56+x] = (o4+r)>>11, (o5+r)>>11, (o6+r)>>11, (o7+r)>>11
	}
	for y := range 8 {
		h := half[8*y : 8*y+8 : 8*y+8]
		const r = 1<<17 + 128<<18
		o0, o1, o2, o3, o4, o5, o6, o7 := eight(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7])
		row := out[y*stride:][:8:8]
		row[0], row[1], row[2], row[3] = clamp((o0+r)>>18), clamp((o1+r)>>18), clamp((o2+r)>>18), clamp((o3+r)>>18)
		row[4], row[5], row[6], row[7] = clamp((o4+r)>>18), clamp((o5+r)>>18), clamp((o6+r)>>18), clamp((o7+r)>>18)
	}
}

func putWord(b []byte, word uint64) { binary.LittleEndian.PutUint64(b, word) }
