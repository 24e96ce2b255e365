package desk

import (
	"encoding/hex"
	"fmt"
	"html"
	"html/template"
	"math/bits"
	"strings"
)

// BitsPair is two hashes of 256 bits side by side, 16 by 16 in the order they are written, with those that differ marked.
type BitsPair struct {
	Distance int
	Rows     []int // how many bits differ, row by row
	A, B     template.HTML
}

const (
	bitsSide = 16
	bitsCell = 10 // units of the drawing
)

// bitsPair draws two hashes of 64 hexadecimal digits; nil for anything else. nameA and nameB are read to those who do not
// see the drawings.
func bitsPair(a, b, nameA, nameB string) *BitsPair {
	x, errX := hex.DecodeString(a)
	y, errY := hex.DecodeString(b)
	if errX != nil || errY != nil || len(x) != bitsSide*bitsSide/8 || len(y) != len(x) {
		return nil
	}
	p := &BitsPair{Rows: make([]int, bitsSide)}
	differ := make([]byte, len(x))
	for i := range x {
		differ[i] = x[i] ^ y[i]
		n := bits.OnesCount8(differ[i])
		p.Distance += n
		p.Rows[i*8/bitsSide] += n
	}
	p.A, p.B = bitsSVG(x, differ, nameA), bitsSVG(y, differ, nameB)
	return p
}

// bitsSVG draws the bits that are set as squares, and a ring around each that differs.
func bitsSVG(set, differ []byte, name string) template.HTML {
	var squares, rings strings.Builder
	for k := range bitsSide * bitsSide {
		x, y := k%bitsSide*bitsCell, k/bitsSide*bitsCell
		if set[k/8]>>(7-k%8)&1 == 1 {
			fmt.Fprintf(&squares, "M%d %dh8v8h-8z", x+1, y+1)
		}
		if differ[k/8]>>(7-k%8)&1 == 1 {
			fmt.Fprintf(&rings, "M%d %dh10v10h-10z", x, y)
		}
	}
	side := bitsSide * bitsCell
	name = html.EscapeString(name)
	return template.HTML(fmt.Sprintf(`<svg class="bits" viewBox="-2 -2 %d %d" role="img" aria-label="%s"><title>%s</title><rect class="ground" width="%d" height="%d"/><path class="set" d="%s"/><path class="differ" d="%s"/></svg>`,
		side+4, side+4, name, name, side, side, squares.String(), rings.String()))
}
