package practice

import (
	"fmt"
	"slices"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// state is everything the nine providers know. It changes in one way only:
// apply takes an event that stands in the truth already.
type state struct {
	world *world.World
	clock time.Time // everything due up to here is done

	posts    map[int]*post
	places   map[string]int      // host and path -> item
	accounts map[[2]int]*account // by account and generation
	handles  map[string][2]int   // provider and handle -> account and generation
	letters  map[string]*letter  // by letter
	lines    map[string]*line    // by line
	seen     map[string]string   // message key -> receipt
	taken    map[string]map[int64]int
	turned   map[string]bool // what was turned away, bounced or cut, by kind and letter: happens once
	done     map[string]bool
	agenda   agenda
	finds    []Find
	tamper   tampering
}

// post is one posting as it stands.
type post struct {
	item     int
	posted   time.Time
	gone     bool
	cause    string // provider, author, timer
	account  bool   // gone with its whole account
	goneAt   time.Time
	shut     []string // countries where it is shut off
	unremove bool     // the truth says removed; it is still served (tampering)
	asked    int      // letters that were about it
	needMore bool     // has asked back before
}

// account is one publisher in one generation.
type account struct {
	closed bool
	at     time.Time
}

type letter struct {
	id, provider, channel, answerURL, door, reference string
	received                                          time.Time
	lines                                             []string
}

type line struct {
	id, letter string
	item       int // -1: nothing of ours
	url        string
	outcome    world.Outcome
	actAt      time.Time
	decided    string // kind of the event that decided it
	answer     LineAnswer
	mute       bool // decided, but the provider will not say so
	answered   bool
	withdrawn  bool
	reminded   bool
}

// Find is a return that a unit has come upon and hands in as a lead.
type Find struct {
	N    int       `json:"n"` // counts from 1
	At   time.Time `json:"at"`
	Unit string    `json:"unit"`
	URL  string    `json:"url"`
	Item int       `json:"item"`
	Of   int       `json:"of"`
}

func newState(w *world.World) *state {
	return &state{
		world: w, posts: make(map[int]*post, w.Count), places: make(map[string]int, w.Count),
		accounts: map[[2]int]*account{}, handles: map[string][2]int{}, letters: map[string]*letter{}, lines: map[string]*line{},
		seen: map[string]string{}, taken: map[string]map[int64]int{}, turned: map[string]bool{}, done: map[string]bool{},
	}
}

// apply makes an event part of what is known. It never fails on events this
// package wrote.
func (s *state) apply(e Event) error {
	if e.Due != "" {
		s.done[e.Due] = true
	}
	switch e.Kind {
	case KindWorld:
		return s.sameWorld(e)
	case KindPlanted, KindReuploaded, KindRebuilt:
		s.appear(*e.Item, e.At)
	case KindClock:
		s.clock = e.At
	case KindLetter:
		s.takeIn(e)
	case KindTurnedAway, KindBounced, KindCut:
		s.turned[e.Kind+e.Letter] = true
	case KindAuthorDeleted, KindTimerDeleted:
		s.vanish(*e.Item, e.Cause, e.At)
	case KindAccountClosed:
		s.closeAccount(e)
	case KindFound:
		s.finds = append(s.finds, Find{N: len(s.finds) + 1, At: e.At, Unit: e.Unit, URL: e.URL, Item: *e.Item, Of: *e.Of})
	case KindRestored:
		p := s.posts[*e.Item]
		p.gone, p.shut, p.cause = false, nil, ""
	case KindAnswered, KindAnswerRefused:
		for _, a := range e.Answers {
			if l := s.lines[a.Line]; l != nil {
				l.answered = true
			}
		}
	default:
		s.decide(e)
	}
	return nil
}

func (s *state) sameWorld(e Event) error {
	if want := s.world.Token(); e.Key != want {
		return fmt.Errorf("the truth belongs to another world (%s, not %s): %w", e.Key, want, ErrTruth)
	}
	return nil
}

// appear puts a posting up.
func (s *state) appear(item int, at time.Time) {
	it := s.world.Item(item)
	p := &post{item: item, posted: it.Posted}
	if p.posted.IsZero() {
		p.posted = at
	}
	s.posts[item] = p
	s.places[it.Host+it.Path] = item
	key := [2]int{it.Account, it.Generation}
	if s.accounts[key] == nil {
		s.accounts[key] = &account{}
		s.handles[s.world.Providers[it.Provider].Name+" "+s.world.Handle(it)] = key
	}
	plan := s.world.Plan(it)
	if !plan.AuthorDeletes.IsZero() {
		s.agenda.add(act{at: plan.AuthorDeletes, what: actAuthor, item: item})
	}
	if !plan.Vanishes.IsZero() {
		s.agenda.add(act{at: plan.Vanishes, what: actTimer, item: item})
	}
	if it.Generation > 0 {
		_, minutes := s.world.Find(item)
		s.agenda.add(act{at: at.Add(time.Duration(minutes) * time.Minute), what: actFind, item: item})
	}
}

func (s *state) vanish(item int, cause string, at time.Time) {
	p := s.posts[item]
	p.gone, p.cause, p.goneAt = true, cause, at
}

func (s *state) closeAccount(e Event) {
	key := [2]int{*e.Account, e.Generation}
	if a := s.accounts[key]; a != nil {
		a.closed, a.at = true, e.At
	}
	for _, item := range e.Items {
		s.vanish(item, "provider", e.At)
		s.posts[item].account = true
	}
	a := s.world.Accounts[*e.Account]
	minutes, back := a.Respawns, a.Respawns > 0 && e.Generation == 0
	if a.Kind == "site" {
		minutes, back = world.SiteBack(e.Generation)
	}
	if at := e.At.Add(time.Duration(minutes) * time.Minute); back && at.Before(world.LastReturn) {
		s.agenda.add(act{at: at, what: actRespawn, item: *e.Account, round: e.Generation})
	}
}

// decide makes a provider's decision about a line, and its effect on the
// posting.
func (s *state) decide(e Event) {
	l := s.lines[e.Line]
	if l == nil {
		return
	}
	l.decided = e.Kind
	l.answer = LineAnswer{Line: e.Line, Countries: e.Countries, Reason: e.Reason, At: e.At.UTC().Format(time.RFC3339)}
	l.answer.Status = map[string]string{
		KindRemoved: "removed", KindLied: "removed", KindDisabled: "disabled", KindRefused: "refused", KindNeedMore: "need_more",
		KindMisdirected: "wrong_addressee", KindAlreadyGone: "already_gone", KindUnknownLine: "refused",
	}[e.Kind]
	l.mute = l.outcome == world.Silent && !l.reminded
	if e.Item == nil {
		return
	}
	p := s.posts[*e.Item]
	switch e.Kind {
	case KindRemoved:
		s.vanish(*e.Item, "provider", e.At)
		p.unremove = s.tamper.takesBack(*e.Item)
		s.planReturn(*e.Item, e.At)
	case KindAlreadyGone:
		if e.Cause == "provider" {
			l.answer.Status = "removed"
		}
	case KindDisabled:
		p.shut = e.Countries
	case KindNeedMore:
		p.needMore = true
	}
}

func (s *state) planReturn(item int, gone time.Time) {
	it := s.world.Item(item)
	minutes := s.world.Plan(it).Returns
	if minutes == 0 {
		return
	}
	if at := gone.Add(time.Duration(minutes) * time.Minute); at.Before(world.LastReturn) {
		s.agenda.add(act{at: at, what: actReturn, item: item})
	}
}

// up says whether a posting is served to a country.
func (p *post) up(country string) bool {
	return (!p.gone || p.unremove) && !slices.Contains(p.shut, country)
}
