package compare

import (
	"cmp"
	"slices"
	"strings"
)

// Difference is one thing on which the desk and the truth disagree.
type Difference struct {
	Kind     Kind   `json:"kind"`
	URL      string `json:"url"`
	Provider string `json:"provider"`
	Desk     string `json:"desk"`  // what the desk believes
	Truth    string `json:"truth"` // what was so
	Hard     bool   `json:"hard"`  // must not happen; otherwise a miss that only counts
}

// Kind is what a difference is about.
type Kind string

// The kinds, the gravest first: the order in which they are told.
const (
	WrongReferral Kind = "wrong_referral"   // a lawful posting was referred; told always, hard only when the two sides disagree
	HoldBreached  Kind = "hold_breached"    // something an investigation wants up was referred
	CalledGone    Kind = "called_gone"      // the desk says gone, it was there
	StillThere    Kind = "still_there"      // the truth says gone, the desk saw it
	Doubled       Kind = "doubled"          // asked twice, on one side only
	Lost          Kind = "lost"             // the desk says delivered, the provider does not have it
	Unsent        Kind = "unsent"           // the provider has it, the desk says it was never taken
	Word          Kind = "word"             // the provider's answer is not what the desk has
	Terms         Kind = "terms"            // the two disagree on whether the law or the terms were relied on
	Cause         Kind = "cause"            // gone by another hand than the desk says
	Invented      Kind = "invented_return"  // called a return, is none
	MissedReturn  Kind = "missed_return"    // came back, was found by a unit, and the desk did not notice
	OtherLineage  Kind = "other_lineage"    // a return, linked to something that shares nothing with it
	Missing       Kind = "missing_item"     // handed in, and not among the desk's items
	Stranger      Kind = "unknown_location" // an item where nothing ever was
	Split         Kind = "split_item"       // two items of the desk at one place
	NotSeen       Kind = "not_seen_gone"    // gone, and the desk cannot tell
	MissedCrop    Kind = "missed_crop"      // a cropped return that was not noticed
)

// gravity is the order of telling.
var gravity = []Kind{WrongReferral, HoldBreached, CalledGone, StillThere, Doubled, Lost, Unsent, Word, Terms, Cause, Invented, MissedReturn, OtherLineage, Missing, Stranger, Split, NotSeen, MissedCrop}

func sortDifferences(list []Difference) {
	slices.SortStableFunc(list, func(a, b Difference) int {
		return cmp.Or(slices.Index(gravity, a.Kind)-slices.Index(gravity, b.Kind), strings.Compare(a.URL, b.URL))
	})
}
