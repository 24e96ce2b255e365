package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/report"
)

// Report is the store as figures need it.
func (s *Store) Report() report.Store { return newDesk(s, func(tx *Tx) report.Tx { return tx }) }

// wasDelivered tells that the provider's channel took a letter: it said so, or the provider acted on it.
const wasDelivered = `(COALESCE(t.delivered_at, 0) > 0 OR COALESCE(t.acknowledged_at, 0) > 0 OR COALESCE(t.answered_at, 0) > 0 OR COALESCE(l.answered_at, 0) > 0)`

// itemLines joins each item with its latest line and that line's letter.
const itemLines = `FROM items i LEFT JOIN lines l ON l.id = i.line LEFT JOIN letters t ON t.id = l.letter `

// each gives every row of a question to fn.
func (s *Store) each(ctx context.Context, what string, fn func(*sql.Rows) error, query string, args ...any) error {
	rows, err := s.pool.query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("counting %s: %w", what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return fmt.Errorf("counting %s: %w", what, err)
		}
	}
	return rows.Err()
}

// ReportStamp is the number of the latest event of a circle.
func (s *Store) ReportStamp(ctx context.Context, circle staydown.ID) (int64, error) {
	n, err := count(ctx, s.pool, `SELECT COALESCE(max(n), 0) FROM events WHERE circle = ?`, string(circle))
	return int64(n), err
}

// ReportGroups counts the items of a circle by what is true of them.
func (s *Store) ReportGroups(ctx context.Context, circle staydown.ID) ([]report.Group, error) {
	var out []report.Group
	err := s.each(ctx, "items", func(rows *sql.Rows) error {
		var g report.Group
		var held, sent, delivered int64
		err := rows.Scan(&g.N, &g.Provider, &g.Owner, &g.State, &g.Verdict, &held, &sent, &delivered, &g.TheySay, &g.WeSaw, &g.WeSawCause)
		g.Held, g.Sent, g.Delivered = held != 0, sent != 0, delivered != 0
		out = append(out, g)
		return err
	}, `SELECT count(*), i.provider, i.owner, i.state, i.verdict,
			CASE WHEN EXISTS (SELECT 1 FROM queries q WHERE q.item = i.id AND q.circle = i.circle AND q.state = 'hold') THEN 1 ELSE 0 END,
			CASE WHEN COALESCE(t.sent_at, 0) > 0 THEN 1 ELSE 0 END, CASE WHEN `+wasDelivered+` THEN 1 ELSE 0 END, i.they_say, i.we_saw, i.we_saw_cause
		`+itemLines+`WHERE i.circle = ? AND i.state <> 'merged' GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11`, string(circle))
	return out, err
}

// ReportLeads counts the leads to a circle by unit.
func (s *Store) ReportLeads(ctx context.Context, circle staydown.ID) (map[staydown.ID]int, error) {
	return s.countBy(ctx, "leads", `SELECT owner, count(*) FROM leads WHERE circle = ? AND state = 'taken' GROUP BY owner`, string(circle))
}

func (s *Store) countBy(ctx context.Context, what, query string, args ...any) (map[staydown.ID]int, error) {
	out := map[staydown.ID]int{}
	err := s.each(ctx, what, func(rows *sql.Rows) error {
		var id staydown.ID
		var n int
		err := rows.Scan(&id, &n)
		out[id] = n
		return err
	}, query, args...)
	return out, err
}

// ReportLetters counts the letters of a circle.
func (s *Store) ReportLetters(ctx context.Context, circle staydown.ID) ([]report.LetterGroup, error) {
	var out []report.LetterGroup
	err := s.each(ctx, "letters", func(rows *sql.Rows) error {
		var g report.LetterGroup
		var sent int64
		err := rows.Scan(&g.N, &g.Provider, &g.Owner, &g.State, &sent)
		g.Sent = sent != 0
		out = append(out, g)
		return err
	}, `SELECT count(*), provider, owner, state, CASE WHEN sent_at > 0 THEN 1 ELSE 0 END FROM letters WHERE circle = ? GROUP BY 2, 3, 4, 5`, string(circle))
	return out, err
}

