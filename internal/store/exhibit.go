package store

import (
	"context"

	"github.com/staydown/staydown"
)

var exhibitTable = newTable[staydown.Exhibit]("exhibits")

// Exhibit reads one exhibit inside a change.
func (tx *Tx) Exhibit(id staydown.ID) (staydown.Exhibit, error) {
	return get(tx.ctx, tx.q, exhibitTable, id)
}

// AddExhibit keeps a new exhibit.
func (tx *Tx) AddExhibit(r staydown.Exhibit) error { return add(tx, exhibitTable, r) }

// PutExhibit keeps a changed exhibit.
func (tx *Tx) PutExhibit(r staydown.Exhibit) error { return put(tx, exhibitTable, r.ID, r) }

// Exhibit reads one exhibit.
func (s *Store) Exhibit(ctx context.Context, id staydown.ID) (staydown.Exhibit, error) {
	return get(ctx, s.pool, exhibitTable, id)
}
