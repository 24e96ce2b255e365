package deconflict

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// ask is the job that asks the system about an item.
func ask(item staydown.ID) staydown.Job {
	return staydown.Job{Kind: "deconflict", Key: string(item), Subject: item}
}

// HandleDeconflict does the job "deconflict": it asks all active holds of this database about an item that may lead to a
// letter, and keeps the answer. Asking again changes the answer only where the holds have changed.
func (d *Desk) HandleDeconflict(ctx context.Context, j staydown.Job) error {
	return d.Store.Finish(ctx, access.System("deconflict"), j, func(tx Tx) error {
		i, err := tx.Item(j.Subject)
		if err != nil {
			return err
		}
		q, err := systemQuery(tx, i.ID)
		if err != nil {
			return err
		}
		if q.ID == "" {
			if !i.Verdict.Actionable() {
				return nil // reopened meanwhile: nobody wants to know any more
			}
			if q, err = begin(tx, i, BySystem, tx.Now()); err != nil {
				return err
			}
		}
		t := Target{i.Location, i.Account, i.Kind}
		holds, err := tx.ActiveHolds(Hosts(t))
		if err != nil {
			return err
		}
		answer, h := Answer(holds, t)
		return move(tx, q, answer, h)
	})
}

// systemQuery is the question to this database about an item, zero when it was not asked; it is asked once, and answered again
// when holds change.
func systemQuery(tx Tx, item staydown.ID) (staydown.Query, error) {
	all, err := tx.QueriesAbout([]staydown.ID{item})
	if err != nil {
		return staydown.Query{}, err
	}
	for _, q := range all {
		if q.By == BySystem {
			return q, nil
		}
	}
	return staydown.Query{}, nil
}

// begin asks a question at a time.
func begin(tx Tx, i staydown.Item, way string, at time.Time) (staydown.Query, error) {
	state, err := staydown.QueryTable.Next("query", "", "ask")
	if err != nil {
		return staydown.Query{}, err
	}
	q := staydown.Query{ID: tx.NewID(), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Location: i.Location, By: way, State: state, AskedAt: at}
	if err := tx.AddQuery(q); err != nil {
		return q, err
	}
	e := staydown.Event{Act: "ask", Noun: "query", Subject: q.ID, Circle: q.Circle, Data: map[string]any{"item": q.Item, "by": way}}
	if way == BySystem {
		e = quiet(q, e)
	}
	return q, tx.Event(e)
}

// move takes a query of the system to an answer and notes the hold behind it. A query that stays held by another hold keeps
// its state, and says so in an event.
func move(tx Tx, q staydown.Query, answer staydown.Act, h staydown.Hold) error {
	steps := Steps(q.State, answer)
	same := q.Hold == h.ID && q.Until.Equal(h.ReviewAt)
	if len(steps) == 0 && (same || q.State == staydown.QueryClear) {
		return nil
	}
	var events []staydown.Event
	for _, act := range steps {
		e, err := q.Answer(act, tx.Now())
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	if len(steps) == 0 {
		events = append(events, staydown.Event{Act: answer, Noun: "query", Subject: q.ID, Circle: q.Circle, Data: map[string]any{"item": q.Item, "state": q.State}})
	}
	if q.State == staydown.QueryClear {
		h = staydown.Hold{}
	}
	q.Hold, q.Until, q.Scope = h.ID, h.ReviewAt, h.Scope
	if err := tx.PutQuery(q); err != nil {
		return err
	}
	for _, e := range events {
		if err := tx.Event(quiet(q, e)); err != nil {
			return err
		}
	}
	return nil
}

// quiet says in an event about a query only what the asker may know: the system answered, for the asker's own authority. Who
// placed or lifted the hold stands in the event of the hold, which its owner alone reads.
func quiet(q staydown.Query, e staydown.Event) staydown.Event {
	e.Actor, e.Owner = staydown.Actor{System: "deconflict", Authority: q.Owner}, q.Owner
	return e
}
