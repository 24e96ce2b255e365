package pdq

import (
	"image"
	"image/color"
)

// ReadingHMA is how Meta's Hasher-Matcher-Actioner reads a picture file
// (python-threatexchange through Pillow), for the files it reads otherwise than
// a person sees them: whoever takes hashes from it, or gives hashes to it, will
// miss such a picture without a hash of this reading too.
//
// Palettes are hashed by their indices, four colours by cyan, magenta and
// yellow in place of red, green and blue, grey of 16 bits by the value cut off
// at 255; opacity is dropped; the camera's note is not followed; of an
// animation there is the first frame.
const ReadingHMA = "hma-v1"

// Reading is a picture as one reading has it.
type Reading struct {
	Name    string // [ReadingFull] or [ReadingHMA]
	Picture Picture
}

// Readings returns the readings of a file at full size: as a person sees it,
// and where it differs as HMA reads it. Of an animation it is the first frame.
// Errors are those of [Read].
func Readings(data []byte, limits Limits) ([]Reading, error) {
	limits = limits.orDefault()
	limits.Frames = 1
	c, _, err := begin(data, limits)
	if err != nil {
		return nil, err
	}
	if c.name == "gif" {
		return gifReadings(data, limits)
	}
	if err := fewScans(c.name, data, limits); err != nil {
		return nil, err
	}
	img, err := decode(c, data)
	if err != nil {
		return nil, err
	}
	note := orientation(c.name, data)
	seen := FromImage(img)
	out := []Reading{{ReadingFull, upright(seen, note)}}
	if hma := hmaPicture(img); hma != nil {
		return append(out, Reading{ReadingHMA, hma}), nil
	}
	if note > 1 {
		out = append(out, Reading{ReadingHMA, seen})
	}
	return out, nil
}

func gifReadings(data []byte, limits Limits) ([]Reading, error) {
	cut, _, err := cutGIF(data, limits)
	if err != nil {
		return nil, err
	}
	g, err := decodeGIF(cut)
	if err != nil {
		return nil, err
	}
	screen := newScreen(g.Config.Width, g.Config.Height)
	screen.show(g.Image[0], 0)
	out := []Reading{{ReadingFull, FromImage(screen.canvas)}}
	if hma := hmaPicture(g.Image[0]); hma != nil && g.Image[0].Rect == screen.canvas.Rect {
		out = append(out, Reading{ReadingHMA, hma})
	}
	return out, nil
}

// hmaPicture is the picture HMA hashes, without the camera's note; nil where
// that is the one a person sees.
func hmaPicture(img image.Image) Picture {
	b := img.Bounds()
	switch img := img.(type) {
	case *image.Paletted:
		if ramp(img.Palette) {
			return nil // Pillow opens it as grey
		}
		return &Gray{Width: b.Dx(), Height: b.Dy(), Stride: img.Stride, Pix: img.Pix[img.PixOffset(b.Min.X, b.Min.Y):]}
	case *image.CMYK:
		return &seen{b, func(y int, dst []float32) {
			for x := range dst {
				p := img.Pix[img.PixOffset(b.Min.X+x, y):][:3]
				dst[x] = luma(p[0], p[1], p[2])
			}
		}}
	case *image.Gray16:
		return &seen{b, func(y int, dst []float32) {
			for x := range dst {
				dst[x] = float32(min(img.Gray16At(b.Min.X+x, y).Y, 255))
			}
		}}
	case *image.NRGBA:
		if img.Opaque() {
			return nil
		}
		return &seen{b, func(y int, dst []float32) {
			for x := range dst {
				p := img.Pix[img.PixOffset(b.Min.X+x, y):][:3]
				dst[x] = luma(p[0], p[1], p[2])
			}
		}}
	case *image.NRGBA64:
		if img.Opaque() {
			return nil
		}
		return &seen{b, func(y int, dst []float32) {
			for x := range dst {
				c := img.NRGBA64At(b.Min.X+x, y)
				dst[x] = luma(uint8(c.R>>8), uint8(c.G>>8), uint8(c.B>>8))
			}
		}}
	}
	return nil
}

// ramp reports a palette whose indices are its shades of grey.
func ramp(p color.Palette) bool {
	for i, c := range p {
		r, g, b, a := c.RGBA()
		if a != 0xFFFF || r != g || g != b || int(r>>8) != i {
			return false
		}
	}
	return true
}
