package lumajpeg

// scan reads a scan (T.81 B.2.3). It reports done when nothing that follows
// can matter.
func (d *decoder) scan(head []byte) (done bool, err error) {
	if d.parts == nil {
		return false, broken("a scan before the frame header")
	}
	if d.isRGB() {
		return false, unusual("its colours")
	}
	if len(head) < 1 || len(head) != 4+2*int(head[0]) || int(head[0]) > len(d.parts) || head[0] == 0 {
		return false, broken("scan header")
	}
	parts, err := d.scanned(head[1 : 1+2*int(head[0])])
	if err != nil {
		return false, err
	}
	s := span{from: int(head[len(head)-3]), to: int(head[len(head)-2]), high: int(head[len(head)-1] >> 4), low: int(head[len(head)-1] & 15)}
	if parts[0] != d.luma() { // components come in the order of the frame
		d.at = nextMarker(d.data, d.at)
		return false, nil
	}
	if d.plane == nil {
		if err := d.prepare(); err != nil {
			return false, err
		}
	}
	if d.progressive {
		return false, d.progress(parts, s)
	}
	return true, d.sequential(parts)
}

// scanned finds the components of a scan and their tables.
func (d *decoder) scanned(list []byte) (parts []*part, err error) {
	next := 0
	for ; len(list) > 0; list = list[2:] {
		for next < len(d.parts) && d.parts[next].id != list[0] {
			next++
		}
		dc, ac := list[1]>>4, list[1]&15
		if next == len(d.parts) || dc > 3 || ac > 3 {
			return nil, broken("scan header")
		}
		p := &d.parts[next]
		p.dc, p.ac = d.dc[dc], d.ac[ac]
		parts = append(parts, p)
		next++
	}
	return parts, nil
}

// intervals runs f over the MCUs of a scan, from to before to, one restart
// interval after the other (T.81 E.2.4).
func (d *decoder) intervals(total int, f func(from, to int) bool) error {
	step := total
	if d.restart > 0 {
		step = d.restart
	}
	for from, n := 0, 0; from < total; from, n = from+step, n+1 {
		if n > 0 {
			if d.at+2 > len(d.data) || d.data[d.at] != 0xFF || d.data[d.at+1] != 0xD0+byte((n-1)&7) {
				return broken("no restart marker where one is due")
			}
			d.at += 2
		}
		d.at = d.bits.load(d.data, d.at)
		for k := range d.parts {
			d.parts[k].pred = 0
		}
		if !f(from, min(from+step, total)) || d.bits.over() {
			return broken("in the middle of the picture")
		}
	}
	return nil
}

// sequential reads a baseline or extended scan and with it the picture.
func (d *decoder) sequential(parts []*part) error {
	if err := d.weigh(); err != nil {
		return err
	}
	for _, p := range parts {
		if p.dc == nil || p.ac == nil {
			return broken("a scan without its Huffman table")
		}
	}
	y := d.luma()
	if len(parts) == 1 {
		return d.intervals(y.across*y.down, func(from, to int) bool {
			for k := from; k < to; k++ {
				if !d.lumaBlock(y, k%y.across, k/y.across) {
					return false
				}
			}
			return true
		})
	}
	across, down := y.stride/y.h, y.rows/y.v
	return d.intervals(across*down, func(from, to int) bool {
		for k := from; k < to; k++ {
			if !d.unit(parts, k%across, k/across) {
				return false
			}
		}
		return true
	})
}

// unit reads one MCU of several components.
func (d *decoder) unit(parts []*part, x, y int) bool {
	for _, p := range parts {
		if p == d.luma() {
			for v := range p.v {
				for h := range p.h {
					if !d.lumaBlock(p, x*p.h+h, y*p.v+v) {
						return false
					}
				}
			}
			continue
		}
		for range p.h * p.v {
			if !d.bits.skipBlock(p.dc, p.ac, 1, true) {
				return false
			}
		}
	}
	return true
}

// lumaBlock reads a block and puts it into the plane.
func (d *decoder) lumaBlock(p *part, x, y int) bool {
	r := &d.bits
	if r.pos > r.size+8 {
		return false
	}
	e := r.symbol(p.dc)
	if e == 0 {
		return false
	}
	p.pred += r.value(e)
	d.block[0] = p.pred * d.weights[0]
	k, top := 1, 0
	acc, n, pos, buf := r.acc, r.n, r.pos, r.buf
	t := p.ac
	for k < d.keep {
		if n < 32 {
			acc |= bigEndian(buf[pos:]) >> n
			pos += int(63-n) >> 3
			n |= 56
		}
		e := t.fast[acc>>(64-fast)]
		if e == 0 {
			if e = t.long(acc); e == 0 {
				return false
			}
		}
		acc <<= e & 0xFF
		n -= uint(e & 0xFF)
		v := int32(e) >> 16
		if v == 0 {
			size := int(e >> 12 & 15)
			if size == 0 {
				if e>>8&15 == 15 {
					k += 16
					continue
				}
				k = 64
				break
			}
			v = extend(uint32(acc>>(64-size)), size)
			acc <<= size
			n -= uint(size)
		}
		k += int(e >> 8 & 15)
		if k >= d.keep {
			k++
			break
		}
		d.block[zigzag[k&63]] = v * d.weights[k&63]
		top = k
		k++
	}
	r.acc, r.n, r.pos = acc, n, pos
	d.put(x, y, top)
	if k > 64 {
		return false
	}
	return k == 64 || r.skipBlock(nil, t, k, false)
}

// skipBlock reads past a block from coefficient k on.
func (r *bitReader) skipBlock(dc, ac *table, k int, whole bool) bool {
	if whole {
		if r.pos > r.size+8 {
			return false
		}
		e := r.symbol(dc)
		if e == 0 {
			return false
		}
		r.value(e)
	}
	acc, n, pos, buf := r.acc, r.n, r.pos, r.buf
	for k < 64 {
		if n < 32 {
			acc |= bigEndian(buf[pos:]) >> n
			pos += int(63-n) >> 3
			n |= 56
		}
		e := ac.skip[acc>>(64-fast)]
		if e == 0 {
			if e = ac.longSkip(acc); e == 0 {
				return false
			}
		}
		acc <<= e & 0xFF
		n -= uint(e & 0xFF)
		if e>>8 == toEnd {
			k = 64
			break
		}
		k += int(e >> 8)
	}
	r.acc, r.n, r.pos = acc, n, pos
	return k == 64
}
