// Package consult lets people read items: one, many by their facts, what happened
// to one. Reading is an act of its own: each consultation is logged with who, when
// and what was asked, in the stream of access, which feeds neither figures nor
// personnel matters.
//
// Law: LED 25
package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Tx is what noting a consultation needs.
type Tx interface {
	Event(staydown.Event) error
}

// Store is what reading needs of the keeper.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
	// ItemsWhere lists items of the circles that fit a filter, by identifier.
	ItemsWhere(ctx context.Context, circles []staydown.ID, f Filter) ([]staydown.Item, error)
	// ItemHistory lists the acts on an item, oldest first. Acts on findings are not
	// among them: a second officer must not learn the first answer here.
	ItemHistory(ctx context.Context, item staydown.ID, limit int) ([]Happening, error)
}

// The number of rows in a page of a list.
const (
	PageUsual = 100
	PageMost  = 500
)

// HistoryMost is how many events of one item are given.
const HistoryMost = 1000

// Filter narrows a list of items; empty fields do not.
type Filter struct {
	Campaign staydown.ID        `json:"campaign,omitempty"`
	Provider staydown.ID        `json:"provider,omitempty"`
	State    staydown.ItemState `json:"state,omitempty"`
	Verdict  staydown.Verdict   `json:"verdict,omitempty"`
	Host     string             `json:"host,omitempty"`
	Location string             `json:"location,omitempty"` // canonical
	SHA256   string             `json:"sha256,omitempty"`   // of the first medium
	TheySay  staydown.LineState `json:"they_say,omitempty"`
	WeSaw    staydown.Sight     `json:"we_saw,omitempty"`
	Lineage  staydown.ID        `json:"lineage,omitempty"`
	After    staydown.ID        `json:"after,omitempty"` // the last identifier of the page before
	Limit    int                `json:"limit,omitempty"`
}

// Happening is one event of an item's history.
type Happening struct {
	ID      staydown.ID
	At      time.Time
	Act     staydown.Act
	Noun    string
	Subject staydown.ID
	Owner   staydown.ID // the authority whose act it was
	Actor   staydown.ID // empty for the system, or after erasure
	Leaf    []byte      // the exact bytes in the log
}

// Desk is where items are read.
type Desk struct {
	Store Store
}

// Items lists items of the caller's circles.
func (d *Desk) Items(ctx context.Context, c access.Caller, f Filter) ([]staydown.Item, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = PageUsual
	}
	f.Limit = min(f.Limit, PageMost)
	list, err := d.Store.ItemsWhere(ctx, c.Circles, f)
	if err != nil {
		return nil, fmt.Errorf("listing items: %w", err)
	}
	asked, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("noting a search: %w", err)
	}
	e := staydown.Event{Act: "search", Noun: "item", Circle: c.Actor.Authority, Data: map[string]any{"found": len(list)}, Personal: map[string]string{"asked": string(asked)}}
	return list, d.note(ctx, c, e)
}

// Item gives one item.
func (d *Desk) Item(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Item, error) {
	i, err := d.see(ctx, c, id)
	if err != nil {
		return staydown.Item{}, err
	}
	return i, d.note(ctx, c, staydown.Event{Act: "read", Noun: "item", Subject: i.ID, Circle: i.Circle})
}

// History tells what happened to an item, oldest first.
func (d *Desk) History(ctx context.Context, c access.Caller, id staydown.ID) ([]Happening, error) {
	i, err := d.see(ctx, c, id)
	if err != nil {
		return nil, err
	}
	list, err := d.Store.ItemHistory(ctx, i.ID, HistoryMost)
	if err != nil {
		return nil, fmt.Errorf("reading the history of item %s: %w", id, err)
	}
	return list, d.note(ctx, c, staydown.Event{Act: "read_history", Noun: "item", Subject: i.ID, Circle: i.Circle})
}

// Note logs a consultation that another desk answered: what was read, by which act,
// in which circle.
func (d *Desk) Note(ctx context.Context, c access.Caller, e staydown.Event) error {
	return d.note(ctx, c, e)
}

func (d *Desk) see(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Item, error) {
	if err := c.May(access.See); err != nil {
		return staydown.Item{}, err
	}
	i, err := d.Store.Item(ctx, id)
	if err != nil {
		return staydown.Item{}, err
	}
	return i, c.Sees(i.Circle)
}

func (d *Desk) note(ctx context.Context, c access.Caller, e staydown.Event) error {
	e.Stream = staydown.Access
	if err := d.Store.Act(ctx, c, func(tx Tx) error { return tx.Event(e) }); err != nil {
		return fmt.Errorf("noting who read what: %w", err)
	}
	return nil
}
