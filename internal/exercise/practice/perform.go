package practice

import (
	"slices"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// perform returns the events of a planned act that is due, given what is
// known now: none when something else came first. It changes nothing.
// Answers, which need the network, are not among them.
func (s *state) perform(a act) []Event {
	switch a.what {
	case actAuthor:
		return s.selfDeletion(a, KindAuthorDeleted, "author")
	case actTimer:
		return s.selfDeletion(a, KindTimerDeleted, "timer")
	case actLine:
		return s.decision(a)
	case actReturn:
		return s.comeBack(a, []int{s.world.Next(a.item)})
	case actRespawn:
		var items []int
		for _, item := range s.world.CarriedOver(a.item, a.round) {
			items = append(items, s.world.Next(item))
		}
		return s.comeBack(a, items)
	case actFind:
		return s.finding(a)
	case actRestore:
		return s.restoring(a)
	}
	return nil
}

func (s *state) selfDeletion(a act, kind, cause string) []Event {
	if p := s.posts[a.item]; p == nil || p.gone {
		return nil
	}
	return []Event{{Kind: kind, At: a.at, Item: number(a.item), Cause: cause, Due: a.key()}}
}

// decision is what a provider does with a line when it gets to it.
func (s *state) decision(a act) []Event {
	ln := s.lines[a.line]
	if ln == nil || ln.decided != "" || ln.withdrawn {
		return nil
	}
	e := Event{At: a.at, Letter: ln.letter, Line: ln.id, Provider: s.letters[ln.letter].provider, Due: a.key()}
	if ln.item < 0 {
		e.Kind, e.URL, e.Reason = KindUnknownLine, ln.url, "There is nothing at this address."
		return []Event{e}
	}
	e.Item = number(ln.item)
	p := s.posts[ln.item]
	if p.gone {
		e.Kind, e.Cause = KindAlreadyGone, p.cause
		return []Event{e}
	}
	it := s.world.Item(ln.item)
	plan := s.world.Plan(it)
	switch ln.outcome {
	case world.Disabled:
		e.Kind, e.Countries = KindDisabled, plan.Countries
	case world.Refused:
		e.Kind, e.Reason = KindRefused, plan.Reason
		if e.Reason == "" {
			e.Reason = "The content is within our terms."
		}
	case world.NeedMore:
		e.Kind, e.Reason = KindNeedMore, "Which passage do you mean?"
	case world.Misdirects:
		e.Kind, e.Reason = KindMisdirected, "This is hosted elsewhere."
	case world.Lies:
		e.Kind = KindLied
	default:
		e.Kind, e.Cause = KindRemoved, "provider"
		if closing, ok := s.closing(it, a.at); ok {
			return []Event{e, closing}
		}
	}
	return []Event{e}
}

// closing is the account that goes with one posting, where the provider is of
// that kind.
func (s *state) closing(it world.Item, at time.Time) (Event, bool) {
	account := s.world.Accounts[it.Account]
	state := s.accounts[[2]int{it.Account, it.Generation}]
	if !account.Closes || state == nil || state.closed {
		return Event{}, false
	}
	e := Event{Kind: KindAccountClosed, At: at, Provider: s.world.Providers[account.Provider].Name, Account: number(it.Account), Generation: it.Generation,
		Others: everydayPosts, Reason: "Asked for one address, the provider closed the account."}
	for _, n := range s.world.Posts(it.Account) {
		item := n + it.Generation*s.world.Count
		if p := s.posts[item]; p != nil && !p.gone && item != it.Number && s.world.Item(item).Account == it.Account {
			e.Items = append(e.Items, item)
		}
	}
	return e, true
}

// comeBack puts postings up again, in their next generation.
func (s *state) comeBack(a act, items []int) []Event {
	var out []Event
	for _, item := range items {
		before := item - s.world.Count
		p := s.posts[before]
		if s.posts[item] != nil || p == nil || !p.gone || p.cause != "provider" {
			continue
		}
		it := s.world.Item(item)
		e := Event{Kind: KindReuploaded, At: a.at, Provider: s.world.Providers[it.Provider].Name, Item: number(item), Of: number(before), URL: it.URL(),
			Class: string(it.Class), Ground: it.Ground, Purpose: string(it.Purpose), Family: number(it.Family), Transform: string(it.Transform), Due: a.key()}
		if it.Kind == "article" {
			e.Kind = KindRebuilt
		}
		if it.Transform == s.world.Item(before).Transform {
			e.Transform = string(world.Exact) // the same bytes as before
		}
		out = append(out, e)
	}
	return out
}

func (s *state) finding(a act) []Event {
	if p := s.posts[a.item]; p == nil || p.gone {
		return nil
	}
	it := s.world.Item(a.item)
	unit, _ := s.world.Find(a.item)
	return []Event{{Kind: KindFound, At: a.at, Unit: s.world.Units[unit].Code, URL: it.URL(), Item: number(a.item), Of: number(a.item - s.world.Count), Due: a.key()}}
}

// restoring puts back what a provider took down or shut off because of a
// letter that was withdrawn since.
func (s *state) restoring(a act) []Event {
	p := s.posts[a.item]
	if p == nil || !(p.gone && p.cause == "provider" && !p.account) && len(p.shut) == 0 {
		return nil
	}
	return []Event{{Kind: KindRestored, At: a.at, Item: number(a.item), Line: a.line, Due: a.key()}}
}

// toAnswer lists what a provider has decided about a letter and not said yet.
func (s *state) toAnswer(letterID string) []LineAnswer {
	l := s.letters[letterID]
	if l == nil {
		return nil
	}
	var out []LineAnswer
	for _, id := range l.lines {
		ln := s.lines[id]
		if ln.decided != "" && !ln.answered && !ln.mute && !ln.withdrawn {
			out = append(out, ln.answer)
		}
	}
	slices.SortFunc(out, func(a, b LineAnswer) int {
		if a.Line < b.Line {
			return -1
		}
		return 1
	})
	return out
}
