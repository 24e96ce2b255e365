package store

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/consult"
)

// Consult is the store as the reading of items needs it.
func (s *Store) Consult() consult.Store {
	return newDesk(s, func(tx *Tx) consult.Tx { return tx })
}

// ItemsWhere lists items of the circles that fit a filter, by identifier.
func (s *Store) ItemsWhere(ctx context.Context, circles []staydown.ID, f consult.Filter) ([]staydown.Item, error) {
	clause, args := "WHERE circle IN "+in(len(circles)), ids(circles)
	for _, w := range []struct{ column, value string }{
		{"campaign", string(f.Campaign)}, {"provider", string(f.Provider)}, {"state", string(f.State)}, {"verdict", string(f.Verdict)},
		{"host", f.Host}, {"location", f.Location}, {"media_sha256", f.SHA256}, {"they_say", string(f.TheySay)}, {"we_saw", string(f.WeSaw)},
		{"lineage", string(f.Lineage)},
	} {
		if w.value != "" {
			clause += " AND " + w.column + " = ?"
			args = append(args, w.value)
		}
	}
	return list(ctx, s.pool, itemTable, clause+" AND id > ? ORDER BY id LIMIT ?", append(args, string(f.After), f.Limit)...)
}

// ItemHistory lists what happened to an item, oldest first.
func (s *Store) ItemHistory(ctx context.Context, item staydown.ID, limit int) ([]consult.Happening, error) {
	entries, err := s.entries(ctx, `SELECT `+entryColumns+` FROM events WHERE stream = 'acts' AND subject = ? ORDER BY n LIMIT ?`, string(item), limit)
	if err != nil {
		return nil, err
	}
	out := make([]consult.Happening, 0, len(entries))
	for _, e := range entries {
		out = append(out, consult.Happening{ID: e.ID, At: e.At, Act: e.Act, Noun: e.Noun, Subject: e.Subject, Owner: e.Owner, Actor: e.Actor, Leaf: e.Leaf})
	}
	return out, nil
}
