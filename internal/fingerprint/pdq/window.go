package pdq

// side is the number of samples a picture is reduced to along each axis.
const side = 64

// samples are the 64x64 brightness values a hash is made of, row by row.
type samples [side][side]float32

// window is the box filter along one axis of n pixels: how many pixels it
// spans and how they lie about the one it is computed for. At the ends of the
// axis it shrinks.
type window struct {
	n     int
	full  int // pixels it spans in the middle
	ahead int // of these, the pixel itself and those after it
}

// newWindow spans half a block of the 64 an axis is cut into, rounded up: two
// passes then reach over a whole one.
func newWindow(n int) window {
	full := (n + 2*side - 1) / (2 * side)
	return window{n: n, full: full, ahead: (full + 2) / 2}
}

// reach returns the first pixel the box for pixel i covers, and the first
// after them.
func (w window) reach(i int) (from, to int) {
	return max(0, i-(w.full-w.ahead)), min(w.n, i+w.ahead)
}

// centre is the pixel that sample i is taken at.
func (w window) centre(i int) int {
	return int((float64(i) + 0.5) * float64(w.n) / side)
}
