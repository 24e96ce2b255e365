package pdq

import "slices"

// reduceQuick computes the samples with joined weights: down the columns for
// the 64 rows needed, then along these rows for 64 columns. Every pixel is
// read once and weighed about once, since the tents of neighbouring samples
// hardly overlap. The result differs from [reduceExact] by rounding only.
func reduceQuick(p Picture) *samples {
	width, height := p.Size()
	return gather(p, tents(newWindow(height))).reduce(tents(newWindow(width)))
}

// gathered are the weighed sums of a picture's rows that make the 64 rows of
// samples, each as wide as the picture.
type gathered struct {
	width int
	rows  []float32
}

func (g *gathered) row(i int) []float32 { return g.rows[i*g.width:][:g.width] }

// gather weighs the picture's rows with each of the taps.
func gather(p Picture, list []taps) *gathered {
	width, _ := p.Size()
	g := &gathered{width: width, rows: make([]float32, side*width)}
	left := list
	if b, ok := p.(inBytes); ok {
		left = g.gatherBytes(b, list)
	}
	if len(left) > 0 {
		g.gatherRows(p, left)
	}
	return g
}

// gatherRows reads the picture row by row as brightness, each row once: for
// what is no plain bytes, and for the tents cut at an end.
func (g *gathered) gatherRows(p Picture, list []taps) {
	width, height := p.Size()
	list = slices.SortedStableFunc(slices.Values(list), func(a, b taps) int { return a.from - b.from })
	row := make([]float32, width)
	done := 0 // taps before this one are complete
	for y := list[0].from; y < height; y++ {
		read := false
		for i := done; i < len(list) && list[i].from <= y; i++ {
			k := y - list[i].from
			if k >= len(list[i].weights) {
				if i == done {
					done++
				}
				continue
			}
			if !read {
				p.Luma(y, row)
				read = true
			}
			weigh(g.row(list[i].sample), row, list[i].weights[k])
		}
	}
}

func weigh(dst, src []float32, w float32) {
	src = src[:len(dst)]
	x := 0
	for ; x+4 <= len(dst); x += 4 {
		d, s := dst[x:x+4:x+4], src[x:x+4:x+4]
		d[0] += float32(w * s[0])
		d[1] += float32(w * s[1])
		d[2] += float32(w * s[2])
		d[3] += float32(w * s[3])
	}
	for ; x < len(dst); x++ {
		dst[x] += float32(w * src[x])
	}
}

// reduce weighs along the rows.
func (g *gathered) reduce(across []taps) *samples {
	out := &samples{}
	for i := range side {
		row := g.row(i)
		for _, t := range across {
			out[i][t.sample] = dot(row[t.from:][:len(t.weights)], t.weights)
		}
	}
	return out
}

// dot keeps four sums, so that no addition waits for the one before.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += float32(a[0] * b[0])
		s1 += float32(a[1] * b[1])
		s2 += float32(a[2] * b[2])
		s3 += float32(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for k, v := range a {
		s0 += float32(v * b[k])
	}
	return (s0 + s1) + (s2 + s3)
}
