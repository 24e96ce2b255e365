package referral

import (
	"context"
	"encoding/json"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/law"
)

// LineAnswer is what a provider says of one location.
type LineAnswer struct {
	Line      staydown.ID        `json:"line"`
	Status    staydown.LineState `json:"status"` // removed | disabled | refused | already_gone | need_more | wrong_addressee
	Countries []string           `json:"countries,omitempty"`
	Reason    string             `json:"reason,omitempty"`
	At        time.Time          `json:"at,omitzero"` // when the provider says it acted
}

// answers that a provider can give.
var sayable = map[staydown.LineState]bool{staydown.LineRemoved: true, staydown.LineDisabled: true, staydown.LineRefused: true,
	staydown.LineAlreadyGone: true, staydown.LineNeedMore: true, staydown.LineWrongAddressee: true}

// Answer files what a provider says, line by line; via is api, door or sheet. The same key again changes nothing. It
// returns how many lines were taken.
func (d *Desk) Answer(ctx context.Context, provider, letter staydown.ID, via, key string, said []LineAnswer) (taken int, err error) {
	if len(said) == 0 || len(said) > MaxLines {
		return 0, staydown.Errorf(staydown.Invalid, "answer.lines", "an answer has 1 to %d lines", MaxLines)
	}
	body, err := json.Marshal(said)
	if err != nil {
		return 0, err
	}
	c := access.Caller{Actor: staydown.Actor{System: "provider:" + string(provider)}}
	err = d.Store.Act(ctx, c, func(tx Tx) error {
		taken = 0
		l, err := ofProvider(tx, provider, letter)
		if err != nil {
			return err
		}
		if seen, err := tx.HasAnswer(letter, key); err != nil || seen {
			taken = len(said)
			return err
		}
		if err := tx.AddAnswer(staydown.Answer{ID: tx.NewID(), Letter: l.ID, Owner: l.Owner, Circle: l.Circle, Via: via, Key: key, Body: string(body), At: tx.Now()}); err != nil {
			return err
		}
		for _, s := range said {
			if err := say(tx, l, s); err != nil {
				return err
			}
			taken++
		}
		return answered(tx, l, via)
	})
	return taken, err
}

func ofProvider(tx Tx, provider, letter staydown.ID) (staydown.Letter, error) {
	l, err := tx.Letter(letter)
	if err != nil {
		return l, err
	}
	if l.Provider != provider || l.SentAt.IsZero() {
		return l, staydown.Errorf(staydown.NotFound, "letter.not_found", "no letter to you has this identifier")
	}
	return l, nil
}

func say(tx Tx, l staydown.Letter, s LineAnswer) error {
	if !sayable[s.Status] {
		return staydown.Errorf(staydown.Invalid, "line.status", "%q is no answer", s.Status).At("status")
	}
	ln, err := tx.Line(s.Line)
	if err != nil {
		return err
	}
	if ln.Letter != l.ID {
		return staydown.Errorf(staydown.NotFound, "line.not_found", "this line is not in this letter")
	}
	if len(s.Reason) > 4096 || len(s.Countries) > 60 {
		return staydown.Errorf(staydown.Invalid, "line.reason", "a reason has at most 4096 bytes, a list at most 60 countries")
	}
	e, err := ln.Say(s.Status, s.Countries, s.Reason, tx.Now())
	if err != nil {
		return err
	}
	ln.MeasureAt = staydown.At(s.At)
	if err := tx.PutLine(ln); err != nil {
		return err
	}
	i, err := tx.Item(ln.Item)
	if err != nil {
		return err
	}
	if i.Line == ln.ID {
		i.TheySay = ln.State
		if err := tx.PutItem(i); err != nil {
			return err
		}
	}
	e.Owner = l.Owner
	return tx.Event(e)
}

// answered moves the letter when every line has an answer, and closes it when none asks for more.
func answered(tx Tx, l staydown.Letter, via string) error {
	all, err := tx.LinesOf(l.ID)
	if err != nil {
		return err
	}
	open, more := 0, 0
	for _, ln := range all {
		switch ln.State {
		case staydown.LineAsked:
			open++
		case staydown.LineNeedMore:
			more++
		}
	}
	var events []staydown.Event
	if open == 0 && len(staydown.LetterTable.Allowed(l.State)) > 0 && l.State != staydown.LetterWithdrawn {
		e, err := l.Answer(via, tx.Now())
		if err != nil {
			return err
		}
		events = append(events, e)
		if more == 0 {
			if e, err = l.Close("every line answered", tx.Now()); err != nil {
				return err
			}
			events = append(events, e)
		}
	} else if l.State == staydown.LetterDelivered || l.State == staydown.LetterDeliveryUnknown || l.State == staydown.LetterSent {
		e, err := l.Acknowledge(via, tx.Now())
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	if len(events) == 0 {
		return nil
	}
	if err := tx.PutLetter(l); err != nil {
		return err
	}
	for _, e := range events {
		e.Owner = l.Owner
		if err := tx.Event(e); err != nil {
			return err
		}
	}
	return nil
}

// Acknowledge notes that the provider has the letter: by a signed-in answer, never by opening a page.
// Law: TCO 3(3)
func (d *Desk) Acknowledge(ctx context.Context, provider, letter staydown.ID, via string) error {
	c := access.Caller{Actor: staydown.Actor{System: "provider:" + string(provider)}}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := ofProvider(tx, provider, letter)
		if err != nil {
			return err
		}
		if l.State != staydown.LetterDelivered && l.State != staydown.LetterDeliveryUnknown && l.State != staydown.LetterSent {
			return nil
		}
		e, err := l.Acknowledge(via, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		e.Owner = l.Owner
		return tx.Event(e)
	})
}

