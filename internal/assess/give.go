package assess

import (
	"context"
	"encoding/json"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Give files the caller's finding on an item that the caller has opened. Of in it reads Verdict, Ground, Passage, Danger,
// Purpose, PurposeWhy, Clause, GroupList, Language, Public, Note and Seconds; everything else is the desk's own. It can be taken
// back for sixty seconds; then it settles (HandleStand).
// Law: TCO 2(7), 1(3)
func (d *Desk) Give(ctx context.Context, c access.Caller, item staydown.ID, in staydown.Assessment) (staydown.Assessment, error) {
	text, err := d.textFor(ctx, c, item, in)
	if err != nil {
		return staydown.Assessment{}, err
	}
	var out staydown.Assessment
	err = d.act(ctx, c, access.Assess, func(tx Tx) error {
		s, p, err := place(tx, c, item)
		if err != nil {
			return err
		}
		if p.Draft.ID == "" {
			return refused("not_opened", "open the item first")
		}
		a, _ := p.begin(s, c.Actor.Person, c.Actor.Authority, p.Draft.ID, tx.Now())
		a.Batch = ""
		a = write(a, in)
		if err := Check(a, s.Captured(), text); err != nil {
			return err
		}
		e, err := give(tx, &a)
		if err != nil {
			return err
		}
		out = a
		return tx.Event(e)
	})
	if err != nil {
		return staydown.Assessment{}, err
	}
	return out, nil
}

// textFor reads the captured text that a quotation has to stand in. It is read before the change, so that a long text does
// not keep the writer waiting; captures never change.
func (d *Desk) textFor(ctx context.Context, c access.Caller, item staydown.ID, in staydown.Assessment) (string, error) {
	if c.May(access.Assess) != nil || !in.Verdict.Actionable() || in.Passage == "" || !IsQuotation(in.Passage) {
		return "", nil
	}
	s, err := d.Store.SeatOf(ctx, item)
	if err != nil {
		return "", err
	}
	if err := c.Sees(s.Item.Circle); err != nil {
		return "", err
	}
	return d.Store.CapturedText(ctx, item)
}

// give moves the draft to given, leaves the job that settles it, and takes the item off the desk meanwhile. The event is the
// caller's to keep.
func give(tx Tx, a *staydown.Assessment) (staydown.Event, error) {
	e, err := a.Give(tx.Now())
	if err != nil {
		return e, err
	}
	if err := tx.PutAssessment(*a); err != nil {
		return e, err
	}
	if err := tx.Job(stand(*a)); err != nil {
		return e, err
	}
	if err := tx.SetQueue(a.Item, QueueNone); err != nil {
		return e, err
	}
	if err := tx.PutBack(a.Item, a.Officer); err != nil {
		return e, err
	}
	return sealed(e), tx.KeepDraft(a.Officer, a.Item, "")
}

// stand is the job that settles a finding.
func stand(a staydown.Assessment) staydown.Job {
	return staydown.Job{Kind: "stand", Key: string(a.ID), Subject: a.ID, RunAt: a.GivenAt.Add(staydown.TakeBackWithin)}
}

// sealed takes what was found out of the open part of an event and leaves it as a salted commitment: the log binds the officer
// from this moment, and whoever may read the log can still be asked for a blind second look.
func sealed(e staydown.Event) staydown.Event {
	hidden := map[string]any{}
	for _, k := range []string{"verdict", "ground", "purpose", "why"} {
		if v, ok := e.Data[k]; ok {
			hidden[k] = v
			delete(e.Data, k)
		}
	}
	b, err := json.Marshal(hidden)
	if err != nil || len(hidden) == 0 {
		return e // only words go in, so there is no error to speak of
	}
	e.Personal = map[string]string{"finding": string(b)}
	return e
}

// TakeBack makes the caller's own finding a draft again, within sixty seconds, and the item is the caller's again.
func (d *Desk) TakeBack(ctx context.Context, c access.Caller, assessment staydown.ID) error {
	return d.act(ctx, c, access.Assess, func(tx Tx) error {
		a, err := tx.Assessment(assessment)
		if err != nil {
			return err
		}
		if err := c.Sees(a.Circle); err != nil {
			return err
		}
		if a.Officer != c.Actor.Person {
			return refused("not_yours", "only who gave a finding can take it back")
		}
		e, err := a.TakeBack(tx.Now())
		if err != nil {
			return err
		}
		a.Batch = "" // a draft of a group has to be looked at by itself
		if err := tx.PutAssessment(a); err != nil {
			return err
		}
		if err := back(tx, a); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// back puts the item where it was before the finding: in its queue, in the officer's hands.
func back(tx Tx, a staydown.Assessment) error {
	if err := tx.DropJob("stand", string(a.ID)); err != nil {
		return err
	}
	q := QueueOf(a.Turn)
	if err := tx.SetQueue(a.Item, q); err != nil {
		return err
	}
	return tx.Lease([]Leased{{a.Item, a.Circle, a.Officer, q, tx.Now().Add(LeaseFor)}})
}
