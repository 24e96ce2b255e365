package assess

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// HandleStand does the job "stand": it settles a finding whose sixty seconds are over. A finding that was taken back leaves
// nothing to do; one that was given again meanwhile is left for its own time.
func (d *Desk) HandleStand(ctx context.Context, j staydown.Job) error {
	return d.Store.Finish(ctx, access.System("assess"), j, func(tx Tx) error {
		a, err := tx.Assessment(j.Subject)
		if err != nil || a.State != staydown.AssessmentGiven {
			return err
		}
		if next := stand(a); tx.Now().Before(next.RunAt) {
			return tx.Job(next)
		}
		return d.settle(tx, a)
	})
}

func (d *Desk) settle(tx Tx, a staydown.Assessment) error {
	s, err := tx.Seat(a.Item)
	if err != nil {
		return err
	}
	var first staydown.Assessment
	if a.Answers != "" {
		if first, err = tx.Assessment(a.Answers); err != nil {
			return err
		}
	}
	open := s.Item.State == staydown.ItemCaptured || s.Item.State == staydown.ItemNotCaptured
	why := ""
	if a.Turn == staydown.First {
		why = NeedsSecond(a, d.facts(s.Item))
	}
	o := Settle(a, first, why, open)
	if err := own(tx, &a, o, why); err != nil {
		return err
	}
	if err := earlier(tx, &first, a, o); err != nil {
		return err
	}
	if o.Next != s.Queue {
		if err := tx.SetQueue(a.Item, o.Next); err != nil {
			return err
		}
	}
	switch o.By {
	case ThisOne:
		return decide(tx, s.Item, a)
	case FirstOne:
		return decide(tx, s.Item, first)
	}
	return nil
}

// own moves the finding itself.
func own(tx Tx, a *staydown.Assessment, o Outcome, why string) error {
	var e staydown.Event
	var err error
	if o.Own == "ask_second" {
		e, err = a.AskSecond(why, tx.Now())
	} else {
		e, err = a.Stand(tx.Now())
	}
	if err != nil {
		return err
	}
	return keep(tx, *a, sealed(e))
}

// earlier tells the first finding what the later one means for it.
func earlier(tx Tx, first *staydown.Assessment, a staydown.Assessment, o Outcome) error {
	var e staydown.Event
	var err error
	switch o.First {
	case "agree":
		e, err = first.Agree(a, tx.Now())
	case "disagree":
		e, err = first.Disagree(a, tx.Now())
	case "resolve":
		e, err = first.Resolve(a, tx.Now())
	default:
		return nil
	}
	if err != nil {
		return err
	}
	return keep(tx, *first, e)
}

func keep(tx Tx, a staydown.Assessment, e staydown.Event) error {
	if err := tx.PutAssessment(a); err != nil {
		return err
	}
	e.Owner = a.Owner
	return tx.Event(e)
}

// decide lets a finding decide its item. What can lead to a letter is asked of the other authorities.
func decide(tx Tx, i staydown.Item, a staydown.Assessment) error {
	e, err := i.Assess(a, tx.Now())
	if err != nil {
		return err
	}
	if err := tx.PutItem(i); err != nil {
		return err
	}
	e.Owner = a.Owner
	if err := tx.Event(e); err != nil {
		return err
	}
	if !a.Verdict.Actionable() {
		return nil
	}
	return tx.Job(staydown.Job{Kind: "deconflict", Key: string(i.ID), Subject: i.ID})
}
