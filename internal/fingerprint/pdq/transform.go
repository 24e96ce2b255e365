package pdq

import "math"

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

// transformQuick is transform with half the work and another rounding: each
// row of cosines is symmetric (every second one with its sign changed), so
// samples are added or subtracted in pairs before they are weighed.
func transformQuick(s *samples) *spectrum {
	var folded [side][side]float32 // differences for the odd frequencies, then sums for the even ones
	for k := range side / 2 {
		a, b := &s[k], &s[side-1-k]
		minus, plus := &folded[k], &folded[side/2+k]
		for j := range side {
			minus[j], plus[j] = a[j]-b[j], a[j]+b[j]
		}
	}
	out := &spectrum{}
	var row [side]float32
	for i := range kept {
		weighRows(&row, folded[i&1*side/2:][:side/2], &cosines[i])
		var line [side]float32
		for k := range side / 2 {
			line[k], line[side/2+k] = row[k]-row[side-1-k], row[k]+row[side-1-k]
		}
		for j := range kept {
			out[i][j] = dot(line[j&1*side/2:][:side/2], cosines[j][:side/2])
		}
	}
	return out
}

// weighRows sums rows with weights, eight columns at a time so that the sums
// stay in registers.
func weighRows(out *[side]float32, rows [][side]float32, weights *[side]float32) {
	for x := 0; x < side; x += 8 {
		var s0, s1, s2, s3, s4, s5, s6, s7 float32
		for k := range rows {
			r, c := rows[k][x:x+8:x+8], weights[k&(side-1)]
			s0 += float32(c * r[0])
			s1 += float32(c * r[1])
			s2 += float32(c * r[2])
			s3 += float32(c * r[3])
			s4 += float32(c * r[4])
			s5 += float32(c * r[5])
			s6 += float32(c * r[6])
			s7 += float32(c * r[7])
		}
		o := out[x : x+8 : x+8]
		o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7] = s0, s1, s2, s3, s4, s5, s6, s7
	}
}
