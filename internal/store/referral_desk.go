package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/referral"
)

// Referral is the store as the referral desk needs it.
func (s *Store) Referral() referral.Store {
	return newDesk(s, func(tx *Tx) referral.Tx { return tx })
}

// NextNumber counts up a named counter and gives its new value, from 1 on.
func (tx *Tx) NextNumber(name string) (int, error) {
	rows, err := tx.q.query(tx.ctx, `SELECT value FROM settings WHERE name = ?`, "counter/"+name)
	if err != nil {
		return 0, fmt.Errorf("counting %s: %w", name, err)
	}
	n := 0
	if rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			rows.Close()
			return 0, fmt.Errorf("counting %s: %w", name, err)
		}
		n, _ = strconv.Atoi(v)
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("counting %s: %w", name, err)
	}
	return n + 1, tx.SetSetting("counter/"+name, strconv.Itoa(n+1))
}

const readyWhere = `circle = ? AND verdict IN ('terrorist_content', 'terms_only') AND line = '' AND provider <> ''
	AND EXISTS (SELECT 1 FROM assessments a WHERE a.id = items.assessment AND a.owner = ?)
	AND EXISTS (SELECT 1 FROM queries q WHERE q.item = items.id AND (q.state IN ('clear', 'partial') OR q.state = 'no_answer' AND q.decided_by <> ''))
	AND NOT EXISTS (SELECT 1 FROM queries q WHERE q.item = items.id AND q.state = 'hold')`

// ReadyItems lists decided items of one provider that wait for a letter of the authority that decided them.
func (tx *Tx) ReadyItems(authority, circle, provider staydown.ID, limit int) ([]staydown.Item, error) {
	return list(tx.ctx, tx.q, itemTable, `WHERE `+readyWhere+` AND provider = ? ORDER BY location LIMIT ?`,
		string(circle), string(authority), string(provider), limit)
}

