package bank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Filter narrows a list of contents.
type Filter struct {
	State staydown.ContentState // "": all
	After int64                 // the last number of the page before
	Limit int
}

// Proof names an event that proves an act on a content; the log proves the event.
type Proof struct {
	Event staydown.ID
	Act   staydown.Act
	At    time.Time
}

// Whole is a content with all that is known of it.
type Whole struct {
	staydown.BankContent
	BankName string
	Signals  []staydown.BankSignal
	Opinions []staydown.BankOpinion
	Stones   []staydown.Tombstone
	Proofs   []Proof
}

// Opinion is what the sources come to.
func (w Whole) Opinion() staydown.Opinion { return staydown.Aggregate(w.Opinions) }

// mostPage bounds a page of a list.
const mostPage = 500

// Contents lists a page of a bank's contents by number.
func (d *Desk) Contents(ctx context.Context, c access.Caller, bank staydown.ID, f Filter) ([]staydown.BankContent, error) {
	if _, err := d.Bank(ctx, c, bank); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > mostPage {
		f.Limit = mostPage
	}
	return d.Store.BankContents(ctx, bank, f)
}

// Content reads one content of a bank whole. A content of another bank does not
// exist here, whatever its identifier.
func (d *Desk) Content(ctx context.Context, c access.Caller, bank, id staydown.ID) (Whole, error) {
	b, err := d.Bank(ctx, c, bank)
	if err != nil {
		return Whole{}, err
	}
	content, err := d.Store.BankContent(ctx, id)
	if err != nil {
		return Whole{}, err
	}
	return d.whole(ctx, b, content)
}

// Numbered reads one content of a bank by its number.
func (d *Desk) Numbered(ctx context.Context, c access.Caller, bank staydown.ID, number int64) (Whole, error) {
	b, err := d.Bank(ctx, c, bank)
	if err != nil {
		return Whole{}, err
	}
	content, err := d.Store.BankContentNumbered(ctx, b.Circle, number)
	if err != nil {
		return Whole{}, err
	}
	return d.whole(ctx, b, content)
}

func (d *Desk) whole(ctx context.Context, b staydown.Bank, c staydown.BankContent) (w Whole, err error) {
	if err := within(b, c); err != nil {
		return w, err
	}
	w.BankContent, w.BankName = c, b.Name
	if w.Signals, err = d.Store.SignalsOf(ctx, []staydown.ID{c.ID}); err != nil {
		return w, err
	}
	if w.Opinions, err = d.Store.OpinionsOf(ctx, []staydown.ID{c.ID}); err != nil {
		return w, err
	}
	if w.Stones, err = d.Store.StonesOf(ctx, c.ID); err != nil {
		return w, err
	}
	w.Proofs, err = d.Store.Proofs(ctx, c.ID)
	return w, err
}

// within refuses a content of another bank than the one it was asked for in.
func within(b staydown.Bank, c staydown.BankContent) error {
	if c.Bank != b.ID {
		return staydown.Errorf(staydown.NotFound, "bank_contents.not_found", "nothing here by that name")
	}
	return nil
}

// Edit is what a keeper may write about a content; nil leaves what is there.
type Edit struct {
	Note         *string
	ContentID    *string
	ContentURI   *string
	Extra        *string
	Labels       *staydown.Labels
	ExpiresAt    *time.Time
	DisableUntil *int64
}

// Edit changes what is written about a content.
func (d *Desk) Edit(ctx context.Context, c access.Caller, bank, id staydown.ID, e Edit) (content staydown.BankContent, err error) {
	err = d.content(ctx, c, access.KeepBanks, bank, id, func(tx Tx, b staydown.Bank, x *staydown.BankContent) error {
		set(&x.Note, e.Note)
		set(&x.ContentID, e.ContentID)
		set(&x.ContentURI, e.ContentURI)
		set(&x.Extra, e.Extra)
		set(&x.Labels, e.Labels)
		if e.ExpiresAt != nil {
			x.ExpiresAt = staydown.At(*e.ExpiresAt)
		}
		set(&x.DisableUntil, e.DisableUntil)
		n := New{Note: x.Note, ContentID: x.ContentID, ContentURI: x.ContentURI, Extra: x.Extra, DisableUntil: e.DisableUntil, Withdrawn: true}
		if err := n.check(tx.Now()); err != nil {
			return err
		}
		ev, err := x.Change()
		if err != nil {
			return err
		}
		content = *x
		return putWith(tx, *x, ev)
	})
	return content, err
}

func putWith(tx Tx, c staydown.BankContent, e staydown.Event) error {
	if err := tx.PutBankContent(c); err != nil {
		return err
	}
	return tx.Event(e)
}

