package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
)

// takenColumns are those of assess.Taken, in the order of scanTaken.
const takenColumns = `i.id, i.circle, i.campaign, i.location, i.host, i.provider, i.state, i.reason, i.kind, i.title, i.language, i.account,
	i.media_sha256, i.known, i.priority, i.priority_why, i.seen_at`

// waiting selects what lies in a queue: the words of the partial index items_desk first. What could not be captured waits
// only once it is not being tried again.
const waiting = `i.circle = ? AND i.queue = ? AND i.state IN ('captured', 'not_captured') AND ` + settledCapture

const settledCapture = `(i.state = 'captured' OR NOT EXISTS
	(SELECT 1 FROM jobs j WHERE j.kind = 'capture' AND j.key = i.id AND j.state <> 'dead'))`

// deskOrder is the order of every queue; within one circle the location is unique.
const deskOrder = ` ORDER BY i.priority DESC, i.seen_at, i.location`

// freeQuery asks for up to n items that an officer can take: in each circle the first of the index that nobody holds and the
// officer has not looked at. The rows read do not grow with the queue.
func freeQuery(circles []staydown.ID, q assess.Queue, officer staydown.ID, now int64, n int) (string, []any) {
	var args []any
	parts := make([]string, len(circles))
	for k, circle := range circles {
		parts[k] = `SELECT ` + takenColumns + ` FROM items i WHERE ` + waiting + `
			AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.item = i.id AND l.until > ?)
			AND NOT EXISTS (SELECT 1 FROM assessments a WHERE a.item = i.id AND a.officer = ? AND a.state <> 'draft')` + deskOrder + ` LIMIT ?`
		args = append(args, string(circle), string(q), now, string(officer), n)
	}
	if len(parts) == 1 {
		return parts[0], args
	}
	return mergeCircles(parts) + ` LIMIT ?`, append(args, n)
}

// mergeCircles puts lists that are each in the desk's order into one.
func mergeCircles(parts []string) string {
	for k, p := range parts {
		parts[k] = `SELECT * FROM (` + p + `) AS c` + fmt.Sprint(k)
	}
	return `SELECT * FROM (` + strings.Join(parts, ` UNION ALL `) + `) AS i ORDER BY i.priority DESC, i.seen_at, i.location, i.id`
}

func scanTaken(rows *sql.Rows, more ...any) (assess.Taken, error) {
	var t assess.Taken
	var why string
	var seen int64
	err := rows.Scan(append([]any{&t.Item, &t.Circle, &t.Campaign, &t.Location, &t.Host, &t.Provider, &t.State, &t.Reason, &t.Kind, &t.Title,
		&t.Language, &t.Account, &t.SHA256, &t.Known, &t.Priority, &why, &seen}, more...)...)
	if err != nil {
		return t, err
	}
	t.SeenAt = fromMillis(seen)
	if why != "" {
		err = json.Unmarshal([]byte(why), &t.PriorityWhy)
	}
	return t, err
}

// rowColumns are those of assess.QueueRow behind takenColumns. The best lead is the one whose source is most reliable.
const rowColumns = `, i.queue, i.leads,
	COALESCE((SELECT l.source FROM leads l WHERE l.item = i.id ORDER BY l.reliability = '', l.reliability, l.received_at, l.id LIMIT 1), '') AS source,
	COALESCE((SELECT l.reliability FROM leads l WHERE l.item = i.id ORDER BY l.reliability = '', l.reliability, l.received_at, l.id LIMIT 1), '') AS reliability,
	COALESCE((SELECT l.credibility FROM leads l WHERE l.item = i.id ORDER BY l.reliability = '', l.reliability, l.received_at, l.id LIMIT 1), '') AS credibility,
	CASE WHEN i.media_sha256 = '' THEN 0 ELSE (SELECT COUNT(*) - 1 FROM items o WHERE o.media_sha256 = i.media_sha256 AND o.circle = i.circle) END AS alike,
	COALESCE((SELECT h.officer FROM leases h WHERE h.item = i.id AND h.until > ?), '') AS holder,
	COALESCE((SELECT h.until FROM leases h WHERE h.item = i.id AND h.until > ?), 0) AS held_until,
	COALESCE((SELECT e.id FROM exhibits e WHERE e.item = i.id AND e.sha256 = i.media_sha256
		AND e.media_type IN ('image/jpeg', 'image/png', 'image/gif', 'image/webp') ORDER BY e.id LIMIT 1), '') AS picture`

