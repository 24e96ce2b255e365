package pdq

// reduceExact computes the samples with the very operations of the reference,
// in its order, so that every rounding is the same: a box along the rows, one
// along the columns, and both once more. Columns do not depend on each other,
// so rows can be passed through as they come, holding only a window of them,
// and the last pass is needed at 64 columns only.
func reduceExact(p Picture) *samples {
	width, height := p.Size()
	across, down := newWindow(width), newWindow(height)
	out := &samples{}
	lines := make([]float32, 2*width)
	row, blurred := lines[:width], lines[width:]

	last := newColumns(down, side)
	taken := 0 // rows that have left the last pass
	last.emit = func(reduced []float32) {
		for i := range side {
			if down.centre(i) == taken {
				copy(out[i][:], reduced)
			}
		}
		taken++
	}
	picked, twice := make([]float32, side), make([]float32, width)
	first := newColumns(down, width)
	first.emit = func(once []float32) {
		across.boxRow(twice, once)
		for j := range side {
			picked[j] = twice[across.centre(j)]
		}
		last.push(picked)
	}
	for y := range height {
		p.Luma(y, row)
		across.boxRow(blurred, row)
		first.push(blurred)
	}
	first.flush()
	last.flush()
	return out
}

// boxRow averages along one row: a running sum that gains a pixel ahead and
// loses one behind, divided by how many are in it.
func (w window) boxRow(dst, src []float32) {
	var sum, count float32
	ahead, behind, at := 0, 0, 0
	for range w.ahead - 1 {
		sum += src[ahead]
		count++
		ahead++
	}
	for range w.full - w.ahead + 1 {
		sum += src[ahead]
		count++
		dst[at] = sum / count
		ahead++
		at++
	}
	for ; ahead < w.n; ahead++ {
		sum += src[ahead]
		sum -= src[behind]
		dst[at] = sum / count
		behind++
		at++
	}
	for ; at < w.n; at++ {
		sum -= src[behind]
		count--
		dst[at] = sum / count
		behind++
	}
}

// columns averages down many columns at once, row by row as they come.
type columns struct {
	window
	width  int
	held   []float32 // the last window.full rows pushed, in turn
	sum    []float32
	out    []float32
	pushed int
	count  float32         // rows in the sum
	emit   func([]float32) // takes each row that is done, in order; must not keep it
}

func newColumns(w window, width int) *columns {
	buf := make([]float32, (w.full+2)*width)
	return &columns{window: w, width: width, sum: buf[:width], out: buf[width : 2*width], held: buf[2*width:]}
}

func (c *columns) push(row []float32) {
	slot := c.held[c.pushed%c.full*c.width:][:c.width]
	if c.pushed < c.full {
		for x, v := range row {
			c.sum[x] += v
		}
		c.count++
	} else {
		for x, v := range row {
			grown := c.sum[x] + v
			c.sum[x] = grown - slot[x]
		}
	}
	copy(slot, row)
	c.pushed++
	if c.pushed >= c.ahead {
		c.average()
	}
}

// flush ends the columns: the windows of the last rows shrink.
func (c *columns) flush() {
	for i := range c.ahead - 1 {
		slot := c.held[(c.pushed+i)%c.full*c.width:][:c.width]
		for x, v := range slot {
			c.sum[x] -= v
		}
		c.count--
		c.average()
	}
}

func (c *columns) average() {
	for x, s := range c.sum {
		c.out[x] = s / c.count
	}
	c.emit(c.out)
}
