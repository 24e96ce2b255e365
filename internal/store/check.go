package store

import (
	"context"

	"github.com/staydown/staydown"
)

var checkTable = newTable[staydown.Check]("checks")

// Check reads one check inside a change.
func (tx *Tx) Check(id staydown.ID) (staydown.Check, error) {
	return get(tx.ctx, tx.q, checkTable, id)
}

// AddCheck keeps a new check.
func (tx *Tx) AddCheck(r staydown.Check) error { return add(tx, checkTable, r) }

// PutCheck keeps a changed check.
func (tx *Tx) PutCheck(r staydown.Check) error { return put(tx, checkTable, r.ID, r) }

// Check reads one check.
func (s *Store) Check(ctx context.Context, id staydown.ID) (staydown.Check, error) {
	return get(ctx, s.pool, checkTable, id)
}
