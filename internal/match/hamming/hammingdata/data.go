// Package hammingdata makes hashes to test and measure indexes with: drawn
// evenly, in clusters as copies come, poisoned, and of generated pictures.
package hammingdata

import (
	"math"
	"math/rand/v2"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Random returns a hash with bits drawn evenly.
func Random(rnd *rand.Rand) (h pdq.Hash) {
	for i := 0; i < len(h); i += 8 {
		for j, v := 0, rnd.Uint64(); j < 8; j, v = j+1, v>>8 {
			h[i+j] = byte(v)
		}
	}
	return h
}

// Near returns h with exactly n bits turned.
func Near(rnd *rand.Rand, h pdq.Hash, n int) pdq.Hash {
	var turned [4]uint64
	for n > 0 {
		k := rnd.IntN(256)
		if turned[k>>6]>>(k&63)&1 == 1 {
			continue
		}
		turned[k>>6] |= 1 << (k & 63)
		h[k>>3] ^= 1 << (k & 7)
		n--
	}
	return h
}

// Kinds are the kinds of data by name: each makes n hashes.
func Kinds() map[string]func(rnd *rand.Rand, n int) []pdq.Hash {
	return map[string]func(rnd *rand.Rand, n int) []pdq.Hash{
		"uniform":    Uniform,
		"clustered":  Clustered,
		"correlated": Correlated,
		"poisoned":   Poisoned,
	}
}

// Uniform hashes have nothing to do with each other.
func Uniform(rnd *rand.Rand, n int) []pdq.Hash {
	all := make([]pdq.Hash, n)
	for i := range all {
		all[i] = Random(rnd)
	}
	return all
}

// Clustered hashes are three tenths copies, up to 20 bits from one of the last
// forty.
func Clustered(rnd *rand.Rand, n int) []pdq.Hash {
	all := Uniform(rnd, n)
	for i := 40; i < n; i++ {
		if rnd.IntN(10) < 3 {
			all[i] = Near(rnd, all[i-1-rnd.IntN(40)], rnd.IntN(21))
		}
	}
	return all
}

// Poisoned hashes are a quarter equal, a quarter within 8 bits of one, a
// quarter nearly blank, the rest drawn evenly.
func Poisoned(rnd *rand.Rand, n int) []pdq.Hash {
	all := Uniform(rnd, n)
	equal, centre := Random(rnd), Random(rnd)
	for i := range all {
		switch i % 4 {
		case 0:
			all[i] = equal
		case 1:
			all[i] = Near(rnd, centre, rnd.IntN(9))
		case 2:
			all[i] = Near(rnd, pdq.Hash{}, rnd.IntN(4))
		}
	}
	return all
}

// Correlated hashes are of generated pictures: families of like composition
// (a ground that fades, bars, discs, lines of text on a plate, some the same
// left and right), of which many differ little. They are made by [pdq.Sum], so
// their bits hang together as those of pictures do. Beyond the first fifty
// thousand, which take a fraction of a millisecond each, hashes are blends: each
// bit is that of one of two of the same family, so there are ever more near each
// other, as in a bank of variants.
func Correlated(rnd *rand.Rand, n int) []pdq.Hash {
	const each, mostFamilies = 48, 1024
	drawn := min(n, mostFamilies*each)
	families := max(1, drawn/each)
	all := make([]pdq.Hash, n)
	family := make([]composition, families)
	for i := range family {
		family[i] = compose(rnd)
	}
	for i := range drawn {
		all[i], _ = pdq.Sum(family[i%families].vary(rnd).draw())
	}
	for i := drawn; i < n; i++ {
		of := rnd.IntN(families)
		a, b := all[of+families*rnd.IntN(drawn/families)], all[of+families*rnd.IntN(drawn/families)]
		for j := range a {
			mask := byte(rnd.Uint32())
			a[j] = a[j]&mask | b[j]&^mask
		}
		all[i] = a
	}
	return all
}

// composition is what the pictures of a family have in common.
type composition struct {
	fadeX, fadeY float64
	shapes       []shape
	lines        int  // of text
	mirrored     bool // the same left and right
}

type shape struct{ x, y, size, light float64 }

const side = 64 // pixels; below, the filter of PDQ does nothing

func compose(rnd *rand.Rand) composition {
	c := composition{fadeX: rnd.Float64()*2 - 1, fadeY: rnd.Float64()*2 - 1, lines: rnd.IntN(6), mirrored: rnd.IntN(5) == 0}
	for range 2 + rnd.IntN(6) {
		c.shapes = append(c.shapes, shape{rnd.Float64() * side, rnd.Float64() * side, 3 + rnd.Float64()*20, rnd.Float64()*200 - 100})
	}
	return c
}

// vary moves everything a little and adds something small.
func (c composition) vary(rnd *rand.Rand) composition {
	shapes := append([]shape(nil), c.shapes...)
	for i := range shapes {
		shapes[i].x += rnd.NormFloat64() * 4
		shapes[i].y += rnd.NormFloat64() * 4
		shapes[i].light += rnd.NormFloat64() * 20
	}
	c.shapes = append(shapes, shape{rnd.Float64() * side, rnd.Float64() * side, 2 + rnd.Float64()*12, rnd.Float64()*160 - 80})
	c.fadeX += rnd.NormFloat64() / 5
	return c
}

func (c composition) draw() *pdq.Plane {
	p := &pdq.Plane{Width: side, Height: side, Pix: make([]float32, side*side)}
	for y := range side {
		for x := range side {
			at := x
			if c.mirrored {
				at = min(x, side-1-x)
			}
			p.Pix[y*side+x] = float32(c.light(float64(at), float64(y)))
		}
	}
	return p
}

func (c composition) light(x, y float64) float64 {
	v := 128 + c.fadeX*(x-side/2) + c.fadeY*(y-side/2)
	for i, s := range c.shapes {
		inside := math.Hypot(x-s.x, y-s.y) < s.size
		if i%2 == 1 {
			inside = math.Abs(x-s.x) < s.size && math.Abs(y-s.y) < s.size/3
		}
		if inside {
			v += s.light
		}
	}
	if row := int(y) / 8; row < c.lines && int(y)%8 < 4 && int(x*1.7+float64(row)*3)%5 < 3 {
		v -= 90
	}
	return max(0, min(255, v))
}
