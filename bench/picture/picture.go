// Package picture draws pictures to measure with: scenes, posters, drawings,
// pages of text, emblems and collages, all from a seed, all made up and harmless.
// The same seed gives the same pictures on one kind of processor; another may
// round differently.
package picture

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Kind is what the pictures of a family have in common.
type Kind string

// The kinds.
const (
	Scene   Kind = "scene"   // like a photograph: soft light, shaded bodies, grain
	Poster  Kind = "poster"  // a ground that fades, one large shape, lines of large text on plates
	Drawing Kind = "drawing" // flat colours with outlines
	Page    Kind = "page"    // a screenshot of text
	Emblem  Kind = "emblem"  // one mark in the middle of a plain ground, the same left and right
	Collage Kind = "collage" // four to nine scenes side by side
)

// Kinds lists them all.
var Kinds = []Kind{Scene, Poster, Drawing, Page, Emblem, Collage}

// Draw draws picture number n of a kind.
func Draw(kind Kind, seed uint64, n, width, height int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(seed, uint64(n)))
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	switch kind {
	case Poster:
		poster(img, rnd)
	case Drawing:
		drawing(img, rnd)
	case Page:
		page(img, rnd)
	case Emblem:
		emblem(img, rnd)
	case Collage:
		collage(img, rnd)
	default:
		scene(img, img.Rect, rnd)
	}
	return img
}

func colour(rnd *rand.Rand, low, span int) color.RGBA {
	return color.RGBA{byte(low + rnd.IntN(span)), byte(low + rnd.IntN(span)), byte(low + rnd.IntN(span)), 255}
}

func scene(img *image.RGBA, r image.Rectangle, rnd *rand.Rand) {
	light, tint := newField(rnd, 5), newField(rnd, 2)
	dark, bright := colour(rnd, 0, 110), colour(rnd, 130, 125)
	horizon, slope := 0.3+rnd.Float64()*0.5, rnd.Float64()*0.4-0.2
	var bodies []body
	for range 2 + rnd.IntN(6) {
		bodies = append(bodies, body{rnd.Float64(), rnd.Float64(), 0.04 + rnd.Float64()*0.2, 0.5 + rnd.Float64()*1.5, colour(rnd, 0, 256)})
	}
	w, h := float64(r.Dx()), float64(r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			u, v := float64(x-r.Min.X)/w, float64(y-r.Min.Y)/h
			l, t := light.at(u, v), tint.at(u, v)
			if v > horizon+slope*u {
				l *= 0.55
			} else {
				l += 0.25 * (1 - v)
			}
			c := mix(dark, bright, l+0.2*t)
			for _, b := range bodies {
				c = b.over(c, u, v)
			}
			grain := rnd.IntN(13) - 6
			set(img, x, y, c, grain)
		}
	}
}

// body is an ellipse lit from one side.
type body struct {
	x, y, size, ratio float64
	c                 color.RGBA
}

func (b body) over(under color.RGBA, u, v float64) color.RGBA {
	dx, dy := (u-b.x)/b.size, (v-b.y)/(b.size*b.ratio)
	d := dx*dx + dy*dy
	if d >= 1 {
		return under
	}
	shade := 0.6 - 0.4*dx - 0.2*dy
	lit := mix(color.RGBA{0, 0, 0, 255}, b.c, shade)
	return mix(under, lit, math.Min(1, (1-d)*8))
}

func mix(a, b color.RGBA, share float64) color.RGBA {
	s := int(math.Max(0, math.Min(1, share)) * 256)
	one := func(p, q byte) byte { return byte(int(p) + (int(q)-int(p))*s>>8) }
	return color.RGBA{one(a.R, b.R), one(a.G, b.G), one(a.B, b.B), 255}
}

func set(img *image.RGBA, x, y int, c color.RGBA, more int) {
	p := img.Pix[img.PixOffset(x, y):]
	p[0], p[1], p[2], p[3] = clamp(int(c.R)+more), clamp(int(c.G)+more), clamp(int(c.B)+more), 255
}

func clamp(v int) byte { return byte(max(0, min(255, v))) }
