package pdq

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	many  = flag.Int("pictures", 6, "how many generated pictures the reading of JPEG is measured on")
	write = flag.String("distribution", "", "file to write the distribution to, as the table of testdata/luma.md")
)

// motifs are the kinds of coloured pictures the reading of JPEG is measured on.
var motifs = []string{"scenery", "poster", "portrait", "screenshot", "saturated", "collage"}

// coloured draws a picture of a motif, the same for the same seed.
func coloured(motif string, width, height int, seed uint64) *image.RGBA {
	rnd := rand.New(rand.NewPCG(seed, 3))
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	switch motif {
	case "scenery":
		clouds(img, rnd, [3]float64{60 + 120*rnd.Float64(), 60 + 120*rnd.Float64(), 60 + 120*rnd.Float64()}, 7)
	case "portrait":
		clouds(img, rnd, [3]float64{150, 120, 100}, 3)
		for range 9 {
			ellipse(img, rnd, uint8(rnd.UintN(256)), uint8(rnd.UintN(200)), uint8(rnd.UintN(180)))
		}
	case "poster":
		fillRect(img, img.Rect, uint8(rnd.UintN(256)), uint8(rnd.UintN(60)), uint8(rnd.UintN(60)))
		for range 6 {
			ellipse(img, rnd, pure(rnd), pure(rnd), pure(rnd))
		}
		lines(img, rnd, 9, pure(rnd), 255, 255)
	case "screenshot":
		fillRect(img, img.Rect, 250, 250, 252)
		lines(img, rnd, 60, 20, 20, 30)
		for range 3 {
			box(img, rnd, uint8(rnd.UintN(256)), uint8(rnd.UintN(256)), uint8(rnd.UintN(256)))
		}
	case "saturated":
		for range 60 {
			box(img, rnd, pure(rnd), pure(rnd), pure(rnd))
		}
	case "collage":
		clouds(img, rnd, [3]float64{120, 130, 110}, 6)
		for range 12 {
			box(img, rnd, uint8(rnd.UintN(256)), uint8(rnd.UintN(256)), uint8(rnd.UintN(256)))
		}
		lines(img, rnd, 6, 255, 255, pure(rnd))
	}
	return img
}

func pure(rnd *rand.Rand) uint8 { return uint8(255 * rnd.IntN(2)) }

func put(img *image.RGBA, x, y int, r, g, b uint8) {
	p := img.Pix[img.PixOffset(x, y):][:4]
	p[0], p[1], p[2], p[3] = r, g, b, 255
}

func fillRect(img *image.RGBA, area image.Rectangle, r, g, b uint8) {
	area = area.Intersect(img.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			put(img, x, y, r, g, b)
		}
	}
}

func box(img *image.RGBA, rnd *rand.Rand, r, g, b uint8) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x, y := rnd.IntN(w), rnd.IntN(h)
	fillRect(img, image.Rect(x, y, x+w/20+rnd.IntN(w/3), y+h/20+rnd.IntN(h/3)), r, g, b)
}

// lines look like text from afar: rows of short strokes.
func lines(img *image.RGBA, rnd *rand.Rand, n int, r, g, b uint8) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for range n {
		y, size := rnd.IntN(h), 2+rnd.IntN(max(3, h/60))
		for x := rnd.IntN(w); x < w-size; x += size + rnd.IntN(3*size) {
			fillRect(img, image.Rect(x, y, x+1+rnd.IntN(size), y+size), r, g, b)
		}
	}
}

func ellipse(img *image.RGBA, rnd *rand.Rand, r, g, b uint8) {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	cx, cy, rx, ry := rnd.Float64()*w, rnd.Float64()*h, (0.05+0.2*rnd.Float64())*w, (0.05+0.2*rnd.Float64())*h
	for y := int(max(0, cy-ry)); y < int(min(h, cy+ry)); y++ {
		half := rx * math.Sqrt(max(0, 1-math.Pow((float64(y)-cy)/ry, 2)))
		for x := int(max(0, cx-half)); x < int(min(w, cx+half)); x++ {
			put(img, x, y, r, g, b)
		}
	}
}

