package pdq

import (
	"bytes"
	"flag"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/fingerprint/pdq/lumajpeg"
)

var files = flag.String("jpegs", "", "JPEG files to measure instead of generated ones, as a pattern")

var benchSizes = [][2]int{{512, 512}, {1280, 720}, {1920, 1080}, {4000, 3000}}

// BenchmarkSum is pixels to hash, at full size: brightness, colours, and
// brightness in all eight turns.
func BenchmarkSum(b *testing.B) {
	for _, size := range benchSizes {
		img := coloured("collage", size[0], size[1], 1)
		gray := &Gray{Width: size[0], Height: size[1], Stride: size[0], Pix: make([]byte, size[0]*size[1])}
		for i := range gray.Pix {
			gray.Pix[i] = uint8(luma(img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2]))
		}
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		b.Run("luma/"+name, func(b *testing.B) { repeat(b, func() { Sum(gray) }) })
		b.Run("rgba/"+name, func(b *testing.B) { repeat(b, func() { Sum(FromImage(img)) }) })
		b.Run("turned/"+name, func(b *testing.B) { repeat(b, func() { SumTurned(gray) }) })
		if size[0] < 4000 {
			b.Run("exact/"+name, func(b *testing.B) { repeat(b, func() { reduceExact(gray) }) })
		}
	}
}

// BenchmarkJPEG is file to hash in both readings, all eight turns, and what of
// it is decoding.
func BenchmarkJPEG(b *testing.B) {
	each(b, func(name string, data []byte) {
		b.Run("luma/"+name, func(b *testing.B) {
			repeat(b, func() {
				if f, err := Read(data, Limits{}); err != nil || f.Reading != ReadingLuma {
					b.Fatal(f.Reading, err)
				}
			})
		})
		b.Run("decode/"+name, func(b *testing.B) { repeat(b, func() { lumajpeg.Decode(data, lumajpeg.Options{}) }) })
		b.Run("full/"+name, func(b *testing.B) { repeat(b, func() { ReadFull(data, Limits{}) }) })
	})
}

// repeat also reports the best time: on a machine that others use too, that is
// what can be compared.
func repeat(b *testing.B, f func()) {
	b.ReportAllocs()
	best := time.Hour
	for b.Loop() {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(best.Microseconds())/1000, "best-ms")
}

func each(b *testing.B, f func(name string, data []byte)) {
	if *files != "" {
		paths, err := filepath.Glob(*files)
		if err != nil || len(paths) == 0 {
			b.Fatalf("no file for %s: %v", *files, err)
		}
		for _, p := range paths {
			data, err := os.ReadFile(p)
			if err != nil {
				b.Fatal(err)
			}
			f(filepath.Base(p), data)
		}
		return
	}
	for _, size := range benchSizes {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, coloured("collage", size[0], size[1], 1), &jpeg.Options{Quality: 85}); err != nil {
			b.Fatal(err)
		}
		f(fmt.Sprintf("%dx%d", size[0], size[1]), out.Bytes())
	}
}
