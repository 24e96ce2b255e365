package store

import (
	"context"

	"github.com/staydown/staydown"
)

var letterTable = newTable[staydown.Letter]("letters")

// Letter reads one letter inside a change.
func (tx *Tx) Letter(id staydown.ID) (staydown.Letter, error) {
	return get(tx.ctx, tx.q, letterTable, id)
}

// AddLetter keeps a new letter.
func (tx *Tx) AddLetter(r staydown.Letter) error { return add(tx, letterTable, r) }

// PutLetter keeps a changed letter.
func (tx *Tx) PutLetter(r staydown.Letter) error { return put(tx, letterTable, r.ID, r) }

// Letter reads one letter.
func (s *Store) Letter(ctx context.Context, id staydown.ID) (staydown.Letter, error) {
	return get(ctx, s.pool, letterTable, id)
}
