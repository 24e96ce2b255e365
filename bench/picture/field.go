package picture

import "math/rand/v2"

// field is soft noise between about 0 and 1 over the unit square: octaves of
// random lattices, each finer and weaker than the one before.
type field [][]float64

const coarsest = 4 // lattice squares along a side in the first octave

func newField(rnd *rand.Rand, octaves int) field {
	var f field
	for o := range octaves {
		n := coarsest<<o + 1
		lattice := make([]float64, n*n)
		for i := range lattice {
			lattice[i] = rnd.Float64()
		}
		f = append(f, lattice)
	}
	return f
}

func (f field) at(u, v float64) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for o, lattice := range f {
		n := coarsest << o
		x, y := u*float64(n), v*float64(n)
		i, j := min(int(x), n-1), min(int(y), n-1)
		fx, fy := x-float64(i), y-float64(j)
		fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
		row, below := lattice[j*(n+1)+i:], lattice[(j+1)*(n+1)+i:]
		top := row[0] + (row[1]-row[0])*fx
		bottom := below[0] + (below[1]-below[0])*fx
		sum += weight * (top + (bottom-top)*fy)
		total += weight
		weight /= 1.8
	}
	return sum / total
}
