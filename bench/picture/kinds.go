package picture

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

var black, white = color.RGBA{0, 0, 0, 255}, color.RGBA{255, 255, 255, 255}

// each paints every pixel with what a function says for the unit square; where
// it says false the pixel stays.
func each(img *image.RGBA, paint func(u, v float64) (color.RGBA, bool)) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			if c, ok := paint(float64(x)/float64(w), float64(y)/float64(h)); ok {
				set(img, x, y, c, 0)
			}
		}
	}
}

func poster(img *image.RGBA, rnd *rand.Rand) {
	from, to := colour(rnd, 0, 256), colour(rnd, 0, 256)
	angle := rnd.Float64() * 2 * math.Pi
	soft := newField(rnd, 3)
	each(img, func(u, v float64) (color.RGBA, bool) {
		return mix(from, to, 0.5+(u-0.5)*math.Cos(angle)+(v-0.5)*math.Sin(angle)+0.4*(soft.at(u, v)-0.5)), true
	})
	cover(img, rnd, 0.15+rnd.Float64()*0.2)
	cover(img, rnd, 0.05+rnd.Float64()*0.1)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for range 1 + rnd.IntN(4) {
		height := h/16 + rnd.IntN(h/10)
		mask := Letters(Words(rnd, 1+rnd.IntN(3)), height)
		at := image.Pt((w-mask.Rect.Dx())/2+rnd.IntN(w/5)-w/10, rnd.IntN(h-height))
		ink, plate := white, colour(rnd, 0, 80)
		if rnd.IntN(2) == 0 {
			ink, plate = black, colour(rnd, 180, 75)
		}
		Fill(img, mask.Rect.Add(at).Inset(-height/5), plate)
		Write(img, mask, at, ink)
	}
}

// cover lays a disc, a box or a wedge over the picture.
func cover(img *image.RGBA, rnd *rand.Rand, size float64) {
	x, y, c, form := rnd.Float64(), rnd.Float64(), colour(rnd, 0, 256), rnd.IntN(3)
	ratio := 0.5 + rnd.Float64()
	each(img, func(u, v float64) (color.RGBA, bool) {
		dx, dy := (u-x)/size, (v-y)/(size*ratio)
		switch form {
		case 0:
			return c, dx*dx+dy*dy < 1
		case 1:
			return c, math.Abs(dx) < 1 && math.Abs(dy) < 1
		default:
			return c, dy > -1 && dy < 1 && math.Abs(dx) < (dy+1)/2
		}
	})
}

func drawing(img *image.RGBA, rnd *rand.Rand) {
	ground := colour(rnd, 120, 136)
	Fill(img, img.Rect, ground)
	for range 7 + rnd.IntN(8) {
		cover(img, rnd, 0.05+rnd.Float64()*0.22)
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for range 3 + rnd.IntN(5) {
		x, y := rnd.IntN(w), rnd.IntN(h)
		if rnd.IntN(2) == 0 {
			Fill(img, image.Rect(x, y, x+w/3, y+h/100+2), black)
		} else {
			Fill(img, image.Rect(x, y, x+w/120+2, y+h/3), black)
		}
	}
}

func page(img *image.RGBA, rnd *rand.Rand) {
	ground, ink := white, colour(rnd, 0, 60)
	if rnd.IntN(3) == 0 {
		ground, ink = colour(rnd, 10, 30), colour(rnd, 190, 65)
	}
	Fill(img, img.Rect, ground)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	Fill(img, image.Rect(0, 0, w, h/20+rnd.IntN(h/12)), colour(rnd, 30, 200))
	height, y := h/30+rnd.IntN(h/30), h/7
	picture := image.Rectangle{}
	if rnd.IntN(2) == 0 {
		x, y := rnd.IntN(w/2), h/7+rnd.IntN(h/2)
		picture = image.Rect(x, y, min(w, x+w/3+rnd.IntN(w/4)), min(h, y+h/4+rnd.IntN(h/5)))
	}
	for y < h-height {
		for range 1 + rnd.IntN(6) {
			Write(img, Letters(Words(rnd, 2+rnd.IntN(9)), height), image.Pt(w/20, y), ink)
			y += height * 5 / 4
		}
		y += height
	}
	if !picture.Empty() {
		scene(img, picture, rnd)
	}
}

// emblem is the same left and right, but for its line of text.
func emblem(img *image.RGBA, rnd *rand.Rand) {
	ground, mark, other := colour(rnd, 0, 90), colour(rnd, 150, 105), colour(rnd, 60, 150)
	if rnd.IntN(2) == 0 {
		ground, mark = mark, ground
	}
	ring, points, inner := 0.25+rnd.Float64()*0.15, 3+rnd.IntN(6), 0.3+rnd.Float64()*0.5
	band, ratio := 0.55+rnd.Float64()*0.3, float64(img.Rect.Dx())/float64(img.Rect.Dy())
	each(img, func(u, v float64) (color.RGBA, bool) {
		x, y := math.Abs(u-0.5)*ratio, v-0.45
		r, a := math.Hypot(x, y)/ring, math.Atan2(x, -y)
		edge := inner + (1-inner)*math.Abs(math.Mod(a*float64(points)/math.Pi, 2)-1)
		switch {
		case r < edge*0.8:
			return mark, true
		case r > 0.9 && r < 1:
			return other, true
		case v > band && v < band+0.06:
			return other, true
		default:
			return ground, true
		}
	})
	mask := Letters(Words(rnd, 1+rnd.IntN(2)), img.Rect.Dy()/10)
	Write(img, mask, image.Pt((img.Rect.Dx()-mask.Rect.Dx())/2, img.Rect.Dy()*86/100), mark)
}

func collage(img *image.RGBA, rnd *rand.Rand) {
	columns, rows := 2+rnd.IntN(2), 2+rnd.IntN(2)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for j := range rows {
		for i := range columns {
			scene(img, image.Rect(i*w/columns, j*h/rows, (i+1)*w/columns, (j+1)*h/rows), rnd)
		}
	}
}
