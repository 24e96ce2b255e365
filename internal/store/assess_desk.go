package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
)

// Assess is the store as the desk of findings needs it.
func (s *Store) Assess() assess.Store {
	return struct {
		Door[assess.Tx]
		deskReads
	}{NewDoor(s, func(tx *Tx) assess.Tx { return deskTx{tx} }), deskReads{s}}
}

// deskTx is a change at the desk. Queues, leases and forms are working state: they leave no event.
type deskTx struct{ *Tx }

// What the desk changes of an item and of a finding. Naming only these spares every index on the rest being written anew,
// twice for each of many thousand findings.
var (
	deskItem    = part(itemTable, "state", "assessment", "verdict", "ground", "decided_at", "priority", "priority_why")
	deskFinding = part(assessmentTable, "turn", "answers", "state", "verdict", "ground", "passage", "danger", "purpose", "purpose_why", "clause",
		"group_list", "language", "public", "viewed", "context", "batch", "second_why", "note", "given_at", "settled_at", "seconds")
)

// part is a table of which only some columns are changed.
func part[T any](t *table[T], cols ...string) *table[T] {
	p := &table[T]{name: t.name, work: t.work}
	var sets []string
	for _, f := range t.fields {
		if slices.Contains(cols, f.col) {
			p.fields, sets = append(p.fields, f), append(sets, f.col+" = ?")
		}
	}
	p.update = "UPDATE " + t.name + " SET " + strings.Join(sets, ", ") + " WHERE id = ?"
	return p
}

// PutItem keeps what the desk changes of an item.
func (tx deskTx) PutItem(r staydown.Item) error { return put(tx.Tx, deskItem, r.ID, r) }

// PutAssessment keeps what the desk changes of a finding.
func (tx deskTx) PutAssessment(r staydown.Assessment) error {
	return put(tx.Tx, deskFinding, r.ID, r)
}

// deskReads are the desk's questions outside of any change.
type deskReads struct{ s *Store }

// Now is the desk's clock.
func (r deskReads) Now() time.Time { return r.s.Now() }

var seatSelect = "SELECT " + qualify("i", itemTable) + `, i.queue, COALESCE(l.officer, ''), COALESCE(l.until, 0)
	FROM items i LEFT JOIN leases l ON l.item = i.id WHERE i.id = ?`

// qualify names the columns of a table under an alias, for a join.
func qualify[T any](alias string, t *table[T]) string {
	names := make([]string, len(t.fields))
	for i, f := range t.fields {
		names[i] = alias + "." + f.col
	}
	return strings.Join(names, ", ")
}

func readSeat(ctx context.Context, q querier, item staydown.ID) (assess.Seat, error) {
	rows, err := q.query(ctx, seatSelect, string(item))
	if err != nil {
		return assess.Seat{}, fmt.Errorf("reading item %s: %w", item, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return assess.Seat{}, fmt.Errorf("reading item %s: %w", item, err)
		}
		return assess.Seat{}, staydown.Errorf(staydown.NotFound, "items.not_found", "nothing here by that name")
	}
	var seat assess.Seat
	var until int64
	if seat.Item, err = itemTable.scan(rows, &seat.Queue, &seat.Holder, &until); err != nil {
		return assess.Seat{}, fmt.Errorf("reading item %s: %w", item, err)
	}
	seat.Until = fromMillis(until)
	return seat, rows.Err()
}

func (tx deskTx) Seat(item staydown.ID) (assess.Seat, error) { return readSeat(tx.ctx, tx.q, item) }

func (r deskReads) SeatOf(ctx context.Context, item staydown.ID) (assess.Seat, error) {
	return readSeat(ctx, r.s.pool, item)
}

const looksClause = "WHERE item = ? ORDER BY began_at, id"

func (tx deskTx) Looks(item staydown.ID) ([]staydown.Assessment, error) {
	return list(tx.ctx, tx.q, assessmentTable, looksClause, string(item))
}

func (r deskReads) LooksAt(ctx context.Context, item staydown.ID) ([]staydown.Assessment, error) {
	return briefly(ctx, r.s.pool, assessmentTable, looksClause, string(item))
}

func (tx deskTx) Judged(sha256 string, authority staydown.ID) ([]staydown.Assessment, error) {
	return list(tx.ctx, tx.q, assessmentTable, `WHERE id IN (SELECT assessment FROM items WHERE media_sha256 = ? AND verdict <> '')
		AND owner = ? AND viewed = 1 ORDER BY given_at DESC, id LIMIT 50`, sha256, string(authority))
}