// content runs a change of one content of a bank by its keeper.
func (d *Desk) content(ctx context.Context, c access.Caller, p access.Permission, bank, id staydown.ID, fn func(Tx, staydown.Bank, *staydown.BankContent) error) error {
	if err := c.May(p); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		b, err := tx.Bank(bank)
		if err != nil {
			return err
		}
		if err := kept(c, b); err != nil {
			return err
		}
		x, err := tx.BankContent(id)
		if err != nil {
			return err
		}
		if err := within(b, x); err != nil {
			return err
		}
		return fn(tx, b, &x)
	})
}

// Withdraw takes a content out for good: from the next lookup on nothing of it
// matches in any process, each of its signals gets a tombstone, and the event
// proves it. A reason is asked for.
func (d *Desk) Withdraw(ctx context.Context, c access.Caller, bank, id staydown.ID, why string) error {
	if err := needReason(c, access.KeepBanks, why); err != nil {
		return err
	}
	return d.content(ctx, c, access.KeepBanks, bank, id, func(tx Tx, b staydown.Bank, x *staydown.BankContent) error {
		return withdraw(tx, b, x, c.Actor.Person, why)
	})
}

func needReason(c access.Caller, p access.Permission, why string) error {
	if err := c.May(p); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" || len(why) > 4096 {
		return staydown.Errorf(staydown.Invalid, "bank.reason", "say why, in at most 4096 bytes").At("reason")
	}
	return nil
}

func withdraw(tx Tx, b staydown.Bank, x *staydown.BankContent, by staydown.ID, why string) error {
	e, err := x.Withdraw(by, why, tx.Now())
	if err != nil {
		return err
	}
	signals, err := tx.SignalsOf(x.ID)
	if err != nil {
		return err
	}
	n, err := hide(tx, b, *x, signals)
	if err != nil {
		return err
	}
	h := sha256.New()
	for _, s := range signals {
		fmt.Fprintf(h, "%s %s %d\n", s.Kind, s.Value, s.Frame)
		if err := lay(tx, *x, s, n, by, why); err != nil {
			return err
		}
	}
	e.Data["change"], e.Data["signals"], e.Data["digest"] = n, len(signals), hex.EncodeToString(h.Sum(nil))
	return putWith(tx, *x, e)
}

// hide takes the signals of a content out of the search, and tells the indexes.
func hide(tx Tx, b staydown.Bank, x staydown.BankContent, signals []staydown.BankSignal) (int64, error) {
	if err := tx.SetLive(x.ID, false); err != nil {
		return 0, err
	}
	return tell(tx, b, numbersOf(signals), false)
}

func numbersOf(signals []staydown.BankSignal) []int64 {
	var out []int64
	for _, s := range signals {
		out = append(out, s.Hash)
	}
	return out
}

// lay puts a tombstone on a signal, unless one stands there, or another content
// of the bank that may match carries the same value: that one was not withdrawn.
func lay(tx Tx, x staydown.BankContent, s staydown.BankSignal, n int64, by staydown.ID, why string) error {
	live, err := tx.LiveOf(s.Hash)
	if err != nil || live > 0 {
		return err
	}
	stone, err := tx.StoneOn(s.Hash)
	if err != nil || stone != nil {
		return err
	}
	return tx.AddTombstone(staydown.Tombstone{ID: tx.NewID(), Bank: x.Bank, Content: x.ID, Owner: x.Owner, Circle: x.Circle, Hash: s.Hash, Kind: s.Kind, Value: s.Value,
		N: n, By: by, Source: x.Source, Why: why, At: tx.Now()})
}

// AddAgain brings a withdrawn content back: its tombstones are lifted, not
// deleted.
func (d *Desk) AddAgain(ctx context.Context, c access.Caller, bank, id staydown.ID, why string) error {
	if err := needReason(c, access.KeepBanks, why); err != nil {
		return err
	}
	return d.content(ctx, c, access.KeepBanks, bank, id, func(tx Tx, b staydown.Bank, x *staydown.BankContent) error {
		e, err := x.AddAgain(c.Actor.Person, tx.Now())
		if err != nil {
			return err
		}
		e.Data["why"] = why
		w := writer{tx: tx, bank: b, by: c.Actor.Person}
		signals, err := tx.SignalsOf(x.ID)
		if err != nil {
			return err
		}
		for _, s := range signals {
			if err := w.stone(s.Hash, true); err != nil {
				return err
			}
		}
		return show(tx, b, x, signals, e)
	})
}

