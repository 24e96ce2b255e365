package pdq

// Picture is brightness, row by row, however it is stored: a decoded image, a
// video frame, the brightness plane of a JPEG.
type Picture interface {
	// Size returns width and height in pixels.
	Size() (width, height int)
	// Luma fills dst, which holds exactly one row, with row y from the top:
	// 0 (black) to 255 (white). Rows may be asked for more than once.
	Luma(y int, dst []float32)
}

// Weights of red, green and blue in brightness, as the reference has them.
const (
	weightR float32 = 0.299
	weightG float32 = 0.587
	weightB float32 = 0.114
)

// luma weighs one pixel. Each product is rounded before it is added: without
// the conversions some processors would fuse the two and give other bits.
func luma(r, g, b uint8) float32 {
	return float32(float32(weightR*float32(r))+float32(weightG*float32(g))) + float32(weightB*float32(b))
}

// Plane is a picture held as brightness values.
type Plane struct {
	Width, Height int
	Pix           []float32 // row by row, Width*Height values from 0 to 255
}

// Size implements [Picture].
func (p *Plane) Size() (width, height int) { return p.Width, p.Height }

// Luma implements [Picture].
func (p *Plane) Luma(y int, dst []float32) { copy(dst, p.Pix[y*p.Width:]) }

// Gray is a picture of one byte of brightness for each pixel, as a video
// frame's Y plane or a grey image.
type Gray struct {
	Width, Height int
	Stride        int // bytes from one row to the next
	Pix           []byte
}

// Size implements [Picture].
func (g *Gray) Size() (width, height int) { return g.Width, g.Height }

// Luma implements [Picture].
func (g *Gray) Luma(y int, dst []float32) {
	row := g.Pix[y*g.Stride:]
	for x := range dst {
		dst[x] = float32(row[x])
	}
}

// raw implements inBytes.
func (g *Gray) raw() (pix []byte, stride, perPixel int) { return g.Pix, g.Stride, 1 }
