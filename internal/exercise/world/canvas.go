package world

import (
	"image"
	"image/color"
)

// canvas is a picture in the making: three bytes a pixel, integers only.
type canvas struct {
	w, h int
	pix  []byte
}

type rgb [3]byte

func newCanvas(w, h int) *canvas { return &canvas{w, h, make([]byte, 3*w*h)} }

func (c *canvas) clone() *canvas {
	return &canvas{c.w, c.h, append([]byte(nil), c.pix...)}
}

// blend lays a colour over a pixel; alpha 0 is nothing, 255 all.
func (c *canvas) blend(x, y int, with rgb, alpha int) {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return
	}
	at := 3 * (y*c.w + x)
	for i := range with {
		old := int(c.pix[at+i])
		c.pix[at+i] = byte(old + (int(with[i])-old)*alpha/255)
	}
}

func (c *canvas) rect(x0, y0, x1, y1 int, with rgb, alpha int) {
	for y := max(y0, 0); y < min(y1, c.h); y++ {
		for x := max(x0, 0); x < min(x1, c.w); x++ {
			c.blend(x, y, with, alpha)
		}
	}
}

func (c *canvas) disc(cx, cy, r int, with rgb) {
	for y := max(cy-r, 0); y <= min(cy+r, c.h-1); y++ {
		for x := max(cx-r, 0); x <= min(cx+r, c.w-1); x++ {
			if (x-cx)*(x-cx)+(y-cy)*(y-cy) <= r*r {
				c.blend(x, y, with, 255)
			}
		}
	}
}

// wedge is a right-angled triangle standing on a corner of its box.
func (c *canvas) wedge(x0, y0, side int, with rgb, corner int) {
	for y := range side {
		from, to := 0, y
		if corner&1 == 1 {
			from, to = side-y, side
		}
		row := y0 + y
		if corner&2 == 2 {
			row = y0 + side - y
		}
		for x := from; x < to; x++ {
			c.blend(x0+x, row, with, 255)
		}
	}
}

// ink draws a line of text with its left edge at x and its top at y.
func (c *canvas) ink(m *mask, x, y int, with rgb) {
	for j := range m.h {
		for i := range m.w {
			if a := m.ink[j*m.w+i]; a > 0 {
				c.blend(x+i, y+j, with, int(a))
			}
		}
	}
}

// flipped exchanges left and right.
func (c *canvas) flipped() *canvas {
	out := newCanvas(c.w, c.h)
	for y := range c.h {
		for x := range c.w {
			from, to := 3*(y*c.w+x), 3*(y*c.w+c.w-1-x)
			copy(out.pix[to:to+3], c.pix[from:from+3])
		}
	}
	return out
}

// cropped cuts so many per cent of width and height away, two thirds of it at
// the left and the top.
func (c *canvas) cropped(percent int) *canvas {
	cutX, cutY := c.w*percent/100, c.h*percent/100
	left, top := cutX*2/3, cutY*2/3
	out := newCanvas(c.w-cutX, c.h-cutY)
	for y := range out.h {
		from := 3 * ((y+top)*c.w + left)
		copy(out.pix[3*y*out.w:3*(y+1)*out.w], c.pix[from:from+3*out.w])
	}
	return out
}

// rgba is the canvas as the standard library's encoders take it.
func (c *canvas) rgba() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, c.w, c.h))
	for i, j := 0, 0; i < len(c.pix); i, j = i+3, j+4 {
		out.Pix[j], out.Pix[j+1], out.Pix[j+2], out.Pix[j+3] = c.pix[i], c.pix[i+1], c.pix[i+2], 255
	}
	return out
}

// levels is a palette of evenly spaced colours, so many a channel.
type levels [3]int

var (
	fineLevels   = levels{6, 7, 6}
	coarseLevels = levels{4, 5, 4}
)

func (l levels) palette() color.Palette {
	var out color.Palette
	for r := range l[0] {
		for g := range l[1] {
			for b := range l[2] {
				out = append(out, color.RGBA{byte(r * 255 / (l[0] - 1)), byte(g * 255 / (l[1] - 1)), byte(b * 255 / (l[2] - 1)), 255})
			}
		}
	}
	return out
}

// paletted reduces the canvas to the colours of a palette.
func (c *canvas) paletted(l levels, p color.Palette) *image.Paletted {
	out := image.NewPaletted(image.Rect(0, 0, c.w, c.h), p)
	for i := range out.Pix {
		at := 3 * i
		r, g, b := int(c.pix[at])*l[0]>>8, int(c.pix[at+1])*l[1]>>8, int(c.pix[at+2])*l[2]>>8
		out.Pix[i] = byte((r*l[1]+g)*l[2] + b)
	}
	return out
}
