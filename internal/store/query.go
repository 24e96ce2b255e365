package store

import (
	"context"

	"github.com/staydown/staydown"
)

var queryTable = newTable[staydown.Query]("queries")

// Query reads one query inside a change.
func (tx *Tx) Query(id staydown.ID) (staydown.Query, error) {
	return get(tx.ctx, tx.q, queryTable, id)
}

// AddQuery keeps a new query.
func (tx *Tx) AddQuery(r staydown.Query) error { return add(tx, queryTable, r) }

// PutQuery keeps a changed query.
func (tx *Tx) PutQuery(r staydown.Query) error { return put(tx, queryTable, r.ID, r) }

// Query reads one query.
func (s *Store) Query(ctx context.Context, id staydown.ID) (staydown.Query, error) {
	return get(ctx, s.pool, queryTable, id)
}
