package video

// main reads the main header: units of time, and what the byte before a frame
// stands for.
func (n *nut) main(f *fields) {
	if version := f.number(); version != 3 {
		f.fail("version %d", version)
	}
	if tracks := f.number(); tracks != 1 {
		f.fail("%d tracks", tracks)
	}
	f.number() // most bytes between two points at which a reader may begin
	count := f.number()
	if count == 0 || count > mostBases {
		f.fail("%d units of time", count)
		return
	}
	n.bases = nil
	for range count {
		b := base{f.number(), f.number()}
		if b.num == 0 || b.den == 0 || b.num > 1<<31 || b.den > 1<<31 {
			f.fail("a unit of time of %d/%d", b.num, b.den)
		}
		n.bases = append(n.bases, b)
	}
	n.table(f)
	elisions := f.number()
	if elisions >= 128 {
		f.fail("%d beginnings", elisions)
		return
	}
	n.elided = [][]byte{nil}
	for range elisions {
		n.elided = append(n.elided, f.bytes())
	}
}

// table reads what each byte before a frame stands for: groups of bytes that
// differ in the size only.
func (n *nut) table(f *fields) {
	var c code
	c.multiple = 1
	for i := 0; i < 256 && f.err == nil; {
		c.flags = f.number()
		given := f.number()
		c.size, c.reserved = 0, 0
		count := uint64(0)
		for k := range min(given, 64) {
			switch k {
			case 0:
				c.delta = f.signed()
			case 1:
				c.multiple = f.number()
			case 2:
				f.number() // track
			case 3:
				c.size = f.number()
			case 4:
				c.reserved = f.number()
			case 5:
				count = f.number()
			case 6:
				f.signed() // time of a matching frame
			case 7:
				c.elided = f.number()
			default:
				f.number()
			}
		}
		if given <= 5 {
			count = c.multiple - c.size
		}
		if c.size > c.multiple || count == 0 || count > 256 {
			f.fail("a table of %d frames", count)
			return
		}
		first := c.size
		for k := uint64(0); k < count && i < 256; i++ {
			if i == 'N' { // begins every other packet
				n.codes[i].flags = flagInvalid
				continue
			}
			n.codes[i] = c
			n.codes[i].size = first + k
			k++
		}
	}
}

// stream reads the header of the track: its unit of time and size.
func (n *nut) stream(f *fields) {
	f.number() // its number
	if class := f.number(); class != 0 {
		f.fail("a track of class %d is no video", class)
	}
	if kind := string(f.bytes()); kind != "Y800" && kind != "GREY" {
		f.fail("frames of kind %q are not grey", kind)
	}
	unit := f.number()
	if unit >= uint64(len(n.bases)) {
		f.fail("no unit of time %d", unit)
		return
	}
	n.track = n.bases[unit]
	if n.shift = f.number(); n.shift > 31 {
		f.fail("times of %d bits", n.shift)
	}
	f.number() // farthest distance of times
	f.number() // frames the decoder holds back
	f.number() // flags
	f.bytes()  // for the decoder
	width, height := f.number(), f.number()
	if width == 0 || height == 0 || width > 1<<20 || height > 1<<20 {
		f.fail("frames of %dx%d pixels", width, height)
		return
	}
	n.Width, n.Height = int(width), int(height)
}
