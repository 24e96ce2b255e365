package lumajpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"runtime"
	"testing"
)

// allocated is how many bytes f sets aside.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// resized is a file whose frame header tells another size.
func resized(t *testing.T, data []byte, width, height int) []byte {
	t.Helper()
	data = bytes.Clone(data)
	for _, marker := range []byte{0xC0, 0xC1, 0xC2} {
		if at := bytes.Index(data, []byte{0xFF, marker, 0}); at >= 0 {
			binary.BigEndian.PutUint16(data[at+5:], uint16(height))
			binary.BigEndian.PutUint16(data[at+7:], uint16(width))
			return data
		}
	}
	t.Fatal("no frame header")
	return nil
}

func TestTruncated(t *testing.T) {
	for name, data := range samples(t) {
		for cut := 0; cut < len(data)-2; cut += 1 + len(data)/97 {
			p, err := Decode(data[:cut], Options{Side: 50})
			if err != nil && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrUnusual) {
				t.Errorf("%s cut at %d: %v", name, cut, err)
			}
			if err == nil && cut < len(data)/2 && name != "baseline-separate.jpg" { // whose brightness comes first
				t.Errorf("%s cut at %d: a plane of %dx%d", name, cut, p.Width, p.Height)
			}
		}
	}
}

// TestLyingHeaders: what a header claims is not set aside before the file is
// long enough for it.
func TestLyingHeaders(t *testing.T) {
	all := samples(t)
	for _, c := range []struct {
		name          string
		width, height int
		want          error
	}{
		{"baseline-2x2.jpg", 65500, 65500, ErrTooLarge},
		{"progressive-2x2.jpg", 65500, 65500, ErrTooLarge},
		{"baseline-2x2.jpg", 6000, 6000, ErrBroken},
		{"progressive-2x2.jpg", 6000, 6000, ErrBroken},
		{"grey.jpg", 65500, 600, ErrBroken},
		{"grey.jpg", 65500, 1, ErrBroken},
		{"progressive-1x1.jpg", 1, 65500, ErrBroken},
		{"baseline-2x2.jpg", 600, 600, ErrBroken}, // long enough to begin with
		{"baseline-2x2.jpg", 0, 600, ErrBroken},
		{"baseline-2x2.jpg", 600, 0, ErrUnusual},
	} {
		data, err := resized(t, all[c.name], c.width, c.height), error(nil)
		if used := allocated(func() { _, err = Decode(data, Options{}) }); used > 2<<20 {
			t.Errorf("%s as %dx%d: %d bytes set aside", c.name, c.width, c.height, used)
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s as %dx%d: %v, want %v", c.name, c.width, c.height, err, c.want)
		}
	}
}

// TestScanBomb: a pass of a progressive file again and again.
func TestScanBomb(t *testing.T) {
	data := samples(t)["grey-progressive.jpg"]
	from := bytes.Index(data, []byte{0xFF, 0xDA}) + 2
	from += bytes.Index(data[from:], []byte{0xFF, 0xDA}) // the second pass, which may come twice
	to := nextMarker(data, from+10)
	bomb := bytes.Clone(data[:from])
	for range 5000 {
		bomb = append(bomb, data[from:to]...)
	}
	bomb = append(bomb, data[to:]...)
	var err error
	if used := allocated(func() { _, err = Decode(bomb, Options{}) }); !errors.Is(err, ErrScans) || used > 2<<20 {
		t.Errorf("%v, %d bytes set aside", err, used)
	}
}

// TestMemory: a reduced progressive picture keeps little more than it needs,
// where all coefficients would be two bytes for each pixel.
func TestMemory(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawn(2400, 2400, 3), nil); err != nil {
		t.Fatal(err)
	}
	used := allocated(func() {
		if p, err := Decode(b.Bytes(), Options{}); err != nil || p.Group != 4 {
			t.Errorf("%v", err)
		}
	})
	if most := uint64(len(b.Bytes())*6 + 2400*2400/16*2 + 1<<20); used > most {
		t.Errorf("%d bytes set aside, more than %d", used, most)
	}
}

func FuzzDecode(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data, uint16(16))
	}
	f.Fuzz(func(t *testing.T, data []byte, side uint16) {
		p, err := Decode(data, Options{Pixels: 1 << 18, Side: int(side)})
		if err != nil {
			if !errors.Is(err, ErrUnusual) && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrScans) {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		if p.Width < 1 || p.Height < 1 || p.Width > p.Stride || len(p.Pix) < (p.Height-1)*p.Stride+p.Width {
			t.Fatalf("%dx%d in %d bytes of stride %d", p.Width, p.Height, len(p.Pix), p.Stride)
		}
	})
}
