package world

import (
	"bytes"
	"fmt"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// Media is one encoded picture or clip.
type Media struct {
	Type string // "image/jpeg"
	Body []byte
}

// Extension of a file of this type.
func (m Media) Extension() string { return extensionOf(m.Type) }

func extensionOf(mediaType string) string {
	switch mediaType {
	case "image/png":
		return "png"
	case "image/gif":
		return "gif"
	default:
		return "jpg"
	}
}

const (
	frames        = 6
	frameDelay    = 30 // hundredths of a second
	goodQuality   = 85
	poorQuality   = 55
	captionSize   = 14
	markSize      = 12
	shapesPerView = 9
)

// Still encodes the picture of a family under a transform; of a clip, its
// first frame.
func (w *World) Still(family int, t Transform) (Media, error) {
	f := w.Families[family]
	c, err := w.view(f)
	if err != nil {
		return Media{}, err
	}
	if c, err = w.transformed(c, f, t); err != nil {
		return Media{}, err
	}
	var out bytes.Buffer
	if f.Format == "png" && t != Reencoded {
		encoder := png.Encoder{CompressionLevel: png.BestSpeed}
		if err := encoder.Encode(&out, c.rgba()); err != nil {
			return Media{}, fmt.Errorf("encoding picture %d: %w", family, err)
		}
		return Media{"image/png", out.Bytes()}, nil
	}
	quality := goodQuality
	if t == Reencoded {
		quality = poorQuality
	}
	if err := jpeg.Encode(&out, c.rgba(), &jpeg.Options{Quality: quality}); err != nil {
		return Media{}, fmt.Errorf("encoding picture %d: %w", family, err)
	}
	return Media{"image/jpeg", out.Bytes()}, nil
}

// Clip encodes the moving picture of a family under a transform.
func (w *World) Clip(family int, t Transform) (Media, error) {
	f := w.Families[family]
	still, err := w.view(f)
	if err != nil {
		return Media{}, err
	}
	colours := fineLevels
	if t == Reencoded {
		colours = coarseLevels
	}
	palette := colours.palette()
	movie := &gif.GIF{}
	for k := range frames {
		c := w.frame(still, f, k)
		if c, err = w.transformed(c, f, t); err != nil {
			return Media{}, err
		}
		movie.Image = append(movie.Image, c.paletted(colours, palette))
		movie.Delay = append(movie.Delay, frameDelay)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, movie); err != nil {
		return Media{}, fmt.Errorf("encoding clip %d: %w", family, err)
	}
	return Media{"image/gif", out.Bytes()}, nil
}

// view paints a family's picture: a ground of soft light, some plain shapes,
// the mark above and the caption below.
func (w *World) view(f Family) (*canvas, error) {
	c := newCanvas(f.Width, f.Height)
	w.ground(c, f)
	for i := range shapesPerView {
		w.shape(c, f, i)
	}
	s, err := newScribe()
	if err != nil {
		return nil, err
	}
	mark := s.line(Mark(f.Language), f.Language, markSize)
	c.rect(0, 0, mark.w+6, mark.h+1, rgb{20, 20, 20}, 200)
	c.ink(mark, 3, 0, rgb{255, 255, 255})
	key := map[Class]string{Terrorist: f.Ground, TermsOnly: "terms", Lawful: "namesake"}[f.Group]
	lines := s.wrapped(tongueOf(f.Language).keys[key], f.Language, captionSize, f.Width-12)
	top := f.Height - len(lines)*captionSize*5/4 - 6
	c.rect(0, top, f.Width, f.Height, rgb{16, 18, 40}, 190)
	for i, line := range lines {
		c.ink(line, (f.Width-line.w)/2, top+i*captionSize*5/4, rgb{250, 240, 200})
	}
	return c, nil
}

// ground fills the canvas with a soft pattern between two colours, drawn from
// a coarse lattice and interpolated in integers.
func (w *World) ground(c *canvas, f Family) {
	const cols, rows = 9, 7
	var lattice [rows + 1][cols + 1]int
	for y := range lattice {
		for x := range lattice[y] {
			lattice[y][x] = w.dice.below(256, "lattice", f.Number, x, y)
		}
	}
	dark, light := w.colour("dark", f.Number, 0, 110), w.colour("light", f.Number, 120, 135)
	for y := range c.h {
		fy := y * rows * 256 / c.h
		for x := range c.w {
			fx := x * cols * 256 / c.w
			i, j, u, v := fx>>8, fy>>8, fx&255, fy&255
			above := lattice[j][i]*(256-u) + lattice[j][i+1]*u
			below := lattice[j+1][i]*(256-u) + lattice[j+1][i+1]*u
			level := (above*(256-v) + below*v) >> 16
			if f.Format == "png" {
				level &^= 15 // flat steps, as drawings have
			}
			at := 3 * (y*c.w + x)
			for k := range 3 {
				c.pix[at+k] = byte(int(dark[k]) + (int(light[k])-int(dark[k]))*level/255)
			}
		}
	}
}

// colour draws a colour whose channels lie in [low, low+span).
func (w *World) colour(question string, about, low, span int) rgb {
	h := w.dice.roll(question, about)
	return rgb{byte(low + int(h%uint64(span))), byte(low + int(h>>16%uint64(span))), byte(low + int(h>>32%uint64(span)))}
}

func (w *World) shape(c *canvas, f Family, i int) {
	h := w.dice.roll("shape", f.Number, i)
	colour := w.colour("shape colour", f.Number*100+i, 0, 256)
	size := c.h/10 + int(h%uint64(c.h/5))
	x, y := int(h>>12%uint64(c.w)), int(h>>28%uint64(c.h))
	switch h >> 60 % 3 {
	case 0:
		c.disc(x, y, size*2/3, colour)
	case 1:
		c.rect(x-size, y-size/2, x+size, y+size/2, colour, 255)
	default:
		c.wedge(x-size, y-size, 2*size, colour, int(h>>44&3))
	}
}

// frame moves a disc over the first picture.
func (w *World) frame(still *canvas, f Family, k int) *canvas {
	if k == 0 {
		return still
	}
	c := still.clone()
	h := w.dice.roll("moves", f.Number)
	x, y := int(h%uint64(c.w)), c.h/4+int(h>>20%uint64(c.h/3))
	c.disc((x+k*c.w/frames)%c.w, y, c.h/12, w.colour("mover", f.Number, 0, 256))
	return c
}

// transformed changes a picture as a re-upload does.
func (w *World) transformed(c *canvas, f Family, t Transform) (*canvas, error) {
	switch t {
	case Flipped:
		return c.flipped(), nil
	case Captioned:
		s, err := newScribe()
		if err != nil {
			return nil, err
		}
		c = c.clone()
		line := s.line(tongueOf(f.Language).channel, f.Language, captionSize)
		y := c.h/2 + w.dice.below(c.h/4, "second caption", f.Number)
		c.rect((c.w-line.w)/2-3, y, (c.w+line.w)/2+3, y+line.h, rgb{40, 10, 10}, 70)
		c.ink(line, (c.w-line.w)/2, y, rgb{235, 235, 235})
		return c, nil
	case Cropped5:
		return c.cropped(5), nil
	case Cropped10:
		return c.cropped(10), nil
	case Cropped20:
		return c.cropped(20), nil
	default:
		return c, nil
	}
}