func (tx deskTx) SetQueue(item staydown.ID, q assess.Queue) error {
	if _, err := tx.q.exec(tx.ctx, `UPDATE items SET queue = ? WHERE id = ?`, string(q), string(item)); err != nil {
		return fmt.Errorf("moving item %s to queue %s: %w", item, q, err)
	}
	return nil
}

func (tx deskTx) Free(circles []staydown.ID, q assess.Queue, officer staydown.ID, n int) ([]assess.Taken, error) {
	if len(circles) == 0 || n <= 0 {
		return nil, nil
	}
	query, args := freeQuery(circles, q, officer, millis(tx.now), n)
	rows, err := tx.q.query(tx.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("taking from queue %s: %w", q, err)
	}
	defer rows.Close()
	var out []assess.Taken
	for rows.Next() {
		t, err := scanTaken(rows)
		if err != nil {
			return nil, fmt.Errorf("taking from queue %s: %w", q, err)
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func (tx deskTx) Lease(items []assess.Leased) error {
	args := make([]any, 0, 5*len(items))
	for _, l := range items {
		args = append(args, string(l.Item), string(l.Queue), string(l.Circle), string(l.Officer), millis(l.Until))
	}
	values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ''), ", len(items)), ", ")
	_, err := tx.q.exec(tx.ctx, `INSERT INTO leases (item, queue, circle, officer, until, token) VALUES `+values+`
		ON CONFLICT (item) DO UPDATE SET queue = excluded.queue, officer = excluded.officer, until = excluded.until`, args...)
	if err != nil {
		return fmt.Errorf("leasing %d items: %w", len(items), err)
	}
	return nil
}

func (tx deskTx) ExtendLeases(officer staydown.ID, until, half time.Time) error {
	_, err := tx.q.exec(tx.ctx, `UPDATE leases SET until = ? WHERE officer = ? AND until > ? AND until <= ?`,
		millis(until), string(officer), millis(tx.now), millis(half))
	if err != nil {
		return fmt.Errorf("extending leases: %w", err)
	}
	return nil
}

func (tx deskTx) PutBack(item, officer staydown.ID) error {
	if _, err := tx.q.exec(tx.ctx, `DELETE FROM leases WHERE item = ? AND officer = ?`, string(item), string(officer)); err != nil {
		return fmt.Errorf("putting item %s back: %w", item, err)
	}
	return nil
}

func (tx deskTx) KeepDraft(officer, item staydown.ID, body string) error {
	var err error
	if body == "" {
		_, err = tx.q.exec(tx.ctx, `DELETE FROM drafts WHERE person = ? AND item = ?`, string(officer), string(item))
	} else {
		_, err = tx.q.exec(tx.ctx, `INSERT INTO drafts (id, person, item, body, saved_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person, item) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at`,
			string(tx.NewID()), string(officer), string(item), clean(body), millis(tx.now))
	}
	if err != nil {
		return fmt.Errorf("keeping a draft: %w", err)
	}
	return nil
}

func (r deskReads) DraftBody(ctx context.Context, officer, item staydown.ID) (string, error) {
	rows, err := r.s.pool.query(ctx, `SELECT body FROM drafts WHERE person = ? AND item = ?`, string(officer), string(item))
	if err != nil {
		return "", fmt.Errorf("reading a draft: %w", err)
	}
	defer rows.Close()
	var body string
	if rows.Next() {
		if err := rows.Scan(&body); err != nil {
			return "", fmt.Errorf("reading a draft: %w", err)
		}
	}
	return body, rows.Err()
}

func (r deskReads) ExposureDays(ctx context.Context, officer staydown.ID, since time.Time) ([]assess.Day, error) {
	const day = 24 * 60 * 60 * 1000
	rows, err := r.s.pool.query(ctx, `SELECT given_at / 86400000, SUM(seconds), COUNT(*), SUM(viewed) FROM assessments
		WHERE officer = ? AND given_at >= ? AND state <> 'draft' GROUP BY given_at / 86400000 ORDER BY given_at / 86400000 DESC`, string(officer), millis(since))
	if err != nil {
		return nil, fmt.Errorf("reading a ledger of exposure: %w", err)
	}
	defer rows.Close()
	var out []assess.Day
	for rows.Next() {
		var n int64
		var d assess.Day
		if err := rows.Scan(&n, &d.Seconds, &d.Items, &d.Viewed); err != nil {
			return nil, fmt.Errorf("reading a ledger of exposure: %w", err)
		}
		d.Day = fromMillis(n * day).Format(time.DateOnly)
		out = append(out, d)
	}
	return out, rows.Err()
}
