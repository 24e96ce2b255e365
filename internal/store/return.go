package store

import (
	"context"

	"github.com/staydown/staydown"
)

var returnTable = newTable[staydown.Return]("returns")

// Return reads one return inside a change.
func (tx *Tx) Return(id staydown.ID) (staydown.Return, error) {
	return get(tx.ctx, tx.q, returnTable, id)
}

// AddReturn keeps a new return.
func (tx *Tx) AddReturn(r staydown.Return) error { return add(tx, returnTable, r) }

// PutReturn keeps a changed return.
func (tx *Tx) PutReturn(r staydown.Return) error { return put(tx, returnTable, r.ID, r) }

// Return reads one return.
func (s *Store) Return(ctx context.Context, id staydown.ID) (staydown.Return, error) {
	return get(ctx, s.pool, returnTable, id)
}
