package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/staydown/staydown/bench/picture"
)

// transform is one change of one strength.
type transform struct {
	name, strength string
	quality        int // of the JPEG the copy is saved as; 0 takes usual
	do             func(img *image.RGBA, rnd *rand.Rand) *image.RGBA
}

const usual = 85 // the quality of originals and of copies

func same(img *image.RGBA, _ *rand.Rand) *image.RGBA { return img }

// transforms are all changes, the table's rows in its order.
func transforms() []transform {
	all := []transform{{"none", "saved again, q85", 0, same}}
	add := func(name, strength string, do func(*image.RGBA, *rand.Rand) *image.RGBA) {
		all = append(all, transform{name, strength, 0, do})
	}
	for _, q := range []struct {
		name    string
		quality int
	}{{"q80", 80}, {"q50", 50}, {"q30", 30}, {"q10", 10}} {
		all = append(all, transform{"JPEG", q.name, q.quality, same})
	}
	add("scale", "1/2", scaled(0.5, 0.5))
	add("scale", "1/4", scaled(0.25, 0.25))
	add("scale", "1/8", scaled(0.125, 0.125))
	add("stretch", "10 % wider", scaled(1.1, 1))
	add("stretch", "25 % wider", scaled(1.25, 1))
	add("crop", "2 %", cropped(0.02))
	add("crop", "5 %", cropped(0.05))
	add("crop", "10 %", cropped(0.10))
	add("crop", "20 %", cropped(0.20))
	add("caption", "5 % of height", captioned(0.05))
	add("caption", "10 % of height", captioned(0.10))
	add("caption", "15 % of height", captioned(0.15))
	add("letterbox", "bars of 5 %", letterboxed(0.05))
	add("letterbox", "bars of 10 %", letterboxed(0.10))
	add("letterbox", "bars of 15 %", letterboxed(0.15))
	add("watermark", "logo, 1/8 of width", logo(0.125))
	add("watermark", "logo, 1/4 of width", logo(0.25))
	add("watermark", "diagonal text", diagonal)
	add("flip", "left and right", turned(mirror))
	add("turn", "90°", turned(quarter))
	add("turn", "180°", turned(half))
	add("turn", "270°", turned(threeQuarters))
	add("tilt", "2°", tilted(2))
	add("tilt", "5°", tilted(5))
	add("brightness", "-20 %", levels(func(v float64) float64 { return v - 0.2 }))
	add("brightness", "+20 %", levels(func(v float64) float64 { return v + 0.2 }))
	add("brightness", "+40 %", levels(func(v float64) float64 { return v + 0.4 }))
	add("contrast", "x 0.5", levels(func(v float64) float64 { return 0.5 + (v-0.5)*0.5 }))
	add("contrast", "x 1.5", levels(func(v float64) float64 { return 0.5 + (v-0.5)*1.5 }))
	add("contrast", "x 2", levels(func(v float64) float64 { return 0.5 + (v-0.5)*2 }))
	add("gamma", "0.5", levels(func(v float64) float64 { return math.Pow(v, 0.5) }))
	add("gamma", "2", levels(func(v float64) float64 { return v * v }))
	add("negative", "", levels(func(v float64) float64 { return 1 - v }))
	add("blur", "1/200 of width", blurred(0.005))
	add("blur", "1/100 of width", blurred(0.01))
	add("blur", "1/50 of width", blurred(0.02))
	add("noise", "deviation 10", noisy(10))
	add("noise", "deviation 25", noisy(25))
	add("noise", "deviation 50", noisy(50))
	add("greyscale", "", grey)
	return all
}

func scaled(x, y float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, _ *rand.Rand) *image.RGBA {
		out := image.NewRGBA(image.Rect(0, 0, int(float64(img.Rect.Dx())*x), int(float64(img.Rect.Dy())*y)))
		draw.CatmullRom.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
		return out
	}
}

