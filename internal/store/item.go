package store

import (
	"context"

	"github.com/staydown/staydown"
)

var itemTable = newTable[staydown.Item]("items")

// Item reads one item inside a change.
func (tx *Tx) Item(id staydown.ID) (staydown.Item, error) {
	return get(tx.ctx, tx.q, itemTable, id)
}

// AddItem keeps a new item.
func (tx *Tx) AddItem(r staydown.Item) error { return add(tx, itemTable, r) }

// PutItem keeps a changed item.
func (tx *Tx) PutItem(r staydown.Item) error { return put(tx, itemTable, r.ID, r) }

// Item reads one item.
func (s *Store) Item(ctx context.Context, id staydown.ID) (staydown.Item, error) {
	return get(ctx, s.pool, itemTable, id)
}
