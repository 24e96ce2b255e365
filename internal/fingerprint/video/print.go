package video

import (
	"slices"
	"time"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Frame is one frame's hash.
type Frame struct {
	N       int           // its number in the video, from 0
	At      time.Duration // when it is shown, from the first frame's time
	Hash    pdq.Hash
	Quality int // 0 to 100; see pdq.MinQuality
}

// Print is the fingerprint of a video.
type Print struct {
	Frames        []Frame       // in the order shown
	Counted       int           // frames of the video that were decoded, hashed or not
	Duration      time.Duration // from the first frame to the last
	Width, Height int           // of the frames, as a person sees them, in pixels
	Cut           string        // why the video was not read to its end: frames, duration, time or damaged; "" when it was
}

// Good returns the print without frames of less quality. Blank frames match
// each other by chance and say nothing about a video.
func (p Print) Good(quality int) Print {
	p.Frames = slices.DeleteFunc(slices.Clone(p.Frames), func(f Frame) bool { return f.Quality < quality })
	return p
}

// Distinct returns the print without frames that differ by at most radius bits
// from the one kept before: in most videos a picture stands for many frames.
// With more than most left, these are thinned out evenly over the video; 0
// means no bound.
func (p Print) Distinct(radius, most int) Print {
	var kept []Frame
	for _, f := range p.Frames {
		if len(kept) == 0 || kept[len(kept)-1].Hash.Distance(f.Hash) > radius {
			kept = append(kept, f)
		}
	}
	if most > 0 && len(kept) > most {
		thin := make([]Frame, most)
		for i := range thin {
			thin[i] = kept[i*len(kept)/most]
		}
		kept = thin
	}
	p.Frames = kept
	return p
}
