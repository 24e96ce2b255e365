package pdq

import (
	"math"
	"math/rand/v2"
)

// slowBox is the reference's box filter along one line, phase by phase, as its
// authors describe it: the yardstick for both reductions.
func slowBox(in, out []float32, n, stride, full int) {
	half := (full + 2) / 2
	var sum float32
	count, li, ri, oi := 0, 0, 0, 0
	for range half - 1 {
		sum += in[ri*stride]
		count++
		ri++
	}
	for range full - half + 1 {
		sum += in[ri*stride]
		count++
		out[oi*stride] = sum / float32(count)
		ri, oi = ri+1, oi+1
	}
	for range n - full {
		sum += in[ri*stride]
		sum -= in[li*stride]
		out[oi*stride] = sum / float32(count)
		li, ri, oi = li+1, ri+1, oi+1
	}
	for range half - 1 {
		sum -= in[li*stride]
		count--
		out[oi*stride] = sum / float32(count)
		li, oi = li+1, oi+1
	}
}

// slowReduce filters the whole picture twice and keeps 64x64 of it.
func slowReduce(p Picture) *samples {
	width, height := p.Size()
	a, b := make([]float32, width*height), make([]float32, width*height)
	for y := range height {
		p.Luma(y, a[y*width:][:width])
	}
	for range 2 {
		for y := range height {
			slowBox(a[y*width:], b[y*width:], width, 1, (width+127)/128)
		}
		for x := range width {
			slowBox(b[x:], a[x:], height, width, (height+127)/128)
		}
	}
	out := &samples{}
	for i := range side {
		for j := range side {
			y, x := int((float64(i)+0.5)*float64(height)/side), int((float64(j)+0.5)*float64(width)/side)
			out[i][j] = a[y*width+x]
		}
	}
	return out
}

// torben finds the lower median by halving the range of values, as the
// reference does (Torben Mogensen's algorithm).
func torben(values []float32) float32 {
	lo, hi := values[0], values[0]
	for _, v := range values {
		lo, hi = min(lo, v), max(hi, v)
	}
	for {
		guess := (lo + hi) / 2
		less, greater, equal := 0, 0, 0
		below, above := lo, hi
		for _, v := range values {
			switch {
			case v < guess:
				less++
				below = max(below, v)
			case v > guess:
				greater++
				above = min(above, v)
			default:
				equal++
			}
		}
		half := (len(values) + 1) / 2
		switch {
		case less <= half && greater <= half:
			if less >= half {
				return below
			} else if less+equal >= half {
				return guess
			}
			return above
		case less > greater:
			hi = below
		default:
			lo = above
		}
	}
}

// slowSum is the whole way of the reference.
func slowSum(p Picture) (Hash, int) {
	width, height := p.Size()
	if width < 5 || height < 5 {
		return Hash{}, 0
	}
	s := asIsOr(p, slowReduce)
	f := transform(s)
	flat := make([]float32, 0, 256)
	for i := range f {
		flat = append(flat, f[i][:]...)
	}
	median := torben(flat)
	var h Hash
	for k, v := range flat {
		if v > median {
			h.set(k)
		}
	}
	return h, s.quality()
}

func asIsOr(p Picture, reduce func(Picture) *samples) *samples {
	if w, h := p.Size(); w == side && h == side {
		return asIs(p)
	}
	return reduce(p)
}

// drawn makes a picture of a kind, the same for the same seed: nothing in it
// comes from the world.
func drawn(kind string, width, height int, seed uint64) *Plane {
	if kind == "patches" {
		return patches(width, height, seed)
	}
	rnd := rand.New(rand.NewPCG(seed, 7))
	p := &Plane{Width: width, Height: height, Pix: make([]float32, width*height)}
	fx, fy, phase := rnd.Float64()*30, rnd.Float64()*30, rnd.Float64()*6
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			var r, g, b float64
			switch kind {
			case "noise":
				r, g, b = rnd.Float64()*255, rnd.Float64()*255, rnd.Float64()*255
			case "waves":
				r = 127 + 127*math.Sin(fx*u*6+fy*v*v*9+phase)
				g = 127 + 127*math.Sin(fy*u*3-fx*v*5+math.Sin(9*u*v))
				b = 255 * u
			case "mirror": // symmetric: half of the frequencies are nothing but rounding
				r = 127 + 100*math.Cos(fx*math.Abs(u-0.5)) + 20*math.Cos(fy*math.Abs(v-0.5))
				g, b = r, r
			case "flat":
				r, g, b = phase*40, fx*8, fy*8
			case "steps":
				r = float64(int(u*8)%2) * 255
				g, b = float64(int(v*5)%2)*255, r
			case "dark":
				r, g, b = 3+2*math.Sin(fx*u), 2+2*math.Cos(fy*v), 1
			}
			p.Pix[y*width+x] = luma(uint8(r), uint8(g), uint8(b))
		}
	}
	return p
}

// patches lays soft-edged boxes of many sizes over each other, which is nearer
// to a photograph than the other kinds.
func patches(width, height int, seed uint64) *Plane {
	rnd := rand.New(rand.NewPCG(seed, 11))
	p := &Plane{Width: width, Height: height, Pix: make([]float32, width*height)}
	for range 120 {
		u, v, su, sv := rnd.Float64(), rnd.Float64(), 0.02+0.2*rnd.Float64(), 0.02+0.2*rnd.Float64()
		shade := 255 * rnd.Float64()
		for y := int(max(0, (v-sv)*float64(height))); y < min(height, int((v+sv)*float64(height))); y++ {
			for x := int(max(0, (u-su)*float64(width))); x < min(width, int((u+su)*float64(width))); x++ {
				p.Pix[y*width+x] = luma(uint8(shade), uint8(255-shade), uint8(0.3*float64(p.Pix[y*width+x])+0.7*shade))
			}
		}
	}
	return p
}

var kinds = []string{"patches", "noise", "waves", "mirror", "flat", "steps", "dark"}