// Ready counts what waits for a letter of an authority, per provider.
func (s *Store) Ready(ctx context.Context, authority, circle staydown.ID) ([]referral.ReadyRow, error) {
	rows, err := s.pool.query(ctx, `SELECT p.id, p.name, r.n FROM providers p JOIN
		(SELECT provider, count(*) AS n FROM items WHERE `+readyWhere+` GROUP BY provider) r ON r.provider = p.id ORDER BY p.name`, string(circle), string(authority))
	if err != nil {
		return nil, fmt.Errorf("reading what is ready: %w", err)
	}
	defer rows.Close()
	var out []referral.ReadyRow
	for rows.Next() {
		var r referral.ReadyRow
		if err := rows.Scan(&r.Provider, &r.Name, &r.N); err != nil {
			return nil, fmt.Errorf("reading what is ready: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Items reads many items at once, in no order.
func (tx *Tx) Items(want []staydown.ID) ([]staydown.Item, error) {
	return list(tx.ctx, tx.q, itemTable, "WHERE id IN "+in(len(want)), ids(want)...)
}

// Assessments reads many findings at once, in no order.
func (tx *Tx) Assessments(want []staydown.ID) ([]staydown.Assessment, error) {
	return list(tx.ctx, tx.q, assessmentTable, "WHERE id IN "+in(len(want)), ids(want)...)
}

// LatestQueries reads the question to the other authorities that counts for each item: one that is held, else the newest.
func (tx *Tx) LatestQueries(items []staydown.ID) (map[staydown.ID]staydown.Query, error) {
	all, err := list(tx.ctx, tx.q, queryTable, "WHERE item IN "+in(len(items))+" ORDER BY asked_at, id", ids(items)...)
	if err != nil {
		return nil, err
	}
	out := make(map[staydown.ID]staydown.Query, len(all))
	for _, q := range all {
		if out[q.Item].State == staydown.QueryHeld {
			continue // a later answer by telephone does not lift a hold
		}
		out[q.Item] = q
	}
	return out, nil
}

// AskedElsewhere tells which locations an open or successful notice of the same instrument names already, in whatever
// circle: the answer is yes or no, so that no circle learns more of another.
func (tx *Tx) AskedElsewhere(letter staydown.ID, instrument string, locations []string) (map[string]bool, error) {
	out := map[string]bool{}
	args := make([]any, 0, len(locations)+2)
	for _, l := range locations {
		args = append(args, l)
	}
	rows, err := tx.q.query(tx.ctx, `SELECT l.location FROM lines l JOIN letters t ON t.id = l.letter WHERE l.location IN `+in(len(locations))+`
		AND l.letter <> ? AND t.instrument = ? AND t.state NOT IN ('draft', 'withdrawn', 'delivery_failed')
		AND l.state IN ('asked', 'removed', 'disabled', 'already_gone', 'need_more')`, append(args, string(letter), instrument)...)
	if err != nil {
		return nil, fmt.Errorf("looking for other notices: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l string
		if err := rows.Scan(&l); err != nil {
			return nil, fmt.Errorf("looking for other notices: %w", err)
		}
		out[l] = true
	}
	return out, rows.Err()
}

// LinesSentSince counts the lines that went to a provider since a time.
func (tx *Tx) LinesSentSince(provider staydown.ID, since time.Time) (int, error) {
	return count(tx.ctx, tx.q, `SELECT COALESCE(sum(lines), 0) FROM letters WHERE provider = ? AND sent_at > ?`, string(provider), millis(since))
}

// LinesOf reads the lines of a letter inside a change, by location.
func (tx *Tx) LinesOf(letter staydown.ID) ([]staydown.Line, error) {
	return list(tx.ctx, tx.q, lineTable, "WHERE letter = ? ORDER BY location, id", string(letter))
}

// LinesOf reads the lines of a letter, by location.
func (s *Store) LinesOf(ctx context.Context, letter staydown.ID) ([]staydown.Line, error) {
	return briefly(ctx, s.pool, lineTable, "WHERE letter = ? ORDER BY location, id", string(letter))
}

// MessagesOf reads what was put on a wire for a letter inside a change, oldest first.
func (tx *Tx) MessagesOf(letter staydown.ID) ([]staydown.Message, error) {
	return list(tx.ctx, tx.q, messageTable, "WHERE letter = ? ORDER BY written_at, id", string(letter))
}

// MessagesOf reads what was put on a wire for a letter, oldest first.
func (s *Store) MessagesOf(ctx context.Context, letter staydown.ID) ([]staydown.Message, error) {
	return briefly(ctx, s.pool, messageTable, "WHERE letter = ? ORDER BY written_at, id", string(letter))
}

// AnswersOf reads what the provider said on a letter, oldest first.
func (s *Store) AnswersOf(ctx context.Context, letter staydown.ID) ([]staydown.Answer, error) {
	return briefly(ctx, s.pool, answerTable, "WHERE letter = ? ORDER BY at, id", string(letter))
}

// HasAnswer tells whether an answer with this key was filed on the letter.
func (tx *Tx) HasAnswer(letter staydown.ID, key string) (bool, error) {
	n, err := count(tx.ctx, tx.q, `SELECT count(*) FROM answers WHERE letter = ? AND key = ?`, string(letter), key)
	return n > 0, err
}

// AddDoorToken lets the provider's door open for one letter; only the token's digest is kept.
func (tx *Tx) AddDoorToken(hash string, letter, provider staydown.ID, expires time.Time) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO door_tokens (hash, letter, provider, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, 0)
		ON CONFLICT (hash) DO NOTHING`, hash, string(letter), string(provider), millis(tx.now), millis(expires))
	if err != nil {
		return fmt.Errorf("opening the door for letter %s: %w", letter, err)
	}
	return nil
}

// Letters lists letters of some circles, oldest first.
func (s *Store) Letters(ctx context.Context, circles []staydown.ID, f referral.Filter) ([]staydown.Letter, error) {
	where, args := "WHERE circle IN "+in(len(circles)), ids(circles)
	for _, c := range []struct {
		col string
		val string
	}{{"campaign", string(f.Campaign)}, {"provider", string(f.Provider)}, {"state", string(f.State)}, {"owner", string(f.Owner)}} {
		if c.val != "" {
			where += " AND " + c.col + " = ?"
			args = append(args, c.val)
		}
	}
	if f.After != "" {
		where += " AND id > ?"
		args = append(args, string(f.After))
	}
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 100
	}
	return list(ctx, s.pool, letterTable, where+" ORDER BY id LIMIT ?", append(args, f.Limit)...)
}

// Campaigns lists the campaigns among some circles, newest first.
func (s *Store) Campaigns(ctx context.Context, circles []staydown.ID) ([]staydown.Campaign, error) {
	return list(ctx, s.pool, campaignTable, "WHERE id IN "+in(len(circles))+" ORDER BY id DESC", ids(circles)...)
}
