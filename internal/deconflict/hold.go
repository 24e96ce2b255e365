package deconflict

import (
	"context"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/location"
)

// NewHold is what an investigator asks to be held.
type NewHold struct {
	Location string             `json:"location"` // an address; for a host its name or any address on it
	Scope    staydown.HoldScope `json:"scope"`    // item (also when empty), account, host
	Case     string             `json:"case"`
	Reason   string             `json:"reason"` // the owner's eyes only
}

// maxText is the longest case number or reason, in bytes.
const maxText = 4 << 10

// canonical brings what was asked into a hold.
func (n NewHold) canonical() (staydown.Hold, error) {
	h := staydown.Hold{Scope: n.Scope, Case: strings.TrimSpace(n.Case), Reason: strings.TrimSpace(n.Reason)}
	if h.Scope == "" {
		h.Scope = staydown.HoldItem
	}
	if h.Scope != staydown.HoldItem && h.Scope != staydown.HoldAccount && h.Scope != staydown.HoldHost {
		return h, invalid("hold.scope", "scope", "a hold covers an item, an account or a host")
	}
	if h.Case == "" && h.Reason == "" {
		return h, invalid("hold.case", "case", "give the case number, or say why it is held")
	}
	if len(h.Case)+len(h.Reason) > maxText {
		return h, invalid("hold.reason", "reason", "at most %d bytes", maxText)
	}
	address := strings.TrimSpace(n.Location)
	if h.Scope == staydown.HoldHost && !strings.Contains(address, "://") {
		address = "https://" + address
	}
	loc, err := location.Canonical(address)
	if err != nil {
		return h, invalid("hold.location", "location", "this is no address: %v", err)
	}
	h.Location, h.Host = loc, bare(location.Host(loc))
	if h.Scope == staydown.HoldHost {
		h.Location = h.Host
	}
	return h, nil
}

// Place keeps something from being sent, in every circle of this database: queries about what has not left turn to hold in the
// same change. What has left cannot be held back; Out lists it, and the event counts it. Placing the same hold again gives
// the one that is there.
func (d *Desk) Place(ctx context.Context, c access.Caller, n NewHold) (staydown.Hold, error) {
	var out staydown.Hold
	err := d.act(ctx, c, access.PlaceHold, func(tx Tx) error {
		h, err := n.canonical()
		if err != nil {
			return err
		}
		old, err := tx.SameHold(c.Actor.Authority, h.Scope, h.Location)
		if err == nil {
			out = old
			return nil
		}
		if staydown.KindOf(err) != staydown.NotFound {
			return err
		}
		if h.State, err = staydown.HoldTable.Next("hold", "", "place"); err != nil {
			return err
		}
		h.ID, h.Owner, h.PlacedBy = tx.NewID(), c.Actor.Authority, c.Actor.Person
		h.PlacedAt, h.ReviewAt = tx.Now(), tx.Now().Add(staydown.HoldReviewEvery)
		out = h
		return place(tx, h)
	})
	return out, err
}

func place(tx Tx, h staydown.Hold) error {
	if err := tx.AddHold(h); err != nil {
		return err
	}
	near, err := tx.NearHold(h)
	if err != nil {
		return err
	}
	held, out := concerned(h, near)
	n, err := holdBack(tx, h, held)
	if err != nil {
		return err
	}
	return tx.Event(staydown.Event{Act: "place", Noun: "hold", Subject: h.ID, Circle: h.Owner,
		Data: map[string]any{"scope": h.Scope, "held": n, "already_out": len(out)}})
}

// concerned parts the items that a hold covers into those that have not left and those that have.
func concerned(h staydown.Hold, near []Near) (held []staydown.ID, out []Near) {
	for _, x := range near {
		switch act, _ := Answer([]staydown.Hold{h}, x.Target); {
		case act != "hold":
		case x.SentAt.IsZero():
			held = append(held, x.Item)
		default:
			out = append(out, x)
		}
	}
	return held, out
}

