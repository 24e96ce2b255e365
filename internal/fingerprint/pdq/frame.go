package pdq

// SumFrame returns hash and quality of a frame of a video. Its brightness lies
// between black and white: 16 and 235 in most video, 0 and 255 where the full
// range is used.
//
// It goes the quick way only, which rounds differently from the reference: a
// bit may differ where a frequency is within rounding of the median, and the
// quality by one. Decoders of video differ by more, and many frames of a video
// are dark or blank, on which the slow way would be spent.
func SumFrame(g *Gray, black, white uint8) (Hash, int) {
	if min(g.Width, g.Height) < side || white <= black {
		return Sum(g)
	}
	r, s := quickly(g, g.Width, g.Height, 1)
	scale := 255 / float32(white-black)
	for i := range s {
		for j := range s[i] {
			s[i][j] = (s[i][j] - float32(black)) * scale
		}
	}
	return r.spectrum.hash(), s.quality()
}
