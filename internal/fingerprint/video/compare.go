package video

import (
	"slices"
	"time"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Rule says when two videos match. The percentages count frames of at least
// MinQuality, equal hashes of one video once.
//
// Published defaults contradict each other (the documentation of vPDQ asks 80 %
// of the known video and nothing of the query, its Python package the reverse),
// so ours are named by whose frames are counted, and both have to be reached.
type Rule struct {
	Radius     int     // bits up to which two frames are alike
	MinQuality int     // of frames that are compared
	OfQuery    float64 // percent of the query's frames that are in the known video
	OfKnown    float64 // percent of the known video's frames that are in the query
}

// Rules for questions that are often asked.
var (
	// Contains asks whether the known video is in the query, as a known clip is
	// in a longer compilation.
	Contains = Rule{Radius: pdq.Radius, MinQuality: pdq.MinQuality, OfKnown: 80}
	// Excerpt asks whether the query is a part of the known video, as a clip
	// that was cut from it.
	Excerpt = Rule{Radius: pdq.Radius, MinQuality: pdq.MinQuality, OfQuery: 80}
	// Same asks whether both are the same video.
	Same = Rule{Radius: pdq.Radius, MinQuality: pdq.MinQuality, OfQuery: 80, OfKnown: 80}
)

// Segment is a stretch of the query that is a stretch of the known video.
type Segment struct {
	From, To           time.Duration // in the query: its first frame's time and its last's
	KnownFrom, KnownTo time.Duration // in the known video
	Frames             int           // of the query, in it
	Farthest           int           // bits between the two frames least alike
}

// Match is what comparing found.
type Match struct {
	Matches          bool
	OfQuery, OfKnown float64   // percent found; 0 where no frame is good enough to compare
	Query, Known     int       // frames that were compared
	Segments         []Segment // in the order of the query
}

// mostCompared bounds the work of a comparison: more frames of a video are
// thinned out evenly.
const mostCompared = 20_000

// Compare compares two videos. It looks at every pair of frames: with a million
// pairs that is some milliseconds.
func Compare(query, known Print, r Rule) Match {
	q, k := query.Good(r.MinQuality).thinned(), known.Good(r.MinQuality).thinned()
	nearest := make([]near, len(q))
	found := make([]bool, len(k))
	for i, f := range q {
		var goesOn func(time.Duration) int
		if i > 0 && nearest[i-1].known >= 0 {
			expected := k[nearest[i-1].known].At + f.At - q[i-1].At
			goesOn = func(at time.Duration) int { return int(min(abs(at-expected)*astray/gap, astray)) }
		}
		nearest[i] = f.among(k, r.Radius, goesOn, found)
	}
	var m Match
	m.Query, m.OfQuery = share(q, func(i int) bool { return nearest[i].known >= 0 })
	m.Known, m.OfKnown = share(k, func(j int) bool { return found[j] })
	m.Segments = segments(q, k, nearest)
	m.Matches = m.Query > 0 && m.Known > 0 && len(m.Segments) > 0 && m.OfQuery >= r.OfQuery && m.OfKnown >= r.OfKnown
	return m
}

// among finds the frame most like f, notes all that are alike, and prefers of
// several the one where the stretch goes on.
func (f Frame) among(k []Frame, radius int, goesOn func(time.Duration) int, found []bool) near {
	best, n := int(^uint(0)>>1), near{known: -1}
	for j, g := range k {
		d := f.Hash.Distance(g.Hash)
		if d > radius {
			continue
		}
		found[j] = true
		score := d * 10
		if goesOn != nil {
			score += goesOn(g.At)
		}
		if score < best {
			best, n = score, near{known: j, bits: d}
		}
	}
	return n
}

func (p Print) thinned() []Frame {
	if len(p.Frames) <= mostCompared {
		return p.Frames
	}
	return p.Distinct(-1, mostCompared).Frames
}

// near is the frame of the known video most like one of the query.
type near struct{ known, bits int }

// share counts different hashes, and how many percent of them are found.
func share(frames []Frame, found func(int) bool) (n int, percent float64) {
	seen := map[pdq.Hash]bool{}
	hits := 0
	for i, f := range frames {
		if seen[f.Hash] {
			continue
		}
		seen[f.Hash] = true
		if found(i) {
			hits++
		}
	}
	if len(seen) == 0 {
		return 0, 0
	}
	return len(seen), 100 * float64(hits) / float64(len(seen))
}

// gap is how far apart two frames that follow each other in one stretch may be,
// and how far the two videos' clocks may drift from one to the next.
const gap = 2 * time.Second

// astray is what a frame that does not go on where the one before was has
// against it, in tenths of a bit, when it is as far from there as gap or more:
// in still scenes many frames are almost equal.
const astray = 200

// segments joins frames that follow each other in both videos.
func segments(q, k []Frame, nearest []near) []Segment {
	var out []Segment
	for i, n := range nearest {
		if n.known < 0 {
			continue
		}
		at, there := q[i].At, k[n.known].At
		if len(out) > 0 {
			s := &out[len(out)-1]
			if at-s.To <= gap && abs((at-s.From)-(there-s.KnownFrom)) <= gap {
				s.To, s.KnownFrom, s.KnownTo = at, min(s.KnownFrom, there), max(s.KnownTo, there)
				s.Frames, s.Farthest = s.Frames+1, max(s.Farthest, n.bits)
				continue
			}
		}
		out = append(out, Segment{From: at, To: at, KnownFrom: there, KnownTo: there, Frames: 1, Farthest: n.bits})
	}
	return slices.Clip(out)
}

func abs(d time.Duration) time.Duration { return max(d, -d) }
