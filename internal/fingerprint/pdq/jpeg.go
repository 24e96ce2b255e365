package pdq

import "github.com/staydown/staydown/internal/fingerprint/pdq/lumajpeg"

// Where brightness alone would mislead: a JPEG stores brightness and colour
// apart, and both in steps; what comes out as more red, green or blue than
// there is gets cut off, and the brightness of the pixel is no longer the one
// stored. The coarser the steps and the fewer the pixels, the more of that ends
// up in the hash. Both are read whole instead; neither costs much, since coarse
// files are rare and small ones quickly decoded. The bounds come from
// testdata/luma.md.
const (
	coarseStep   = 64      // eighths of a shade; at quality 12 of libjpeg's scale it is 68
	fewestPixels = 1 << 17 // pixels; 362x362
)

// readLuma fingerprints a JPEG by the brightness it stores, in the reading
// [ReadingLuma]. It reports false for a file to be decoded whole instead:
// because it is of an unusual kind, because brightness alone would mislead, or
// because it is broken, which the standard library is to judge.
func (f *File) readLuma(data []byte, limits Limits) bool {
	if f.Width*f.Height < fewestPixels {
		return false
	}
	plane, err := lumajpeg.Decode(data, lumajpeg.Options{Pixels: limits.Pixels, Scans: limits.Scans})
	if err != nil || plane.Step > coarseStep {
		return false
	}
	hashes, quality := sumPlane(plane)
	f.Reading = ReadingLuma
	f.Orientation = orientation("jpeg", data)
	if f.Orientation >= 5 {
		f.Width, f.Height = f.Height, f.Width
	}
	f.Frames = []Frame{{Quality: quality, Hashes: hashes.upright(f.Orientation)}}
	return true
}

// sumPlane is [SumTurned] for a plane that may be reduced. The samples keep
// the place and the width they have in the whole picture. Where rounding
// decides a bit, it stays as the quick way rounds: the plane itself is further
// from the pixels than that.
func sumPlane(p *lumajpeg.Plane) (Dihedral, int) {
	gray := &Gray{Width: p.Width, Height: p.Height, Stride: p.Stride, Pix: p.Pix}
	if min(p.FullWidth, p.FullHeight) <= side { // not reduced
		return SumTurned(gray)
	}
	r, s := quickly(gray, p.FullWidth, p.FullHeight, p.Group)
	return r.turned(gray), s.quality()
}
