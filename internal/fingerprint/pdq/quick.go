package pdq

import "slices"

// taps are the weights with which the pixels of one axis make one sample: two
// passes of the box filter joined, a tent that is narrower at the ends.
type taps struct {
	sample  int // which sample they make
	from    int // the first pixel
	weights []float32
}

// tents returns the taps of all samples along an axis.
func tents(w window) []taps {
	all := make([]taps, side)
	for i := range all {
		from, to := w.reach(w.centre(i))
		first, _ := w.reach(from)
		_, end := w.reach(to - 1)
		sums := make([]float64, end-first)
		for m := from; m < to; m++ {
			a, b := w.reach(m)
			share := 1 / (float64(to-from) * float64(b-a))
			for k := a; k < b; k++ {
				sums[k-first] += share
			}
		}
		all[i] = taps{sample: i, from: first, weights: make([]float32, len(sums))}
		for k, s := range sums {
			all[i].weights[k] = float32(s)
		}
	}
	return all
}

// mirrored returns the taps for the same axis seen from its other end. They
// are not the same: windows of an even width lean to one side.
func mirrored(all []taps, n int) []taps {
	out := make([]taps, len(all))
	for i, t := range all {
		weights := slices.Clone(t.weights)
		slices.Reverse(weights)
		out[i] = taps{sample: t.sample, from: n - t.from - len(weights), weights: weights}
	}
	return out
}

// reduceQuick computes the samples with joined weights: down the columns for
// the 64 rows needed, then along these rows for 64 columns. Every pixel is
// read once and weighed about once, since the tents of neighbouring samples
// hardly overlap. The result differs from [reduceExact] by rounding only.
func reduceQuick(p Picture) *samples {
	width, height := p.Size()
	rows := gather(p, tents(newWindow(height)), side)
	return rows.reduce(tents(newWindow(width)))
}

// gathered are weighed sums of a picture's rows, each as wide as the picture.
type gathered struct {
	width int
	rows  []float32
}

// gather weighs the picture's rows with each of the taps; the result of taps
// goes to row taps.sample of n.
func gather(p Picture, list []taps, n int) *gathered {
	width, height := p.Size()
	g := &gathered{width: width, rows: make([]float32, n*width)}
	list = slices.SortedStableFunc(slices.Values(list), func(a, b taps) int { return a.from - b.from })
	row := make([]float32, width)
	done := 0 // taps before this one are complete
	for y := range height {
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
	return g
}

func (g *gathered) row(i int) []float32 { return g.rows[i*g.width:][:g.width] }

// reduce weighs along the first 64 rows.
func (g *gathered) reduce(across []taps) *samples {
	out := &samples{}
	for i := range side {
		row := g.row(i)
		for _, t := range across {
			var sum float32
			line := row[t.from:][:len(t.weights)]
			for k, w := range t.weights {
				sum += w * line[k]
			}
			out[i][t.sample] = sum
		}
	}
	return out
}

func weigh(dst, src []float32, w float32) {
	src = src[:len(dst)]
	for x := range dst {
		dst[x] += w * src[x]
	}
}
