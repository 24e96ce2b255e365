package store

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/audit"
)

// What pages show of an item beside its own row. Who asks has checked that the item is theirs to see.

// ExhibitsOfItem lists what is kept of an item, in the order in which it came in.
func (s *Store) ExhibitsOfItem(ctx context.Context, item staydown.ID) ([]staydown.Exhibit, error) {
	return list(ctx, s.pool, exhibitTable, "WHERE item = ? ORDER BY id", string(item))
}

// CaptureOfItem reads the newest attempt to capture an item, or NotFound.
func (s *Store) CaptureOfItem(ctx context.Context, item staydown.ID) (staydown.Capture, error) {
	return one(ctx, s.pool, captureTable, "WHERE item = ? ORDER BY started_at DESC, id DESC", string(item))
}

// LeadsOfItem lists the leads of one authority that point to an item, oldest first. A lead stays its unit's own.
func (s *Store) LeadsOfItem(ctx context.Context, item, owner staydown.ID) ([]staydown.Lead, error) {
	return list(ctx, s.pool, leadTable, "WHERE item = ? AND owner = ? ORDER BY received_at, id LIMIT 100", string(item), string(owner))
}

// QueryOfItem reads the newest question to the other authorities about an item, or NotFound.
func (s *Store) QueryOfItem(ctx context.Context, item staydown.ID) (staydown.Query, error) {
	return one(ctx, s.pool, queryTable, "WHERE item = ? ORDER BY asked_at DESC, id DESC", string(item))
}

// CheckOfItem reads the last look that was taken at an item, or NotFound.
func (s *Store) CheckOfItem(ctx context.Context, item staydown.ID) (staydown.Check, error) {
	return one(ctx, s.pool, checkTable, "WHERE item = ? AND state = ? ORDER BY at DESC, id DESC", string(item), string(staydown.CheckDone))
}

// LettersOfItems tells for each item the letter of its latest line; an item without a line is not among them.
func (s *Store) LettersOfItems(ctx context.Context, items []staydown.ID) (map[staydown.ID]staydown.ID, error) {
	out := map[staydown.ID]staydown.ID{}
	if len(items) == 0 {
		return out, nil
	}
	lines, err := list(ctx, s.pool, lineTable, "WHERE item IN "+in(len(items))+" ORDER BY id", ids(items)...)
	for _, l := range lines {
		out[l.Item] = l.Letter
	}
	return out, err
}

// LogPage lists events of the caller's circles and authority, newest first, before an event; empty arguments do not
// narrow.
func (s *Store) LogPage(ctx context.Context, c access.Caller, noun string, act staydown.Act, subject, before staydown.ID, limit int) ([]audit.Entry, error) {
	place := int64(1) << 62
	if before != "" {
		e, err := s.EntryOf(ctx, before)
		if err != nil {
			return nil, err
		}
		place = e.N
	}
	where, args := "WHERE n < ? AND (circle IN "+in(len(c.Circles))+" OR owner = ?)", append(append([]any{place}, ids(c.Circles)...), string(c.Actor.Authority))
	for _, w := range []struct{ column, value string }{{"noun", noun}, {"act", string(act)}, {"subject", string(subject)}} {
		if w.value != "" {
			where += " AND " + w.column + " = ?"
			args = append(args, w.value)
		}
	}
	all, err := s.entries(ctx, "SELECT "+entryColumns+" FROM events "+where+" ORDER BY n DESC LIMIT ?", append(args, limit)...)
	out := make([]audit.Entry, len(all))
	for i, e := range all {
		out[i] = entryOf(e)
	}
	return out, err
}
