package store

import (
	"context"

	"github.com/staydown/staydown"
)

var lineTable = newTable[staydown.Line]("lines")

// Line reads one line inside a change.
func (tx *Tx) Line(id staydown.ID) (staydown.Line, error) {
	return get(tx.ctx, tx.q, lineTable, id)
}

// AddLine keeps a new line.
func (tx *Tx) AddLine(r staydown.Line) error { return add(tx, lineTable, r) }

// PutLine keeps a changed line.
func (tx *Tx) PutLine(r staydown.Line) error { return put(tx, lineTable, r.ID, r) }

// Line reads one line.
func (s *Store) Line(ctx context.Context, id staydown.ID) (staydown.Line, error) {
	return get(ctx, s.pool, lineTable, id)
}
