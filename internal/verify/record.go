package verify

import (
	"time"

	"github.com/staydown/staydown"
)

// record keeps a check and what it says of the item and the line, and leaves what follows from it.
func record(tx Tx, item staydown.ID, p Plan, due time.Time, seen Seen) error {
	i, err := tx.Item(item)
	if err != nil {
		return err
	}
	line, err := tx.Line(p.Line)
	if err != nil {
		return err
	}
	c := staydown.Check{ID: tx.NewID(), Item: i.ID, Line: line.ID, Letter: line.Letter, Owner: line.Owner, Circle: i.Circle,
		State: staydown.CheckPlanned, N: p.N, DueAt: due}
	e, err := c.Look(seen.Verdict, seen.Signal, seen.Cause, seen.Places(), tx.Now())
	if err != nil {
		return err
	}
	e.Owner = line.Owner
	if len(seen.Disabled) > 0 {
		e.Data["disabled"] = seen.Disabled
	}
	if err := tx.AddCheck(c); err != nil {
		return err
	}
	if err := tx.Event(e); err != nil {
		return err
	}
	if err := note(tx, i, line, seen); err != nil {
		return err
	}
	return follow(tx, i, p)
}

// note keeps the last sight of the item and of the line. A look in vain does not blot out an earlier sight: it is in the
// checks, and the next look will tell.
func note(tx Tx, i staydown.Item, line staydown.Line, seen Seen) error {
	if passing(seen) && i.WeSaw != staydown.NotYet {
		return nil
	}
	before := i.WeSaw
	i.WeSaw, i.WeSawCause, i.WeSawAt = seen.Verdict, seen.Cause, tx.Now()
	line.WeSaw, line.WeSawAt = seen.Verdict, tx.Now()
	first := false
	if seen.Verdict == staydown.Gone {
		if first = i.GoneAt.IsZero(); first {
			i.GoneAt = tx.Now()
		}
		if line.GoneAt.IsZero() {
			line.GoneAt = tx.Now()
		}
	}
	if err := tx.SetItemSeen(i); err != nil {
		return err
	}
	if err := tx.SetLineSeen(line); err != nil {
		return err
	}
	if first {
		return tx.Job(staydown.Job{Kind: "watch", Key: string(i.ID), Subject: i.ID})
	}
	if before == staydown.Gone && (seen.Verdict == staydown.Up || seen.Verdict == staydown.Changed) {
		// It is back where it was: keep what is there now.
		return tx.Job(staydown.Job{Kind: "capture", Key: string(i.ID), Subject: i.ID})
	}
	return nil
}

// follow leaves the next look, as long as there is one.
func follow(tx Tx, i staydown.Item, p Plan) error {
	n, at, ok := NextDue(p.Sent, i.Location, p.N, tx.Now())
	if !ok {
		return nil
	}
	if at.Before(tx.Now()) {
		at = tx.Now()
	}
	p.N, p.Again = n, 0
	return leave(tx, i.ID, p, at)
}
