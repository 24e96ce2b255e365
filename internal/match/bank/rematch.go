package bank

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/match"
)

// look is how far a look back has come: which hashes are still to be looked for,
// and behind which item it goes on with the first of them.
type look struct {
	Ranges []Range     `json:"ranges"`
	After  staydown.ID `json:"after,omitempty"`
}

const (
	hashesAtOnce = 500 // values looked for in one job
	itemsAtOnce  = 50  // items looked up again in one job
)

// leaveRematch leaves the look back through everything seen before.
func leaveRematch(tx Tx, bank staydown.ID, change int64, l look) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("leaving a look back: %w", err)
	}
	return tx.Job(staydown.Job{Kind: "rematch", Key: fmt.Sprintf("%s/%d", bank, change), Subject: bank, Payload: string(b)})
}

// HandleRematch does the job "rematch", which a bank leaves when something of it
// may match that did not: everything seen before is looked through, a batch at a
// time. It only finds which items to look up again; what they hit is weighed as
// for a new item, so that both ways come to the same. Its subject is the bank.
func (d *Desk) HandleRematch(ctx context.Context, j staydown.Job) error {
	var l look
	if err := json.Unmarshal([]byte(j.Payload), &l); err != nil {
		return fmt.Errorf("looking back for bank %s: %w", j.Subject, err)
	}
	b, err := d.Store.Bank(ctx, j.Subject)
	if err != nil {
		return fmt.Errorf("looking back for bank %s: %w", j.Subject, err)
	}
	batch, err := d.back(ctx, b, l)
	if err != nil {
		return fmt.Errorf("looking back for bank %s: %w", b.ID, err)
	}
	return d.Store.Finish(ctx, access.System("bank"), j, func(tx Tx) error { return batch.keep(tx, b, j) })
}

// batch is what one job found, and what is left.
type batch struct {
	items   []staydown.ID
	answers []Answer
	crowded map[staydown.ID]int // contents near too many others
	left    look
}

// back looks for the first hashes of a look back.
func (d *Desk) back(ctx context.Context, b staydown.Bank, l look) (batch, error) {
	r := batch{crowded: map[staydown.ID]int{}, left: l}
	if !b.ClosedAt.IsZero() {
		return batch{}, nil
	}
	if err := d.Index().Follow(ctx, d.Store); err != nil {
		return r, err
	}
	for n := 0; n < hashesAtOnce && len(r.left.Ranges) > 0 && len(r.items) < itemsAtOnce; n++ {
		if err := d.backOne(ctx, b, &r); err != nil {
			return r, err
		}
	}
	for _, id := range r.items {
		m, err := d.Store.Material(ctx, id)
		if err != nil {
			return r, err
		}
		a, err := d.lookItem(ctx, m)
		if err != nil {
			return r, err
		}
		r.answers = append(r.answers, a)
	}
	return r, nil
}

// backOne looks for the first hash that is left.
func (d *Desk) backOne(ctx context.Context, b staydown.Bank, r *batch) error {
	n := r.left.Ranges[0].First
	rows, err := d.Store.SignalRows(ctx, n, true, 1)
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].Signal.Bank != b.ID { // withdrawn meanwhile
		r.left.step()
		return nil
	}
	s := rows[0]
	if r.left.After == "" {
		crowd, err := d.crowd(ctx, b, s)
		if err != nil {
			return err
		}
		if crowd > 0 {
			r.crowded[s.Content.ID] = crowd
		}
	}
	items, err := d.carrying(ctx, b, s.Signal)
	if err != nil {
		return err
	}
	slices.Sort(items)
	for _, id := range slices.Compact(items) {
		switch {
		case id <= r.left.After:
		case len(r.items) == itemsAtOnce:
			return nil // goes on behind the last
		default:
			if !slices.Contains(r.items, id) {
				r.items = append(r.items, id)
			}
			r.left.After = id
		}
	}
	r.left.step()
	return nil
}

// step goes on to the next hash.
func (l *look) step() {
	l.After = ""
	if l.Ranges[0].First++; l.Ranges[0].First > l.Ranges[0].Last {
		l.Ranges = l.Ranges[1:]
	}
}

// carrying lists the items that may resemble a signal.
func (d *Desk) carrying(ctx context.Context, b staydown.Bank, s staydown.BankSignal) ([]staydown.ID, error) {
	var p match.Probe
	switch s.Kind {
	case staydown.SignalPDQ, staydown.SignalFrame:
		h, err := pdq.Parse(s.Value)
		if err != nil {
			return nil, nil
		}
		p.Pictures = []pdq.Hash{h}
	case staydown.SignalText:
		p.Text, _ = text.Parse(s.Value)
	case staydown.SignalSHA256:
		if _, err := exact.ParseSHA256(s.Value); err != nil {
			return nil, nil
		}
		p.SHA256 = []string{s.Value}
	case staydown.SignalMD5, staydown.SignalURL:
		return d.Store.ItemsCarrying(ctx, b.Circle, s.Kind, s.Value)
	default:
		return nil, nil
	}
	if d.Seen == nil {
		return nil, nil
	}
	near, err := d.Seen.ItemsNear(ctx, b.Circle, p, b.RadiusOf(s.Kind))
	ids := make([]staydown.ID, len(near))
	for i, n := range near {
		ids[i] = n.Item
	}
	return ids, err
}

// crowd counts the other contents of a bank near a picture, where there are
// suspiciously many; otherwise 0.
func (d *Desk) crowd(ctx context.Context, b staydown.Bank, r Row) (int, error) {
	most := b.Flood.Entries
	if most == 0 {
		most = staydown.FloodEntries
	}
	h, err := pdq.Parse(r.Signal.Value)
	if err != nil || r.Signal.Kind != staydown.SignalPDQ || b.Flood.Off {
		return 0, nil
	}
	around := d.Index().live.picture(h, b.RadiusOf(r.Signal.Kind), map[int64]bool{b.No: true}, 0)
	if len(around) <= most {
		return 0, nil
	}
	others := map[staydown.ID]bool{}
	for _, n := range around {
		rows, err := d.Store.SignalRows(ctx, n.hash, true, 2)
		if err != nil {
			return 0, err
		}
		for _, o := range rows {
			if o.Content.ID != r.Content.ID {
				others[o.Content.ID] = true
			}
		}
		if len(others) >= most {
			return len(others), nil
		}
	}
	return 0, nil
}

// keep records what one job found, and leaves what is left.
func (r batch) keep(tx Tx, b staydown.Bank, j staydown.Job) error {
	k := keeper{tx: tx}
	for i, id := range r.items {
		if err := k.keep(id, r.answers[i], true); err != nil {
			return err
		}
	}
	if err := k.quarantine(); err != nil {
		return err
	}
	for id, n := range r.crowded {
		if err := setAside(tx, b, id, staydown.Tide{Entries: n}); err != nil {
			return err
		}
	}
	if len(r.left.Ranges) == 0 {
		return nil
	}
	payload, err := json.Marshal(r.left)
	if err != nil {
		return fmt.Errorf("going on looking back: %w", err)
	}
	return tx.Job(staydown.Job{Kind: j.Kind, Key: j.Key, Subject: j.Subject, Payload: string(payload)})
}
