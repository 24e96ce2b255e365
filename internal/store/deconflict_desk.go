package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/deconflict"
)

// Deconflict is the store as the room of holds and questions needs it.
func (s *Store) Deconflict() deconflict.Store {
	return struct {
		Door[deconflict.Tx]
		holdReads
	}{NewDoor(s, func(tx *Tx) deconflict.Tx { return holdTx{tx} }), holdReads{s}}
}

// holdTx is a change about holds and questions.
type holdTx struct{ *Tx }

// holdReads are that room's questions outside of any change.
type holdReads struct{ s *Store }

func (r holdReads) ItemOf(ctx context.Context, id staydown.ID) (staydown.Item, error) {
	return r.s.Item(ctx, id)
}

func (r holdReads) HoldOf(ctx context.Context, id staydown.ID) (staydown.Hold, error) {
	return r.s.Hold(ctx, id)
}

func (r holdReads) QueriesOf(ctx context.Context, item staydown.ID) ([]staydown.Query, error) {
	return queriesAbout(ctx, r.s.pool, []staydown.ID{item})
}

func (r holdReads) HoldsOf(ctx context.Context, owner staydown.ID) ([]staydown.Hold, error) {
	return list(ctx, r.s.pool, holdTable, "WHERE owner = ? ORDER BY state, review_at, id", string(owner))
}

func (r holdReads) NearTo(ctx context.Context, h staydown.Hold) ([]deconflict.Near, error) {
	return nearHold(ctx, r.s.pool, h)
}

// Now is the desk's clock.
func (r holdReads) Now() time.Time { return r.s.Now() }

func (tx holdTx) ActiveHolds(hosts []string) ([]staydown.Hold, error) {
	return list(tx.ctx, tx.q, holdTable, "WHERE host IN "+in(len(hosts))+" AND state = 'active' ORDER BY id", textArgs(hosts)...)
}

func (tx holdTx) SameHold(owner staydown.ID, scope staydown.HoldScope, location string) (staydown.Hold, error) {
	return one(tx.ctx, tx.q, holdTable, "WHERE owner = ? AND state = 'active' AND scope = ? AND location = ? ORDER BY id", string(owner), string(scope), location)
}

func (tx holdTx) NearHold(h staydown.Hold) ([]deconflict.Near, error) {
	return nearHold(tx.ctx, tx.q, h)
}

func (tx holdTx) QueriesAbout(items []staydown.ID) ([]staydown.Query, error) {
	return queriesAbout(tx.ctx, tx.q, items)
}

func (tx holdTx) QueriesAnswered(hold staydown.ID) ([]staydown.Query, error) {
	return list(tx.ctx, tx.q, queryTable, "WHERE hold = ? ORDER BY id", string(hold))
}

// atATime is how many values one question names at the most; PostgreSQL takes 65,535, SQLite 32,766.
const atATime = 1000

func queriesAbout(ctx context.Context, q querier, items []staydown.ID) ([]staydown.Query, error) {
	var out []staydown.Query
	for some := range slices.Chunk(items, atATime) {
		part, err := list(ctx, q, queryTable, "WHERE item IN "+in(len(some))+" ORDER BY asked_at, id", ids(some)...)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// nearSelect reads items with a question about them. A letter that was withdrawn or never arrived has not left.
const nearSelect = `SELECT i.id, i.location, i.account, i.kind,
	COALESCE((SELECT t.sent_at FROM lines l JOIN letters t ON t.id = l.letter
		WHERE l.id = i.line AND l.state <> 'withdrawn' AND t.state NOT IN ('withdrawn', 'delivery_failed')), 0)
	FROM items i WHERE EXISTS (SELECT 1 FROM queries q WHERE q.item = i.id) AND `

// nearHold finds what a hold may concern; the rules say what it does. For a hold on one item these are few addresses, looked up
// circle by circle, and the accounts and sites of the host; a wider hold reads the whole host, and one on an account also what
// was published by an address of that host elsewhere.
func nearHold(ctx context.Context, q querier, h staydown.Hold) ([]deconflict.Near, error) {
	hosts := textArgs([]string{h.Host, "www." + h.Host})
	switch h.Scope {
	case staydown.HoldHost:
		// LIKE may find too much, where a host has an underscore; the rules leave it out again.
		return near(ctx, q, nil, `(i.host IN (?, ?) OR i.host LIKE ?)`, append(hosts, "%."+h.Host)...)
	case staydown.HoldAccount:
		out, err := near(ctx, q, nil, `i.host IN (?, ?)`, hosts...)
		for _, head := range []string{"https://", "http://", "https://www.", "http://www."} {
			if err != nil {
				return nil, err
			}
			from := clean(head + h.Host)
			out, err = near(ctx, q, out, `i.account <> '' AND i.account >= ? AND i.account < ?`, from+"/", from+"0") // 0 comes after the slash
		}
		return out, err
	}
	at := textArgs(deconflict.Spellings(h))
	out, err := near(ctx, q, nil, `i.circle IN (SELECT id FROM authorities UNION SELECT id FROM campaigns) AND i.location IN `+in(len(at)), at...)
	if err != nil {
		return nil, err
	}
	return near(ctx, q, out, `i.host IN (?, ?) AND i.kind IN ('account', 'channel', 'site')`, hosts...)
}

// near adds to a list what a condition finds and the list has not.
func near(ctx context.Context, q querier, out []deconflict.Near, where string, args ...any) ([]deconflict.Near, error) {
	rows, err := q.query(ctx, nearSelect+where+` ORDER BY i.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("finding what a hold concerns: %w", err)
	}
	defer rows.Close()
	has := map[staydown.ID]bool{}
	for _, n := range out {
		has[n.Item] = true
	}
	for rows.Next() {
		var n deconflict.Near
		var sent int64
		if err := rows.Scan(&n.Item, &n.Target.Location, &n.Target.Account, &n.Target.Kind, &sent); err != nil {
			return nil, fmt.Errorf("finding what a hold concerns: %w", err)
		}
		if n.SentAt = fromMillis(sent); !has[n.Item] {
			out = append(out, n)
		}
	}
	return out, rows.Err()
}

// textArgs turns strings into arguments.
func textArgs(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = clean(s)
	}
	return out
}
