package pdq

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A frame of the range of video has the hash of the picture it stands for, and
// its quality.
func TestSumFrame(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 50 {
		width, height := 64+rng.IntN(300), 64+rng.IntN(300)
		full := &Plane{Width: width, Height: height, Pix: make([]float32, width*height)}
		frame := &Gray{Width: width, Height: height, Stride: width, Pix: make([]byte, width*height)}
		var wave [6][3]float64 // blocks would be symmetric, where every bit is on the edge
		for i := range wave {
			wave[i] = [3]float64{rng.Float64() * 20 / float64(width), rng.Float64() * 20 / float64(height), rng.Float64() * 6}
		}
		for i := range frame.Pix {
			v := 125.0
			for _, w := range wave {
				v += 15 * math.Sin(w[0]*float64(i%width)+w[1]*float64(i/width)+w[2])
			}
			frame.Pix[i] = byte(v) + byte(rng.IntN(8))
			full.Pix[i] = (float32(frame.Pix[i]) - 16) * 255 / 219
		}
		want, wantQuality := Sum(full)
		got, quality := SumFrame(frame, 16, 235)
		if d := got.Distance(want); d > 2 || max(quality-wantQuality, wantQuality-quality) > 1 {
			t.Errorf("%dx%d: %d bits off, quality %d, want %d", width, height, d, quality, wantQuality)
		}
	}
	small := &Gray{Width: 4, Height: 90, Stride: 4, Pix: make([]byte, 360)}
	if h, quality := SumFrame(small, 16, 235); !h.IsZero() || quality != 0 {
		t.Error("a frame too small has a hash")
	}
}