// show lets the signals of a content match again, and looks back.
func show(tx Tx, b staydown.Bank, x *staydown.BankContent, signals []staydown.BankSignal, e staydown.Event) error {
	if err := tx.SetLive(x.ID, true); err != nil {
		return err
	}
	if _, err := tell(tx, b, numbersOf(signals), true); err != nil {
		return err
	}
	return putWith(tx, *x, e)
}

// Confirm records that a person has seen that a content is what the bank says.
// It outweighs every source and is never overwritten by a fetch.
func (d *Desk) Confirm(ctx context.Context, c access.Caller, bank, id staydown.ID, why string) error {
	return d.stand(ctx, c, bank, id, why, (*staydown.BankContent).Confirm)
}

// Reject records that a person has seen that it is not: it matches no more, and
// no fetch changes that.
func (d *Desk) Reject(ctx context.Context, c access.Caller, bank, id staydown.ID, why string) error {
	return d.stand(ctx, c, bank, id, why, (*staydown.BankContent).Reject)
}

func (d *Desk) stand(ctx context.Context, c access.Caller, bank, id staydown.ID, why string, act func(*staydown.BankContent, staydown.ID, string, time.Time) (staydown.Event, error)) error {
	if err := needReason(c, access.Confirm, why); err != nil {
		return err
	}
	return d.content(ctx, c, access.Confirm, bank, id, func(tx Tx, b staydown.Bank, x *staydown.BankContent) error {
		e, err := act(x, c.Actor.Person, why, tx.Now())
		if err != nil {
			return err
		}
		e.Data["why"] = why
		return putWith(tx, *x, e)
	})
}

// Opine records what the caller's authority says of a content, in place of what
// it said before. Any authority of the circle may.
func (d *Desk) Opine(ctx context.Context, c access.Caller, bank, id staydown.ID, v Voice) error {
	if err := c.May(access.Confirm); err != nil {
		return err
	}
	if err := staydown.CheckOpinion(v.Opinion); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		b, err := tx.Bank(bank)
		if err != nil {
			return err
		}
		if err := c.Sees(b.Circle); err != nil {
			return err
		}
		x, err := tx.BankContent(id)
		if err != nil {
			return err
		}
		if err := within(b, x); err != nil {
			return err
		}
		o := staydown.BankOpinion{ID: tx.NewID(), Content: x.ID, Bank: b.ID, Owner: x.Owner, Circle: x.Circle, Via: staydown.SourceOwn, Source: string(c.Actor.Authority),
			Mine: c.Actor.Authority == b.Owner, Opinion: v.Opinion, Category: v.Category, Tags: v.Tags, At: tx.Now()}
		if err := tx.SetOpinion(o); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "opine", Noun: "bank_content", Subject: x.ID, Circle: x.Circle, Data: map[string]any{"bank": b.ID, "opinion": v.Opinion, "category": v.Category, "tags": v.Tags}})
	})
}

// Quarantined lists what was put aside for a person in the caller's circles.
func (d *Desk) Quarantined(ctx context.Context, c access.Caller, limit int) ([]staydown.BankContent, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > mostPage {
		limit = mostPage
	}
	return d.Store.Quarantined(ctx, c.Circles, limit)
}

// Quarantine puts a content aside by hand.
func (d *Desk) Quarantine(ctx context.Context, c access.Caller, bank, id staydown.ID, why string) error {
	if err := needReason(c, access.Confirm, why); err != nil {
		return err
	}
	return d.content(ctx, c, access.Confirm, bank, id, func(tx Tx, b staydown.Bank, x *staydown.BankContent) error {
		return quarantine(tx, b, x, why)
	})
}

func quarantine(tx Tx, b staydown.Bank, x *staydown.BankContent, why string) error {
	e, err := x.Quarantine(why)
	if err != nil {
		return err
	}
	e.Data["why"] = why
	signals, err := tx.SignalsOf(x.ID)
	if err != nil {
		return err
	}
	if _, err := hide(tx, b, *x, signals); err != nil {
		return err
	}
	return putWith(tx, *x, e)
}

// Release lets a content match again after a person has looked, and looks back.
func (d *Desk) Release(ctx context.Context, c access.Caller, bank, id staydown.ID, why string) error {
	if err := needReason(c, access.Confirm, why); err != nil {
		return err
	}
	return d.content(ctx, c, access.Confirm, bank, id, func(tx Tx, b staydown.Bank, x *staydown.BankContent) error {
		e, err := x.Release(tx.Now())
		if err != nil {
			return err
		}
		e.Data["why"] = why
		signals, err := tx.SignalsOf(x.ID)
		if err != nil {
			return err
		}
		return show(tx, b, x, signals, e)
	})
}
