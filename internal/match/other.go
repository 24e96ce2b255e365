package match

import (
	"cmp"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/text"
)

// Other is a decided item, as far as comparing needs it.
type Other struct {
	ID         staydown.ID
	Location   string
	Host       string
	Kind       string
	Title      string
	Account    string
	DecidedAt  time.Time
	CapturedAt time.Time
	GoneAt     time.Time // first seen gone; zero while never
	Lineage    staydown.ID
}

// PostedAfter reports whether something that says it appeared at published,
// and that a lead first pointed to at seen, can be what an earlier thing came
// back as: it must have appeared when the earlier one was no longer known to
// be up, or, if it does not say when it appeared, have been pointed to when the
// other had been seen gone. A copy that stood beside it all along is no return.
func PostedAfter(published, seen, lastUp, goneAt time.Time) bool {
	if !published.IsZero() {
		return published.After(lastUp)
	}
	return !goneAt.IsZero() && seen.After(goneAt)
}

// Resemblance is how an item resembles another.
type Resemblance struct {
	Other     Other
	Distances map[string]int // by kind: "sha256" 0, "pdq" in bits, "text" in percent unlike
	SameTitle bool
	SameBy    bool // the same account
}

// Closeness orders resemblances, 0 to 1: equal bytes before near pictures
// before near texts, then what is titled and signed alike.
func (r Resemblance) Closeness() float64 {
	doubt := 1.0
	if _, ok := r.Distances[fingerprint.SHA256]; ok {
		doubt *= doubtOf(fingerprint.SHA256, 0)
	} else if d, ok := r.Distances[fingerprint.PDQ]; ok {
		doubt *= doubtOf(fingerprint.PDQ, d)
	}
	if d, ok := r.Distances[fingerprint.Text]; ok {
		doubt *= doubtOf(fingerprint.Text, d)
	}
	if r.SameTitle {
		doubt *= 0.75
	}
	if r.SameBy {
		doubt *= 0.8
	}
	return 1 - doubt
}

// doubtOf is what one kind of fingerprint leaves in doubt.
func doubtOf(kind string, distance int) float64 {
	switch kind {
	case fingerprint.SHA256:
		return 0.3
	case fingerprint.PDQ:
		return 0.35 + 0.3*float64(distance)/32
	}
	return 1 - 0.75*float64(100-distance)/100
}

// rank orders resemblances, closest first; equal ones by their locations, so
// that the order is the same on every run.
func rank(all []Resemblance) {
	slices.SortFunc(all, func(a, b Resemblance) int {
		return cmp.Or(cmp.Compare(b.Closeness(), a.Closeness()), a.Other.DecidedAt.Compare(b.Other.DecidedAt), cmp.Compare(a.Other.Location, b.Other.Location))
	})
}

// sameTitle compares titles of at least two words in normal form.
func sameTitle(a, b []string) bool { return len(a) >= 2 && slices.Equal(a, b) }

// resemble joins what was found about each other item that is decided.
func resemble(i staydown.Item, near []Near, decided []Other) []Resemblance {
	title := text.Words(i.Title)
	at := map[staydown.ID]int{}
	out := make([]Resemblance, len(decided))
	for k, o := range decided {
		at[o.ID] = k
		out[k] = Resemblance{Other: o, Distances: map[string]int{}, SameTitle: sameTitle(title, text.Words(o.Title)), SameBy: i.Account != "" && i.Account == o.Account}
	}
	for _, n := range near {
		if k, ok := at[n.Item]; ok {
			out[k].Distances[n.Kind] = n.Distance
		}
	}
	rank(out)
	return out
}
