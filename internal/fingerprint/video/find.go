package video

import "github.com/staydown/staydown/internal/fingerprint/pdq"

// Finder finds known hashes within a radius of bits, at most most of them, the
// nearest first.
type Finder interface {
	Find(h pdq.Hash, radius, most int) ([]Hit, error)
}

// Hit is a known picture or frame.
type Hit struct {
	Name     string // as the finder knows it
	Distance int    // bits
}

// Seen is a frame of a video that is like a known picture.
type Seen struct {
	Frame Frame
	Hits  []Hit // the nearest first
}

// Find asks for each good frame of the video among known pictures, and tells
// the frames that are like one. A frame like the one asked before is not asked
// again: stills of a known picture stand for many frames.
func Find(p Print, among Finder, r Rule, most int) ([]Seen, error) {
	var out []Seen
	for _, f := range p.Good(r.MinQuality).Distinct(sameStill, 0).Frames {
		hits, err := among.Find(f.Hash, r.Radius, most)
		if err != nil {
			return nil, err
		}
		if len(hits) > 0 {
			out = append(out, Seen{Frame: f, Hits: hits})
		}
	}
	return out, nil
}

// sameStill is how many bits frames of one still differ by, from noise and
// coding.
const sameStill = 4
