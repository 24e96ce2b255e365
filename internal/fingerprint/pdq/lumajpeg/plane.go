package lumajpeg

import (
	"errors"
	"fmt"
)

// Plane is the brightness of a picture, one byte a value. A value is the mean
// of Group x Group pixels; the last column and row may hold less of them.
type Plane struct {
	Width, Height         int // of the plane
	FullWidth, FullHeight int // of the picture
	Group                 int // 1, 2, 4 or 8
	Stride                int // bytes from one row to the next
	Step                  int // the coarsest step in which any component's means are stored, in eighths of a shade
	Pix                   []byte
}

// Options bound what a file may cost. Zero values mean the defaults.
type Options struct {
	// Pixels is the most the picture may have; 40 million.
	Pixels int
	// Side is what both sides keep at least when the picture is reduced; 512.
	// A picture already below is not reduced.
	Side int
	// Scans is the most passes a progressive file may make over the brightness;
	// 100. Encoders make up to about ten.
	Scans int
}

func (o Options) orDefault() Options {
	if o.Pixels <= 0 {
		o.Pixels = 40_000_000
	}
	if o.Side <= 0 {
		o.Side = 512
	}
	if o.Scans <= 0 {
		o.Scans = 100
	}
	return o
}

// The reasons for which there is no plane.
var (
	ErrUnusual  = errors.New("a kind of JPEG that is left to other decoders")
	ErrBroken   = errors.New("the JPEG file is broken or ends early")
	ErrTooLarge = errors.New("the JPEG picture has too many pixels")
	ErrScans    = errors.New("the JPEG file passes over the picture too often")
)

func broken(what string) error  { return fmt.Errorf("%w: %s", ErrBroken, what) }
func unusual(what string) error { return fmt.Errorf("%w: %s", ErrUnusual, what) }

// Decode reads the brightness of a JPEG file. Errors wrap one of the four of
// this package.
func Decode(data []byte, o Options) (*Plane, error) {
	d := &decoder{data: data, options: o.orDefault()}
	if err := d.run(); err != nil {
		return nil, err
	}
	return d.plane, nil
}

// prepare chooses how far the picture is reduced, and makes room for it.
func (d *decoder) prepare() error {
	o := d.options
	if d.width > o.Pixels/d.height {
		return fmt.Errorf("%w: %dx%d", ErrTooLarge, d.width, d.height)
	}
	d.points = 8
	for d.points > 1 && ceil(min(d.width, d.height), 16/d.points) >= o.Side {
		d.points /= 2
	}
	y := d.luma()
	if y.across*y.down > 8*len(d.data) {
		return broken("too short for its size")
	}
	group := 8 / d.points
	stride := y.stride * d.points
	d.plane = &Plane{
		Width: ceil(d.width, group), Height: ceil(d.height, group), FullWidth: d.width, FullHeight: d.height,
		Group: group, Stride: stride, Pix: make([]byte, stride*y.rows*d.points),
	}
	d.keep = map[int]int{8: 64, 4: 25, 2: 5, 1: 1}[d.points]
	if d.progressive {
		d.stored = make([]int16, y.stride*y.rows*d.keep)
		d.present = make([]uint64, y.stride*y.rows)
	}
	return nil
}

// coarsest is the largest quantiser of a mean (T.81 A.3.4).
func (d *decoder) coarsest() (step int) {
	for _, p := range d.parts {
		step = max(step, int(d.quantizers[p.quantizer][0]))
	}
	return step
}

func ceil(n, by int) int { return (n + by - 1) / by }
