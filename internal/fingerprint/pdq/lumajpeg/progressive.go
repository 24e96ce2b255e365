package lumajpeg

import (
	"fmt"
	"math/bits"
)

// span is what a progressive scan brings: coefficients from to to of each
// block, down to bit low; high is low of the scan before, or nought (T.81 G.1).
type span struct{ from, to, high, low int }

func (s span) valid(parts int) bool {
	if s.from == 0 && s.to != 0 || s.from > s.to || s.to > 63 || s.from > 0 && parts > 1 {
		return false
	}
	return s.low <= 13 && (s.high == 0 || s.high == s.low+1)
}

// progress reads a scan that brings something of the brightness.
func (d *decoder) progress(parts []*part, s span) error {
	if d.scans++; d.scans > d.options.Scans {
		return fmt.Errorf("%w: more than %d times", ErrScans, d.options.Scans)
	}
	if !s.valid(len(parts)) {
		return broken("scan header")
	}
	for _, p := range parts {
		if s.from == 0 && s.high == 0 && p.dc == nil || s.from > 0 && p.ac == nil {
			return broken("a scan without its Huffman table")
		}
	}
	y := d.luma()
	if s.from > 0 {
		return d.progressAC(s)
	}
	if len(parts) == 1 {
		return d.intervals(y.across*y.down, func(from, to int) bool {
			for k := from; k < to; k++ {
				if !d.progressDC(y, k/y.across*y.stride+k%y.across, s) {
					return false
				}
			}
			return true
		})
	}
	across, down := y.stride/y.h, y.rows/y.v
	return d.intervals(across*down, func(from, to int) bool {
		for k := from; k < to; k++ {
			if !d.unitDC(parts, k%across, k/across, s) {
				return false
			}
		}
		return true
	})
}

// unitDC reads one MCU of a scan of means.
func (d *decoder) unitDC(parts []*part, x, y int, s span) bool {
	for _, p := range parts {
		for v := range p.v {
			for h := range p.h {
				at := -1
				if p == d.luma() {
					at = (y*p.v+v)*p.stride + x*p.h + h
				}
				if !d.progressDC(p, at, s) {
					return false
				}
			}
		}
	}
	return true
}

// progressDC reads the mean of a block, or one bit more of it (T.81 G.1.2.1);
// at is below nought for colour, which is not kept.
func (d *decoder) progressDC(p *part, at int, s span) bool {
	r := &d.bits
	if r.pos > r.size+8 {
		return false
	}
	if s.high > 0 {
		if bit := r.take(1); at >= 0 {
			d.stored[at*d.keep] |= int16(bit << s.low)
		}
		return true
	}
	e := r.symbol(p.dc)
	if e == 0 {
		return false
	}
	p.pred += r.value(e)
	if at >= 0 {
		d.stored[at*d.keep] = int16(p.pred << s.low)
	}
	return true
}

// progressAC reads a scan of frequencies, which holds brightness only.
func (d *decoder) progressAC(s span) error {
	y := d.luma()
	band := (^uint64(0) >> (63 - (s.to - s.from))) << s.from
	return d.intervals(y.across*y.down, func(from, to int) bool {
		run := 0 // blocks, this one included, with nothing new in the band
		for k := from; k < to; k++ {
			if run > 0 && s.high == 0 { // nothing to do for any of them
				skip := min(run, to-k)
				run -= skip
				k += skip - 1
				continue
			}
			if d.bits.pos > d.bits.size+8 {
				return false
			}
			at, ok := k/y.across*y.stride+k%y.across, false
			if s.high == 0 {
				run, ok = d.firstAC(y.ac, at, s)
			} else {
				run, ok = d.refineAC(y.ac, at, s, band, run)
			}
			if !ok {
				return false
			}
		}
		return true
	})
}

// endRun reads how many blocks end here (T.81 G.1.2.2).
func (r *bitReader) endRun(e uint32) int {
	size := int(e >> 8 & 15)
	return 1<<size | int(r.take(size))
}

// firstAC reads the first bits of a block's band. run is how many blocks
// behind it have nothing in the band.
func (d *decoder) firstAC(t *table, at int, s span) (run int, ok bool) {
	r := &d.bits
	for k := s.from; k <= s.to; k++ {
		e := r.symbol(t)
		if e == 0 {
			return 0, false
		}
		v := r.value(e)
		zeros := int(e >> 8 & 15)
		if v == 0 && zeros < 15 {
			return r.endRun(e) - 1, true
		}
		if k += zeros; v == 0 {
			continue
		}
		if k > s.to {
			return 0, false
		}
		d.present[at] |= 1 << k
		if k < d.keep {
			d.stored[at*d.keep+k] = int16(v << s.low)
		}
	}
	return 0, true
}

// refineAC reads one bit more of a block's band (T.81 G.1.2.3): a bit for each
// coefficient that is there, and those that appear.
func (d *decoder) refineAC(t *table, at int, s span, band uint64, run int) (int, bool) {
	r := &d.bits
	k := s.from
	for run == 0 && k <= s.to {
		e := r.symbol(t)
		if e == 0 {
			return 0, false
		}
		v, zeros := r.value(e), int(e>>8&15)
		if v == 0 && zeros < 15 {
			run = r.endRun(e)
			break
		}
		if v < -1 || v > 1 {
			return 0, false
		}
		for ; k <= s.to; k++ {
			if d.present[at]>>k&1 != 0 {
				d.refine(at, k, s.low)
			} else if zeros--; zeros < 0 {
				break
			}
		}
		if v != 0 {
			if k > s.to {
				return 0, false
			}
			d.present[at] |= 1 << k
			if k < d.keep {
				d.stored[at*d.keep+k] = int16(v << s.low)
			}
		}
		k++
	}
	if run == 0 {
		return 0, true
	}
	for rest := d.present[at] & band >> k << k; rest != 0; rest &= rest - 1 {
		d.refine(at, bits.TrailingZeros64(rest), s.low)
	}
	return run - 1, true
}

// refine reads one bit more of a coefficient.
func (d *decoder) refine(at, k, low int) {
	if d.bits.take(1) == 0 || k >= d.keep {
		return
	}
	c := &d.stored[at*d.keep+k]
	if *c < 0 {
		*c -= 1 << low
	} else {
		*c += 1 << low
	}
}

// finish makes the plane of a progressive file at its end.
func (d *decoder) finish() error {
	if d.plane == nil {
		return broken("ends without the picture")
	}
	if err := d.weigh(); err != nil {
		return err
	}
	y := d.luma()
	for row := range y.down {
		for column := range y.across {
			at := row*y.stride + column
			coefficients := d.stored[at*d.keep:][:d.keep]
			top := 0
			d.block[0] = int32(coefficients[0]) * d.weights[0]
			for rest := d.present[at] & (1<<(d.keep&63) - 1 | -uint64(d.keep>>6)); rest != 0; rest &= rest - 1 {
				top = bits.TrailingZeros64(rest)
				d.block[zigzag[top]] = int32(coefficients[top]) * d.weights[top]
			}
			d.put(column, row, top)
		}
	}
	d.stored, d.present = nil, nil
	return nil
}
