package pdq

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
)

// mostBytes is what the pixels of a decoded picture may take up.
const mostBytes = 256 << 20

// plausible refuses a file whose head promises more than the file can hold, or
// than memory should: decoders set aside the whole picture before they read
// the first pixel of it.
func plausible(format string, data []byte, cfg image.Config) error {
	pixels := cfg.Width * cfg.Height
	if wide := bytesPerPixel(cfg.ColorModel) * pixels; wide > mostBytes {
		return fmt.Errorf("reading a %s of %dx%d: %w", format, cfg.Width, cfg.Height, ErrTooLarge)
	}
	short := false
	switch format {
	case "png": // deflate grows by 1032 at most; a pixel takes a bit or more
		short = pngPixelBytes(data)*1032*8 < pixels
	case "bmp": // not compressed; a pixel takes a bit or more
		short = len(data)*8 < pixels
	case "jpeg": // a block of 8x8 takes a bit or more
		short = len(data)*8*64 < pixels
	}
	if short {
		return fmt.Errorf("reading a %s of %dx%d in %d bytes: %w: its head promises too much", format, cfg.Width, cfg.Height, len(data), ErrBroken)
	}
	return nil
}

func bytesPerPixel(m color.Model) int {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

// pngPixelBytes is how many bytes of compressed pixels a PNG holds.
func pngPixelBytes(data []byte) (total int) {
	for at := 8; at+8 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		if bytes.Equal(data[at+4:at+8], []byte("IDAT")) {
			total += min(size, len(data)-at-8)
		}
		if size > len(data)-at {
			break
		}
		at += 12 + size
	}
	return total
}
