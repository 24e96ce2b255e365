package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/verify"
)

// Verify is the store as the looking again needs it.
func (s *Store) Verify() verify.Store {
	return newDesk(s, func(tx *Tx) verify.Tx { return tx })
}

var (
	itemSeen = part(itemTable, "we_saw", "we_saw_cause", "we_saw_at", "gone_at")
	lineSeen = part(lineTable, "we_saw", "we_saw_at", "gone_at")
)

// SetItemSeen keeps what was seen of an item.
func (tx *Tx) SetItemSeen(i staydown.Item) error { return put(tx, itemSeen, i.ID, i) }

// SetLineSeen keeps what was seen of a line.
func (tx *Tx) SetLineSeen(l staydown.Line) error { return put(tx, lineSeen, l.ID, l) }

// LastGoodFacts gives the facts of the last capture of an item that held its content; "" when there is none.
func (s *Store) LastGoodFacts(ctx context.Context, item staydown.ID) (string, error) {
	rows, err := s.pool.query(ctx, `SELECT facts FROM captures WHERE item = ? AND outcome = 'content' ORDER BY started_at DESC, id DESC LIMIT 1`, string(item))
	if err != nil {
		return "", fmt.Errorf("reading what was captured of %s: %w", item, err)
	}
	defer rows.Close()
	facts := ""
	if rows.Next() {
		if err := rows.Scan(&facts); err != nil {
			return "", fmt.Errorf("reading what was captured of %s: %w", item, err)
		}
	}
	return facts, rows.Err()
}

// ChecksOf lists the checks of an item, the first one first.
func (s *Store) ChecksOf(ctx context.Context, item staydown.ID) ([]staydown.Check, error) {
	return list(ctx, s.pool, checkTable, "WHERE item = ? ORDER BY at, n", string(item))
}
