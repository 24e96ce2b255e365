package pdq

// minSide is the smallest width and height with a hash; smaller pictures get
// the zero hash of quality 0, as in the reference.
const minSide = 5

// Sum returns hash and quality (0 to 100) of a picture. A picture with a side
// below 5 pixels has the zero hash and quality 0.
func Sum(p Picture) (Hash, int) {
	r, ok := reduce(p, (*spectrum).margin)
	if !ok {
		return Hash{}, 0
	}
	return r.spectrum.hash(), r.quality
}

// reduced is a picture reduced to what its hash is made of.
type reduced struct {
	spectrum *spectrum
	quality  int

	// Where the quick way was gone, what leads to the hashes of the turned
	// picture: its size, the taps for it, and how many pixels a side make one
	// of the values there are.
	width, height, group int
	down, across         []taps
	rows                 *gathered
}

// quickly reduces a picture of which groups of pixels are known, the quick
// way, and returns the samples too.
func quickly(p Picture, width, height, group int) (r reduced, s *samples) {
	r = reduced{width: width, height: height, group: group, down: tents(newWindow(height)), across: tents(newWindow(width))}
	r.rows = gather(p, grouped(r.down, group))
	s = r.rows.reduce(grouped(r.across, group))
	r.spectrum = transformQuick(s)
	return r, s
}

// reduce returns the picture's frequencies and quality, rounded as the
// reference rounds wherever that matters to the caller: margin tells how much
// room the frequencies leave. ok is false for a picture too small.
func reduce(p Picture, margin func(*spectrum) float32) (r reduced, ok bool) {
	width, height := p.Size()
	if width < minSide || height < minSide {
		return reduced{}, false
	}
	if width == side && height == side {
		return asIs(p).reduced(), true // the reference takes 64x64 as it is
	}
	if min(width, height) < side { // few pixels, each in several samples: nothing to gain
		return reduceExact(p).reduced(), true
	}
	r, s := quickly(p, width, height, 1)
	low, high := s.qualities(stepSlack(width, height))
	r.quality = low
	if low != high || margin(r.spectrum) <= 2*frequencySlack(width, height) {
		exact := reduceExact(p).reduced()
		r.spectrum, r.quality = exact.spectrum, exact.quality
	}
	return r, true
}

func (s *samples) reduced() reduced { return reduced{spectrum: transform(s), quality: s.quality()} }

func asIs(p Picture) *samples {
	s := &samples{}
	for y := range side {
		p.Luma(y, s[y][:])
	}
	return s
}

// sampleSlack and frequencySlack are the largest differences assumed between
// the quick and the exact reduction, in units of brightness. The running sums
// of the exact way gather rounding errors with the length of the axis. Seen
// over all kinds of pictures: samples 0.0017 off at 384x385 and 0.0039 at
// 20000x70, frequencies 0.0047 and 0.016 (TestSlack holds them to a third of
// these bounds).
func sampleSlack(width, height int) float32 {
	return 0.006 + 1e-6*float32(max(width, height))
}

func frequencySlack(width, height int) float32 {
	return 0.015 + 3e-6*float32(max(width, height))
}

// stepSlack is what sampleSlack may do to a step between two samples, in
// percent.
func stepSlack(width, height int) float32 {
	return 2 * sampleSlack(width, height) * 100 / 255
}
