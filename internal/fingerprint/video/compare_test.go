package video

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

func fixed(stream []byte, err error) func(context.Context, []string, io.Reader, func(io.Reader) error) error {
	return func(_ context.Context, _ []string, _ io.Reader, read func(io.Reader) error) error {
		if failed := read(bytes.NewReader(stream)); failed != nil && err == nil {
			return failed
		}
		return err
	}
}

// film makes a print of n frames of random pictures, ten a second.
func film(rng *rand.Rand, n int) Print {
	var p Print
	for i := range n {
		f := Frame{N: i, At: time.Duration(i) * time.Second / 10, Quality: 100}
		for k := range f.Hash {
			f.Hash[k] = byte(rng.Uint32())
		}
		p.Frames = append(p.Frames, f)
	}
	return p
}

// cut puts a stretch of other frames into a film, some bits off.
func splice(p Print, at int, from []Frame, bits int) Print {
	p.Frames = append([]Frame(nil), p.Frames...)
	for i, f := range from {
		g := &p.Frames[at+i]
		g.Hash = f.Hash
		for k := range bits {
			g.Hash[k] ^= 1 << (k % 8)
		}
	}
	return p
}

func TestCompare(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	known, other := film(rng, 100), film(rng, 400)
	long := splice(other, 200, known.Frames, 20) // the known film in a longer one
	tests := []struct {
		name     string
		q, k     Print
		r        Rule
		matches  bool
		segments []Segment
	}{
		{"contained", long, known, Contains, true, []Segment{{From: 20 * time.Second, To: 29900 * time.Millisecond, KnownTo: 9900 * time.Millisecond, Frames: 100, Farthest: 20}}},
		{"contained is not the same", long, known, Same, false, nil},
		{"excerpt", known, long, Excerpt, true, []Segment{{To: 9900 * time.Millisecond, KnownFrom: 20 * time.Second, KnownTo: 29900 * time.Millisecond, Frames: 100, Farthest: 20}}},
		{"same", known, known, Same, true, []Segment{{To: 9900 * time.Millisecond, KnownTo: 9900 * time.Millisecond, Frames: 100}}},
		{"another", other, known, Contains, false, nil},
		{"too far", splice(other, 0, known.Frames, 32), known, Contains, false, nil},
		{"two stretches", splice(splice(other, 0, known.Frames[:50], 0), 300, known.Frames[50:], 0), known, Contains, true, []Segment{
			{To: 4900 * time.Millisecond, KnownTo: 4900 * time.Millisecond, Frames: 50},
			{From: 30 * time.Second, To: 34900 * time.Millisecond, KnownFrom: 5 * time.Second, KnownTo: 9900 * time.Millisecond, Frames: 50}}},
		{"nothing good enough", Print{Frames: []Frame{{Quality: 49}}}, Print{Frames: []Frame{{Quality: 49}}}, Rule{Radius: 31, MinQuality: 50}, false, nil},
		{"nothing", Print{}, known, Contains, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Compare(tt.q, tt.k, tt.r)
			if m.Matches != tt.matches {
				t.Errorf("got %+v", m)
			}
			if tt.segments != nil {
				if diff := cmp.Diff(tt.segments, m.Segments); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// A still scene has many equal frames: it is one stretch, not many.
func TestCompareStill(t *testing.T) {
	still := film(rand.New(rand.NewPCG(3, 4)), 300)
	for i := range still.Frames {
		still.Frames[i].Hash = still.Frames[0].Hash
		still.Frames[i].Hash[3] ^= byte(i) & 7
	}
	m := Compare(still, still, Same)
	if !m.Matches || len(m.Segments) != 1 || m.Query != 8 {
		t.Errorf("got %+v", m)
	}
}

func TestDistinct(t *testing.T) {
	p := film(rand.New(rand.NewPCG(5, 6)), 100)
	twice := p
	twice.Frames = nil
	for _, f := range p.Frames {
		noisy := f
		noisy.Hash[0] ^= 3
		twice.Frames = append(twice.Frames, f, noisy)
	}
	if got := twice.Distinct(2, 0); len(got.Frames) != 100 {
		t.Errorf("%d frames kept", len(got.Frames))
	}
	if got := twice.Distinct(1, 0); len(got.Frames) != 200 {
		t.Errorf("%d frames kept", len(got.Frames))
	}
	got := p.Distinct(2, 7)
	if len(got.Frames) != 7 || got.Frames[0].N != 0 || got.Frames[6].N < 80 {
		t.Errorf("thinned to %v", got.Frames)
	}
}

type pictures map[string]pdq.Hash

func (p pictures) Find(h pdq.Hash, radius, most int) (hits []Hit, err error) {
	for name, known := range p {
		if d := h.Distance(known); d <= radius && len(hits) < most {
			hits = append(hits, Hit{name, d})
		}
	}
	return hits, nil
}

func TestFind(t *testing.T) {
	p := film(rand.New(rand.NewPCG(7, 8)), 50)
	p.Frames[20].Hash = p.Frames[19].Hash // a still
	p.Frames[30].Quality = 10
	seen, err := Find(p, pictures{"known": p.Frames[19].Hash, "poor": p.Frames[30].Hash}, Contains, 5)
	if err != nil || len(seen) != 1 || seen[0].Frame.N != 19 || seen[0].Hits[0] != (Hit{"known", 0}) {
		t.Errorf("got %+v, %v", seen, err)
	}
}
