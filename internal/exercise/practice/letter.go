package practice

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// Wire is a letter as it arrives, by webhook or as letter.json in a mail.
type Wire struct {
	Format     string     `json:"format"`
	Message    string     `json:"message"`
	Kind       string     `json:"kind"`
	Letter     string     `json:"letter"`
	Reference  string     `json:"reference"`
	Instrument string     `json:"instrument"`
	Binding    bool       `json:"binding"`
	Sender     Sender     `json:"sender"`
	Statement  string     `json:"statement"`
	SentAt     time.Time  `json:"sent_at"`
	AnswerURL  string     `json:"answer_url"`
	Lines      []WireLine `json:"lines"`
}

// Sender is the authority that decided.
type Sender struct {
	Authority string `json:"authority"`
	Country   string `json:"country"`
	Desk      string `json:"desk"`
	Email     string `json:"email"`
}

// WireLine is one location in a letter.
type WireLine struct {
	Line        string `json:"line"`
	URL         string `json:"url"`
	Kind        string `json:"kind"`
	Ground      string `json:"ground"`
	Clause      string `json:"clause"`
	Explanation string `json:"explanation"`
}

// Letters have a kind.
const (
	Referral   = "referral"
	Reminder   = "reminder"
	Withdrawal = "withdrawal"
)

const (
	letterFormat = "staydown-letter/1"
	maxLetter    = 4 << 20 // bytes of JSON
	maxLines     = 200     // in one letter
	maxText      = 8 << 10 // bytes of one field
)

// ErrLetter says that what came in is not a letter.
var ErrLetter = errors.New("not a letter")

// ParseLetter reads a letter and refuses what a provider could not act on.
func ParseLetter(raw []byte) (Wire, error) {
	var w Wire
	if len(raw) > maxLetter {
		return w, fmt.Errorf("%w: larger than %d bytes", ErrLetter, maxLetter)
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return w, fmt.Errorf("%w: %v", ErrLetter, err)
	}
	switch {
	case w.Format != letterFormat:
		return w, fmt.Errorf("%w: format %.40q", ErrLetter, w.Format)
	case w.Kind != Referral && w.Kind != Reminder && w.Kind != Withdrawal:
		return w, fmt.Errorf("%w: kind %.40q", ErrLetter, w.Kind)
	case w.Message == "" || w.Letter == "":
		return w, fmt.Errorf("%w: no message or letter named", ErrLetter)
	case len(w.Lines) == 0 || len(w.Lines) > maxLines:
		return w, fmt.Errorf("%w: %d lines, want 1 to %d", ErrLetter, len(w.Lines), maxLines)
	case w.Sender.Authority == "" || w.Statement == "":
		return w, fmt.Errorf("%w: it does not say who asks and whether it is voluntary", ErrLetter)
	}
	for _, field := range []string{w.Message, w.Letter, w.Reference, w.AnswerURL, w.Statement} {
		if len(field) > maxText {
			return w, fmt.Errorf("%w: a field of %d bytes", ErrLetter, len(field))
		}
	}
	named := map[string]bool{}
	for i, l := range w.Lines {
		if l.Line == "" || l.URL == "" || named[l.Line] || len(l.URL) > maxText || len(l.Line) > 200 {
			return w, fmt.Errorf("%w: line %d", ErrLetter, i+1)
		}
		named[l.Line] = true
	}
	return w, nil
}

// find returns the posting a URL points to, or false.
func (s *state) find(raw string) (int, bool) {
	u, err := url.Parse(raw)
	if err != nil {
		return 0, false
	}
	q := u.Query()
	place := strings.ToLower(u.Hostname()) + u.Path
	if v := q.Get("v"); v != "" && u.Path == "/watch" {
		place += "?v=" + v
	}
	item, ok := s.places[place]
	return item, ok
}

// asked lists the lines of a letter with the postings they mean.
func (s *state) asked(w Wire) []LineAsked {
	out := make([]LineAsked, len(w.Lines))
	for i, l := range w.Lines {
		out[i] = LineAsked{Line: l.Line, URL: l.URL, Ground: l.Ground}
		if item, ok := s.find(l.URL); ok {
			out[i].Item = number(item)
		}
	}
	return out
}

