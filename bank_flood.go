package staydown

import (
	"fmt"
	"slices"
	"time"
)

// FloodRule says when a content that suddenly matches far more than its like is put aside for a person. Zero fields stand
// for the usual numbers.
type FloodRule struct {
	Off     bool    `json:"off,omitempty"`     // nothing is put aside
	Least   int     `json:"least,omitempty"`   // matches below which nothing is said: 50
	Times   float64 `json:"times,omitempty"`   // as often as its like: 20
	Entries int     `json:"entries,omitempty"` // other known things near it, as blank pictures and dense text have: 200
}

// The usual numbers of a FloodRule.
const (
	FloodLeast   = 50
	FloodTimes   = 20
	FloodEntries = 200

	floodLike = 5                   // others that matched, below which there is nothing to compare with
	floodNew  = 14 * 24 * time.Hour // after which a content is no new one: what spreads later spreads because people spread it
)

func (r FloodRule) sound() bool { return r.Least >= 0 && r.Times >= 0 && r.Entries >= 0 }

func (r FloodRule) orUsual() FloodRule {
	if r.Least == 0 {
		r.Least = FloodLeast
	}
	if r.Times == 0 {
		r.Times = FloodTimes
	}
	if r.Entries == 0 {
		r.Entries = FloodEntries
	}
	return r
}

// Tide is how often a content matched in a span, beside its like: the other contents of the same bank that matched at all.
type Tide struct {
	Matches int
	Like    []int // matches of the others
	Entries int   // other contents within the radius of one of its signals
}

// Flooded says whether the tide is one to put the content aside for, and why. What a person has confirmed or released, and
// what is known to be good, is left alone. Where too few others matched to compare with, Least times Times is the bound.
func (r FloodRule) Flooded(b Bank, c BankContent, t Tide, now time.Time) (why string, flooded bool) {
	if r.Off || b.Negative || c.State != ContentActive || c.Standing != StandingNone || !c.ReleasedAt.IsZero() {
		return "", false
	}
	r = r.orUsual()
	if t.Entries >= r.Entries {
		return fmt.Sprintf("near %d other known things, the bank allows %d", t.Entries, r.Entries), true
	}
	if t.Matches < r.Least || now.Sub(c.AddedAt) > floodNew {
		return "", false
	}
	if len(t.Like) < floodLike {
		return fmt.Sprintf("matched %d times, with nothing to compare with", t.Matches), float64(t.Matches) >= r.Times*float64(r.Least)
	}
	usual := Usual(t.Like)
	if float64(t.Matches) <= r.Times*float64(usual) {
		return "", false
	}
	return fmt.Sprintf("matched %d times, its like %d: more than %g times as often", t.Matches, usual, r.Times), true
}

// Usual is what nineteen of twenty of the others stay within, and at least one.
func Usual(like []int) int {
	if len(like) == 0 {
		return 1
	}
	all := slices.Sorted(slices.Values(like))
	return max(1, all[min(len(all)-1, len(all)*19/20)])
}
