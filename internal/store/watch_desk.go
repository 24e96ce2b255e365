package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/watch"
)

// Watch is the store as the watching for returns needs it.
func (s *Store) Watch() watch.Store {
	return newDesk(s, func(tx *Tx) watch.Tx { return tx })
}

// GoneLookalikes lists the candidates of a new item that were seen gone.
func (s *Store) GoneLookalikes(ctx context.Context, item staydown.ID) ([]watch.Pair, error) {
	rows, err := s.pool.query(ctx, `SELECT `+otherColumns+`, c.kind, c.distance FROM candidates c JOIN items i ON i.id = c.other
		WHERE c.item = ? AND i.gone_at <> 0 AND i.circle = c.circle ORDER BY i.location, c.kind`, string(item))
	if err != nil {
		return nil, fmt.Errorf("reading what was seen gone: %w", err)
	}
	defer rows.Close()
	var out []watch.Pair
	for rows.Next() {
		var kind string
		var distance int
		o, err := scanOther(rows, &kind, &distance)
		if err != nil {
			return nil, fmt.Errorf("reading what was seen gone: %w", err)
		}
		if len(out) == 0 || out[len(out)-1].Other.ID != o.ID {
			out = append(out, watch.Pair{Other: o, Distances: map[string]int{}})
		}
		out[len(out)-1].Distances[kind] = distance
	}
	return out, rows.Err()
}

