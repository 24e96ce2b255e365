package pdq

// minSide is the smallest width and height with a hash; smaller pictures get
// the zero hash of quality 0, as in the reference.
const minSide = 5

// Sum returns hash and quality (0 to 100) of a picture. A picture with a side
// below 5 pixels has the zero hash and quality 0.
func Sum(p Picture) (Hash, int) {
	s, f, ok := reduce(p, (*spectrum).margin)
	if !ok {
		return Hash{}, 0
	}
	return f.hash(), s.quality()
}

// reduce returns samples and frequencies of the picture, rounded as the
// reference rounds wherever that matters to the caller: margin tells how much
// room the frequencies leave. ok is false for a picture too small.
func reduce(p Picture, margin func(*spectrum) float32) (s *samples, f *spectrum, ok bool) {
	width, height := p.Size()
	if width < minSide || height < minSide {
		return nil, nil, false
	}
	if width == side && height == side {
		s = asIs(p) // the reference takes 64x64 as it is
		return s, transform(s), true
	}
	if min(width, height) < side { // few pixels, each in several samples: nothing to gain
		s = reduceExact(p)
		return s, transform(s), true
	}
	s = reduceQuick(p)
	f = transform(s)
	if margin(f) <= 2*frequencySlack(width, height) || !s.qualityStands(stepSlack(width, height)) {
		s = reduceExact(p)
		f = transform(s)
	}
	return s, f, true
}

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
// over all kinds of pictures from 5x5 to 12 megapixels: 0.0007 for samples,
// 0.0036 for frequencies (TestSlack holds them to a third of these bounds).
func sampleSlack(width, height int) float32 {
	return 0.004 + 1e-6*float32(max(width, height))
}

func frequencySlack(width, height int) float32 {
	return 0.006 + 2e-6*float32(max(width, height))
}

// stepSlack is what sampleSlack may do to a step between two samples, in
// percent.
func stepSlack(width, height int) float64 {
	return 2 * float64(sampleSlack(width, height)) * 100 / 255
}
