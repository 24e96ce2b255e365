package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
)

// Tally is how far a circle's work is.
type Tally struct{ Leads, Items, Assessed, InLetters, Gone, Back int }

// Tally counts a circle's work for a progress line.
func (s *Store) Tally(ctx context.Context, circle staydown.ID) (t Tally, err error) {
	rows, err := s.pool.query(ctx, `SELECT count(*), COALESCE(sum(leads), 0), COALESCE(sum(CASE WHEN verdict <> '' THEN 1 ELSE 0 END), 0),
		COALESCE(sum(CASE WHEN line <> '' THEN 1 ELSE 0 END), 0), COALESCE(sum(CASE WHEN gone_at > 0 THEN 1 ELSE 0 END), 0),
		COALESCE(sum(CASE WHEN return_of <> '' THEN 1 ELSE 0 END), 0) FROM items WHERE circle = ?`, string(circle))
	if err != nil {
		return t, fmt.Errorf("counting the work: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&t.Items, &t.Leads, &t.Assessed, &t.InLetters, &t.Gone, &t.Back)
	}
	return t, err
}
