package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/webp"
)

// Variant is how a still is shown. Small, grey and blurred by default is what
// the people who look at this all day ask for; each may choose otherwise.
type Variant string

// The variants of a still, the mildest last.
const (
	Plain       Variant = "plain"
	Grey        Variant = "grey"
	Blurred     Variant = "blurred"
	BlurredGrey Variant = "blurred_grey"
)

// ParseVariant reads a variant; what is unknown becomes the mildest.
func ParseVariant(s string) Variant {
	switch v := Variant(s); v {
	case Plain, Grey, Blurred:
		return v
	}
	return BlurredGrey
}

const (
	// MaxStill is the longest side of a still, in pixels.
	MaxStill = 320
	// maxPicture bounds the bytes of a picture that is decoded.
	maxPicture = 32 << 20
	// maxPixels bounds the area of a picture that is decoded: 24 million are at
	// most 192 MB in a decoder's memory.
	maxPixels = 24_000_000
	// maxDecoding bounds the time a decoder is given: a file of a few bytes can
	// ask for the same pixels to be refined thousands of times.
	maxDecoding = 10 * time.Second
)

// ErrNoPicture means that the bytes are no picture of a kind that is shown.
var ErrNoPicture = errors.New("not a picture that can be shown")

// ErrHugePicture means that a picture is too large to be decoded safely.
var ErrHugePicture = errors.New("the picture is too large to be shown")

// Picture is a still, and what the original measured.
type Picture struct {
	JPEG          []byte
	Width, Height int // of the original, in pixels
}

// Still makes a small JPEG from the pixels of a hostile picture (JPEG, PNG, WebP
// or the first frame of a GIF). Nothing of the original's bytes survives in it:
// no metadata, no second file hidden behind the first, no trick aimed at a
// browser's decoder. The size is read and judged before anything is decoded.
// The longest side becomes at most size pixels (0 and more than MaxStill mean
// MaxStill); small pictures are not enlarged.
func Still(ctx context.Context, r io.Reader, variant Variant, size int) (Picture, error) {
	if size <= 0 || size > MaxStill {
		size = MaxStill
	}
	ctx, cancel := context.WithTimeout(ctx, maxDecoding)
	defer cancel()
	b, err := io.ReadAll(io.LimitReader(r, maxPicture+1))
	if err != nil {
		return Picture{}, fmt.Errorf("making a still: %w", err)
	}
	if len(b) > maxPicture {
		return Picture{}, fmt.Errorf("making a still: more than %d bytes: %w", maxPicture, ErrHugePicture)
	}
	pixels, err := decode(ctx, b)
	if err != nil {
		return Picture{}, fmt.Errorf("making a still: %w", err)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, render(pixels, variant, size), &jpeg.Options{Quality: 82}); err != nil {
		return Picture{}, fmt.Errorf("making a still: %w", err)
	}
	return Picture{JPEG: out.Bytes(), Width: pixels.Bounds().Dx(), Height: pixels.Bounds().Dy()}, nil
}

// Still makes a still of an exhibit; see the function of the same name.
func (v *Vault) Still(ctx context.Context, sha256 string, variant Variant, size int) (Picture, error) {
	r, err := v.Read(ctx, sha256)
	if err != nil {
		return Picture{}, err
	}
	defer r.Close()
	return Still(ctx, r, variant, size)
}

// decoder reads one kind of picture. They are named here, one by one: a
// registry would let an import add a decoder for hostile bytes unseen.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	pixels func(io.Reader) (image.Image, error)
}

var decoders = map[string]decoder{
	"image/gif":  {gif.DecodeConfig, gif.Decode},
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// decode gives the pixels of a picture whose size was found bearable. A decoder
// that panics is a broken picture, not a broken desk.
func decode(ctx context.Context, b []byte) (pixels image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the decoder gave up (%v): %w", p, ErrNoPicture)
		}
	}()
	d, ok := decoders[Sniff(b)]
	if !ok {
		return nil, fmt.Errorf("%s: %w", Sniff(b), ErrNoPicture)
	}
	c, err := d.config(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", ErrNoPicture, err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return nil, fmt.Errorf("%d x %d pixels: %w", c.Width, c.Height, ErrHugePicture)
	}
	pixels, err = d.pixels(contextReader{ctx, bytes.NewReader(b)})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", ErrNoPicture, err)
	}
	if pixels.Bounds().Empty() || pixels.Bounds().Dx() > maxPixels/pixels.Bounds().Dy() {
		return nil, fmt.Errorf("%v: %w", pixels.Bounds(), ErrNoPicture)
	}
	return pixels, nil
}

// contextReader starves a decoder whose time is up.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