// clouds add up noise of many sizes, each half as strong as the one before.
func clouds(img *image.RGBA, rnd *rand.Rand, base [3]float64, octaves int) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	const n = 257
	lattice := make([][3]float64, n*n)
	for i := range lattice {
		lattice[i] = [3]float64{rnd.Float64() - 0.5, rnd.Float64() - 0.5, rnd.Float64() - 0.5}
	}
	for y := range h {
		for x := range w {
			c := base
			for o := range octaves {
				u, v := float64(x)/float64(w)*float64(int(2)<<o), float64(y)/float64(h)*float64(int(2)<<o)
				i, j := int(u), int(v)
				fx, fy := u-float64(i), v-float64(j)
				a, b := &lattice[(j*n+i+31*o)%(n*n-n-1)], &lattice[((j+1)*n+i+31*o)%(n*n-n-1)]
				a2, b2 := &lattice[(j*n+i+1+31*o)%(n*n-n-1)], &lattice[((j+1)*n+i+1+31*o)%(n*n-n-1)]
				strength := 220 / float64(int(1)<<o)
				for k := range c {
					c[k] += strength * ((a[k]*(1-fx)+a2[k]*fx)*(1-fy) + (b[k]*(1-fx)+b2[k]*fx)*fy)
				}
			}
			put(img, x, y, clip(c[0]), clip(c[1]), clip(c[2]))
		}
	}
}

func clip(v float64) uint8 { return uint8(max(0, min(255, v))) }

// specimen is one generated JPEG and how its readings differ.
type specimen struct {
	motif         string
	width, height int
	encoded       int // quality it is encoded with
	progressive   bool
	reading       string
	quality       int // PDQ's, of the full reading
	toFull        int // bits to the full reading
	toReference   int // bits to the full-size reference on libjpeg-turbo's pixels; -1 without djpeg
	apart         int // of quality between the readings
}

func measure(t *testing.T, n int) (all []specimen) {
	t.Helper()
	djpeg, _ := exec.LookPath("djpeg")
	cjpeg, _ := exec.LookPath("cjpeg")
	rnd := rand.New(rand.NewPCG(1, 1))
	for k := range n {
		s := specimen{motif: motifs[k%len(motifs)], encoded: []int{30, 50, 60, 75, 85, 92, 97}[rnd.IntN(7)], toReference: -1}
		if rnd.IntN(6) == 0 {
			s.encoded = 1 + rnd.IntN(29)
		}
		s.width, s.height = 300+rnd.IntN(1000), 300+rnd.IntN(800)
		if rnd.IntN(3) > 0 { // large enough to be reduced
			s.width, s.height = 1023+rnd.IntN(1300), 1023+rnd.IntN(900)
		}
		img := coloured(s.motif, s.width, s.height, uint64(k))
		data := s.encode(t, img, cjpeg, k)
		full, err := ReadFull(data, Limits{})
		got, err2 := Read(data, Limits{})
		if err != nil || err2 != nil {
			t.Fatalf("%+v: %v, %v", s, err, err2)
		}
		s.reading, s.quality = got.Reading, full.Frames[0].Quality
		s.toFull = got.Frames[0].Hashes[Original].Distance(full.Frames[0].Hashes[Original])
		s.apart = abs(got.Frames[0].Quality - full.Frames[0].Quality)
		if djpeg != "" {
			s.toReference = got.Frames[0].Hashes[Original].Distance(decodedBy(t, djpeg, data))
		}
		all = append(all, s)
	}
	return all
}

func abs(n int) int { return max(n, -n) }

