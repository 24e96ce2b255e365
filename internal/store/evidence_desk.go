package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/staydown/staydown/internal/evidence"
)

// ListedExhibits lists what the vault must hold, in order of SHA-256, as evidence.Vault.Check wants it. The WARC files and
// exhibits of every circle are in it: it tells digests and sizes, nothing else.
func (s *Store) ListedExhibits(ctx context.Context) iter.Seq2[evidence.Listed, error] {
	return func(yield func(evidence.Listed, error) bool) {
		rows, err := s.pool.query(ctx, `SELECT DISTINCT sha256, bytes FROM exhibits ORDER BY sha256`)
		if err != nil {
			yield(evidence.Listed{}, fmt.Errorf("listing exhibits: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var l evidence.Listed
			if err := rows.Scan(&l.SHA256, &l.Bytes); err != nil {
				yield(evidence.Listed{}, fmt.Errorf("listing exhibits: %w", err))
				return
			}
			if !yield(l, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(evidence.Listed{}, fmt.Errorf("listing exhibits: %w", err))
		}
	}
}
