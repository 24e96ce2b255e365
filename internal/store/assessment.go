package store

import (
	"context"

	"github.com/staydown/staydown"
)

var assessmentTable = newTable[staydown.Assessment]("assessments")

// Assessment reads one assessment inside a change.
func (tx *Tx) Assessment(id staydown.ID) (staydown.Assessment, error) {
	return get(tx.ctx, tx.q, assessmentTable, id)
}

// AddAssessment keeps a new assessment.
func (tx *Tx) AddAssessment(r staydown.Assessment) error { return add(tx, assessmentTable, r) }

// PutAssessment keeps a changed assessment.
func (tx *Tx) PutAssessment(r staydown.Assessment) error { return put(tx, assessmentTable, r.ID, r) }

// Assessment reads one assessment.
func (s *Store) Assessment(ctx context.Context, id staydown.ID) (staydown.Assessment, error) {
	return get(ctx, s.pool, assessmentTable, id)
}
