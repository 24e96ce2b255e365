package store

import (
	"context"

	"github.com/staydown/staydown"
)

var candidateTable = newTable[staydown.Candidate]("candidates")

// Candidate reads one candidate inside a change.
func (tx *Tx) Candidate(id staydown.ID) (staydown.Candidate, error) {
	return get(tx.ctx, tx.q, candidateTable, id)
}

// AddCandidate keeps a new candidate.
func (tx *Tx) AddCandidate(r staydown.Candidate) error { return add(tx, candidateTable, r) }

// PutCandidate keeps a changed candidate.
func (tx *Tx) PutCandidate(r staydown.Candidate) error { return put(tx, candidateTable, r.ID, r) }

// Candidate reads one candidate.
func (s *Store) Candidate(ctx context.Context, id staydown.ID) (staydown.Candidate, error) {
	return get(ctx, s.pool, candidateTable, id)
}
