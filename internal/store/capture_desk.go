package store

import (
	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/capture"
)

// Captures is the store as the capture desk needs it.
func (s *Store) Captures() capture.Store {
	return newDesk(s, func(tx *Tx) capture.Tx { return tx })
}

var itemCaptured = part(itemTable, "state", "reason", "kind", "title", "language", "account", "captured_at")

// SetCaptured keeps what a capture changes of an item.
func (tx *Tx) SetCaptured(i staydown.Item) error { return put(tx, itemCaptured, i.ID, i) }
