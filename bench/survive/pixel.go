package main

import (
	"image"
	"math"
	"math/rand/v2"
)

// The turns say where in the original (of width w and height h) the pixel at
// x, y of the copy comes from.
func mirror(x, y, w, _ int) (int, int)        { return w - 1 - x, y }
func half(x, y, w, h int) (int, int)          { return w - 1 - x, h - 1 - y }
func quarter(x, y, _, h int) (int, int)       { return y, h - 1 - x }
func threeQuarters(x, y, w, _ int) (int, int) { return w - 1 - y, x }

func turned(from func(x, y, w, h int) (int, int)) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, _ *rand.Rand) *image.RGBA {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		size := image.Rect(0, 0, w, h)
		if x, y := from(0, 1, w, h); y == 0 || y == h-1 {
			if x == 1 || x == w-2 {
				size = image.Rect(0, 0, h, w)
			}
		}
		out := image.NewRGBA(size)
		for y := range size.Dy() {
			for x := range size.Dx() {
				a, b := from(x, y, w, h)
				copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(a, b):][:4])
			}
		}
		return out
	}
}

// levels puts each channel of each pixel through a curve over 0 to 1.
func levels(curve func(float64) float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	var table [256]byte
	for i := range table {
		table[i] = byte(math.Round(255 * math.Max(0, math.Min(1, curve(float64(i)/255)))))
	}
	return func(img *image.RGBA, _ *rand.Rand) *image.RGBA {
		out := copied(img)
		for i := range out.Pix {
			if i&3 != 3 {
				out.Pix[i] = table[out.Pix[i]]
			}
		}
		return out
	}
}

func noisy(deviation float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, rnd *rand.Rand) *image.RGBA {
		out := copied(img)
		for i := range out.Pix {
			if i&3 != 3 {
				out.Pix[i] = byte(math.Max(0, math.Min(255, float64(out.Pix[i])+rnd.NormFloat64()*deviation)))
			}
		}
		return out
	}
}

func grey(img *image.RGBA, _ *rand.Rand) *image.RGBA {
	out := copied(img)
	for i := 0; i < len(out.Pix); i += 4 {
		p := out.Pix[i : i+3]
		v := byte((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		p[0], p[1], p[2] = v, v, v
	}
	return out
}

// blurred averages three times over a window of twice the radius, a share of the
// width: nearly a Gaussian.
func blurred(share float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, _ *rand.Rand) *image.RGBA {
		out := copied(img)
		radius := max(1, int(float64(img.Rect.Dx())*share))
		for range 3 {
			for y := range out.Rect.Dy() {
				average(out.Pix[y*out.Stride:], 4, out.Rect.Dx(), radius)
			}
			for x := range out.Rect.Dx() {
				average(out.Pix[4*x:], out.Stride, out.Rect.Dy(), radius)
			}
		}
		return out
	}
}

// average replaces n pixels, step bytes apart, by the mean of those within a
// radius; the last ones are repeated beyond the edge.
func average(pix []byte, step, n, radius int) {
	line := make([]int, n)
	for channel := range 3 {
		for i := range line {
			line[i] = int(pix[i*step+channel])
		}
		at := func(i int) int { return line[max(0, min(n-1, i))] }
		sum := 0
		for i := -radius; i <= radius; i++ {
			sum += at(i)
		}
		for i := range n {
			pix[i*step+channel] = byte(sum / (2*radius + 1))
			sum += at(i+radius+1) - at(i-radius)
		}
	}
}
