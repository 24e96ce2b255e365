package evidence

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// halves is a picture whose left half is red and whose right half is blue, with
// a see-through stripe at the bottom.
func halves(w, h int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{200, 20, 20, 255}
			if x >= w/2 {
				c = color.NRGBA{20, 20, 200, 255}
			}
			if y >= h*9/10 {
				c.A = 0
			}
			p.SetNRGBA(x, y, c)
		}
	}
	return p
}

func encoded(t *testing.T, kind string, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, p)
	case "jpeg":
		err = jpeg.Encode(&b, p, nil)
	case "gif":
		err = gif.Encode(&b, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func still(t *testing.T, b []byte, v Variant, size int) (image.Image, Picture) {
	t.Helper()
	p, err := Still(t.Context(), bytes.NewReader(b), v, size)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	return out, p
}

func rgb(p image.Image, x, y int) [3]int {
	r, g, b, _ := p.At(x, y).RGBA()
	return [3]int{int(r >> 8), int(g >> 8), int(b >> 8)}
}

func near(a, b, by int) bool { return a-b <= by && b-a <= by }

func TestStill(t *testing.T) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		b := encoded(t, kind, halves(1000, 500))
		out, p := still(t, b, Plain, 0)
		if out.Bounds() != image.Rect(0, 0, 320, 160) || p.Width != 1000 || p.Height != 500 {
			t.Errorf("%s: %v of %dx%d", kind, out.Bounds(), p.Width, p.Height)
		}
		if c := rgb(out, 80, 40); !near(c[0], 200, 12) || !near(c[2], 20, 12) {
			t.Errorf("%s: left is %v", kind, c)
		}
		if c := rgb(out, 240, 40); !near(c[0], 20, 12) || !near(c[2], 200, 12) {
			t.Errorf("%s: right is %v", kind, c)
		}
		grey, _ := still(t, b, Grey, 0)
		if c := rgb(grey, 80, 40); !near(c[0], c[2], 3) || !near(c[0], 74, 12) {
			t.Errorf("%s: grey is %v", kind, c)
		}
		blurred, _ := still(t, b, Blurred, 0)
		sharp := rgb(out, 156, 40)[0] - rgb(out, 164, 40)[0]
		soft := rgb(blurred, 156, 40)[0] - rgb(blurred, 164, 40)[0]
		if soft*3 > sharp || rgb(blurred, 20, 20)[0] < 180 {
			t.Errorf("%s: the edge went from %d to %d, the side is %v", kind, sharp, soft, rgb(blurred, 20, 20))
		}
		mild, _ := still(t, b, BlurredGrey, 0)
		if c := rgb(mild, 80, 40); !near(c[0], c[1], 3) || !near(c[1], c[2], 3) {
			t.Errorf("%s: the mildest is %v", kind, c)
		}
	}
}

func TestStillSizes(t *testing.T) {
	for _, c := range []struct{ w, h, size, wantW, wantH int }{
		{96, 50, 0, 96, 50}, {640, 10, 320, 320, 5}, {10, 3000, 96, 1, 96}, {1, 1, 320, 1, 1}, {4000, 1, 320, 320, 1}, {640, 640, 9999, 320, 320},
	} {
		for _, v := range []Variant{Plain, BlurredGrey} {
			out, _ := still(t, encoded(t, "png", halves(c.w, c.h)), v, c.size)
			if out.Bounds() != image.Rect(0, 0, c.wantW, c.wantH) {
				t.Errorf("%+v %s: %v", c, v, out.Bounds())
			}
		}
	}
}

func TestTransparencyHidesNothing(t *testing.T) {
	out, _ := still(t, encoded(t, "png", halves(100, 100)), Plain, 0)
	if c := rgb(out, 50, 97); !near(c[0], 128, 12) || !near(c[2], 128, 12) {
		t.Errorf("a see-through part is %v", c)
	}
}

// bombPNG is a few bytes that claim to be a picture of w by h pixels.
func bombPNG(w, h uint32) []byte {
	head := make([]byte, 17)
	copy(head, "IHDR")
	binary.BigEndian.PutUint32(head[4:], w)
	binary.BigEndian.PutUint32(head[8:], h)
	head[12], head[13] = 8, 6
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestStillRefuses(t *testing.T) {
	whole := encoded(t, "png", halves(300, 300))
	huge := append(encoded(t, "jpeg", halves(10, 10)), make([]byte, maxPicture)...)
	for name, c := range map[string]struct {
		bytes []byte
		want  error
	}{
		"pixel bomb":     {bombPNG(100_000, 100_000), ErrHugePicture},
		"wide bomb":      {bombPNG(1<<31-1, 1), ErrHugePicture},
		"a byte too big": {huge, ErrHugePicture},
		"cut short":      {whole[:len(whole)/2], ErrNoPicture},
		"only a head":    {bombPNG(10, 10), ErrNoPicture},
		"SVG":            {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), ErrNoPicture},
		"HTML":           {[]byte("<html><script>alert(1)</script>"), ErrNoPicture},
		"nothing":        {nil, ErrNoPicture},
	} {
		if _, err := Still(t.Context(), bytes.NewReader(c.bytes), Plain, 0); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Still(ctx, bytes.NewReader(whole), Plain, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("time is up: %v", err)
	}
}

func TestNothingOfTheOriginalSurvives(t *testing.T) {
	b := encoded(t, "jpeg", halves(50, 50))
	// A comment segment, as metadata would be, and a second file at the end.
	marked := append([]byte("\xff\xd8\xff\xfe\x00\x0eGPS-POSITION"), b[2:]...)
	marked = append(marked, "<script>alert(1)</script>"...)
	_, p := still(t, marked, Plain, 0)
	for _, left := range []string{"GPS", "script"} {
		if bytes.Contains(p.JPEG, []byte(left)) {
			t.Errorf("%q is still there", left)
		}
	}
}

func TestStillOfAnExhibit(t *testing.T) {
	v, _ := newVault(t)
	k, err := v.Keep(t.Context(), bytes.NewReader(encoded(t, "png", halves(40, 40))), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := v.Still(t.Context(), k.SHA256, Grey, 20); err != nil || p.Width != 40 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := v.Still(t.Context(), "x", Grey, 20); err == nil {
		t.Error("a still of nothing")
	}
}

func TestParseVariant(t *testing.T) {
	for in, want := range map[string]Variant{"plain": Plain, "grey": Grey, "blurred": Blurred, "": BlurredGrey, "loud": BlurredGrey} {
		if got := ParseVariant(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

func FuzzStill(f *testing.F) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		var b bytes.Buffer
		p := halves(8, 8)
		switch kind {
		case "png":
			png.Encode(&b, p)
		case "jpeg":
			jpeg.Encode(&b, p, nil)
		case "gif":
			gif.Encode(&b, p, nil)
		}
		f.Add(b.Bytes())
	}
	f.Add(bombPNG(1, 1))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Still(t.Context(), bytes.NewReader(b), BlurredGrey, 64)
		if err != nil {
			return
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
		if err != nil || c.Width > 64 || c.Height > 64 || c.Width < 1 || c.Height < 1 {
			t.Errorf("a still of %dx%d: %v", c.Width, c.Height, err)
		}
	})
}
