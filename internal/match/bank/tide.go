package bank

import (
	"context"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

const (
	tideSpan = time.Hour // in which lookups that matched a content are counted
	mostTide = 100_000   // contents counted in a span
)

// tide counts how often lookups matched each content in the current span. It is
// working state of this process: a flood is noticed by every process that meets
// it.
type tide struct {
	mu    sync.Mutex
	since time.Time
	banks map[staydown.ID]map[staydown.ID]int // by bank and content
	n     int
}

// count counts a match and tells the tide of its content, with its like.
func (t *tide) count(bank, content staydown.ID, now time.Time, least int) staydown.Tide {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.banks == nil || now.Sub(t.since) >= tideSpan || t.n >= mostTide {
		t.banks, t.since, t.n = map[staydown.ID]map[staydown.ID]int{}, now, 0
	}
	all := t.banks[bank]
	if all == nil {
		all = map[staydown.ID]int{}
		t.banks[bank] = all
	}
	if all[content] == 0 {
		t.n++
	}
	all[content]++
	out := staydown.Tide{Matches: all[content]}
	if out.Matches < least {
		return out
	}
	for id, n := range all {
		if id != content {
			out.Like = append(out.Like, n)
		}
	}
	return out
}

// flood puts aside what lookups match far more often than its like. The answer at
// hand is given as it is; the next one is without it.
func (d *Desk) flood(ctx context.Context, a Answer) error {
	seen := map[staydown.ID]bool{}
	for _, h := range a.Hits {
		if seen[h.Content.ID] || h.Bank.Flood.Off {
			continue
		}
		seen[h.Content.ID] = true
		least := h.Bank.Flood.Least
		if least == 0 {
			least = staydown.FloodLeast
		}
		t := d.tide.count(h.Bank.ID, h.Content.ID, d.Now(), least)
		if t.Matches < least {
			continue
		}
		if _, flooded := h.Bank.Flood.Flooded(h.Bank, h.Content, t, d.Now()); !flooded {
			continue
		}
		err := d.Store.Act(ctx, access.System("bank"), func(tx Tx) error { return setAside(tx, h.Bank, h.Content.ID, t) })
		if err != nil {
			return err
		}
		d.log().Warn("a bank's content is put aside", "bank", h.Bank.Name, "content", h.Content.Number, "matches", t.Matches)
	}
	return nil
}
