package store

import (
	"context"

	"github.com/staydown/staydown"
)

var importTable = newTable[staydown.Import]("imports")

// Import reads one import inside a change.
func (tx *Tx) Import(id staydown.ID) (staydown.Import, error) {
	return get(tx.ctx, tx.q, importTable, id)
}

// AddImport keeps a new import.
func (tx *Tx) AddImport(r staydown.Import) error { return add(tx, importTable, r) }

// PutImport keeps a changed import.
func (tx *Tx) PutImport(r staydown.Import) error { return put(tx, importTable, r.ID, r) }

// Import reads one import.
func (s *Store) Import(ctx context.Context, id staydown.ID) (staydown.Import, error) {
	return get(ctx, s.pool, importTable, id)
}
