package bank

import (
	"context"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Settings are what a keeper may set of a bank; nil leaves what is there, or the
// usual at the making.
type Settings struct {
	Name     *string
	Note     *string
	Labels   *staydown.Labels
	Negative *bool
	Against  *[]staydown.ID
	Radius   *map[string]int
	Ratio    *float64
	Enabled  *bool
	ExpireIn *int
	Flood    *staydown.FloodRule
}

func (s Settings) apply(b *staydown.Bank) {
	set(&b.Name, s.Name)
	set(&b.Note, s.Note)
	set(&b.Labels, s.Labels)
	set(&b.Negative, s.Negative)
	set(&b.Against, s.Against)
	set(&b.Radius, s.Radius)
	set(&b.Ratio, s.Ratio)
	set(&b.Enabled, s.Enabled)
	set(&b.ExpireIn, s.ExpireIn)
	set(&b.Flood, s.Flood)
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

const mostNote = 255 // of a content, as in HMA; a bank's purpose may be longer

// Open makes a bank in a circle; "" is the caller's own authority. Without
// settings it takes part in every request. Refused where the name is taken.
func (d *Desk) Open(ctx context.Context, c access.Caller, circle staydown.ID, exchange string, s Settings) (staydown.Bank, error) {
	if err := c.May(access.KeepBanks); err != nil {
		return staydown.Bank{}, err
	}
	if circle == "" {
		circle = c.Actor.Authority
	}
	if err := c.Sees(circle); err != nil {
		return staydown.Bank{}, err
	}
	b := staydown.Bank{Owner: c.Actor.Authority, Circle: circle, Exchange: exchange, Ratio: 1, Enabled: true}
	s.apply(&b)
	if err := b.Check(); err != nil {
		return b, err
	}
	err := d.Store.Act(ctx, c, func(tx Tx) error {
		if err := nameFree(tx, b); err != nil {
			return err
		}
		if err := sameCircle(tx, b); err != nil {
			return err
		}
		no, err := tx.BankNumbers("bank", 1, 0)
		if err != nil {
			return err
		}
		b.ID, b.No, b.CreatedAt = tx.NewID(), no, tx.Now()
		if err := tx.AddBank(b); err != nil {
			return err
		}
		return tx.Event(bankEvent("open", b))
	})
	return b, err
}

// nameFree refuses the name of another open bank of the circle.
func nameFree(tx Tx, b staydown.Bank) error {
	other, err := tx.BankNamed(b.Circle, b.Name)
	if staydown.KindOf(err) == staydown.NotFound && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	if other.ID == b.ID {
		return nil
	}
	return staydown.Errorf(staydown.Refused, "bank.name_taken", "there is a bank %s already", b.Name).At("name")
}

// sameCircle refuses to suppress banks of another circle.
func sameCircle(tx Tx, b staydown.Bank) error {
	for _, id := range b.Against {
		other, err := tx.Bank(id)
		if err != nil {
			return err
		}
		if other.Circle != b.Circle {
			return staydown.Errorf(staydown.NotFound, "access.circle", "nothing here by that name").At("against")
		}
	}
	return nil
}

func bankEvent(a staydown.Act, b staydown.Bank) staydown.Event {
	return staydown.Event{Act: a, Noun: "bank", Subject: b.ID, Owner: b.Owner, Circle: b.Circle, Data: map[string]any{"name": b.Name, "negative": b.Negative,
		"against": b.Against, "radius": b.Radius, "ratio": b.Ratio, "enabled": b.Enabled, "expire_days": b.ExpireIn, "flood": b.Flood, "exchange": b.Exchange}}
}

// Change sets what a bank is like. It counts from the next lookup on.
func (d *Desk) Change(ctx context.Context, c access.Caller, id staydown.ID, s Settings) (b staydown.Bank, err error) {
	err = d.keep(ctx, c, id, func(tx Tx, was staydown.Bank) error {
		b = was
		s.apply(&b)
		if err := b.Check(); err != nil {
			return err
		}
		if err := nameFree(tx, b); err != nil {
			return err
		}
		if err := sameCircle(tx, b); err != nil {
			return err
		}
		if err := tx.PutBank(b); err != nil {
			return err
		}
		return tx.Event(bankEvent("change", b))
	})
	return b, err
}

// Close ends a bank: it matches nothing from the next lookup on, and its name is
// free again. Its contents are kept for the record.
func (d *Desk) Close(ctx context.Context, c access.Caller, id staydown.ID) error {
	return d.keep(ctx, c, id, func(tx Tx, b staydown.Bank) error {
		b.Enabled, b.ClosedAt = false, tx.Now()
		if err := tx.PutBank(b); err != nil {
			return err
		}
		return tx.Event(bankEvent("close", b))
	})
}

// keep runs a change of a bank by its keeper: somebody of the authority that owns
// it, with the permission. To others of its circle it is there to be read.
func (d *Desk) keep(ctx context.Context, c access.Caller, id staydown.ID, fn func(Tx, staydown.Bank) error) error {
	if err := c.May(access.KeepBanks); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		b, err := tx.Bank(id)
		if err != nil {
			return err
		}
		if err := kept(c, b); err != nil {
			return err
		}
		return fn(tx, b)
	})
}

