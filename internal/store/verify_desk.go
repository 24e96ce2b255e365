package store

import (
	"context"
	"errors"
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

var watchedQuery = `SELECT ` + columnsUnder(itemTable, "i") + `, ` + columnsUnder(lineTable, "l") + `,
	COALESCE((SELECT c.facts FROM captures c WHERE c.item = i.id AND c.outcome = 'content' ORDER BY c.started_at DESC, c.id DESC LIMIT 1), '')
	FROM items i JOIN lines l ON l.id = CASE WHEN i.line <> '' THEN i.line ELSE ? END WHERE i.id = ?`

// Watched reads in one question what a look at an item needs to know; it is asked at every look.
func (s *Store) Watched(ctx context.Context, item, line staydown.ID) (w verify.Watched, ok bool, err error) {
	err = s.pool.ask(ctx, func(ctx context.Context, q querier) error {
		rows, err := q.query(ctx, watchedQuery, string(line), string(item))
		if err != nil {
			return err
		}
		defer rows.Close()
		if ok = rows.Next(); ok {
			err = rows.Scan(append(append(itemTable.dest(&w.Item), lineTable.dest(&w.Line)...), &w.Facts)...)
		}
		return errors.Join(err, rows.Err())
	})
	if err != nil {
		return w, false, fmt.Errorf("reading what is watched at %s: %w", item, err)
	}
	return w, ok, nil
}

// ChecksOf lists the checks of an item, the first one first.
func (s *Store) ChecksOf(ctx context.Context, item staydown.ID) ([]staydown.Check, error) {
	return briefly(ctx, s.pool, checkTable, "WHERE item = ? ORDER BY at, n", string(item))
}