// cropped cuts a share of the width and of the height away, at either end as it
// falls.
func cropped(share float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, rnd *rand.Rand) *image.RGBA {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		cutX, cutY := int(float64(w)*share), int(float64(h)*share)
		left, top := rnd.IntN(cutX+1), rnd.IntN(cutY+1)
		return moved(img, image.Rect(left, top, w-cutX+left, h-cutY+top))
	}
}

func moved(img *image.RGBA, r image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Rect, img, r.Min, draw.Src)
	return out
}

func copied(img *image.RGBA) *image.RGBA { return moved(img, img.Rect) }

// captioned lays a line of white text on a dark plate over the full width, at
// the lower edge.
func captioned(share float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, rnd *rand.Rand) *image.RGBA {
		out := copied(img)
		w, h := out.Rect.Dx(), out.Rect.Dy()
		height := int(float64(h) * share)
		picture.Fill(out, image.Rect(0, h-height, w, h), color.RGBA{0, 0, 0, 255})
		text := picture.Letters(picture.Words(rnd, 5), height*3/4)
		picture.Write(out, text, image.Pt((w-text.Rect.Dx())/2, h-height*7/8), color.White)
		return out
	}
}

// letterboxed adds black bars above and below, each of a share of the height.
func letterboxed(share float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, _ *rand.Rand) *image.RGBA {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		bar := int(float64(h) * share)
		out := image.NewRGBA(image.Rect(0, 0, w, h+2*bar))
		picture.Fill(out, out.Rect, color.Black)
		draw.Draw(out, image.Rect(0, bar, w, bar+h), img, image.Point{}, draw.Src)
		return out
	}
}

// logo lays a plate with a disc and a word over a corner.
func logo(share float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, rnd *rand.Rand) *image.RGBA {
		out := copied(img)
		w, h := out.Rect.Dx(), out.Rect.Dy()
		width := int(float64(w) * share)
		height, margin := width/3, w/50
		at := image.Pt(margin, margin)
		if corner := rnd.IntN(4); corner > 0 {
			at = []image.Point{{}, {w - width - margin, margin}, {margin, h - height - margin}, {w - width - margin, h - height - margin}}[corner]
		}
		picture.Fill(out, image.Rect(0, 0, width, height).Add(at), color.RGBA{200, 30, 30, 255})
		picture.Fill(out, image.Rect(height/5, height/5, height*4/5, height*4/5).Add(at), color.White)
		picture.Write(out, picture.Letters("STATION", height/3), at.Add(image.Pt(height, height/3)), color.White)
		return out
	}
}

// diagonal lays half-transparent text over the picture from corner to corner.
func diagonal(img *image.RGBA, rnd *rand.Rand) *image.RGBA {
	out := copied(img)
	w, h := float64(out.Rect.Dx()), float64(out.Rect.Dy())
	text := picture.Letters(picture.Words(rnd, 3), int(h/9))
	layer := image.NewRGBA(text.Rect)
	picture.Write(layer, text, image.Point{}, color.RGBA{128, 128, 128, 128})
	length := math.Hypot(w, h)
	zoom := math.Min(1, 0.9*length/float64(text.Rect.Dx()))
	sin, cos := h/length*zoom, w/length*zoom
	tw, th := float64(text.Rect.Dx())/2, float64(text.Rect.Dy())/2
	m := f64.Aff3{cos, sin, w/2 - cos*tw - sin*th, -sin, cos, h/2 + sin*tw - cos*th}
	draw.BiLinear.Transform(out, m, layer, layer.Rect, draw.Over, nil)
	return out
}

// tilted turns by a few degrees about the middle; what comes from outside is
// black.
func tilted(degrees float64) func(*image.RGBA, *rand.Rand) *image.RGBA {
	return func(img *image.RGBA, _ *rand.Rand) *image.RGBA {
		out := image.NewRGBA(img.Rect)
		picture.Fill(out, out.Rect, color.Black)
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		x, y := float64(img.Rect.Dx())/2, float64(img.Rect.Dy())/2
		draw.BiLinear.Transform(out, f64.Aff3{cos, -sin, x - cos*x + sin*y, sin, cos, y - sin*x - cos*y}, img, img.Rect, draw.Src, nil)
		return out
	}
}
