package bank

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match"
)

// HandleBank does the job "bank", which matching leaves for an item whose circle
// has banks: it looks the item up in them. Its subject is the item.
func (d *Desk) HandleBank(ctx context.Context, j staydown.Job) error {
	system := access.System("bank")
	m, err := d.Store.Material(ctx, j.Subject)
	if staydown.KindOf(err) == staydown.NotFound && err != nil {
		return d.Store.Finish(ctx, system, j, func(Tx) error { return nil })
	}
	if err != nil {
		return fmt.Errorf("looking item %s up: %w", j.Subject, err)
	}
	a, err := d.lookItem(ctx, m)
	if err != nil {
		return fmt.Errorf("looking item %s up: %w", m.Item.ID, err)
	}
	return d.Store.Finish(ctx, system, j, func(tx Tx) error {
		k := keeper{tx: tx}
		if err := k.keep(m.Item.ID, a, false); err != nil {
			return err
		}
		return k.quarantine()
	})
}

// lookItem looks an item up in the banks of its circle. Its identifier is the
// seed of the roll-out: looked at again, it meets the same banks.
func (d *Desk) lookItem(ctx context.Context, m Material) (Answer, error) {
	circles := []staydown.ID{m.Item.Circle}
	banks, err := d.Store.BanksOf(ctx, circles)
	if err != nil {
		return Answer{}, err
	}
	var asked []Asked
	for _, s := range signalsOfItem(m) {
		a := Asked{Signal: s}
		if !staydown.Worth(s.Kind, s.Quality) {
			a.Skipped = &staydown.Reason{Code: "quality"}
		}
		asked = append(asked, a)
	}
	return d.look(ctx, circles, banks, asked, Ask{Text: m.Text, Seed: string(m.Item.ID), Most: mostHits})
}

// signalsOfItem are the signals that an item's fingerprints make.
func signalsOfItem(m Material) []Signal {
	var out []Signal
	add := func(s Signal) {
		if len(out) < mostSignals {
			out = append(out, s)
		}
	}
	for _, f := range m.Prints {
		switch f.Kind {
		case fingerprint.PDQ:
			add(Signal{Kind: staydown.SignalPDQ, Value: f.Value, Quality: f.Quality, Frame: f.Frame})
		case fingerprint.Turned:
			if turns, err := fingerprint.ParseTurned(f.Value); err == nil {
				for t, h := range turns[1:] { // the first is the picture as it is
					add(Signal{Kind: staydown.SignalPDQ, Value: h.String(), Quality: f.Quality, Frame: f.Frame, Turn: turnName(t + 1)})
				}
			}
		case fingerprint.SHA256:
			add(Signal{Kind: staydown.SignalSHA256, Value: f.Value, Quality: staydown.UnknownQuality})
		case fingerprint.Text:
			if v, err := Clean(staydown.SignalText, f.Value); err == nil {
				add(Signal{Kind: staydown.SignalText, Value: v, Quality: staydown.UnknownQuality})
			}
		}
	}
	for _, v := range m.MD5 {
		add(Signal{Kind: staydown.SignalMD5, Value: v, Quality: staydown.UnknownQuality})
	}
	add(Signal{Kind: staydown.SignalURL, Value: m.Item.Location, Quality: staydown.UnknownQuality})
	for _, digest := range []func(string) (string, error){location.MD5, location.PartnerMD5} {
		if v, err := digest(m.Item.Location); err == nil {
			add(Signal{Kind: staydown.SignalURLMD5, Value: v, Quality: staydown.UnknownQuality})
		}
	}
	return out
}

// keeper puts hits into the record.
type keeper struct {
	tx   Tx
	hits []staydown.BankHit // new ones
}

// keep records what an item hit that was not recorded before.
func (k *keeper) keep(item staydown.ID, a Answer, back bool) error {
	i, err := k.tx.Item(item)
	if err != nil {
		return err
	}
	var all []staydown.BankHit
	for _, h := range a.Hits {
		x := staydown.BankHit{ID: k.tx.NewID(), Item: i.ID, Bank: h.Bank.ID, Content: h.Content.ID, Owner: i.Owner, Circle: i.Circle, Kind: h.Kind, Distance: h.Distance,
			Outcome: h.Outcome, Why: h.Why, Back: back, At: k.tx.Now()}
		if len(h.Pairs) > 0 {
			x.AtMS = h.Pairs[0].ToAtMS
		}
		all = append(all, x)
	}
	added, err := k.tx.NewBankHits(all)
	if err != nil || len(added) == 0 {
		return err
	}
	k.hits = append(k.hits, added...)
	return k.tell(i, added, back)
}

