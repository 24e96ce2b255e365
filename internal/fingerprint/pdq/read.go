package pdq

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/staydown/staydown/internal/fingerprint/pdq/lumajpeg"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// Limits bound what a picture file may cost. Zero values mean the defaults.
type Limits struct {
	Pixels int // width times height, checked before decoding; for animations also the sum over the frames read; 40 million
	Frames int // frames read of an animation; 16
	Scans  int // passes of a progressive JPEG over its pixels; 100, encoders make ten
}

func (l Limits) orDefault() Limits {
	if l.Pixels <= 0 {
		l.Pixels = 40_000_000
	}
	if l.Frames <= 0 {
		l.Frames = 16
	}
	if l.Scans <= 0 {
		l.Scans = 100
	}
	return l
}

// The reasons for which a file has no fingerprint.
var (
	ErrNoPicture = errors.New("not a picture of a known format")                   // JPEG, PNG, GIF, WebP, BMP, TIFF are known
	ErrTooLarge  = errors.New("the picture has too many pixels")                   // more than Limits.Pixels
	ErrTooOften  = errors.New("the picture file passes over its pixels too often") // a progressive JPEG made to keep a decoder busy
	ErrBroken    = errors.New("the picture file is broken or unread")              // the decoder gave up
)

// Code is the stable name of the reason for which a file has no fingerprint;
// empty for any other error.
func Code(err error) string {
	switch {
	case errors.Is(err, ErrNoPicture):
		return "picture.unknown_format"
	case errors.Is(err, ErrTooLarge):
		return "picture.too_large"
	case errors.Is(err, ErrTooOften):
		return "picture.too_many_passes"
	case errors.Is(err, ErrBroken):
		return "picture.broken"
	}
	return ""
}

// Frame is the fingerprint of one picture of a file.
type Frame struct {
	Index   int      // counting from 0
	AtMS    int64    // when it appears in an animation, milliseconds from the start
	Quality int      // 0 to 100; below MinQuality not worth comparing
	Hashes  Dihedral // Hashes[Original] is the picture's PDQ hash, the others those of the picture turned
}

// File is what a picture file yields.
type File struct {
	Format        string // "jpeg", "png", "gif", "webp", "bmp" or "tiff"
	Width, Height int    // in pixels, as a person sees it: turned by the camera's note
	Orientation   int    // the camera's note (EXIF), 1 to 8; 1 is upright
	Reading       string // [ReadingFull] or [ReadingLuma]
	Frames        []Frame
	Total         int // frames the file holds; more than len(Frames) where a limit cut in
}

// How a picture was read, stored with every hash so that hashes made in
// different ways can be told apart.
const (
	// ReadingFull: full size, standard decoders, EXIF orientation applied,
	// transparency over white. Its bits are the reference's.
	ReadingFull = "full-v1"
	// ReadingLuma: the brightness a JPEG stores, reduced while it is decoded as
	// long as both sides keep 512; orientation applied. What it does to the bits
	// is told in testdata/luma.md.
	ReadingLuma = "y-scaled-v1"
)

// Read fingerprints a picture file, in the way that costs least: a JPEG by its
// brightness alone where that is sure ([ReadingLuma]), everything else whole.
// The size is checked before anything is decoded. Errors wrap [ErrNoPicture],
// [ErrTooLarge], [ErrTooOften] or [ErrBroken].
func Read(data []byte, limits Limits) (File, error) { return read(data, limits, true) }

// ReadFull is [Read] in the reading [ReadingFull], whatever the format.
func ReadFull(data []byte, limits Limits) (File, error) { return read(data, limits, false) }

func read(data []byte, limits Limits, luma bool) (File, error) {
	limits = limits.orDefault()
	c, f, err := begin(data, limits)
	if err != nil {
		return File{}, err
	}
	if c.name == "gif" {
		return f, f.readGIF(data, limits)
	}
	if c.name == "jpeg" && luma && f.readLuma(data, limits) {
		return f, nil
	}
	if err := fewScans(c.name, data, limits); err != nil {
		return File{}, err
	}
	img, err := decode(c, data)
	if err != nil {
		return File{}, err
	}
	f.Orientation = orientation(c.name, data)
	picture := upright(FromImage(img), f.Orientation)
	f.Width, f.Height = picture.Size()
	hashes, quality := SumTurned(picture)
	f.Frames = []Frame{{Quality: quality, Hashes: hashes}}
	return f, nil
}

// begin reads the head of a picture file and holds it against the limits.
func begin(data []byte, limits Limits) (codec, File, error) {
	c, ok := sniff(data)
	if !ok {
		return codec{}, File{}, ErrNoPicture
	}
	cfg, err := c.config(data)
	if err != nil {
		return codec{}, File{}, fmt.Errorf("reading the head of a %s: %w: %v", c.name, ErrBroken, err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > limits.Pixels/cfg.Height {
		return codec{}, File{}, fmt.Errorf("reading a %s of %dx%d: %w", c.name, cfg.Width, cfg.Height, ErrTooLarge)
	}
	if err := plausible(c.name, data, cfg); err != nil {
		return codec{}, File{}, err
	}
	return c, File{Format: c.name, Width: cfg.Width, Height: cfg.Height, Orientation: 1, Total: 1, Reading: ReadingFull}, nil
}

// fewScans refuses a JPEG that makes a decoder pass over the whole picture again
// and again for a few bytes each time.
func fewScans(format string, data []byte, limits Limits) error {
	if format != "jpeg" {
		return nil
	}
	if n := lumajpeg.Scans(data); n > limits.Scans {
		return fmt.Errorf("decoding a jpeg of %d scans: %w", n, ErrTooOften)
	}
	return nil
}

// codec is a picture format: how it is known and who decodes it.
type codec struct {
	name   string
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
}

func sniff(data []byte) (codec, bool) {
	starts := func(magic string) bool { return bytes.HasPrefix(data, []byte(magic)) }
	switch {
	case starts("\xff\xd8\xff"):
		return codec{"jpeg",
			func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }}, true
	case starts("\x89PNG\r\n\x1a\n"):
		return codec{"png",
			func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }}, true
	case starts("GIF87a"), starts("GIF89a"):
		return codec{"gif", gifConfig, nil}, true
	case starts("RIFF") && len(data) > 15 && string(data[8:12]) == "WEBP":
		return codec{"webp",
			func(b []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) }}, true
	case starts("BM"):
		return codec{"bmp",
			func(b []byte) (image.Config, error) { return bmp.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return bmp.Decode(bytes.NewReader(b)) }}, true
	case starts("II*\x00"), starts("MM\x00*"):
		return codec{"tiff",
			func(b []byte) (image.Config, error) { return tiff.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return tiff.Decode(bytes.NewReader(b)) }}, true
	}
	return codec{}, false
}

// decode runs a decoder on bytes from outside. A decoder that panics has met a
// file it does not understand; that ends this file, not the program.
func decode(c codec, data []byte) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("decoding a %s: %w: the decoder panicked", c.name, ErrBroken)
		}
	}()
	img, err = c.decode(data)
	if err != nil {
		return nil, fmt.Errorf("decoding a %s: %w: %v", c.name, ErrBroken, err)
	}
	return img, nil
}