// ReportWork sums the attention given to findings, and counts who gave it.
func (s *Store) ReportWork(ctx context.Context, circle staydown.ID) (report.Work, error) {
	var w report.Work
	err := s.each(ctx, "work", func(rows *sql.Rows) error { return rows.Scan(&w.Officers, &w.Seconds) },
		`SELECT count(DISTINCT officer), CAST(COALESCE(sum(seconds), 0) AS BIGINT) FROM assessments WHERE circle = ? AND state <> 'draft'`, string(circle))
	return w, err
}

// ReportTrouble counts what must not happen, and what nobody can be sure of, but for lost messages.
func (s *Store) ReportTrouble(ctx context.Context, circle staydown.ID) (report.Trouble, error) {
	var t report.Trouble
	for _, q := range []struct {
		n     *int
		query string
	}{
		{&t.Stopped, `SELECT count(DISTINCT i.id) ` + itemLines + `JOIN queries q ON q.item = i.id AND q.state = 'hold' WHERE i.circle = ? AND NOT ` + wasDelivered},
		{&t.HoldsBreached, `SELECT count(DISTINCT i.id) ` + itemLines + `JOIN queries q ON q.item = i.id AND q.state = 'hold'
			WHERE i.circle = ? AND t.sent_at > 0 AND q.answered_at <= t.sent_at`},
		{&t.Doubled, `SELECT count(*) FROM (` + doubled + `) d`},
		{&t.DeliveryUnknown, `SELECT count(*) FROM messages WHERE circle = ? AND state = 'unknown'`},
	} {
		n, err := count(ctx, s.pool, q.query, string(circle))
		if err != nil {
			return t, err
		}
		*q.n = n
	}
	return t, nil
}

// ReportLost counts messages that were to leave, have not, and that no job will send.
func (s *Store) ReportLost(ctx context.Context, circle staydown.ID) (int, error) {
	return count(ctx, s.pool, `SELECT count(*) FROM messages m WHERE m.circle = ? AND m.state IN ('written', 'trying')
		AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'send' AND j.key = m.id AND j.state <> 'dead')`, string(circle))
}

// doubled finds items with two lines that wait for, or had, the same answer: asking again is right after a refusal, a
// question back or a wrong address, and never otherwise.
const doubled = `SELECT l.item FROM lines l JOIN letters t ON t.id = l.letter WHERE l.circle = ? AND t.sent_at > 0 AND t.state <> 'withdrawn'
	AND l.state NOT IN ('refused', 'need_more', 'wrong_addressee', 'withdrawn') GROUP BY l.item HAVING count(*) > 1`

// ReportReturns counts confirmed returns by the provider of what had been gone, and candidates.
func (s *Store) ReportReturns(ctx context.Context, circle staydown.ID) (map[staydown.ID]int, int, error) {
	candidates, err := count(ctx, s.pool, `SELECT count(*) FROM returns WHERE circle = ? AND state = 'candidate'`, string(circle))
	if err != nil {
		return nil, 0, err
	}
	confirmed, err := s.countBy(ctx, "returns", `SELECT o.provider, count(*) FROM returns r JOIN items o ON o.id = r.of_item
		WHERE r.circle = ? AND r.state = 'confirmed' GROUP BY o.provider`, string(circle))
	return confirmed, candidates, err
}

// ReportNames gives the names of the providers in the register and of the units of a circle.
func (s *Store) ReportNames(ctx context.Context, circle staydown.ID) (providers, units map[staydown.ID]string, err error) {
	providers, units = map[staydown.ID]string{}, map[staydown.ID]string{}
	into := func(m map[staydown.ID]string) func(*sql.Rows) error {
		return func(rows *sql.Rows) error {
			var id staydown.ID
			var name string
			err := rows.Scan(&id, &name)
			m[id] = name
			return err
		}
	}
	if err := s.each(ctx, "providers", into(providers), `SELECT id, name FROM providers`); err != nil {
		return nil, nil, err
	}
	err = s.each(ctx, "units", into(units), `SELECT id, name FROM authorities WHERE id = ? OR id IN (SELECT member FROM circles WHERE circle = ?)`, string(circle), string(circle))
	return providers, units, err
}

