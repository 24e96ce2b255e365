package site

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/location"
)

// Threshold is the total from which two sites make a candidate.
const Threshold = 0.6

// Signal is what one way of looking says about two sites being the same.
type Signal struct {
	Name   string  `json:"name"`   // "text", "template", "identifiers", "icon", "media" or "title"
	Score  float64 `json:"score"`  // 0 (nothing in common) to 1 (the same)
	Weight float64 `json:"weight"` // how far a score of 1 would convince by itself; 0 where the signal says nothing
	Why    string  `json:"why"`    // what was found, in a short sentence
}

// Comparison is the outcome of comparing two sites.
type Comparison struct {
	Total   float64  `json:"total"`   // 0 to 1: 1 - product of (1 - Score*Weight)
	Signals []Signal `json:"signals"` // all of them, also those that say nothing
}

// Commonness tells how many other known sites carry a feature, so that what
// everybody has convinces nobody: the icon of a blog software, the number of
// an advertising network. Features are named "icon:<hash>", "media:<sha256>" or
// as in Signature.Identifiers.
type Commonness func(feature string) int

// Compare compares two sites. common may be nil.
func Compare(a, b Signature, common Commonness) Comparison {
	if common == nil {
		common = func(string) int { return 0 }
	}
	samePlatform := a.Host != "" && location.Registrable(a.Host) == location.Registrable(b.Host)
	c := Comparison{Signals: []Signal{
		compareText(a, b),
		compareTemplate(a, b, samePlatform),
		compareIdentifiers(a, b, common),
		compareIcon(a, b, common, samePlatform),
		compareMedia(a, b, common),
		compareTitle(a, b),
	}}
	doubt := 1.0
	for _, s := range c.Signals {
		doubt *= 1 - s.Score*s.Weight
	}
	c.Total = math.Round((1-doubt)*1000) / 1000
	return c
}

func compareText(a, b Signature) Signal {
	s := Signal{Name: "text"}
	if a.Text.Weak() || b.Text.Weak() {
		s.Why = "too few words on one of the pages"
		return s
	}
	s.Score, s.Weight = a.Text.Similarity(b.Text), 0.75
	s.Why = fmt.Sprintf("%.0f %% of the runs of three words in common", 100*s.Score)
	return s
}

func compareTemplate(a, b Signature, samePlatform bool) Signal {
	s := Signal{Name: "template"}
	if samePlatform {
		s.Why = "both lie on one platform, which builds all its pages alike"
		return s
	}
	if a.Template.Weak() || b.Template.Weak() {
		s.Why = "one of the pages has hardly any structure"
		return s
	}
	s.Score, s.Weight = a.Template.Similarity(b.Template), 0.35
	s.Why = fmt.Sprintf("%.0f %% of the runs of four tags in common", 100*s.Score)
	return s
}

// compareIdentifiers: one identifier that nobody else carries convinces about
// half, two nearly; each other site that carries it takes from that.
func compareIdentifiers(a, b Signature, common Commonness) Signal {
	s := Signal{Name: "identifiers"}
	if len(a.Identifiers) == 0 || len(b.Identifiers) == 0 {
		s.Why = "one of the pages carries none"
		return s
	}
	s.Weight = 0.9
	doubt := 1.0
	var shared []string
	for _, id := range a.Identifiers {
		if _, ok := slices.BinarySearch(b.Identifiers, id); ok {
			shared = append(shared, id)
			doubt *= 1 - 0.6/float64(1+common(id))
		}
	}
	s.Score = 1 - doubt
	s.Why = "none in common"
	if len(shared) > 0 {
		s.Why = fmt.Sprintf("%d in common: %s", len(shared), strings.Join(shared[:min(3, len(shared))], ", "))
	}
	return s
}

func compareIcon(a, b Signature, common Commonness, samePlatform bool) Signal {
	s := Signal{Name: "icon"}
	switch {
	case a.Icon == nil || b.Icon == nil:
		s.Why = "one of the icons is not known"
	case samePlatform:
		s.Why = "both lie on one platform, which has one icon"
	default:
		n := common(fmt.Sprintf("icon:%d", a.Icon.Hash))
		s.Weight = 0.4 / float64(1+n)
		s.Why = "different icons"
		if a.Icon.SHA256 == b.Icon.SHA256 {
			s.Score, s.Why = 1, fmt.Sprintf("the same icon, which %d other known sites have", n)
		}
	}
	return s
}

// compareMedia counts how much of the smaller collection is in the larger: a
// site that comes back starts with part of what it had.
func compareMedia(a, b Signature, common Commonness) Signal {
	s := Signal{Name: "media"}
	small, large := a.Media, b.Media
	if len(small) > len(large) {
		small, large = large, small
	}
	if len(small) == 0 {
		s.Why = "one of the pages shows no pictures that are known"
		return s
	}
	found, weight := 0, 0.0
	for _, m := range small {
		if near(m, large) {
			found++
			weight += 1 / float64(1+common("media:"+m.SHA256.String()))
		}
	}
	s.Score = weight / float64(len(small))
	s.Weight = 0.8 * (1 - math.Pow(0.5, float64(len(small)))) // one picture convinces half as far as many
	s.Why = fmt.Sprintf("%d of %d pictures found on the other", found, len(small))
	return s
}

func near(m Media, others []Media) bool {
	for _, o := range others {
		if m.SHA256 == o.SHA256 {
			return true
		}
		if m.Quality >= pdq.MinQuality && o.Quality >= pdq.MinQuality && m.PDQ.Distance(o.PDQ) <= pdq.Radius {
			return true
		}
	}
	return false
}

func compareTitle(a, b Signature) Signal {
	s := Signal{Name: "title"}
	switch {
	case a.Title == "" || b.Title == "":
		s.Why = "one of the pages has no title"
	case a.Title == b.Title:
		s.Score, s.Weight, s.Why = 1, 0.25, "the same title"
	default:
		s.Weight, s.Why = 0.25, "different titles"
	}
	return s
}
