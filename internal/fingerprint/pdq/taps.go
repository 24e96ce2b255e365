package pdq

import "slices"

// taps are the weights with which the pixels of one axis make one sample: two
// passes of the box filter joined, a tent that is narrower at the ends.
type taps struct {
	sample  int       // which sample they make
	from    int       // the first pixel
	weights []float32 // together one
	// counts are the same weights as whole numbers, which add up to total; nil
	// where the box was cut at an end of the axis, so that there are none.
	counts []uint64
	total  int
}

// tents returns the taps of all samples along an axis.
func tents(w window) []taps {
	all := make([]taps, side)
	whole := w.wholeTent()
	for i := range all {
		from, to := w.reach(w.centre(i))
		first, _ := w.reach(from)
		_, end := w.reach(to - 1)
		if end-first == len(whole.counts) {
			all[i] = whole
			all[i].sample, all[i].from = i, first
			continue
		}
		all[i] = taps{sample: i, from: first, weights: w.cutTent(from, to, first, end)}
	}
	return all
}

// wholeTent is the tent away from the ends: it rises by one to the width of
// the box, and falls again.
func (w window) wholeTent() taps {
	t := taps{total: w.full * w.full, counts: make([]uint64, 2*w.full-1), weights: make([]float32, 2*w.full-1)}
	for k := range t.counts {
		t.counts[k] = uint64(min(k+1, len(t.counts)-k))
		t.weights[k] = float32(float64(t.counts[k]) / float64(t.total))
	}
	return t
}

// cutTent joins boxes of which some are cut at an end of the axis: for the
// pixels from to to, which lie between first and end.
func (w window) cutTent(from, to, first, end int) []float32 {
	sums := make([]float64, end-first)
	for m := from; m < to; m++ {
		a, b := w.reach(m)
		share := 1 / (float64(to-from) * float64(b-a))
		for k := a; k < b; k++ {
			sums[k-first] += share
		}
	}
	weights := make([]float32, len(sums))
	for k, s := range sums {
		weights[k] = float32(s)
	}
	return weights
}

// mirrored returns the taps for the same axis seen from its other end. They
// are not always the same: windows of an even width lean to one side.
func mirrored(all []taps, n int) []taps {
	out := make([]taps, len(all))
	for i, t := range all {
		t.weights, t.counts = slices.Clone(t.weights), slices.Clone(t.counts)
		slices.Reverse(t.weights)
		slices.Reverse(t.counts)
		t.from = n - t.from - len(t.weights)
		out[i] = t
	}
	return out
}

// symmetric reports whether an axis of n pixels gives the same samples, in
// turned order, seen from its other end.
func symmetric(all []taps, n int) bool {
	for i, t := range all {
		o := all[len(all)-1-i]
		if t.from != n-o.from-len(o.weights) || (t.counts == nil) != (o.counts == nil) {
			return false
		}
		for k, w := range t.weights {
			if w != o.weights[len(o.weights)-1-k] {
				return false
			}
		}
	}
	return true
}

// grouped returns the taps for an axis of which each group of pixels is only
// known by its mean: its weight is that of all its pixels together, so that
// the samples keep their place and width whatever the grouping.
func grouped(all []taps, group int) []taps {
	if group == 1 {
		return all
	}
	out := make([]taps, len(all))
	for i, t := range all {
		first, last := t.from/group, (t.from+len(t.weights)-1)/group
		g := taps{sample: t.sample, from: first, total: t.total, weights: make([]float32, last-first+1)}
		if t.counts != nil {
			g.counts = make([]uint64, len(g.weights))
		}
		for k, w := range t.weights {
			at := (t.from+k)/group - first
			g.weights[at] += w
			if t.counts != nil {
				g.counts[at] += t.counts[k]
			}
		}
		out[i] = g
	}
	return out
}