func kept(c access.Caller, b staydown.Bank) error {
	if err := c.Sees(b.Circle); err != nil {
		return err
	}
	if !c.IsSystem() && b.Owner != c.Actor.Authority {
		return staydown.Errorf(staydown.Refused, "bank.owner", "bank %s is kept by another authority", b.Name)
	}
	if !b.ClosedAt.IsZero() {
		return staydown.Errorf(staydown.Refused, "bank.closed", "bank %s is closed", b.Name)
	}
	return nil
}

// Banks lists the open banks of the caller's circles, by name.
func (d *Desk) Banks(ctx context.Context, c access.Caller) ([]staydown.Bank, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	return d.Store.BanksOf(ctx, c.Circles)
}

// Bank reads one open bank.
func (d *Desk) Bank(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Bank, error) {
	if err := c.May(access.See); err != nil {
		return staydown.Bank{}, err
	}
	b, err := d.Store.Bank(ctx, id)
	if err != nil {
		return b, err
	}
	return b, c.Sees(b.Circle)
}

// Named finds an open bank of the caller's own authority by its name.
func (d *Desk) Named(ctx context.Context, c access.Caller, name string) (staydown.Bank, error) {
	all, err := d.Banks(ctx, c)
	if err != nil {
		return staydown.Bank{}, err
	}
	i := slices.IndexFunc(all, func(b staydown.Bank) bool { return b.Name == name && b.Circle == c.Actor.Authority })
	if i < 0 {
		return staydown.Bank{}, staydown.Errorf(staydown.NotFound, "bank.not_found", "no bank by the name of %q", name)
	}
	return all[i], nil
}

// Switch turns a kind of signal off (0), or down to a share of requests, for the
// caller's authority.
func (d *Desk) Switch(ctx context.Context, c access.Caller, kind string, ratio float64) error {
	if err := c.May(access.KeepBanks); err != nil {
		return err
	}
	if !slices.Contains(staydown.SignalKinds(), kind) {
		return staydown.Errorf(staydown.NotFound, "bank.kind", "no kind of signal by that name").At("kind")
	}
	if !(ratio >= 0 && ratio <= 1) {
		return staydown.Errorf(staydown.Invalid, "bank.ratio", "the share of requests lies between 0 and 1").At("ratio")
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		s := staydown.SignalSwitch{ID: tx.NewID(), Owner: c.Actor.Authority, Circle: c.Actor.Authority, Kind: kind, Ratio: ratio}
		if err := tx.SetSwitch(s); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "switch", Noun: "signal_kind", Subject: s.ID, Circle: s.Circle, Data: map[string]any{"kind": kind, "ratio": ratio}})
	})
}

// Switches tells, for every kind of signal, the share of requests it takes part
// in for the caller's authority.
func (d *Desk) Switches(ctx context.Context, c access.Caller) (map[string]float64, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	all, err := d.Store.Switches(ctx, []staydown.ID{c.Actor.Authority})
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for _, k := range staydown.SignalKinds() {
		out[k] = 1
	}
	for _, s := range all {
		out[s.Kind] = s.Ratio
	}
	return out, nil
}
