package practice

import (
	"fmt"
	"os"
	"slices"
	"sort"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// Truth is what truth.jsonl says, put together item by item and letter by
// letter, for the comparison with what the desk believes.
type Truth struct {
	Fates        map[int]*Fate
	Deliveries   []Delivery // letters taken in, in the order they came in
	Duplicates   int        // deliveries of the same message, without effect
	Bounced      int
	TurnedAway   int
	Declined     int // answers the desk would not take
	ClosedBeyond int // postings lost with an account that nobody had asked about
	Now          time.Time
	state        *state
}

// Fate is the history of one posting.
type Fate struct {
	Item      int
	Of        int // the posting it goes back to; -1: planted
	URL       string
	Provider  string
	Class     world.Class
	Ground    string
	Purpose   world.Purpose
	Held      bool
	Family    int
	Transform world.Transform
	Since     time.Time // when it went up; planted ones before the start
	Changes   []Change  // in order
	Lied      bool      // its provider says removed and leaves it up
	Lines     []string  // of referrals that were about it, in the order they came in
	Terms     bool      // the last of them relied on the provider's terms alone
	Found     time.Time // a unit has come upon it; zero in planted ones and in returns nobody found
}

// Change is one change of a posting's visibility.
type Change struct {
	At        time.Time
	State     string // "gone", "shut", "up"
	Cause     string // of gone: provider, author, timer
	Account   bool   // gone with its whole account
	Countries []string
}

// At returns the state of a posting at a moment.
func (f *Fate) At(t time.Time) Change {
	last := Change{At: f.Since, State: "up"}
	for _, c := range f.Changes {
		if c.At.After(t) {
			break
		}
		last = c
	}
	return last
}

// Delivery is one letter taken in.
type Delivery struct {
	Provider, Channel, Message, Key, Letter, Kind string
	At                                            time.Time
	Signed                                        bool
	Lines                                         []LineAsked
}

// ReadTruth reads a truth file of a world.
func ReadTruth(w *world.World, path string) (*Truth, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the truth: %w", err)
	}
	defer file.Close()
	s := newState(w)
	t := &Truth{Fates: make(map[int]*Fate, w.Count), state: s}
	if _, err := ReadEvents(file, func(e Event) error {
		t.add(e)
		return s.apply(e)
	}); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Truth) add(e Event) {
	if e.At.After(t.Now) {
		t.Now = e.At
	}
	switch e.Kind {
	case KindPlanted, KindReuploaded, KindRebuilt:
		f := &Fate{Item: *e.Item, Of: -1, URL: e.URL, Provider: e.Provider, Class: world.Class(e.Class), Ground: e.Ground, Purpose: world.Purpose(e.Purpose),
			Held: e.Held, Family: *e.Family, Transform: world.Transform(e.Transform), Since: e.At}
		if e.Of != nil {
			f.Of = *e.Of
		}
		t.Fates[f.Item] = f
	case KindLetter:
		t.Deliveries = append(t.Deliveries, Delivery{e.Provider, e.Channel, e.Message, e.Key, e.Letter, e.LetterKind, e.At, e.Signed, e.Lines})
		for _, l := range e.Lines {
			if l.Item != nil && e.LetterKind == Referral {
				f := t.Fates[*l.Item]
				f.Lines = append(f.Lines, l.Line)
				f.Terms = l.Ground == "terms"
			}
		}
	case KindDuplicateDelivery:
		t.Duplicates++
	case KindBounced:
		t.Bounced++
	case KindTurnedAway:
		t.TurnedAway++
	case KindAnswerRefused:
		t.Declined++
	case KindAccountClosed:
		t.ClosedBeyond += len(e.Items)
		for _, item := range e.Items {
			t.change(item, Change{At: e.At, State: "gone", Cause: "provider", Account: true})
		}
	case KindRemoved, KindAuthorDeleted, KindTimerDeleted:
		t.change(*e.Item, Change{At: e.At, State: "gone", Cause: e.Cause})
	case KindDisabled:
		t.change(*e.Item, Change{At: e.At, State: "shut", Countries: e.Countries})
	case KindRestored:
		t.change(*e.Item, Change{At: e.At, State: "up"})
	case KindFound:
		t.Fates[*e.Item].Found = e.At
	case KindLied:
		t.Fates[*e.Item].Lied = true
	}
}

func (t *Truth) change(item int, c Change) {
	f := t.Fates[item]
	f.Changes = append(f.Changes, c)
}

