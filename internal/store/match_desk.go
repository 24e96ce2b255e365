package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match"
)

// Match is the store as the matching needs it.
func (s *Store) Match() match.Store {
	return newDesk(s, func(tx *Tx) match.Tx { return tx })
}

// FingerprintChanges lists which items' fingerprints changed behind a number, oldest first.
func (s *Store) FingerprintChanges(ctx context.Context, after int64, limit int) ([]match.Change, error) {
	rows, err := s.pool.query(ctx, `SELECT n, item FROM match_changes WHERE n > ? ORDER BY n LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("reading changed fingerprints: %w", err)
	}
	defer rows.Close()
	var out []match.Change
	for rows.Next() {
		var c match.Change
		if err := rows.Scan(&c.N, &c.Item); err != nil {
			return nil, fmt.Errorf("reading changed fingerprints: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// PublishedAt tells when items say they appeared; those that do not are left out.
func (s *Store) PublishedAt(ctx context.Context, items []staydown.ID) (map[staydown.ID]time.Time, error) {
	out := map[staydown.ID]time.Time{}
	if len(items) == 0 {
		return out, nil
	}
	among, args := inAll(items)
	rows, err := s.pool.query(ctx, `SELECT item, at FROM published WHERE at <> 0 AND item IN `+among, args...)
	if err != nil {
		return nil, fmt.Errorf("reading when items appeared: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id staydown.ID
		var at int64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, fmt.Errorf("reading when items appeared: %w", err)
		}
		out[id] = fromMillis(at)
	}
	return out, rows.Err()
}

const otherColumns = `i.id, i.location, i.host, i.kind, i.title, i.account, i.decided_at, i.captured_at, i.gone_at, i.lineage`

func scanOther(rows *sql.Rows, more ...any) (match.Other, error) {
	var o match.Other
	var decided, captured, gone int64
	err := rows.Scan(append([]any{&o.ID, &o.Location, &o.Host, &o.Kind, &o.Title, &o.Account, &decided, &captured, &gone, &o.Lineage}, more...)...)
	o.DecidedAt, o.CapturedAt, o.GoneAt = fromMillis(decided), fromMillis(captured), fromMillis(gone)
	return o, err
}

// others reads items with their circle and verdict, and gives those that are wanted.
func (s *Store) others(ctx context.Context, wanted func(circle staydown.ID, v staydown.Verdict) bool, query string, args ...any) (out []match.Other, err error) {
	err = s.pool.ask(ctx, func(ctx context.Context, q querier) error {
		rows, err := q.query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var circle staydown.ID
			var verdict staydown.Verdict
			o, err := scanOther(rows, &circle, &verdict)
			if err != nil {
				return err
			}
			if wanted(circle, verdict) {
				out = append(out, o)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("reading decided items: %w", err)
	}
	return out, nil
}

// Decided lists those of the items that belong to the circle and are decided. Both are looked at here: asked of SQLite, the
// circle tempts it to go through all that the circle has decided.
func (s *Store) Decided(ctx context.Context, circle staydown.ID, items []staydown.ID) ([]match.Other, error) {
	if len(items) == 0 {
		return nil, nil
	}
	among, args := inAll(items)
	decided := func(of staydown.ID, v staydown.Verdict) bool { return of == circle && v != "" }
	return s.others(ctx, decided, `SELECT `+otherColumns+`, i.circle, i.verdict FROM items i WHERE i.id IN `+among, args...)
}

// SharingMarks lists items of a circle on other hosts that were seen gone and carry one of these marks.
func (s *Store) SharingMarks(ctx context.Context, circle staydown.ID, butHost string, marks []string, limit int) ([]match.Other, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	args := make([]any, 0, len(marks)+3)
	for _, m := range marks {
		args = append(args, clean(m))
	}
	all := func(staydown.ID, staydown.Verdict) bool { return true }
	return s.others(ctx, all, sharingQuery(len(marks)), append(args, string(circle), butHost, limit)...)
}

// sharingQuery goes from the few that carry a mark to their items, not through the items of a circle.
func sharingQuery(marks int) string {
	return `SELECT ` + otherColumns + `, i.circle, i.verdict
		FROM (SELECT DISTINCT item FROM fingerprints WHERE kind = 'mark' AND value IN ` + in(marks) + `) m JOIN items i ON i.id = m.item
		WHERE i.circle = ? AND i.host <> ? AND i.gone_at <> 0 ORDER BY i.gone_at DESC, i.location LIMIT ?`
}

var itemKnown = part(itemTable, "known", "priority", "priority_why")

// SetKnown keeps what matching changes of an item.
func (tx *Tx) SetKnown(i staydown.Item) error { return put(tx, itemKnown, i.ID, i) }

// NewCandidates keeps the candidates that are not there yet.
func (tx *Tx) NewCandidates(all []staydown.Candidate) (int, error) {
	if len(all) == 0 {
		return 0, nil
	}
	have, err := list(tx.ctx, tx.q, candidateTable, `WHERE item = ?`, string(all[0].Item))
	if err != nil {
		return 0, err
	}
	there := map[string]bool{}
	for _, c := range have {
		there[string(c.Other)+" "+c.Kind] = true
	}
	n := 0
	for _, c := range all {
		if c.Item != all[0].Item {
			return n, fmt.Errorf("candidates of several items: %s, %s", all[0].Item, c.Item)
		}
		if there[string(c.Other)+" "+c.Kind] {
			continue
		}
		if err := tx.AddCandidate(c); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