// holdBack turns the system's queries about items to hold, and counts those it turned.
func holdBack(tx Tx, h staydown.Hold, items []staydown.ID) (int, error) {
	if len(items) == 0 {
		return 0, nil
	}
	queries, err := tx.QueriesAbout(items)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, q := range queries {
		if q.By != BySystem || q.State == staydown.QueryHeld {
			continue
		}
		if err := move(tx, q, "hold", h); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// own loads a hold of the caller's authority; another's does not exist.
func own(tx Tx, c access.Caller, id staydown.ID) (staydown.Hold, error) {
	h, err := tx.Hold(id)
	if err != nil {
		return h, err
	}
	return h, owned(c, h)
}

func owned(c access.Caller, h staydown.Hold) error {
	if h.Owner != c.Actor.Authority {
		return staydown.Errorf(staydown.NotFound, "holds.not_found", "nothing here by that name")
	}
	return nil
}

// Lift ends a hold of the caller's authority. What it held is asked about again.
func (d *Desk) Lift(ctx context.Context, c access.Caller, id staydown.ID) error {
	return d.act(ctx, c, access.PlaceHold, func(tx Tx) error {
		h, err := own(tx, c, id)
		if err != nil {
			return err
		}
		e, err := h.Lift(tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutHold(h); err != nil {
			return err
		}
		if err := askAgain(tx, id); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// askAgain leaves a question about everything that a hold answers.
func askAgain(tx Tx, hold staydown.ID) error {
	queries, err := tx.QueriesAnswered(hold)
	if err != nil {
		return err
	}
	for _, q := range queries {
		if err := tx.Job(ask(q.Item)); err != nil {
			return err
		}
	}
	return nil
}

// Review keeps a hold for another fourteen days. A hold that nobody reviews still holds.
func (d *Desk) Review(ctx context.Context, c access.Caller, id staydown.ID) error {
	return d.act(ctx, c, access.PlaceHold, func(tx Tx) error {
		h, err := own(tx, c, id)
		if err != nil {
			return err
		}
		e, err := h.Review(tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutHold(h); err != nil {
			return err
		}
		if err := askAgain(tx, id); err != nil { // until when it is held has changed
			return err
		}
		return tx.Event(e)
	})
}

// Holds lists the holds of the caller's own authority, active ones first, the next to be reviewed first.
func (d *Desk) Holds(ctx context.Context, c access.Caller) ([]staydown.Hold, error) {
	if err := c.May(access.PlaceHold); err != nil {
		return nil, err
	}
	return d.Store.HoldsOf(ctx, c.Actor.Authority)
}

// Due lists the active holds of the caller's own authority whose review has come.
func (d *Desk) Due(ctx context.Context, c access.Caller) ([]staydown.Hold, error) {
	all, err := d.Holds(ctx, c)
	if err != nil {
		return nil, err
	}
	return due(all, d.Store.Now()), nil
}

func due(all []staydown.Hold, now time.Time) []staydown.Hold {
	var out []staydown.Hold
	for _, h := range all {
		if h.State == staydown.HoldActive && !h.ReviewAt.After(now) {
			out = append(out, h)
		}
	}
	return out
}

// Out is something that a hold covers and that had left before.
type Out struct {
	Location string    `json:"location"`
	SentAt   time.Time `json:"sent_at"`
}

// Out tells the owner of a hold what had left already; who sent it is not said.
func (d *Desk) Out(ctx context.Context, c access.Caller, id staydown.ID) ([]Out, error) {
	if err := c.May(access.PlaceHold); err != nil {
		return nil, err
	}
	h, err := d.Store.HoldOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := owned(c, h); err != nil {
		return nil, err
	}
	near, err := d.Store.NearTo(ctx, h)
	if err != nil {
		return nil, err
	}
	_, left := concerned(h, near)
	out := make([]Out, len(left))
	for k, x := range left {
		out[k] = Out{x.Target.Location, x.SentAt}
	}
	return out, nil
}