// tell raises an item that matched in the queue, and logs what it hit.
func (k *keeper) tell(i staydown.Item, added []staydown.BankHit, back bool) error {
	matches := 0
	banks := map[staydown.ID]int{}
	for _, h := range added {
		banks[h.Bank]++
		if h.Outcome == staydown.OutcomeMatch {
			matches++
		}
	}
	if matches > 0 {
		match.Raise(&i, "known_content", 1)
		if err := k.tx.SetKnown(i); err != nil {
			return err
		}
	}
	return k.tx.Event(staydown.Event{Act: "hit_bank", Noun: "item", Subject: i.ID, Owner: i.Owner, Circle: i.Circle,
		Data: map[string]any{"banks": banks, "match": matches, "review": len(added) - matches, "back": back}})
}

// quarantine puts aside what suddenly matches far more items than its like.
func (k *keeper) quarantine() error {
	seen := map[staydown.ID]bool{}
	for _, h := range k.hits {
		if seen[h.Content] {
			continue
		}
		seen[h.Content] = true
		if err := k.check(h.Bank, h.Content); err != nil {
			return err
		}
	}
	return nil
}

func (k *keeper) check(bank, content staydown.ID) error {
	n, err := k.tx.HitsOfContent(bank, content)
	if err != nil {
		return err
	}
	b, err := k.tx.Bank(bank)
	if err != nil {
		return err
	}
	if least := b.Flood.Least; b.Flood.Off || least == 0 && n < staydown.FloodLeast || n < least {
		return nil
	}
	like, err := k.tx.HitsByContent(bank, content)
	if err != nil {
		return err
	}
	return setAside(k.tx, b, content, staydown.Tide{Matches: n, Like: like})
}

// setAside quarantines a content where the bank's rule says so.
func setAside(tx Tx, b staydown.Bank, content staydown.ID, t staydown.Tide) error {
	c, err := tx.BankContent(content)
	if err != nil {
		return err
	}
	why, flooded := b.Flood.Flooded(b, c, t, tx.Now())
	if !flooded {
		return nil
	}
	return quarantine(tx, b, &c, why)
}

// Shown is a hit of an item with what it hit.
type Shown struct {
	staydown.BankHit
	BankName string
	Number   int64
	Labels   staydown.Labels
	Note     string
	State    staydown.ContentState // of the content, now
	Standing staydown.Standing
	Opinion  staydown.Opinion
}

// Hits lists what an item hit in the banks that the caller sees, as it was when
// it was found, with the state of each content now.
func (d *Desk) Hits(ctx context.Context, c access.Caller, item staydown.ID) ([]Shown, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	i, err := d.Store.Item(ctx, item)
	if err != nil {
		return nil, err
	}
	if err := c.Sees(i.Circle); err != nil {
		return nil, err
	}
	hits, err := d.Store.BankHitsOf(ctx, item, c.Circles)
	if err != nil {
		return nil, err
	}
	out := make([]Shown, len(hits))
	for k, h := range hits {
		if out[k], err = d.shown(ctx, h); err != nil {
			return nil, err
		}
		if c.May(access.Explain) != nil {
			out[k].Distance, out[k].Why = 0, nil
		}
	}
	return out, nil
}

func (d *Desk) shown(ctx context.Context, h staydown.BankHit) (Shown, error) {
	b, err := d.Store.Bank(ctx, h.Bank)
	if err != nil {
		return Shown{}, err
	}
	x, err := d.Store.BankContent(ctx, h.Content)
	if err != nil {
		return Shown{}, err
	}
	opinions, err := d.Store.OpinionsOf(ctx, []staydown.ID{x.ID})
	return Shown{BankHit: h, BankName: b.Name, Number: x.Number, Labels: x.Labels, Note: x.Note, State: x.State, Standing: x.Standing, Opinion: staydown.Aggregate(opinions)}, err
}
