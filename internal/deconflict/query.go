package deconflict

import (
	"context"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Ask asks about an item: by system, phone or siena. By system it is answered by a job at once, and again whenever it is asked;
// by the others a person records the answer (Decide). What is held needs no other question before it is let go.
func (d *Desk) Ask(ctx context.Context, c access.Caller, item staydown.ID, way string) (staydown.Query, error) {
	var out staydown.Query
	err := d.act(ctx, c, access.Assess, func(tx Tx) error {
		if way != BySystem && way != ByPhone && way != BySiena {
			return invalid("query.way", "by", "ask by system, phone or siena")
		}
		i, err := tx.Item(item)
		if err != nil {
			return err
		}
		if err := c.Sees(i.Circle); err != nil {
			return err
		}
		if way == BySystem {
			if out, err = systemQuery(tx, item); err == nil && out.ID == "" {
				out, err = begin(tx, i, BySystem, tx.Now())
			}
			if err != nil {
				return err
			}
			return tx.Job(ask(item))
		}
		at, err := free(tx, item, way)
		if err != nil {
			return err
		}
		out, err = begin(tx, i, way, at)
		return err
	})
	out.Hold = ""
	return out, err
}

// free refuses a question that is open already, or whose answer could hide that the item is held. It returns when the question
// is asked: now, and after every other one, so that the newest is never in doubt.
func free(tx Tx, item staydown.ID, way string) (time.Time, error) {
	at := tx.Now()
	all, err := tx.QueriesAbout([]staydown.ID{item})
	if err != nil {
		return at, err
	}
	for _, q := range all {
		if q.State == staydown.QueryHeld {
			return at, refused("query.held", "this is held; it can go when the hold is lifted")
		}
		if q.By == way && (q.State == staydown.QueryAsked || q.State == staydown.QueryNoAnswer) {
			return at, refused("query.open", "this was asked already; record the answer")
		}
		if !at.After(q.AskedAt) {
			at = q.AskedAt.Add(time.Millisecond)
		}
	}
	return at, nil
}

// LetGo is the act of deciding on silence.
const LetGo = staydown.Act("let_go")

// Decide records what came of a question asked by phone or SIENA: clear, hold, answer_partly, or give_up when nobody answers.
// On silence a named person may decide that the item goes all the same (LetGo), which takes the permission to approve. Each
// needs its reason: who answered, or why it goes. What the system answers is decided by the holds alone.
func (d *Desk) Decide(ctx context.Context, c access.Caller, query staydown.ID, act staydown.Act, reason string) error {
	p := access.Assess
	if act == LetGo {
		p = access.Approve
	}
	reason = strings.TrimSpace(reason)
	return d.act(ctx, c, p, func(tx Tx) error {
		q, err := tx.Query(query)
		if err != nil {
			return err
		}
		if err := c.Sees(q.Circle); err != nil {
			return err
		}
		if reason == "" || len(reason) > maxText {
			return invalid("query.reason", "reason", "say in at most %d bytes who answered, or why it goes", maxText)
		}
		e, err := decided(&q, act, c.Actor.Person, reason, tx)
		if err != nil {
			return err
		}
		if err := tx.PutQuery(q); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

func decided(q *staydown.Query, act staydown.Act, by staydown.ID, reason string, tx Tx) (staydown.Event, error) {
	if q.By == BySystem {
		return staydown.Event{}, refused("query.system", "what the system answers is decided by the holds, and by nobody else")
	}
	e := staydown.Event{Act: act, Noun: "query", Subject: q.ID, Circle: q.Circle, Data: map[string]any{"item": q.Item, "state": q.State}}
	if act == LetGo {
		if q.State != staydown.QueryNoAnswer {
			return e, refused("query.state", "only on silence a person decides; this question is %s", q.State)
		}
		q.DecidedBy = by
	} else {
		var err error
		if e, err = q.Answer(act, tx.Now()); err != nil {
			return e, err
		}
		q.DecidedBy = ""
	}
	q.Reason = reason
	e.Personal = map[string]string{"reason": reason}
	return e, nil
}

// Queries lists what was asked about an item and how it was answered, oldest first; never which hold answered.
func (d *Desk) Queries(ctx context.Context, c access.Caller, item staydown.ID) ([]staydown.Query, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	i, err := d.Store.ItemOf(ctx, item)
	if err != nil {
		return nil, err
	}
	if err := c.Sees(i.Circle); err != nil {
		return nil, err
	}
	all, err := d.Store.QueriesOf(ctx, item)
	for k := range all {
		all[k].Hold = ""
	}
	return all, err
}
