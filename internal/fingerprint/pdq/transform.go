package pdq

import (
	"math"
	"slices"
)

// kept is the number of frequencies kept along each axis, the lowest without
// the mean.
const kept = 16

// spectrum is the strength of the kept frequencies, down by across.
type spectrum [kept][kept]float32

// cosines are the rows 1 to 16 of the 64-point cosine transform, rounded to
// single precision where the reference rounds them.
var cosines = func() (d [kept][side]float32) {
	scale := float32(math.Sqrt(2.0 / side))
	for i := range kept {
		for j := range side {
			angle := math.Pi / 2 / side * float64(i+1) * float64(2*j+1)
			d[i][j] = float32(float64(scale) * math.Cos(angle))
		}
	}
	return d
}()

// transform is cosines * s * cosinesᵀ, each sum in the reference's order and
// each product rounded before it is added.
func transform(s *samples) *spectrum {
	var half [kept][side]float32
	for i := range kept {
		for k := range side {
			c := cosines[i][k]
			for j := range side {
				half[i][j] += float32(c * s[k][j])
			}
		}
	}
	out := &spectrum{}
	for i := range kept {
		for j := range kept {
			var sum float32
			for k := range side {
				sum += float32(half[i][k] * cosines[j][k])
			}
			out[i][j] = sum
		}
	}
	return out
}

// sorted returns the 256 strengths in rising order.
func (f *spectrum) sorted() []float32 {
	all := make([]float32, 0, kept*kept)
	for i := range f {
		all = append(all, f[i][:]...)
	}
	slices.Sort(all)
	return all
}

// lowerMedian is the place of the median among 256 sorted values: the
// reference takes the lower of the two in the middle.
const lowerMedian = kept*kept/2 - 1

// hash sets the bit of each frequency stronger than the median.
func (f *spectrum) hash() Hash {
	median := f.sorted()[lowerMedian]
	var h Hash
	for i := range f {
		for j, v := range f[i] {
			if v > median {
				h.set(i*kept + j)
			}
		}
	}
	return h
}

// margin is how far apart the two values are that the median separates. As
// long as no value is off by half of it, the hash stands.
func (f *spectrum) margin() float32 {
	all := f.sorted()
	return all[lowerMedian+1] - all[lowerMedian]
}