// encode uses the standard library, and for every third picture cjpeg, where
// it is there: progressive, with other subsamplings.
func (s *specimen) encode(t *testing.T, img *image.RGBA, cjpeg string, k int) []byte {
	var b bytes.Buffer
	if cjpeg == "" || k%3 > 0 {
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: s.encoded}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	s.progressive = true
	fmt.Fprintf(&b, "P6\n%d %d\n255\n", s.width, s.height)
	for at := 0; at < len(img.Pix); at += 4 {
		b.Write(img.Pix[at : at+3])
	}
	cmd := exec.Command(cjpeg, "-progressive", "-sample", []string{"1x1", "2x1", "2x2"}[k/3%3], "-quality", fmt.Sprint(s.encoded))
	cmd.Stdin = &b
	data, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decodedBy is the hash of the pixels that djpeg decodes.
func decodedBy(t *testing.T, djpeg string, data []byte) Hash {
	cmd := exec.Command(djpeg, "-pnm")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var kind string
	var width, height, most int
	if _, err := fmt.Fscan(bytes.NewReader(out[:40]), &kind, &width, &height, &most); err != nil || kind != "P6" {
		t.Fatalf("%v: %q", err, out[:20])
	}
	pix := out[len(out)-3*width*height:]
	p := &Plane{Width: width, Height: height, Pix: make([]float32, width*height)}
	for i := range p.Pix {
		p.Pix[i] = luma(pix[3*i], pix[3*i+1], pix[3*i+2])
	}
	h, _ := Sum(p)
	return h
}

// percentiles of bits, as a row of the table.
func percentiles(bits []int) (row string, p99 int) {
	slices.Sort(bits)
	at := func(share float64) int { return bits[min(len(bits)-1, int(share*float64(len(bits))))] }
	zero := 0
	for _, b := range bits {
		if b == 0 {
			zero++
		}
	}
	return fmt.Sprintf("%d | %.0f %% | %d | %d | %d | %d", len(bits), 100*float64(zero)/float64(len(bits)), at(0.5), at(0.9), at(0.99), bits[len(bits)-1]), at(0.99)
}

// TestLumaReading holds what the reading of JPEG by its brightness does to the
// hash: p99 within 6 bits of the full reading, within 10 of the reference.
func TestLumaReading(t *testing.T) {
	all := measure(t, *many)
	var table strings.Builder
	fmt.Fprintf(&table, "| pictures | compared with | count | 0 bits | median | p90 | p99 | most |\n|---|---|---|---|---|---|---|---|\n")
	row := func(what, with string, bits []int, most int) {
		if len(bits) == 0 {
			return
		}
		line, p99 := percentiles(bits)
		fmt.Fprintf(&table, "| %s | %s | %s |\n", what, with, line)
		if p99 > most {
			t.Errorf("%s compared with %s: p99 is %d bits, more than %d", what, with, p99, most)
		}
	}
	pick := func(keep func(specimen) bool, bits func(specimen) int) (out []int) {
		for _, s := range all {
			if s.reading == ReadingLuma && s.quality >= MinQuality && keep(s) {
				out = append(out, bits(s))
			}
		}
		return out
	}
	toFull := func(s specimen) int { return s.toFull }
	any := func(specimen) bool { return true }
	row("all", "the full reading", pick(any, toFull), 6)
	row("all", "the reference on libjpeg-turbo's pixels", pick(func(s specimen) bool { return s.toReference >= 0 }, func(s specimen) int { return s.toReference }), 10)
	row("reduced", "the full reading", pick(func(s specimen) bool { return min(s.width, s.height) >= 1023 }, toFull), 6)
	row("not reduced", "the full reading", pick(func(s specimen) bool { return min(s.width, s.height) < 1023 }, toFull), 6)
	row("progressive", "the full reading", pick(func(s specimen) bool { return s.progressive }, toFull), 6)
	for _, m := range motifs {
		row(m, "the full reading", pick(func(s specimen) bool { return s.motif == m }, toFull), 99)
	}
	for _, band := range [][2]int{{1, 5}, {6, 10}, {11, 20}, {21, 50}, {51, 80}, {81, 100}} {
		row(fmt.Sprintf("encoded at %d to %d", band[0], band[1]), "the full reading", pick(func(s specimen) bool { return s.encoded >= band[0] && s.encoded <= band[1] }, toFull), 99)
	}
	t.Logf("%d pictures\n%s", len(all), table.String())
	for _, s := range all {
		if s.toFull > 6 && testing.Verbose() {
			t.Logf("%+v", s)
		}
	}
	if *write != "" {
		if err := os.WriteFile(filepath.Clean(*write), []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
