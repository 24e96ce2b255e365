package store

import (
	"context"

	"github.com/staydown/staydown"
)

var answerTable = newTable[staydown.Answer]("answers")

// Answer reads one answer inside a change.
func (tx *Tx) Answer(id staydown.ID) (staydown.Answer, error) {
	return get(tx.ctx, tx.q, answerTable, id)
}

// AddAnswer keeps a new answer.
func (tx *Tx) AddAnswer(r staydown.Answer) error { return add(tx, answerTable, r) }

// PutAnswer keeps a changed answer.
func (tx *Tx) PutAnswer(r staydown.Answer) error { return put(tx, answerTable, r.ID, r) }

// Answer reads one answer.
func (s *Store) Answer(ctx context.Context, id staydown.ID) (staydown.Answer, error) {
	return get(ctx, s.pool, answerTable, id)
}
