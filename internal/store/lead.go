package store

import (
	"context"

	"github.com/staydown/staydown"
)

var leadTable = newTable[staydown.Lead]("leads")

// Lead reads one lead inside a change.
func (tx *Tx) Lead(id staydown.ID) (staydown.Lead, error) {
	return get(tx.ctx, tx.q, leadTable, id)
}

// AddLead keeps a new lead.
func (tx *Tx) AddLead(r staydown.Lead) error { return add(tx, leadTable, r) }

// PutLead keeps a changed lead.
func (tx *Tx) PutLead(r staydown.Lead) error { return put(tx, leadTable, r.ID, r) }

// Lead reads one lead.
func (s *Store) Lead(ctx context.Context, id staydown.ID) (staydown.Lead, error) {
	return get(ctx, s.pool, leadTable, id)
}
