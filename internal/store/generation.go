package store

import (
	"context"

	"github.com/staydown/staydown"
)

var generationTable = newTable[staydown.Generation]("generations")

// Generation reads one generation inside a change.
func (tx *Tx) Generation(id staydown.ID) (staydown.Generation, error) {
	return get(tx.ctx, tx.q, generationTable, id)
}

// AddGeneration keeps a new generation.
func (tx *Tx) AddGeneration(r staydown.Generation) error { return add(tx, generationTable, r) }

// PutGeneration keeps a changed generation.
func (tx *Tx) PutGeneration(r staydown.Generation) error { return put(tx, generationTable, r.ID, r) }

// Generation reads one generation.
func (s *Store) Generation(ctx context.Context, id staydown.ID) (staydown.Generation, error) {
	return get(ctx, s.pool, generationTable, id)
}
