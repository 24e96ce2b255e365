package watch

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/site"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match"
)

// The kinds of return.
const (
	Reupload = "reupload" // the same posting, picture or file put up again
	Rebuilt  = "rebuilt"  // a site, or a page of one, at another address
	Account  = "account"  // an account, channel or room under another name
)

// suspect is a pair of items that may be one thing come back.
type suspect struct {
	new     staydown.Item
	old     match.Other
	lastUp  time.Time // when the old one was last known to be up
	kind    string
	score   int // 0 to 100
	signals []staydown.Signal
}

// evidence is what is known about a pair before it is weighed.
type evidence struct {
	published time.Time // when the new one says it appeared
	distances map[string]int
	before    *site.Signature // of the old page, with its text; nil if there is none
	now       *site.Signature // of the new page
	common    site.Commonness
}

// Weights: how far a signal of score 1 would convince by itself.
const (
	sameBytes   = 0.7
	samePicture = 0.65
	sameText    = 0.75
	sameTitle   = 0.25
	sameAccount = 0.2
)

// weigh decides whether the new item can be the old one come back, and how
// likely that is. ok is false for pairs that cannot be, and for those that
// nothing but a title or a name speaks for.
func (s *suspect) weigh(e evidence) (ok bool) {
	if s.old.GoneAt.IsZero() || s.old.ID == s.new.ID || s.new.Lineage != "" && s.new.Lineage == s.old.Lineage {
		return false
	}
	if !match.PostedAfter(e.published, s.new.SeenAt, s.lastUp, s.old.GoneAt) {
		return false
	}
	doubt := s.content(e)
	rebuilt := s.rebuilt(e)
	doubt = min(doubt, 1-rebuilt)
	if doubt > 0.7 { // nothing of the content speaks for it
		return false
	}
	if sameWords(s.new.Title, s.old.Title) {
		s.signal("title", sameTitle, "the same title")
		doubt *= 1 - sameTitle
	}
	if s.new.Account != "" && s.new.Account == s.old.Account {
		s.signal("handle", sameAccount, "the same account")
		doubt *= 1 - sameAccount
	}
	s.score = int(math.Round(100 * (1 - doubt)))
	s.kind = s.kindOf(rebuilt)
	return true
}

// content weighs bytes, pictures and text.
func (s *suspect) content(e evidence) (doubt float64) {
	doubt = 1
	if _, ok := e.distances[fingerprint.SHA256]; ok {
		s.signal("sha256", sameBytes, "the same bytes")
		doubt *= 1 - sameBytes
	} else if d, ok := e.distances[fingerprint.PDQ]; ok {
		score := samePicture * (1 - float64(d)/(2*(pdq.Radius+1)))
		s.signal("pdq", score, fmt.Sprintf("pictures %d of 256 bits apart", d))
		doubt *= 1 - score
	}
	if d, ok := e.distances[fingerprint.Text]; ok {
		score := sameText * float64(100-d) / 100
		s.signal("text", score, fmt.Sprintf("%d %% of the word runs in common", 100-d))
		doubt *= 1 - score
	}
	return doubt
}

// rebuilt compares two pages on different sites and returns how likely one was
// rebuilt as the other.
func (s *suspect) rebuilt(e evidence) float64 {
	if e.before == nil || e.now == nil || location.Registrable(e.before.Host) == location.Registrable(e.now.Host) {
		return 0
	}
	c := site.Compare(*e.before, *e.now, e.common)
	if c.Total < site.Threshold {
		return 0
	}
	for _, x := range c.Signals {
		name := map[string]string{"template": "tags", "identifiers": "handle"}[x.Name]
		if name != "" && x.Score*x.Weight >= 0.1 {
			s.signal(name, x.Score*x.Weight, x.Why)
		}
	}
	return c.Total
}

func (s *suspect) signal(kind string, score float64, detail string) {
	for _, have := range s.signals {
		if have.Kind == kind {
			return
		}
	}
	s.signals = append(s.signals, staydown.Signal{Kind: kind, Score: math.Round(score*100) / 100, Detail: detail})
}

// kindOf names the kind of return.
func (s *suspect) kindOf(rebuilt float64) string {
	otherSite := location.Registrable(s.new.Host) != location.Registrable(s.old.Host)
	switch s.new.Kind {
	case "account":
		return Account
	case "site", "page", "article":
		if otherSite && rebuilt >= site.Threshold {
			return Rebuilt
		}
	}
	return Reupload
}

func sameWords(a, b string) bool {
	words := text.Words(a)
	return len(words) >= 2 && slices.Equal(words, text.Words(b))
}

// likeliest orders suspects by score, then the one gone last, then by
// location, so that the choice is the same on every run.
func likeliest(all []suspect) {
	slices.SortFunc(all, func(a, b suspect) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.old.GoneAt.Compare(a.old.GoneAt), cmp.Compare(a.old.Location, b.old.Location))
	})
}
