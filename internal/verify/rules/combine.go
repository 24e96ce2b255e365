package rules

import (
	"slices"

	"github.com/staydown/staydown"
)

// Sighting is what was seen from one place.
type Sighting struct {
	From    string // the route's name: direct, or a proxy's
	Country string // where it comes out
	Status  int
	Verdict
}

// Place is the sighting as it is recorded.
func (s Sighting) Place() staydown.Place {
	return staydown.Place{
		From: s.From, Country: s.Country, Verdict: s.Verdict.Verdict, Signal: s.Signal, Cause: s.Cause, Status: s.Status, Rule: s.Rule,
	}
}

// Whole is what sightings from several places mean together.
type Whole struct {
	Verdict  staydown.Sight
	Signal   string
	Cause    string
	Disabled []string // countries from which it is not shown while it is from another
	Why      string
}

// Combine puts sightings together. It is up when any place shows it; gone only
// when every place that could see says so, and none says that it is merely not
// shown there; what one country alone does not show is not gone.
func Combine(all []Sighting) Whole {
	for _, want := range []staydown.Sight{staydown.Up, staydown.Changed} {
		if i := slices.IndexFunc(all, func(s Sighting) bool { return s.Verdict.Verdict == want }); i >= 0 {
			w := Whole{Verdict: want, Signal: all[i].Signal, Why: all[i].Why, Disabled: hiddenIn(all)}
			if len(w.Disabled) > 0 {
				w.Signal = "disabled"
			}
			return w
		}
	}
	if w, ok := allGone(all); ok {
		return w
	}
	w := Whole{Verdict: staydown.Unseen, Cause: CauseUnknown, Signal: "not_looked", Why: "no place could be asked"}
	if len(all) > 0 {
		w.Signal, w.Why = all[0].Signal, all[0].Why
	}
	for _, s := range all {
		if s.Signal == "geo_block" { // the most telling of what is not known
			w.Signal, w.Why = s.Signal, s.Why
		}
	}
	return w
}

// hiddenIn lists the countries from which it is not shown.
func hiddenIn(all []Sighting) []string {
	var out []string
	for _, s := range all {
		if s.Verdict.Verdict == staydown.Gone || s.Hidden || s.Signal == "geo_block" {
			out = append(out, s.Country)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// allGone tells whether the sightings make a whole absence.
func allGone(all []Sighting) (Whole, bool) {
	var absent []Sighting
	var hidden []string
	for _, s := range all {
		switch {
		case s.Verdict.Verdict == staydown.Gone:
			absent = append(absent, s)
		case s.Hidden:
			absent = append(absent, s)
			hidden = append(hidden, s.Country)
		case s.Signal == "geo_block":
			return Whole{}, false // somewhere it is there
		}
	}
	slices.Sort(hidden)
	firm := slices.ContainsFunc(absent, func(s Sighting) bool { return s.Verdict.Verdict == staydown.Gone })
	if len(absent) == 0 || !firm && len(slices.Compact(hidden)) < 2 {
		return Whole{}, false
	}
	w := Whole{Verdict: staydown.Gone, Signal: absent[0].Signal, Cause: commonCause(absent), Why: absent[0].Why}
	return w, true
}

// commonCause is the cause that every place names that names any; unknown when
// they differ.
func commonCause(all []Sighting) string {
	cause := CauseUnknown
	for _, s := range all {
		switch {
		case s.Cause == "" || s.Cause == CauseUnknown || s.Cause == cause:
		case cause == CauseUnknown:
			cause = s.Cause
		default:
			return CauseUnknown
		}
	}
	return cause
}
