package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
)

// Join makes an authority a member of a circle. An authority alone is a circle by its own identifier without any row.
func (tx *Tx) Join(circle, member staydown.ID) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO circles (id, circle, member) VALUES (?, ?, ?) ON CONFLICT (circle, member) DO NOTHING`,
		string(tx.NewID()), string(circle), string(member))
	if err != nil {
		return fmt.Errorf("joining circle %s: %w", circle, err)
	}
	tx.touch("circles", false)
	return nil
}

// CirclesOf lists the circles of an authority: itself first, then its campaigns.
func (s *Store) CirclesOf(ctx context.Context, authority staydown.ID) ([]staydown.ID, error) {
	rows, err := s.pool.query(ctx, `SELECT circle FROM circles WHERE member = ? ORDER BY circle`, string(authority))
	if err != nil {
		return nil, fmt.Errorf("reading circles: %w", err)
	}
	defer rows.Close()
	out := []staydown.ID{authority}
	for rows.Next() {
		var c staydown.ID
		if err := rows.Scan(&c); err != nil {
			return nil, fmt.Errorf("reading circles: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
