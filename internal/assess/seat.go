package assess

import (
	"time"

	"github.com/staydown/staydown"
)

// Queue is where an item waits for a look.
type Queue string

// The queues.
const (
	QueueNew    Queue = "new"    // for a first look
	QueueSecond Queue = "second" // for a blind second look
	QueueThird  Queue = "third"  // for a third officer, who resolves
	QueueNone   Queue = "none"   // waits for nobody: a finding runs its sixty seconds, or the item is decided
)

// Queues in the order of the life of an item.
var Queues = []Queue{QueueNew, QueueSecond, QueueThird}

// Turn is whose look the queue waits for.
func (q Queue) Turn() staydown.Turn {
	switch q {
	case QueueNew:
		return staydown.First
	case QueueSecond:
		return staydown.Second
	case QueueThird:
		return staydown.Third
	}
	return ""
}

// QueueOf is the queue that waits for a turn.
func QueueOf(t staydown.Turn) Queue {
	for _, q := range Queues {
		if q.Turn() == t {
			return q
		}
	}
	return QueueNone
}

// LeaseFor is how long an officer holds an item without any sign of work, on the desk's clock.
const LeaseFor = 10 * time.Minute

// Seat is an item as it lies on the desk: its queue, and who holds it until when.
type Seat struct {
	Item   staydown.Item
	Queue  Queue
	Holder staydown.ID // empty when nobody ever took it
	Until  time.Time
}

// HeldAt is who holds the item at a time: empty when nobody does, or when the lease has run out.
func (s Seat) HeldAt(now time.Time) staydown.ID {
	if s.Until.After(now) {
		return s.Holder
	}
	return ""
}

// Captured reports whether there is anything to look at.
func (s Seat) Captured() bool { return s.Item.State == staydown.ItemCaptured }

// Place is what an officer would do at a seat.
type Place struct {
	Turn  staydown.Turn
	First staydown.Assessment // the finding that waits for this look; zero for a first look
	Draft staydown.Assessment // the officer's own unfinished finding; zero when there is none
}

// For says whose turn it is and whether this officer may take it; it returns an Error of kind Refused where not. looks are all
// findings on the item, drafts too. Nobody looks twice at one item, not even when it was reopened: who took part in a
// decision does not review it.
func (s Seat) For(officer staydown.ID, looks []staydown.Assessment, now time.Time) (Place, error) {
	if s.Item.State != staydown.ItemCaptured && s.Item.State != staydown.ItemNotCaptured {
		return Place{}, refused("not_open", "this item waits for no finding: it is %s", s.Item.State)
	}
	p := Place{Turn: s.Queue.Turn()}
	if p.Turn == "" {
		return p, refused("waiting", "a finding on this item was just given; it can still be taken back")
	}
	for _, a := range looks {
		switch {
		case a.Officer == officer && a.State == staydown.AssessmentDraft:
			p.Draft = a
		case a.Officer == officer:
			return p, refused("same_officer", "you gave a finding on this item already; a colleague has to look")
		case a.State == staydown.AssessmentSecondAsked || a.State == staydown.AssessmentDisagreed:
			p.First = a
		}
	}
	if h := s.HeldAt(now); h != "" && h != officer {
		return p, refused("held", "a colleague is working on this item until %s", s.Until.Format(time.RFC3339))
	}
	return p, nil
}

// begin is the officer's draft for this place: a new one, or the one left behind, turned to what is asked now.
func (p Place) begin(s Seat, officer, authority, id staydown.ID, now time.Time) (a staydown.Assessment, fresh bool) {
	a, fresh = p.Draft, p.Draft.ID == ""
	if fresh {
		a = staydown.Assessment{ID: id, Item: s.Item.ID, Circle: s.Item.Circle, Owner: authority, Officer: officer,
			State: staydown.AssessmentDraft, BeganAt: now}
	}
	a.Turn, a.Answers = p.Turn, p.First.ID
	return a, fresh
}

func refused(code, format string, args ...any) error {
	return staydown.Errorf(staydown.Refused, "assess."+code, format, args...)
}

func invalid(field, format string, args ...any) error {
	return staydown.Errorf(staydown.Invalid, "assessment."+field, format, args...).At(field)
}
