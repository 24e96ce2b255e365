package pdq

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
)

func gifConfig(b []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(b)) }

// readGIF fingerprints the frames of an animation as they appear on the
// screen, one after the other, up to the limits.
func (f *File) readGIF(data []byte, limits Limits) error {
	cut, total, err := cutGIF(data, limits)
	f.Total = total
	if err != nil {
		return fmt.Errorf("reading a gif: %w", err)
	}
	g, err := decodeGIF(cut)
	if err != nil {
		return err
	}
	screen := newScreen(f.Width, f.Height)
	var at int64
	for i, frame := range g.Image {
		screen.show(frame, g.Disposal[i])
		hashes, quality := SumTurned(FromImage(screen.canvas))
		f.Frames = append(f.Frames, Frame{Index: i, AtMS: at, Quality: quality, Hashes: hashes})
		at += int64(max(0, g.Delay[i])) * 10
		screen.dispose(frame.Bounds(), g.Disposal[i])
	}
	return nil
}

func decodeGIF(data []byte) (g *gif.GIF, err error) {
	defer func() {
		if p := recover(); p != nil {
			g, err = nil, fmt.Errorf("decoding a gif: %w: the decoder panicked", ErrBroken)
		}
	}()
	g, err = gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decoding a gif: %w: %v", ErrBroken, err)
	}
	return g, nil
}

// screen is what a viewer has on the screen between frames.
type screen struct {
	canvas, before *image.RGBA
}

func newScreen(width, height int) *screen {
	return &screen{canvas: image.NewRGBA(image.Rect(0, 0, width, height))}
}

func (s *screen) show(frame *image.Paletted, disposal byte) {
	if disposal == gif.DisposalPrevious {
		if s.before == nil {
			s.before = image.NewRGBA(s.canvas.Rect)
		}
		copy(s.before.Pix, s.canvas.Pix)
	}
	draw.Draw(s.canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Over)
}

func (s *screen) dispose(area image.Rectangle, disposal byte) {
	switch disposal {
	case gif.DisposalBackground:
		draw.Draw(s.canvas, area, image.Transparent, image.Point{}, draw.Src)
	case gif.DisposalPrevious:
		copy(s.canvas.Pix, s.before.Pix)
	}
}

var errGIFEnds = errors.New("the file ends within a block")

// cutGIF walks the blocks of a GIF without decoding, so that the decoder,
// which takes all frames at once, is only handed as many as the limits allow:
// a few kilobytes can hold thousands of full-screen frames. It returns the
// file ended early, and the number of frames the whole file announces.
func cutGIF(data []byte, limits Limits) (cut []byte, total int, err error) {
	w := walker{data: data, at: 13}
	if len(data) < 13 {
		return nil, 0, fmt.Errorf("%w: %w", ErrBroken, errGIFEnds)
	}
	w.at += colourTable(data[10])
	pixels, end := 0, 0
	screen := (int(data[6]) | int(data[7])<<8) * (int(data[8]) | int(data[9])<<8)
	for {
		start := w.at
		switch w.byte() {
		case 0x21: // extension
			w.byte()
			w.blocks()
		case 0x2C: // a frame
			pixels += max(screen, w.frame())
			if !w.ok() {
				return w.result(data, end, total)
			}
			if total++; total <= limits.Frames && (pixels <= limits.Pixels || total == 1) {
				end = w.at
			}
		default: // the trailer, or something no decoder reads on from
			if total == 0 || !w.ok() && end == 0 {
				return nil, total, fmt.Errorf("%w: no frame at byte %d", ErrBroken, start)
			}
			return w.result(data, end, total)
		}
		if !w.ok() {
			return w.result(data, end, total)
		}
	}
}

// walker steps through GIF blocks and notes when it would run off the end.
type walker struct {
	data []byte
	at   int
}

func (w *walker) ok() bool { return w.at <= len(w.data) }

func (w *walker) byte() byte {
	if w.at >= len(w.data) {
		w.at = len(w.data) + 1
		return 0
	}
	w.at++
	return w.data[w.at-1]
}

// blocks skips sub-blocks to the empty one.
func (w *walker) blocks() {
	for w.ok() {
		size := int(w.byte())
		if size == 0 {
			return
		}
		w.at += size
	}
}

// frame skips one frame behind its introducer and returns how many pixels it
// has.
func (w *walker) frame() int {
	if w.at+9 > len(w.data) {
		w.at = len(w.data) + 1
		return 0
	}
	d := w.data[w.at:]
	width, height := int(d[4])|int(d[5])<<8, int(d[6])|int(d[7])<<8
	w.at += 9 + colourTable(d[8])
	w.byte() // code size
	w.blocks()
	return width * height
}

// result ends the file behind the last frame taken.
func (w *walker) result(data []byte, end, total int) ([]byte, int, error) {
	if end == 0 {
		return nil, total, fmt.Errorf("%w: %w", ErrBroken, errGIFEnds)
	}
	return append(data[:end:end], 0x3B), total, nil
}

func colourTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}
