package pdq

import (
	"image"
	"image/color"
)

// FromImage reads the brightness of a decoded image as a person sees it: a
// palette resolved, transparent parts over white, 16 bits cut to 8. A grey
// image's values are taken as they are. The image must not change while the
// picture is in use.
func FromImage(img image.Image) Picture {
	b := img.Bounds()
	switch img := img.(type) {
	case *image.Gray:
		return &Gray{Width: b.Dx(), Height: b.Dy(), Stride: img.Stride, Pix: img.Pix[img.PixOffset(b.Min.X, b.Min.Y):]}
	case *image.YCbCr:
		return &seen{b, func(y int, dst []float32) { lumaYCbCr(img, y, dst) }}
	case *image.RGBA:
		return &colours{
			seen: seen{b, func(y int, dst []float32) { lumaRGBA(img.Pix[img.PixOffset(b.Min.X, y):], dst) }},
			pix:  img.Pix[img.PixOffset(b.Min.X, b.Min.Y):], stride: img.Stride,
		}
	case *image.NRGBA:
		return &colours{
			seen: seen{b, func(y int, dst []float32) { lumaNRGBA(img.Pix[img.PixOffset(b.Min.X, y):], dst) }},
			pix:  img.Pix[img.PixOffset(b.Min.X, b.Min.Y):], stride: img.Stride,
		}
	case *image.Paletted:
		palette := lumaPalette(img.Palette)
		return &seen{b, func(y int, dst []float32) {
			for x, index := range img.Pix[img.PixOffset(b.Min.X, y):][:len(dst)] {
				dst[x] = palette[index]
			}
		}}
	case *image.Gray16:
		return &seen{b, func(y int, dst []float32) {
			for x := range dst {
				dst[x] = float32(img.Gray16At(b.Min.X+x, y).Y >> 8)
			}
		}}
	}
	return &seen{b, func(y int, dst []float32) {
		for x := range dst {
			dst[x] = lumaColor(img.At(b.Min.X+x, y))
		}
	}}
}

// seen is an image read row by row; row counts from the image's own origin.
type seen struct {
	bounds image.Rectangle
	row    func(y int, dst []float32)
}

// Size implements [Picture].
func (s *seen) Size() (width, height int) { return s.bounds.Dx(), s.bounds.Dy() }

// Luma implements [Picture].
func (s *seen) Luma(y int, dst []float32) { s.row(s.bounds.Min.Y+y, dst) }

// colours is a seen image of red, green, blue and opacity.
type colours struct {
	seen
	pix    []byte
	stride int
}

// raw implements inBytes.
func (c *colours) raw() (pix []byte, stride, perPixel int) { return c.pix, c.stride, 4 }

// lumaYCbCr converts each pixel as the standard library does; the offsets,
// which are what takes its time, are computed once for the row.
func lumaYCbCr(img *image.YCbCr, y int, dst []float32) {
	left, share := img.Rect.Min.X, 1
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		share = 2
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		share = 4
	}
	bright := img.Y[img.YOffset(left, y):][:len(dst)]
	colour := img.COffset(left, y) - left/share
	for x := range dst {
		c := colour + (left+x)/share
		dst[x] = luma(color.YCbCrToRGB(bright[x], img.Cb[c], img.Cr[c]))
	}
}

// lumaRGBA reads colours already multiplied by their opacity: over white, what
// opacity leaves is added.
func lumaRGBA(pix []byte, dst []float32) {
	for x := range dst {
		p := pix[4*x : 4*x+4 : 4*x+4]
		rest := 255 - p[3]
		dst[x] = luma(p[0]+rest, p[1]+rest, p[2]+rest)
	}
}

func lumaNRGBA(pix []byte, dst []float32) {
	for x := range dst {
		p := pix[4*x : 4*x+4 : 4*x+4]
		if p[3] == 255 {
			dst[x] = luma(p[0], p[1], p[2])
			continue
		}
		dst[x] = luma(overWhite(p[0], p[3]), overWhite(p[1], p[3]), overWhite(p[2], p[3]))
	}
}

func overWhite(value, opacity uint8) uint8 {
	a := uint32(opacity)
	return uint8((uint32(value)*a + 255*(255-a) + 127) / 255)
}

// lumaPalette returns the brightness of all 256 indices; those the palette
// does not have are black.
func lumaPalette(p color.Palette) (table [256]float32) {
	for i := range min(len(p), len(table)) {
		table[i] = lumaColor(p[i])
	}
	return table
}

func lumaColor(c color.Color) float32 {
	switch c := c.(type) {
	case color.NRGBA:
		return luma(overWhite(c.R, c.A), overWhite(c.G, c.A), overWhite(c.B, c.A))
	case color.CMYK:
		return luma(color.CMYKToRGB(c.C, c.M, c.Y, c.K))
	}
	r, g, b, a := c.RGBA()
	rest := 0xFFFF - a
	return luma(uint8((r+rest)>>8), uint8((g+rest)>>8), uint8((b+rest)>>8))
}