// HandleRemind reminds a provider that has not answered, and at the instrument's end closes the letter with no answer on
// the lines that stayed open.
func (d *Desk) HandleRemind(ctx context.Context, j staydown.Job) error {
	return d.Store.Finish(ctx, access.System("remind"), j, func(tx Tx) error {
		l, err := tx.Letter(j.Subject)
		if err != nil {
			return err
		}
		all, err := tx.LinesOf(l.ID)
		if err != nil {
			return err
		}
		var open []staydown.Line
		for _, ln := range all {
			if ln.State == staydown.LineAsked || ln.State == staydown.LineNeedMore {
				open = append(open, ln)
			}
		}
		if len(open) == 0 || l.State == staydown.LetterWithdrawn || l.State == staydown.LetterClosed {
			return nil
		}
		instrument, err := law.Get(l.Instrument)
		if err != nil {
			return err
		}
		since := later(l.SentAt, l.DeliveredAt)
		if !tx.Now().Before(instrument.GiveUp(since)) {
			return giveUp(tx, l, open)
		}
		return remind(tx, l, instrument, since)
	})
}

func remind(tx Tx, l staydown.Letter, instrument law.Instrument, since time.Time) error {
	p, err := tx.Provider(l.Provider)
	if err != nil {
		return err
	}
	l.Reminders++
	next, ok := instrument.Remind(l.Reminders, since)
	if !ok {
		next = instrument.GiveUp(since)
	}
	l.RemindAt = next
	if err := tx.PutLetter(l); err != nil {
		return err
	}
	if err := tx.Event(staydown.Event{Act: "remind", Noun: "letter", Subject: l.ID, Owner: l.Owner, Circle: l.Circle, Data: map[string]any{"n": l.Reminders}}); err != nil {
		return err
	}
	if err := post(tx, l, p, "reminder", l.Reminders, tx.Now()); err != nil {
		return err
	}
	return tx.Job(staydown.Job{Kind: "remind", Key: string(l.ID), Subject: l.ID, RunAt: next})
}

func giveUp(tx Tx, l staydown.Letter, open []staydown.Line) error {
	for _, ln := range open {
		if ln.State == staydown.LineNeedMore {
			continue // it did answer; what it asked for was never given
		}
		e, err := ln.Say(staydown.LineNoAnswer, nil, "", tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLine(ln); err != nil {
			return err
		}
		i, err := tx.Item(ln.Item)
		if err != nil {
			return err
		}
		if i.Line == ln.ID {
			i.TheySay = ln.State
			if err := tx.PutItem(i); err != nil {
				return err
			}
		}
		e.Owner = l.Owner
		if err := tx.Event(e); err != nil {
			return err
		}
	}
	e, err := l.Close("no answer in time", tx.Now())
	if err != nil {
		return err
	}
	if err := tx.PutLetter(l); err != nil {
		return err
	}
	e.Owner = l.Owner
	return tx.Event(e)
}

// Withdraw takes a letter back, also after closing: the provider is told and asked to restore.
// Law: LED 7(3)
func (d *Desk) Withdraw(ctx context.Context, c access.Caller, letter staydown.ID, why string) error {
	if err := c.May(access.Withdraw); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := own(tx, c, letter)
		if err != nil {
			return err
		}
		e, err := l.Withdraw(why, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		if err := tx.Event(e); err != nil {
			return err
		}
		all, err := tx.LinesOf(l.ID)
		if err != nil {
			return err
		}
		for _, ln := range all {
			if ln.State == staydown.LineWithdrawn {
				continue
			}
			if err := freeLine(tx, ln, why); err != nil {
				return err
			}
		}
		p, err := tx.Provider(l.Provider)
		if err != nil {
			return err
		}
		return post(tx, l, p, "withdrawal", 1, tx.Now())
	})
}

// Close ends a letter by hand: nothing more is expected.
func (d *Desk) Close(ctx context.Context, c access.Caller, letter staydown.ID, why string) error {
	if err := c.May(access.Approve); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := own(tx, c, letter)
		if err != nil {
			return err
		}
		e, err := l.Close(why, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		return tx.Event(e)
	})
}