func (r deskReads) QueueRows(ctx context.Context, circles []staydown.ID, officer staydown.ID, name string, f assess.Filter) ([]assess.QueueRow, error) {
	if len(circles) == 0 {
		return nil, nil
	}
	narrow, nargs, err := narrowing(f)
	if err != nil {
		return nil, err
	}
	now := millis(r.s.Now())
	if name == assess.Mine {
		args := append([]any{now, now, string(officer), now}, ids(circles)...)
		args = append(append(args, nargs...), f.Limit)
		return r.queueRows(ctx, `SELECT `+takenColumns+rowColumns+` FROM leases m JOIN items i ON i.id = m.item
			WHERE m.officer = ? AND m.until > ? AND i.circle IN `+in(len(circles))+narrow+deskOrder+`, i.id LIMIT ?`, args)
	}
	var args []any
	parts := make([]string, len(circles))
	for k, circle := range circles {
		parts[k] = `SELECT ` + takenColumns + rowColumns + ` FROM items i WHERE ` + waiting + narrow + deskOrder + ` LIMIT ?`
		args = append(append(append(args, now, now, string(circle), name), nargs...), f.Limit)
	}
	return r.queueRows(ctx, mergeCircles(parts)+` LIMIT ?`, append(args, f.Limit))
}

// narrowing turns a filter into conditions.
func narrowing(f assess.Filter) (string, []any, error) {
	var b strings.Builder
	var args []any
	for _, c := range []struct{ col, value string }{
		{"provider", string(f.Provider)}, {"host", f.Host}, {"kind", f.Kind}, {"language", f.Language},
	} {
		if c.value != "" {
			b.WriteString(" AND i." + c.col + " = ?")
			args = append(args, clean(c.value))
		}
	}
	if f.Known {
		b.WriteString(" AND i.known <> ''")
	}
	if f.After == "" {
		return b.String(), args, nil
	}
	at, err := assess.ParseCursor(f.After)
	if err != nil {
		return "", nil, err
	}
	b.WriteString(` AND (i.priority < ? OR i.priority = ? AND (i.seen_at > ? OR i.seen_at = ? AND (i.location > ? OR i.location = ? AND i.id > ?)))`)
	seen, where := millis(at.SeenAt), clean(at.Location)
	return b.String(), append(args, at.Priority, at.Priority, seen, seen, where, where, clean(string(at.Item))), nil
}

func (r deskReads) queueRows(ctx context.Context, query string, args []any) ([]assess.QueueRow, error) {
	rows, err := r.s.pool.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("listing a queue: %w", err)
	}
	defer rows.Close()
	var out []assess.QueueRow
	for rows.Next() {
		var row assess.QueueRow
		var q assess.Queue
		var until int64
		if row.Taken, err = scanTaken(rows, &q, &row.Leads, &row.Source, &row.Reliability, &row.Credibility, &row.Alike, &row.Holder, &until, &row.Picture); err != nil {
			return nil, fmt.Errorf("listing a queue: %w", err)
		}
		row.Turn, row.Until = q.Turn(), fromMillis(until)
		out = append(out, row)
	}
	return out, rows.Err()
}

func (r deskReads) AlikeRows(ctx context.Context, circles []staydown.ID, officer staydown.ID, sha256 string, limit int) ([]assess.QueueRow, error) {
	now := millis(r.s.Now())
	args := append([]any{now, now, sha256}, ids(circles)...)
	return r.queueRows(ctx, `SELECT `+takenColumns+rowColumns+` FROM items i WHERE i.media_sha256 = ? AND i.circle IN `+in(len(circles))+`
		AND i.queue = 'new' AND i.state = 'captured'
		AND NOT EXISTS (SELECT 1 FROM assessments a WHERE a.item = i.id AND a.officer = ? AND a.state <> 'draft')`+deskOrder+`, i.id LIMIT ?`,
		append(args, string(officer), limit))
}

func (r deskReads) QueueTabs(ctx context.Context, circles []staydown.ID, officer staydown.ID) ([]assess.Tab, error) {
	tabs := []assess.Tab{{Name: string(assess.QueueNew)}, {Name: assess.Mine}, {Name: string(assess.QueueSecond)}, {Name: string(assess.QueueThird)}}
	args := append(ids(circles), ids(circles)...)
	args = append(args, string(officer), millis(r.s.Now()))
	rows, err := r.s.pool.query(ctx, `SELECT i.queue, COUNT(*), MIN(i.seen_at) FROM items i WHERE i.circle IN `+in(len(circles))+`
			AND i.queue IN ('new', 'second', 'third') AND i.state IN ('captured', 'not_captured') AND `+settledCapture+` GROUP BY i.queue
		UNION ALL SELECT 'mine', COUNT(*), COALESCE(MIN(i.seen_at), 0) FROM leases m JOIN items i ON i.id = m.item
			WHERE i.circle IN `+in(len(circles))+` AND m.officer = ? AND m.until > ?`, args...)
	if err != nil {
		return nil, fmt.Errorf("counting the queues: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t assess.Tab
		var oldest int64
		if err := rows.Scan(&t.Name, &t.N, &oldest); err != nil {
			return nil, fmt.Errorf("counting the queues: %w", err)
		}
		t.Oldest = fromMillis(oldest)
		for k := range tabs {
			if tabs[k].Name == t.Name {
				tabs[k] = t
			}
		}
	}
	return tabs, rows.Err()
}
