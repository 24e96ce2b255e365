package lumajpeg

// fast is how many bits are looked up at once.
const fast = 10

// table is a Huffman table with what its codes mean already worked out.
//
// An entry holds in its lowest byte how many bits it uses up, then four bits of
// run (zeros before the coefficient), four bits of size (bits of the
// coefficient still to be read), and in the upper half the coefficient where
// it fit into the bits looked up, so that size is nought. Zero is no entry.
type table struct {
	fast [1 << fast]uint32
	// skip tells for what is not wanted: bits used up, the coefficient
	// included, in the lower byte, and how many places it moves on in the upper.
	skip   [1 << fast]uint16
	first  [17]uint32 // of each length, the first code
	count  [17]uint32 // and how many there are
	offset [17]int    // and where their values lie
	values []byte
}

// newTable works out a table from the number of codes of each length and the
// values in order of code (T.81 C.2); ok is false where the codes overflow.
func newTable(counts, values []byte) (t *table, ok bool) {
	t = &table{values: values}
	code, at := uint32(0), 0
	for length := 1; length <= 16; length++ {
		n := uint32(counts[length-1])
		t.first[length], t.count[length], t.offset[length] = code, n, at
		if code+n > 1<<length {
			return nil, false
		}
		for range n {
			if length <= fast {
				t.fill(code, length, values[at])
			}
			code++
			at++
		}
		code <<= 1
	}
	return t, true
}

// fill enters a short code, with all that may follow it.
func (t *table) fill(code uint32, length int, value byte) {
	run, size := uint32(value>>4), int(value&15)
	skip := skipping(length, value)
	for rest := range uint32(1) << (fast - length) {
		at := code<<(fast-length) | rest
		t.skip[at] = skip
		t.fast[at] = entry(length, value)
		if left := fast - length - size; size > 0 && left >= 0 {
			v := extend(rest>>left, size)
			t.fast[at] = uint32(length+size) | run<<8 | uint32(uint16(v))<<16
		}
	}
}

func entry(length int, value byte) uint32 {
	return uint32(length) | uint32(value>>4)<<8 | uint32(value&15)<<12
}

// long looks up a code longer than fast bits, at the top of acc; 0 is none.
func (t *table) long(acc uint64) uint32 {
	for length := fast + 1; length <= 16; length++ {
		if k := uint32(acc>>(64-length)) - t.first[length]; k < t.count[length] {
			return entry(length, t.values[t.offset[length]+int(k)])
		}
	}
	return 0
}

// extend gives size bits their sign (T.81 F.2.2.1).
func extend(v uint32, size int) int32 {
	if v < 1<<(size-1) {
		return int32(v) - 1<<size + 1
	}
	return int32(v)
}

// toEnd is how far an entry moves on that ends the block.
const toEnd = 64

func skipping(length int, value byte) uint16 {
	run, size := value>>4, value&15
	if size == 0 && run < 15 {
		return uint16(length) | toEnd<<8
	}
	return uint16(length) + uint16(size) | uint16(run+1)<<8
}

// longSkip is long for what is not wanted.
func (t *table) longSkip(acc uint64) uint16 {
	e := t.long(acc)
	if e == 0 {
		return 0
	}
	return skipping(int(e&0xFF), byte(e>>8&15<<4|e>>12&15))
}
