package verify

import (
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/capture"
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/verify/rules"
)

// Looker takes looks. Its fields are set once; it is safe for concurrent use.
type Looker struct {
	Vantages []Vantage // the first is the usual one; the others are asked when it is not enough
	Rules    *rules.Book
	Limits   capture.Limits
	Headers  capture.Headers
	Now      func() time.Time // the desk's clock

	mu       sync.Mutex
	controls map[string]control // by rule and vantage
}

// control is whether a platform rule passed its test, and when.
type control struct {
	at    time.Time
	sound bool
}

// NewLooker makes a looker ready to use.
func NewLooker(vantages []Vantage, headers capture.Headers, now func() time.Time) *Looker {
	limits := capture.Standard()
	limits.Page, limits.Medium, limits.Whole = 4<<20, 16<<20, 45*time.Second
	return &Looker{Vantages: vantages, Rules: rules.Standard(), Limits: limits, Headers: headers, Now: now, controls: map[string]control{}}
}

// maxPlaces bounds from how many places one check looks.
const maxPlaces = 4

// Seen is what one check saw.
type Seen struct {
	rules.Whole
	Sightings []rules.Sighting
	At        time.Time
}

// Places are the sightings as they are recorded.
func (s Seen) Places() []staydown.Place {
	out := make([]staydown.Place, 0, len(s.Sightings))
	for _, x := range s.Sightings {
		out = append(out, x.Place())
	}
	return out
}

// Look looks at a location. Known is what was captured there, nil when nothing
// was. It looks from the usual place first; what that does not show is looked at
// from others, until it is seen or enough places agree. Countries names places
// that must be asked in any case: those where the provider says it disabled
// access.
func (k *Looker) Look(ctx context.Context, location string, known *page.Likeness, countries []string) Seen {
	s := Seen{At: k.Now()}
	for _, v := range k.order(location, countries) {
		asked := slices.Contains(countries, v.Country)
		if len(s.Sightings) > 0 && !asked && !wantsMore(s.Sightings) || len(s.Sightings) == maxPlaces {
			continue
		}
		s.Sightings = append(s.Sightings, k.from(ctx, v, location, known))
	}
	s.Whole = rules.Combine(s.Sightings)
	return s
}

// order is the order in which places are asked: the usual one, those in the
// countries named, then the others, beginning at one that depends on the
// location, so that the load is shared.
func (k *Looker) order(location string, countries []string) []Vantage {
	if len(k.Vantages) == 0 {
		return nil
	}
	out := []Vantage{k.Vantages[0]}
	var rest []Vantage
	for _, v := range k.Vantages[1:] {
		if slices.Contains(countries, v.Country) {
			out = append(out, v)
		} else {
			rest = append(rest, v)
		}
	}
	if len(rest) > 0 {
		h := fnv.New32a()
		h.Write([]byte(location))
		first := int(h.Sum32() % uint32(len(rest)))
		out = append(append(out, rest[first:]...), rest[:first]...)
	}
	return out
}

// wantsMore tells whether what was seen so far needs another place: until one
// shows it, two places agree, or, where a country is the question, three have
// been asked.
func wantsMore(all []rules.Sighting) bool {
	hiding := false
	for _, s := range all {
		switch {
		case s.Verdict.Verdict == staydown.Up, s.Verdict.Verdict == staydown.Changed:
			return false
		case s.Hidden, s.Signal == "geo_block":
			hiding = true
		}
	}
	if hiding {
		return len(all) < 3
	}
	return len(all) < 2
}

// from takes a look from one place.
func (k *Looker) from(ctx context.Context, v Vantage, location string, known *page.Likeness) rules.Sighting {
	s := rules.Sighting{From: v.Name, Country: v.Country}
	if m, ok := k.Rules.Find(location); ok && m.Probe() != "" {
		l := k.fetch(ctx, v, m.Probe())
		if verdict, ok := m.JudgeProbe(l, known); ok && k.sound(ctx, v, m, verdict) {
			s.Status, s.Verdict = l.Status, verdict
			return s
		}
	}
	l := k.fetch(ctx, v, location)
	s.Status = l.Status
	s.Verdict = k.Rules.Judge(l, known, nil)
	if s.Control {
		if neighbour := Neighbour(location); neighbour != "" {
			c := k.fetch(ctx, v, neighbour)
			s.Verdict = k.Rules.Judge(l, known, &c)
		}
	}
	if s.Verdict.Verdict == staydown.Up {
		s.Verdict = k.withMedia(ctx, v, l, known, s.Verdict)
	}
	return s
}

// controlFor is how long the test of a rule holds.
const controlFor = time.Hour

// sound tells whether a platform rule that says "up" can be trusted: it must not
// say so of an address that never existed. Rules age when platforms change.
func (k *Looker) sound(ctx context.Context, v Vantage, m rules.Match, verdict rules.Verdict) bool {
	missing := m.Missing()
	if verdict.Verdict != staydown.Up || missing == "" {
		return true
	}
	key := m.Name() + " " + v.Name
	k.mu.Lock()
	c, ok := k.controls[key]
	k.mu.Unlock()
	if ok && k.Now().Sub(c.at) < controlFor {
		return c.sound
	}
	l := k.fetch(ctx, v, missing)
	said, decided := m.JudgeProbe(l, nil)
	c = control{at: k.Now(), sound: !decided || said.Verdict != staydown.Up}
	if l.Failure == "" {
		k.mu.Lock()
		k.controls[key] = c
		k.mu.Unlock()
	}
	return c.sound
}

// withMedia looks whether the picture or clip is still on a page whose words
// are: a posting whose picture was taken out has changed.
func (k *Looker) withMedia(ctx context.Context, v Vantage, l rules.Look, known *page.Likeness, verdict rules.Verdict) rules.Verdict {
	was, ok := firstShown(known)
	if !ok || l.Page == nil {
		return verdict
	}
	address := ""
	for _, m := range l.Page.Media {
		if !m.Shown || strings.HasPrefix(m.URL, "data:") {
			continue
		}
		if address == "" || sameAddress(m.URL, was.URL) {
			address = m.URL
		}
	}
	if address == "" {
		verdict.Verdict, verdict.Signal, verdict.Why = staydown.Changed, "media_gone", "the words are there, the picture or clip is not"
		return verdict
	}
	switch m := k.fetch(ctx, v, address); {
	case m.Status == 404 || m.Status == 410:
		verdict.Verdict, verdict.Signal, verdict.Why = staydown.Changed, "media_gone", "the words are there, the picture or clip is not"
	case m.SHA256 != "" && hasMedia(known, m.SHA256):
		verdict.Why += ", with the same picture or clip"
	}
	return verdict
}

// hasMedia tells whether a captured medium has these bytes.
func hasMedia(known *page.Likeness, sha256 string) bool {
	return slices.ContainsFunc(known.Media, func(s page.Seen) bool { return s.SHA256 == sha256 })
}

// firstShown is the first captured medium that stood in the main part and has an
// address of its own.
func firstShown(known *page.Likeness) (page.Seen, bool) {
	if known == nil {
		return page.Seen{}, false
	}
	for _, m := range known.Media {
		if m.Shown && !strings.HasPrefix(m.URL, "data:") {
			return m, true
		}
	}
	return page.Seen{}, false
}

// sameAddress compares addresses without their queries, which may hold
// signatures that expire.
func sameAddress(a, b string) bool {
	a, _, _ = strings.Cut(a, "?")
	b, _, _ = strings.Cut(b, "?")
	return a == b
}