// takeIn makes a letter that stands in the truth part of the plan.
func (s *state) takeIn(e Event) {
	s.seen[e.Key] = e.Receipt
	if s.taken[e.Provider] == nil {
		s.taken[e.Provider] = map[int64]int{}
	}
	s.taken[e.Provider][e.At.Unix()/3600] += len(e.Lines)
	switch e.LetterKind {
	case Referral:
		s.takeReferral(e)
	case Reminder:
		s.takeReminder(e)
	case Withdrawal:
		s.takeWithdrawal(e)
	}
}

func (s *state) takeReferral(e Event) {
	l := &letter{id: e.Letter, provider: e.Provider, channel: e.Channel, answerURL: e.AnswerURL, door: e.Door, reference: e.Reference, received: e.At}
	if old := s.letters[e.Letter]; old != nil {
		l = old
	}
	s.letters[e.Letter] = l
	for _, asked := range e.Lines {
		if s.lines[asked.Line] != nil {
			continue
		}
		ln := &line{id: asked.Line, letter: e.Letter, item: -1, url: asked.URL}
		s.lines[asked.Line] = ln
		l.lines = append(l.lines, asked.Line)
		minutes := 5
		ln.outcome = world.Refused
		if asked.Item != nil {
			ln.item = *asked.Item
			plan := s.world.Plan(s.world.Item(ln.item))
			ln.outcome, minutes = plan.Outcome, plan.Minutes
			p := s.posts[ln.item]
			p.asked++
			if ln.outcome == world.NeedMore && p.needMore {
				ln.outcome = world.Removed
			}
		}
		if ln.outcome != world.Ignored {
			s.planLine(l, ln, e.At.Add(time.Duration(minutes)*time.Minute))
		}
	}
}

// planLine plans the decision about a line and the round of answers it will
// be part of.
func (s *state) planLine(l *letter, ln *line, at time.Time) {
	ln.actAt = at
	s.agenda.add(act{at: at, what: actLine, line: ln.id, item: max(ln.item, 0)})
	s.planAnswer(l, at)
}

// planAnswer rounds a moment up to the provider's own rhythm of answering.
func (s *state) planAnswer(l *letter, at time.Time) {
	rhythm := time.Duration(s.provider(l.provider).Rhythm) * time.Minute
	round := int((at.Sub(l.received) + rhythm - 1) / rhythm)
	s.agenda.add(act{at: l.received.Add(time.Duration(round)*rhythm + 2*time.Minute), what: actAnswer, of: l.id, round: round})
}

// takeReminder moves some of what lies about.
func (s *state) takeReminder(e Event) {
	l := s.letters[e.Letter]
	if l == nil {
		return
	}
	if e.Door != "" {
		l.door = e.Door
	}
	for _, asked := range e.Lines {
		ln := s.lines[asked.Line]
		if ln == nil || ln.item < 0 || ln.answered || ln.reminded {
			continue
		}
		plan := s.world.Plan(s.world.Item(ln.item))
		if !plan.AfterReminder {
			continue
		}
		ln.reminded = true
		at := e.At.Add(time.Duration(plan.Minutes) * time.Minute)
		if ln.outcome == world.Ignored {
			ln.outcome = world.Removed
			s.planLine(l, ln, at)
		} else if ln.mute {
			ln.mute = false
			s.planAnswer(l, at)
		}
	}
}

// takeWithdrawal stops what is still to come and plans to put back what went.
func (s *state) takeWithdrawal(e Event) {
	for _, asked := range e.Lines {
		ln := s.lines[asked.Line]
		if ln == nil || ln.withdrawn {
			continue
		}
		ln.withdrawn = true
		if ln.item < 0 {
			continue
		}
		if minutes := s.world.Plan(s.world.Item(ln.item)).Restores; minutes > 0 {
			s.agenda.add(act{at: e.At.Add(time.Duration(minutes) * time.Minute), what: actRestore, item: ln.item, line: ln.id})
		}
	}
}

func (s *state) provider(name string) world.Provider {
	for _, p := range s.world.Providers {
		if p.Name == name {
			return p
		}
	}
	return world.Provider{}
}
