package store

import (
	"context"

	"github.com/staydown/staydown"
)

var captureTable = newTable[staydown.Capture]("captures")

// Capture reads one capture inside a change.
func (tx *Tx) Capture(id staydown.ID) (staydown.Capture, error) {
	return get(tx.ctx, tx.q, captureTable, id)
}

// AddCapture keeps a new capture.
func (tx *Tx) AddCapture(r staydown.Capture) error { return add(tx, captureTable, r) }

// PutCapture keeps a changed capture.
func (tx *Tx) PutCapture(r staydown.Capture) error { return put(tx, captureTable, r.ID, r) }

// Capture reads one capture.
func (s *Store) Capture(ctx context.Context, id staydown.ID) (staydown.Capture, error) {
	return get(ctx, s.pool, captureTable, id)
}
