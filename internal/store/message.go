package store

import (
	"context"

	"github.com/staydown/staydown"
)

var messageTable = newTable[staydown.Message]("messages")

// Message reads one message inside a change.
func (tx *Tx) Message(id staydown.ID) (staydown.Message, error) {
	return get(tx.ctx, tx.q, messageTable, id)
}

// AddMessage keeps a new message.
func (tx *Tx) AddMessage(r staydown.Message) error { return add(tx, messageTable, r) }

// PutMessage keeps a changed message.
func (tx *Tx) PutMessage(r staydown.Message) error { return put(tx, messageTable, r.ID, r) }

// Message reads one message.
func (s *Store) Message(ctx context.Context, id staydown.ID) (staydown.Message, error) {
	return get(ctx, s.pool, messageTable, id)
}
