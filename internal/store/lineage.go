package store

import (
	"context"

	"github.com/staydown/staydown"
)

var lineageTable = newTable[staydown.Lineage]("lineages")

// Lineage reads one lineage inside a change.
func (tx *Tx) Lineage(id staydown.ID) (staydown.Lineage, error) {
	return get(tx.ctx, tx.q, lineageTable, id)
}

// AddLineage keeps a new lineage.
func (tx *Tx) AddLineage(r staydown.Lineage) error { return add(tx, lineageTable, r) }

// PutLineage keeps a changed lineage.
func (tx *Tx) PutLineage(r staydown.Lineage) error { return put(tx, lineageTable, r.ID, r) }

// Lineage reads one lineage.
func (s *Store) Lineage(ctx context.Context, id staydown.ID) (staydown.Lineage, error) {
	return get(ctx, s.pool, lineageTable, id)
}
