package pdq

// lowerMedian is the place of the median among 256 sorted values: the
// reference takes the lower of the two in the middle.
const lowerMedian = kept*kept/2 - 1

// middle returns the median as the reference takes it, and the next greater
// place in order.
func (f *spectrum) middle() (median, next float32) {
	var all [kept * kept]float32
	for i := range f {
		copy(all[i*kept:], f[i][:])
	}
	lo, hi := 0, len(all)-1
	for lo < hi { // select: what belongs left of the median goes left
		pivot, i, j := all[(lo+hi)/2], lo, hi
		for i <= j {
			for all[i] < pivot {
				i++
			}
			for all[j] > pivot {
				j--
			}
			if i <= j {
				all[i], all[j] = all[j], all[i]
				i++
				j--
			}
		}
		switch {
		case lowerMedian <= j:
			hi = j
		case lowerMedian >= i:
			lo = i
		default:
			lo, hi = lowerMedian, lowerMedian
		}
	}
	next = all[lowerMedian+1]
	for _, v := range all[lowerMedian+2:] {
		next = min(next, v)
	}
	return all[lowerMedian], next
}

// hash sets the bit of each frequency stronger than the median.
func (f *spectrum) hash() Hash {
	h, _ := f.hashes()
	return h
}

// hashes returns the hash, and that of the picture mirrored at the falling
// diagonal, whose frequencies are the same with down and across exchanged.
func (f *spectrum) hashes() (straight, diagonal Hash) {
	median, _ := f.middle()
	for i := range f {
		for j, v := range f[i] {
			if v > median {
				straight.set(i*kept + j)
				diagonal.set(j*kept + i)
			}
		}
	}
	return straight, diagonal
}

// margin is how far apart the two values are that the median separates. As
// long as no value is off by half of it, the hash stands.
func (f *spectrum) margin() float32 {
	median, next := f.middle()
	return next - median
}
