package watch

import (
	"context"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/location"
)

// Confirm says that the new item is the old one come back. Both join a
// lineage: that of the old one, or a new one of which it is the first
// generation. Other suspicions about the new item end with it. The item
// inherits no decision.
//
// Refused without the permission, and for what is decided already; NotFound
// for what is not the caller's to see.
func (d *Desk) Confirm(ctx context.Context, c access.Caller, id staydown.ID) error {
	if err := c.May(access.Confirm); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		r, err := seen(tx, c, id)
		if err != nil {
			return err
		}
		old, err := tx.Item(r.Of)
		if err != nil {
			return err
		}
		item, err := tx.Item(r.Item)
		if err != nil {
			return err
		}
		lineage, err := lineageOf(tx, &old, r.Kind)
		if err != nil {
			return err
		}
		e, err := r.Confirm(c.Actor.Person, lineage, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutReturn(r); err != nil {
			return err
		}
		if err := join(tx, lineage, &item, old.ID); err != nil {
			return err
		}
		if err := tx.Event(e); err != nil {
			return err
		}
		return dismissOthers(tx, c, r)
	})
}

// Dismiss says that the new item is something else. A reason is asked for: it
// is what the next officer who suspects the same reads.
func (d *Desk) Dismiss(ctx context.Context, c access.Caller, id staydown.ID, reason string) error {
	if err := c.May(access.Confirm); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return staydown.Errorf(staydown.Invalid, "return.reason", "say why it is something else").At("reason")
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		r, err := seen(tx, c, id)
		if err != nil {
			return err
		}
		return dismiss(tx, c, r, reason)
	})
}

func dismiss(tx Tx, c access.Caller, r staydown.Return, reason string) error {
	e, err := r.Dismiss(c.Actor.Person, reason, tx.Now())
	if err != nil {
		return err
	}
	if err := tx.PutReturn(r); err != nil {
		return err
	}
	return tx.Event(e)
}

// dismissOthers ends the other suspicions about an item: it can be one thing
// only.
func dismissOthers(tx Tx, c access.Caller, confirmed staydown.Return) error {
	all, err := tx.ReturnsFrom(confirmed.Item)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID == confirmed.ID || r.State != staydown.ReturnCandidate {
			continue
		}
		if err := dismiss(tx, c, r, "confirmed as the return of another item"); err != nil {
			return err
		}
	}
	return nil
}

func seen(tx Tx, c access.Caller, id staydown.ID) (staydown.Return, error) {
	r, err := tx.Return(id)
	if err != nil {
		return r, err
	}
	return r, c.Sees(r.Circle)
}

// lineageOf finds the lineage of the old item, or begins one with it.
func lineageOf(tx Tx, old *staydown.Item, kind string) (staydown.ID, error) {
	if old.Lineage != "" {
		return old.Lineage, nil
	}
	l := staydown.Lineage{ID: tx.NewID(), Owner: old.Owner, Circle: old.Circle, Kind: lineageKind(kind), Name: lineageName(*old), CreatedAt: tx.Now()}
	if err := tx.AddLineage(l); err != nil {
		return "", err
	}
	old.Lineage = l.ID
	if err := tx.SetReturn(*old); err != nil {
		return "", err
	}
	g := staydown.Generation{ID: tx.NewID(), Lineage: l.ID, Owner: old.Owner, Circle: old.Circle, Item: old.ID, N: 1, FromAt: old.SeenAt, ToAt: old.GoneAt}
	return l.ID, tx.AddGeneration(g)
}

func lineageKind(kind string) string {
	switch kind {
	case Rebuilt:
		return "site"
	case Account:
		return "account"
	}
	return "file"
}

// lineageName is what people call it by: its title, or else its host.
func lineageName(i staydown.Item) string {
	if i.Title != "" {
		return i.Title
	}
	if host := location.Host(i.Location); host != "" {
		return host
	}
	return i.Location
}

// join makes an item the next generation of a lineage.
func join(tx Tx, lineage staydown.ID, i *staydown.Item, of staydown.ID) error {
	if i.Lineage != "" && i.Lineage != lineage {
		return staydown.Errorf(staydown.Refused, "return.other_lineage", "this item belongs to another lineage already")
	}
	all, err := tx.GenerationsOf(lineage)
	if err != nil {
		return err
	}
	n := 0
	for _, g := range all {
		if g.Item == i.ID {
			return staydown.Errorf(staydown.Refused, "return.same_lineage", "this item is a generation of that lineage already")
		}
		n = max(n, g.N)
	}
	i.Lineage, i.ReturnOf = lineage, of
	if err := tx.SetReturn(*i); err != nil {
		return err
	}
	return tx.AddGeneration(staydown.Generation{ID: tx.NewID(), Lineage: lineage, Owner: i.Owner, Circle: i.Circle, Item: i.ID, N: n + 1, FromAt: i.SeenAt, ToAt: i.GoneAt})
}
