package evidence

import (
	"image"
	"image/color"
	"image/draw"

	scale "golang.org/x/image/draw"
)

// render shrinks a picture so that its longest side is at most size, lays it on
// grey (transparent parts hide nothing), and applies the variant.
func render(src image.Image, variant Variant, size int) *image.RGBA {
	w, h := fit(src.Bounds().Dx(), src.Bounds().Dy(), size)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Gray{0x80}), image.Point{}, draw.Src)
	scale.BiLinear.Scale(out, out.Bounds(), src, src.Bounds(), draw.Over, nil)
	if variant == Grey || variant == BlurredGrey {
		turnGrey(out)
	}
	if variant == Blurred || variant == BlurredGrey {
		radius := max(max(w, h)/24, 2)
		for range 3 { // three box blurs come close to a Gaussian one
			blurLines(out, radius)
			blurColumns(out, radius)
		}
	}
	return out
}

// fit scales a width and height so that the longer is at most size.
func fit(w, h, size int) (int, int) {
	longest := max(w, h)
	if longest <= size {
		return w, h
	}
	return max(w*size/longest, 1), max(h*size/longest, 1)
}

// turnGrey keeps the brightness only.
func turnGrey(p *image.RGBA) {
	for i := 0; i+3 < len(p.Pix); i += 4 {
		g := color.GrayModel.Convert(color.RGBA{p.Pix[i], p.Pix[i+1], p.Pix[i+2], 0xff}).(color.Gray).Y
		p.Pix[i], p.Pix[i+1], p.Pix[i+2] = g, g, g
	}
}

// blurLines averages every line over radius pixels to either side.
func blurLines(p *image.RGBA, radius int) {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	for y := range h {
		blurRun(p.Pix[y*p.Stride:], w, 4, radius)
	}
}

// blurColumns averages every column over radius pixels up and down.
func blurColumns(p *image.RGBA, radius int) {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	for x := range w {
		blurRun(p.Pix[x*4:], h, p.Stride, radius)
	}
}

// blurRun averages n pixels that lie step bytes apart, with a window that slides
// along and is cut at both ends.
func blurRun(pix []byte, n, step, radius int) {
	line := make([]byte, n)
	for channel := range 3 {
		for i := range n {
			line[i] = pix[i*step+channel]
		}
		sum, count := 0, 0
		for i := range min(radius, n) {
			sum += int(line[i])
			count++
		}
		for i := range n {
			if in := i + radius; in < n {
				sum += int(line[in])
				count++
			}
			if out := i - radius - 1; out >= 0 {
				sum -= int(line[out])
				count--
			}
			pix[i*step+channel] = byte(sum / count)
		}
	}
}
