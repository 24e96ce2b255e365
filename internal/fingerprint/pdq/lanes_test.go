package pdq

import (
	"image"
	"math/rand/v2"
	"testing"
)

// plain hides that a picture is bytes, so that it is read row by row.
type plain struct{ Picture }

func noisy(width, height int, opaque bool) (*Gray, *image.RGBA) {
	rnd := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	gray := &Gray{Width: width, Height: height, Stride: width + 3, Pix: make([]byte, (width+3)*height)}
	for i := range gray.Pix {
		gray.Pix[i] = uint8(200 + rnd.UintN(56)) // bright: sums come near what a word holds
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		if img.Pix[i] = uint8(rnd.UintN(256)); i%4 == 3 && opaque {
			img.Pix[i] = 255
		}
	}
	return gray, img
}

// TestLanes: adding up bytes in words gives what adding up rows gives.
func TestLanes(t *testing.T) {
	for _, size := range [][2]int{{65, 70}, {64, 128}, {97, 500}, {120, 2048}, {80, 3000}, {66, 9000}, {64, 40_000}} {
		gray, img := noisy(size[0], size[1], true)
		for name, p := range map[string]Picture{"grey": gray, "colours": FromImage(img)} {
			all := tents(newWindow(size[1]))
			fast, slow := gather(p, all), gather(plain{p}, all)
			for i, v := range fast.rows {
				if d := v - slow.rows[i]; d > 0.002 || d < -0.002 {
					t.Fatalf("%s %v: %v for %v at %d", name, size, v, slow.rows[i], i)
				}
			}
		}
	}
}

// TestLanesOfGroups: the same where each row stands for several.
func TestLanesOfGroups(t *testing.T) {
	for _, group := range []int{2, 4, 8} {
		gray, _ := noisy(90, 700, true)
		all := grouped(tents(newWindow(700*group-group/2)), group)
		fast, slow := gather(gray, all), gather(plain{gray}, all)
		for i, v := range fast.rows {
			if d := v - slow.rows[i]; d > 0.002 || d < -0.002 {
				t.Fatalf("groups of %d: %v for %v at %d", group, v, slow.rows[i], i)
			}
		}
	}
}

func TestNotOpaqueIsReadRowByRow(t *testing.T) {
	_, img := noisy(200, 150, true)
	img.Pix[4*(150*200/2)+3] = 254 // one pixel of a row that counts
	p := FromImage(img)
	if got, want := *gather(p, tents(newWindow(150))), *gather(plain{p}, tents(newWindow(150))); !equalRows(got.rows, want.rows) {
		t.Error("a picture with one clear pixel is not read as such")
	}
	if left := (&gathered{width: 200, rows: make([]float32, side*200)}).gatherBytes(p.(inBytes), tents(newWindow(150))); len(left) != side {
		t.Errorf("%d of %d rows are left to be read row by row", len(left), side)
	}
}

func equalRows(a, b []float32) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// TestTaps: weights add up to one, whole ones to their total, whatever the
// length, the grouping and the side they are seen from.
func TestTaps(t *testing.T) {
	for n := side; n < 3000; n += 7 {
		for _, group := range []int{1, 2, 4, 8} {
			for _, list := range [][]taps{tents(newWindow(n)), mirrored(tents(newWindow(n)), n)} {
				whole := 0
				for _, s := range grouped(list, group) {
					sum, counts := 0.0, uint64(0)
					for _, w := range s.weights {
						sum += float64(w)
					}
					for _, c := range s.counts {
						counts += c
					}
					if sum < 0.9999 || sum > 1.0001 || s.counts != nil && counts != uint64(s.total) || s.from < 0 || s.from+len(s.weights) > (n+group-1)/group {
						t.Fatalf("%d pixels in groups of %d: sample %d weighs %f, counts %d of %d", n, group, s.sample, sum, counts, s.total)
					}
					left := 0
					for _, c := range s.chunks() {
						sum := uint64(0)
						for _, k := range c.counts {
							sum += k
						}
						if left += int(sum); sum > most16 {
							t.Fatalf("%d pixels in groups of %d: a chunk of %d", n, group, sum)
						}
					}
					if s.counts != nil {
						whole++
						if left != s.total {
							t.Fatalf("%d pixels: chunks of %d add up to %d", n, s.total, left)
						}
					}
				}
				if whole < side-2 {
					t.Fatalf("%d pixels: only %d samples have whole weights", n, whole)
				}
			}
		}
	}
}

// counted counts how often rows are asked for.
type counted struct {
	Picture
	rows int
}

func (c *counted) Luma(y int, dst []float32) {
	c.rows++
	c.Picture.Luma(y, dst)
}

// TestWork: a picture is read once for its hash, and for all eight turns once
// more where the window leans, not at all where it does not.
func TestWork(t *testing.T) {
	for _, c := range []struct{ side, turned int }{{600, 600}, {500, 1000}} {
		tried := 0
		for seed := range uint64(20) {
			p := &counted{Picture: drawn("patches", c.side, c.side, seed)}
			s := reduceQuick(p)
			low, high := s.qualities(stepSlack(c.side, c.side))
			if low != high || transformQuick(s).margin() <= 2*frequencySlack(c.side, c.side) {
				continue // in need of the exact way
			}
			tried++
			p.rows = 0
			Sum(p)
			once := p.rows
			SumTurned(p)
			if once > c.side || p.rows-once > c.turned {
				t.Errorf("side %d: %d rows read for one hash, %d for eight", c.side, once, p.rows-once)
			}
		}
		if tried == 0 {
			t.Errorf("side %d: no picture without doubt", c.side)
		}
	}
}