// ReportLooks gives, for each item of a delivered letter, when it was asked about and between which looks it went.
func (s *Store) ReportLooks(ctx context.Context, circle staydown.ID) ([]report.Look, error) {
	var out []report.Look
	err := s.each(ctx, "looks", func(rows *sql.Rows) error {
		var l report.Look
		var asked, gone, looked, up, answered, measured int64
		var state staydown.LineState
		if err := rows.Scan(&l.Provider, &asked, &gone, &looked, &up, &state, &answered, &measured); err != nil {
			return err
		}
		l.AskedAt, l.GoneAt, l.LookedAt, l.LastUpAt = fromMillis(asked), fromMillis(gone), fromMillis(looked), fromMillis(up)
		if report.SaysRemoved(state) {
			l.RemovedAt = saidAt(asked, answered, measured)
		}
		out = append(out, l)
		return nil
	}, `SELECT i.provider, CASE WHEN t.delivered_at > 0 THEN t.delivered_at ELSE t.sent_at END, i.gone_at,
			COALESCE((SELECT max(k.at) FROM checks k WHERE k.item = i.id AND k.state = 'done' AND k.verdict IN ('up', 'gone', 'changed')), 0),
			COALESCE((SELECT max(k.at) FROM checks k WHERE k.item = i.id AND k.state = 'done' AND k.verdict = 'up' AND (i.gone_at = 0 OR k.at < i.gone_at)), 0),
			l.state, l.answered_at, l.measure_at
		FROM items i JOIN lines l ON l.id = i.line JOIN letters t ON t.id = l.letter WHERE i.circle = ? AND `+wasDelivered, string(circle))
	return out, err
}

// saidAt is when the provider says that it acted; where it names a time before the letter or none, when it said so.
func saidAt(asked, answered, measured int64) time.Time {
	if measured >= asked && measured > 0 {
		return fromMillis(measured)
	}
	return fromMillis(answered)
}

// ReportRows gives rows of a circle behind a location, by location.
func (s *Store) ReportRows(ctx context.Context, circle staydown.ID, after string, limit int) ([]report.Row, error) {
	var out []report.Row
	err := s.each(ctx, "rows", func(rows *sql.Rows) error {
		var r report.Row
		var seen, captured, decided, sent, answered, saw, gone, delivered, twice int64
		err := rows.Scan(&r.Item, &r.Location, &r.Provider, &r.ProviderID, &r.Owner, &r.Kind, &r.Language, &r.State, &r.Reason, &r.Leads, &seen, &captured,
			&r.Verdict, &r.Ground, &decided, &r.Query, &r.Letter, &r.LetterIs, &r.Line, &sent, &delivered, &r.TheySay, &answered,
			&r.WeSaw, &r.WeSawCause, &saw, &gone, &r.ReturnOf, &r.ReturnOfID, &twice)
		r.SeenAt, r.CapturedAt, r.DecidedAt, r.SentAt, r.AnsweredAt = fromMillis(seen), fromMillis(captured), fromMillis(decided), fromMillis(sent), fromMillis(answered)
		r.WeSawAt, r.GoneAt, r.Delivered, r.Doubled = fromMillis(saw), fromMillis(gone), delivered != 0, twice != 0
		out = append(out, r)
		return err
	}, `SELECT i.id, i.location, COALESCE(p.name, ''), i.provider, i.owner, i.kind, i.language, i.state, i.reason, i.leads, i.seen_at, i.captured_at,
			i.verdict, i.ground, i.decided_at,
			COALESCE((SELECT q.state FROM queries q WHERE q.item = i.id ORDER BY q.asked_at DESC, q.id DESC LIMIT 1), ''),
			COALESCE(t.id, ''), COALESCE(t.state, ''), i.line, COALESCE(t.sent_at, 0), CASE WHEN `+wasDelivered+` THEN 1 ELSE 0 END, i.they_say,
			COALESCE(l.answered_at, 0), i.we_saw, i.we_saw_cause, i.we_saw_at, i.gone_at, COALESCE(o.location, ''), i.return_of,
			CASE WHEN (SELECT count(*) FROM lines l2 JOIN letters t2 ON t2.id = l2.letter WHERE l2.item = i.id AND t2.sent_at > 0 AND t2.state <> 'withdrawn'
				AND l2.state NOT IN ('refused', 'need_more', 'wrong_addressee', 'withdrawn')) > 1 THEN 1 ELSE 0 END
		`+itemLines+`LEFT JOIN providers p ON p.id = i.provider LEFT JOIN items o ON o.id = i.return_of
		WHERE i.circle = ? AND i.location > ? AND i.state <> 'merged' ORDER BY i.location LIMIT ?`, string(circle), after, limit)
	return out, err
}