// Items lists the postings in the order of their numbers.
func (t *Truth) Items() []*Fate {
	out := make([]*Fate, 0, len(t.Fates))
	for _, f := range t.Fates {
		out = append(out, f)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Item < out[j].Item })
	return out
}

// Said is what a provider told the desk about a line.
type Said struct {
	Status    string // empty: nothing the desk has taken
	Withdrawn bool   // the desk has taken the line back
}

// Said returns what the desk was told about a line.
func (t *Truth) Said(line string) Said {
	l := t.state.lines[line]
	if l == nil {
		return Said{}
	}
	out := Said{Withdrawn: l.withdrawn}
	if l.answered {
		out.Status = l.answer.Status
	}
	return out
}

// Find returns the posting that lies at an address, however it is spelled.
func (t *Truth) Find(address string) (*Fate, bool) {
	item, ok := t.state.find(address)
	return t.Fates[item], ok
}

// Summary has the figures a provider can know, under the keys the command
// prints.
type Summary struct {
	Items           int `json:"items"`            // planted
	LawfulStopped   int `json:"lawful_stopped"`   // lawful postings nobody asked about
	WronglyReferred int `json:"wrongly_referred"` // lawful postings somebody asked about
	TermsOnly       int `json:"terms_only"`       // postings against the terms only that were asked about
	Referred        int `json:"referred"`         // distinct postings asked about
	Delivered       int `json:"delivered"`        // lines of referrals taken in
	Gone            int `json:"gone"`             // postings asked about that are gone now, whoever took them down
	GoneByAuthor    int `json:"gone_by_author"`   // of those, by their author or by a timer
	Refused         int `json:"refused"`          // lines refused
	NoAnswer        int `json:"no_answer"`        // lines without any answer
	Returned        int `json:"returned"`         // postings that came back
	Stopped         int `json:"stopped"`          // held postings nobody asked about
	HoldsBreached   int `json:"holds_breached"`   // held postings asked about
	Doubled         int `json:"doubled"`          // postings asked about twice at a time
	Letters         int `json:"letters"`          // letters taken in: referrals, reminders, withdrawals
	Duplicates      int `json:"duplicates"`       // deliveries of the same message, without effect
	Bounced         int `json:"bounced"`          // letters a mail server refused
	Lost            int `json:"lost"`             // nothing is lost on this side
}

// Summary counts.
func (t *Truth) Summary() Summary {
	s := Summary{Duplicates: t.Duplicates, Bounced: t.Bounced, Letters: len(t.Deliveries)}
	for _, f := range t.Fates {
		t.countItem(&s, f)
	}
	seen := map[string]bool{}
	for _, d := range t.Deliveries {
		if d.Kind != Referral {
			continue
		}
		for _, l := range d.Lines {
			if seen[l.Line] {
				continue
			}
			seen[l.Line] = true
			s.Delivered++
			if ln := t.state.lines[l.Line]; ln != nil && ln.answered && ln.answer.Status == "refused" {
				s.Refused++
			} else if ln != nil && !ln.answered {
				s.NoAnswer++
			}
		}
	}
	return s
}

func (t *Truth) countItem(s *Summary, f *Fate) {
	asked := len(f.Lines) > 0
	if f.Of < 0 {
		s.Items++
	} else {
		s.Returned++
	}
	switch {
	case f.Class == world.Lawful && asked:
		s.WronglyReferred++
	case f.Class == world.Lawful && f.Of < 0:
		s.LawfulStopped++
	case f.Class == world.TermsOnly && asked:
		s.TermsOnly++
	}
	if f.Held && asked {
		s.HoldsBreached++
	} else if f.Held {
		s.Stopped++
	}
	if !asked {
		return
	}
	s.Referred++
	now := f.At(t.Now)
	if now.State == "gone" {
		s.Gone++
		if now.Cause != "provider" {
			s.GoneByAuthor++
		}
	}
	if t.AskedTwice(f) {
		s.Doubled++
	}
}

// AskedTwice says whether a posting was asked about again while an earlier line
// was neither refused, nor sent back, nor withdrawn, or whether one line came in
// two messages: no desk should do either.
func (t *Truth) AskedTwice(f *Fate) bool {
	distinct := slices.Compact(slices.Sorted(slices.Values(f.Lines)))
	open := 0
	for _, id := range distinct {
		l := t.state.lines[id]
		if l == nil || l.withdrawn {
			continue
		}
		switch l.answer.Status {
		case "refused", "need_more", "wrong_addressee":
		default:
			open++
		}
	}
	return open > 1 || len(distinct) < len(f.Lines)
}
