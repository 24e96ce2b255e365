package main

import (
	"math"
	"slices"

	"github.com/staydown/staydown/bench/picture"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// row is one change of one strength. Shares are per cent of the copies, one of
// each picture.
type row struct {
	Transform  string                   `json:"transform"`
	Strength   string                   `json:"strength,omitempty"`
	Copies     int                      `json:"copies"`
	Upright    float64                  `json:"within_radius_upright_percent"`
	Turned     float64                  `json:"within_radius_eight_turns_percent"`
	Median     int                      `json:"median_bits"` // of the nearest of the eight turns
	P90        int                      `json:"p90_bits"`
	Median1    int                      `json:"median_bits_upright"`
	BelowGood  float64                  `json:"below_quality_50_percent"`
	Found      float64                  `json:"found_percent"` // within the radius in one of eight turns, and of quality 50 or more: what a lookup gives
	TurnedKind map[picture.Kind]float64 `json:"within_radius_eight_turns_percent_by_kind"`
}

// unrelated is how often pictures that have nothing to do with each other lie
// within the radius. Counted are pairs; of a pair either may be turned.
type unrelated struct {
	Kind    string  `json:"kind"` // "all", or pairs within one kind
	Pairs   int     `json:"pairs"`
	Upright float64 `json:"within_radius_upright_percent"`
	Turned  float64 `json:"within_radius_eight_turns_percent"`
	Nearest int     `json:"nearest_bits"`
}

func tally(changes []transform, samples []sample) []row {
	rows := make([]row, len(changes))
	for at, change := range changes {
		var of []sample
		for _, s := range samples {
			if s.transform == at {
				of = append(of, s)
			}
		}
		rows[at] = row{
			Transform: change.name, Strength: change.strength, Copies: len(of),
			Upright:   percent(of, func(s sample) bool { return s.upright <= pdq.Radius }),
			Turned:    percent(of, within),
			Median:    quantile(of, 0.5, func(s sample) int { return s.turned }),
			P90:       quantile(of, 0.9, func(s sample) int { return s.turned }),
			Median1:   quantile(of, 0.5, func(s sample) int { return s.upright }),
			BelowGood: percent(of, func(s sample) bool { return s.quality < pdq.MinQuality }),
			Found:     percent(of, func(s sample) bool { return within(s) && s.quality >= pdq.MinQuality }),
		}
		rows[at].TurnedKind = map[picture.Kind]float64{}
		for _, kind := range picture.Kinds {
			alike := slices.DeleteFunc(slices.Clone(of), func(s sample) bool { return s.kind != kind })
			if len(alike) > 0 {
				rows[at].TurnedKind[kind] = percent(alike, within)
			}
		}
	}
	return rows
}

func within(s sample) bool { return s.turned <= pdq.Radius }

// percent has one decimal; of nothing it is 0.
func percent(of []sample, is func(sample) bool) float64 {
	n := 0
	for _, s := range of {
		if is(s) {
			n++
		}
	}
	return share(n, len(of), 10)
}

func share(n, of int, steps float64) float64 {
	if of == 0 {
		return 0
	}
	return math.Round(100*steps*float64(n)/float64(of)) / steps
}

// quantile is the smallest value that a share of the samples do not exceed.
func quantile(of []sample, at float64, value func(sample) int) int {
	if len(of) == 0 {
		return 0
	}
	all := make([]int, len(of))
	for i, s := range of {
		all[i] = value(s)
	}
	slices.Sort(all)
	return all[max(0, int(math.Ceil(at*float64(len(all))))-1)]
}

// compareAll compares each picture with each other one.
func compareAll(originals []original) []unrelated {
	kinds := []string{"all"}
	for _, k := range picture.Kinds {
		kinds = append(kinds, string(k))
	}
	var all []unrelated
	for _, kind := range kinds {
		u := unrelated{Kind: kind, Nearest: 256}
		upright, turned := 0, 0
		for i, a := range originals {
			for _, b := range originals[:i] {
				if kind != "all" && (string(a.kind) != kind || string(b.kind) != kind) {
					continue
				}
				u.Pairs++
				near := nearest(a.turns, b.hash)
				u.Nearest = min(u.Nearest, near)
				if near <= pdq.Radius {
					turned++
				}
				if a.hash.Distance(b.hash) <= pdq.Radius {
					upright++
				}
			}
		}
		u.Upright, u.Turned = share(upright, u.Pairs, 1000), share(turned, u.Pairs, 1000)
		all = append(all, u)
	}
	return all
}