// MayBe lists new items that may be an item seen gone.
func (s *Store) MayBe(ctx context.Context, gone staydown.ID, lastUp, goneAt time.Time, limit int) ([]staydown.ID, error) {
	rows, err := s.pool.query(ctx, `SELECT DISTINCT c.item, y.location FROM candidates c JOIN items y ON y.id = c.item LEFT JOIN published p ON p.item = c.item
		WHERE c.other = ? AND (COALESCE(p.at, 0) > ? OR COALESCE(p.at, 0) = 0 AND y.seen_at > ?) ORDER BY y.location LIMIT ?`,
		string(gone), millis(lastUp), millis(goneAt), limit)
	if err != nil {
		return nil, fmt.Errorf("reading what may have come back: %w", err)
	}
	defer rows.Close()
	var out []staydown.ID
	for rows.Next() {
		var id staydown.ID
		var where string
		if err := rows.Scan(&id, &where); err != nil {
			return nil, fmt.Errorf("reading what may have come back: %w", err)
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// LastUp tells when items were last known to be up.
func (s *Store) LastUp(ctx context.Context, items []staydown.ID) (map[staydown.ID]time.Time, error) {
	if len(items) == 0 {
		return nil, nil
	}
	rows, err := s.pool.query(ctx, `SELECT i.id, i.captured_at, COALESCE((SELECT max(c.at) FROM checks c WHERE c.item = i.id AND c.verdict = 'up'), 0)
		FROM items i WHERE i.id IN `+in(len(items)), ids(items)...)
	if err != nil {
		return nil, fmt.Errorf("reading when items were last up: %w", err)
	}
	defer rows.Close()
	out := map[staydown.ID]time.Time{}
	for rows.Next() {
		var id staydown.ID
		var captured, up int64
		if err := rows.Scan(&id, &captured, &up); err != nil {
			return nil, fmt.Errorf("reading when items were last up: %w", err)
		}
		out[id] = fromMillis(max(captured, up))
	}
	return out, rows.Err()
}

// HostsWith counts on how many hosts each mark or medium is known.
func (s *Store) HostsWith(ctx context.Context, circle staydown.ID, values []string) (map[string]int, error) {
	out := map[string]int{}
	if len(values) == 0 {
		return out, nil
	}
	args := make([]any, 0, len(values)+1)
	for _, v := range values {
		args = append(args, clean(v))
	}
	rows, err := s.pool.query(ctx, `SELECT f.value, count(DISTINCT i.host) FROM fingerprints f JOIN items i ON i.id = f.item
		WHERE (f.kind = 'mark' OR f.kind = 'sha256') AND f.value IN `+in(len(values))+` AND f.circle = ? GROUP BY f.value`, append(args, string(circle))...)
	if err != nil {
		return nil, fmt.Errorf("counting hosts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		var n int
		if err := rows.Scan(&v, &n); err != nil {
			return nil, fmt.Errorf("counting hosts: %w", err)
		}
		out[v] = n
	}
	return out, rows.Err()
}

const thingColumns = `.id, %[1]s.location, %[1]s.host, %[1]s.kind, %[1]s.title, %[1]s.account, %[1]s.seen_at, %[1]s.gone_at, %[1]s.we_saw,
	COALESCE((SELECT p.at FROM published p WHERE p.item = %[1]s.id), 0)`

func thing(alias string) string { return alias + fmt.Sprintf(thingColumns, alias) }

// scanThing reads the columns of thing.
type scanThing struct {
	watch.Thing
	seen, gone, published int64
}

func (t *scanThing) dest() []any {
	return []any{&t.ID, &t.Location, &t.Host, &t.Kind, &t.Title, &t.Account, &t.seen, &t.gone, &t.WeSaw, &t.published}
}

func (t *scanThing) thing() watch.Thing {
	t.SeenAt, t.GoneAt, t.PublishedAt = fromMillis(t.seen), fromMillis(t.gone), fromMillis(t.published)
	return t.Thing
}

// ReturnRows lists returns, the newest first; of open suspicions about one item the likeliest only.
func (s *Store) ReturnRows(ctx context.Context, circles []staydown.ID, state staydown.ReturnState, limit int) ([]watch.Row, error) {
	if len(circles) == 0 {
		return nil, nil
	}
	args := ids(circles)
	where := ""
	if state != "" {
		where = ` AND r.state = ?`
		args = append(args, string(state))
	}
	rows, err := s.pool.query(ctx, `SELECT r.id, r.state, r.kind, r.score, r.signals, r.lineage, r.reason, r.found_at, r.decided_at, r.decided_by, `+thing("i")+`, `+thing("o")+`
		FROM returns r JOIN items i ON i.id = r.item JOIN items o ON o.id = r.of_item WHERE r.circle IN `+in(len(circles))+where+`
		AND NOT (r.state = 'candidate' AND EXISTS (SELECT 1 FROM returns b WHERE b.item = r.item AND b.state = 'candidate' AND b.score > r.score))
		ORDER BY r.found_at DESC, i.location, r.score DESC, o.location LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("listing returns: %w", err)
	}
	defer rows.Close()
	var out []watch.Row
	for rows.Next() {
		r, err := scanReturnRow(rows)
		if err != nil {
			return nil, fmt.Errorf("listing returns: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func scanReturnRow(rows *sql.Rows) (watch.Row, error) {
	var r watch.Row
	var signals string
	var found, decided int64
	var item, of scanThing
	dest := []any{&r.ID, &r.State, &r.Kind, &r.Score, &signals, &r.Lineage, &r.Reason, &found, &decided, &r.DecidedBy}
	if err := rows.Scan(append(append(dest, item.dest()...), of.dest()...)...); err != nil {
		return r, err
	}
	r.FoundAt, r.DecidedAt, r.Item, r.Of = fromMillis(found), fromMillis(decided), item.thing(), of.thing()
	return r, readSignals(signals, &r.Signals)
}

func readSignals(text string, into *[]staydown.Signal) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// LineagesOf lists lineages with how far they have come, the newest first.
func (s *Store) LineagesOf(ctx context.Context, circles []staydown.ID, limit int) ([]watch.Summary, error) {
	if len(circles) == 0 {
		return nil, nil
	}
	rows, err := s.pool.query(ctx, `SELECT `+qualify("l", lineageTable)+`, g.n, g.from_at, g.to_at FROM lineages l JOIN generations g ON g.lineage = l.id
		WHERE l.circle IN `+in(len(circles))+` AND g.n = (SELECT max(n) FROM generations WHERE lineage = l.id) ORDER BY g.from_at DESC, l.id LIMIT ?`,
		append(ids(circles), limit)...)
	if err != nil {
		return nil, fmt.Errorf("listing lineages: %w", err)
	}
	defer rows.Close()
	var out []watch.Summary
	for rows.Next() {
		var x watch.Summary
		var from, to int64
		if x.Lineage, err = lineageTable.scan(rows, &x.Generations, &from, &to); err != nil {
			return nil, fmt.Errorf("listing lineages: %w", err)
		}
		x.LastFrom, x.LastTo = fromMillis(from), fromMillis(to)
		out = append(out, x)
	}
	return out, rows.Err()
}

// LineageLives lists the generations of a lineage with their items, first to last.
func (s *Store) LineageLives(ctx context.Context, lineage staydown.ID) ([]watch.Life, error) {
	rows, err := s.pool.query(ctx, `SELECT `+qualify("g", generationTable)+`, `+thing("i")+`, COALESCE(r.signals, ''), COALESCE(r.score, 0)
		FROM generations g JOIN items i ON i.id = g.item LEFT JOIN returns r ON r.item = g.item AND r.state = 'confirmed'
		WHERE g.lineage = ? ORDER BY g.n`, string(lineage))
	if err != nil {
		return nil, fmt.Errorf("reading lineage %s: %w", lineage, err)
	}
	defer rows.Close()
	var out []watch.Life
	for rows.Next() {
		var l watch.Life
		var t scanThing
		var signals string
		if l.Generation, err = generationTable.scan(rows, append(t.dest(), &signals, &l.Score)...); err != nil {
			return nil, fmt.Errorf("reading lineage %s: %w", lineage, err)
		}
		l.Thing = t.thing()
		if err := readSignals(signals, &l.Signals); err != nil {
			return nil, fmt.Errorf("reading lineage %s: %w", lineage, err)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

var itemReturn = part(itemTable, "lineage", "return_of", "priority", "priority_why")

// SetReturn keeps what watching changes of an item.
func (tx *Tx) SetReturn(i staydown.Item) error { return put(tx, itemReturn, i.ID, i) }

// ReturnsFrom lists the returns proposed for a new item.
func (tx *Tx) ReturnsFrom(item staydown.ID) ([]staydown.Return, error) {
	return list(tx.ctx, tx.q, returnTable, `WHERE item = ? ORDER BY score DESC, id`, string(item))
}

// GenerationsOf lists the generations of a lineage, first to last.
func (tx *Tx) GenerationsOf(lineage staydown.ID) ([]staydown.Generation, error) {
	return list(tx.ctx, tx.q, generationTable, `WHERE lineage = ? ORDER BY n`, string(lineage))
}
