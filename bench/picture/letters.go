package picture

import (
	"image"
	"image/color"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

var syllables = []string{"ba", "tor", "lin", "me", "sul", "ka", "ren", "o", "vi", "dan", "es", "pu", "mar", "ti", "gel", "ho"}

// Words returns so many made-up words.
func Words(rnd *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		for range 1 + rnd.IntN(3) {
			words[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	return strings.Join(words, " ")
}

// Letters returns a line of text as a mask of the height asked for.
func Letters(text string, height int) *image.Alpha {
	face := basicfont.Face7x13
	small := image.NewAlpha(image.Rect(0, 0, max(1, face.Advance*len(text)), face.Height))
	d := font.Drawer{Dst: small, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}
	d.DrawString(text)
	large := image.NewAlpha(image.Rect(0, 0, max(1, small.Rect.Dx()*height/face.Height), max(1, height)))
	draw.ApproxBiLinear.Scale(large, large.Rect, small, small.Rect, draw.Src, nil)
	return large
}

// Write lays a line of text over a picture, its upper left corner at p. The
// colour's opacity counts.
func Write(img *image.RGBA, mask *image.Alpha, p image.Point, c color.Color) {
	draw.DrawMask(img, mask.Rect.Add(p), image.NewUniform(c), image.Point{}, mask, image.Point{}, draw.Over)
}

// Fill lays a colour over a rectangle. The colour's opacity counts.
func Fill(img *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Over)
}
