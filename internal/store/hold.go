package store

import (
	"context"

	"github.com/staydown/staydown"
)

var holdTable = newTable[staydown.Hold]("holds")

// Hold reads one hold inside a change.
func (tx *Tx) Hold(id staydown.ID) (staydown.Hold, error) {
	return get(tx.ctx, tx.q, holdTable, id)
}

// AddHold keeps a new hold.
func (tx *Tx) AddHold(r staydown.Hold) error { return add(tx, holdTable, r) }

// PutHold keeps a changed hold.
func (tx *Tx) PutHold(r staydown.Hold) error { return put(tx, holdTable, r.ID, r) }

// Hold reads one hold.
func (s *Store) Hold(ctx context.Context, id staydown.ID) (staydown.Hold, error) {
	return get(ctx, s.pool, holdTable, id)
}
