package assess

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Context is who posted something, where, and with which words: what equal bytes never carry over. Nothing captured is
// displayed with it.
type Context struct {
	Item       staydown.ID   `json:"item"`
	Location   string        `json:"location"`
	Provider   staydown.ID   `json:"provider,omitempty"`
	Author     string        `json:"author"`
	Title      string        `json:"title"`
	Text       string        `json:"text"`
	Language   string        `json:"language"`
	Assessment staydown.ID   `json:"assessment"` // the caller's draft
	Turn       staydown.Turn `json:"turn"`
}

// Contexts opens the contexts of postings without displaying their media, for a decision over equal bytes; see GiveGroup. Many
// open together only when their bytes and their account are the same, else each has to be opened by itself. The caller's
// drafts note the context as opened; each posting leaves an access event.
func (d *Desk) Contexts(ctx context.Context, c access.Caller, items []staydown.ID) ([]Context, error) {
	if err := some(len(items)); err != nil {
		return nil, err
	}
	var out []Context
	err := d.act(ctx, c, access.Assess, func(tx Tx) error {
		out = out[:0]
		var first staydown.Item
		for i, id := range items {
			s, p, err := place(tx, c, id)
			if err != nil {
				return err
			}
			if i == 0 {
				first = s.Item
			} else if !sameSource(first, s.Item) {
				return refused("one_by_one", "contexts open together only for the same bytes from the same account; open each by itself")
			}
			x, err := openContext(tx, c, s, p)
			if err != nil {
				return err
			}
			out = append(out, x)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, d.read(ctx, out)
}

func openContext(tx Tx, c access.Caller, s Seat, p Place) (Context, error) {
	i := s.Item
	x := Context{Item: i.ID, Location: i.Location, Provider: i.Provider, Author: i.Account, Title: i.Title, Language: i.Language}
	if !s.Captured() {
		return x, refused("not_captured", "nothing was captured of this posting")
	}
	if _, err := hold(tx, s, p, c); err != nil {
		return x, err
	}
	a, err := note(tx, c, s, p, func(a *staydown.Assessment) { a.Context = true })
	if err != nil {
		return x, err
	}
	x.Assessment, x.Turn = a.ID, a.Turn
	return x, tx.Event(staydown.Event{Stream: staydown.Access, Act: "open_context", Noun: "item", Subject: i.ID, Circle: i.Circle})
}

func (d *Desk) read(ctx context.Context, out []Context) error {
	for i := range out {
		text, err := d.Store.CapturedText(ctx, out[i].Item)
		if err != nil {
			return err
		}
		out[i].Text = text
	}
	return nil
}

// sameSource reports whether two items are the same bytes, posted by the same account.
func sameSource(a, b staydown.Item) bool {
	return a.MediaSHA256 != "" && a.MediaSHA256 == b.MediaSHA256 && a.Account != "" && a.Account == b.Account && a.Host == b.Host
}

func some(n int) error {
	if n == 0 || n > AtOnce {
		return invalid("items", "give 1 to %d items, not %d", AtOnce, n)
	}
	return nil
}
