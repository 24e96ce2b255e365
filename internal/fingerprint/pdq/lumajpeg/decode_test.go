package lumajpeg

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// samples are pictures drawn by a formula and encoded by cjpeg (libjpeg-turbo
// 2.1.5) in every way that is read here, and some that are not.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.jpg"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	out := map[string][]byte{}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(p)] = data
	}
	return out
}

// standard is the brightness the standard library decodes.
func standard(t testing.TB, data []byte) (pix func(x, y int) int, width, height int) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	switch img := img.(type) {
	case *image.YCbCr:
		return func(x, y int) int { return int(img.Y[img.YOffset(x, y)]) }, b.Dx(), b.Dy()
	case *image.Gray:
		return func(x, y int) int { return int(img.GrayAt(x, y).Y) }, b.Dx(), b.Dy()
	}
	t.Fatalf("decoded as %T", img)
	return nil, 0, 0
}

// hold compares a plane with the standard library's: no value further off than
// most, and on average no more than mean. A reduced plane is compared with the
// means of groups.
func hold(t *testing.T, name string, data []byte, side int, most int, mean float64) {
	t.Helper()
	p, err := Decode(data, Options{Side: side})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	pix, width, height := standard(t, data)
	if p.FullWidth != width || p.FullHeight != height || p.Width != ceil(width, p.Group) || p.Height != ceil(height, p.Group) {
		t.Errorf("%s: %dx%d in groups of %d for %dx%d", name, p.Width, p.Height, p.Group, width, height)
		return
	}
	sum, n := 0.0, 0
	for y := range height / p.Group {
		for x := range width / p.Group {
			want := 0
			for i := range p.Group {
				for j := range p.Group {
					want += pix(x*p.Group+j, y*p.Group+i)
				}
			}
			off := math.Abs(float64(p.Pix[y*p.Stride+x]) - float64(want)/float64(p.Group*p.Group))
			if sum += off; off > float64(most) {
				t.Errorf("%s in groups of %d: at %d,%d off by %.1f", name, p.Group, x, y, off)
				return
			}
			n++
		}
	}
	if sum/float64(n) > mean {
		t.Errorf("%s in groups of %d: off by %.2f on average", name, p.Group, sum/float64(n))
	}
}

func TestSamplesAsTheStandardLibrary(t *testing.T) {
	for name, data := range samples(t) {
		if strings.HasPrefix(name, "unusual") {
			if _, err := Decode(data, Options{}); !errors.Is(err, ErrUnusual) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if name == "progressive-restart.jpg" { // the standard library cannot: see TestProgressiveAsBaseline
			continue
		}
		hold(t, name, data, 512, 1, 0.1)
		hold(t, name, data, 50, 24, 1.5) // what a group leaves out are its finest details
		hold(t, name, data, 25, 24, 1.5)
		hold(t, name, data, 12, 24, 1.5)
	}
}

// TestProgressiveAsBaseline: the same coefficients, sent in another order,
// make the same plane at every reduction.
func TestProgressiveAsBaseline(t *testing.T) {
	all := samples(t)
	for baseline, progressive := range map[string]string{
		"baseline-1x1.jpg": "progressive-1x1.jpg", "baseline-2x1.jpg": "progressive-2x1.jpg", "baseline-1x2.jpg": "progressive-1x2.jpg",
		"baseline-2x2.jpg": "progressive-2x2.jpg", "baseline-4x1.jpg": "progressive-4x1.jpg", "baseline-4x2.jpg": "progressive-4x2.jpg",
		"baseline-restart.jpg": "progressive-restart.jpg", "grey.jpg": "grey-progressive.jpg", "optimized.jpg": "baseline-separate.jpg",
	} {
		for _, side := range []int{512, 50, 25, 12} {
			a, err := Decode(all[baseline], Options{Side: side})
			b, err2 := Decode(all[progressive], Options{Side: side})
			if err != nil || err2 != nil {
				t.Errorf("%s: %v, %v", progressive, err, err2)
				continue
			}
			for y := range a.Height {
				if !bytes.Equal(a.Pix[y*a.Stride:][:a.Width], b.Pix[y*b.Stride:][:b.Width]) {
					t.Errorf("%s in groups of %d: row %d differs", progressive, a.Group, y)
					break
				}
			}
		}
	}
}

// drawn is a picture by formula.
func drawn(width, height int, seed float64) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			img.SetRGBA(x, y, color.RGBA{
				uint8(127 + 120*math.Sin(9*u*seed+7*v*v)), uint8(127 + 100*math.Cos(13*v-4*u+seed)), uint8(255 * u * v), 255,
			})
		}
	}
	return img
}

func TestEncodedAsTheStandardLibrary(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {7, 9}, {8, 8}, {16, 17}, {33, 15}, {200, 3}, {3, 200}, {321, 243}} {
		for _, quality := range []int{1, 10, 50, 90, 100} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, drawn(size[0], size[1], float64(quality)), &jpeg.Options{Quality: quality}); err != nil {
				t.Fatal(err)
			}
			hold(t, "drawn", b.Bytes(), 512, 1, 0.1)
			if quality == 90 { // little noise: means come out almost to the value
				hold(t, "drawn", b.Bytes(), 1+min(size[0], size[1])/9, 24, 1)
			}
		}
	}
}

func TestGroups(t *testing.T) {
	for _, c := range []struct{ width, height, group int }{
		{512, 512, 1}, {1022, 2000, 1}, {1023, 2000, 2}, {1024, 1024, 2}, {2045, 2048, 4}, {4090, 4089, 8}, {600, 5000, 1},
	} {
		d := &decoder{options: Options{}.orDefault(), width: c.width, height: c.height, data: make([]byte, 1<<20), parts: []part{{h: 1, v: 1}}}
		if err := d.layout(); err != nil {
			t.Fatal(err)
		}
		if err := d.prepare(); err != nil || d.plane.Group != c.group {
			t.Errorf("%dx%d: %v, groups of %d, want %d", c.width, c.height, err, d.plane.Group, c.group)
		}
	}
}
