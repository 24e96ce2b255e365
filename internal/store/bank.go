package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

var (
	bankTable      = newTable[staydown.Bank]("banks")
	bankOpinions   = newTable[staydown.BankOpinion]("bank_opinions")
	bankHitTable   = newTable[staydown.BankHit]("bank_hits")
	bankSwitches   = newTable[staydown.SignalSwitch]("bank_switches")
	tombstoneTable = newTable[staydown.Tombstone]("bank_tombstones")
)

// Banks is the store as the keeping of banks needs it.
func (s *Store) Banks() bank.Store {
	return banksDesk{newDesk(s, func(tx *Tx) bank.Tx { return tx })}
}

type banksDesk struct{ desk[bank.Tx] }

// Bank reads one bank inside a change.
func (tx *Tx) Bank(id staydown.ID) (staydown.Bank, error) { return get(tx.ctx, tx.q, bankTable, id) }

// BankNamed finds an open bank by its name.
func (tx *Tx) BankNamed(circle staydown.ID, name string) (staydown.Bank, error) {
	return one(tx.ctx, tx.q, bankTable, `WHERE circle = ? AND name = ? AND closed_at = 0`, string(circle), name)
}

// AddBank keeps a new bank.
func (tx *Tx) AddBank(b staydown.Bank) error { return add(tx, bankTable, b) }

// PutBank keeps a changed bank.
func (tx *Tx) PutBank(b staydown.Bank) error { return put(tx, bankTable, b.ID, b) }

// Bank reads one bank.
func (s *Store) Bank(ctx context.Context, id staydown.ID) (staydown.Bank, error) {
	return get(ctx, s.pool, bankTable, id)
}

// BanksOf lists the open banks of circles, by name.
func (s *Store) BanksOf(ctx context.Context, circles []staydown.ID) ([]staydown.Bank, error) {
	return list(ctx, s.pool, bankTable, `WHERE circle IN `+in(len(circles))+` AND closed_at = 0 ORDER BY name, id`, ids(circles)...)
}

// BankNumbers gives the first of n numbers in a row of a counter; from, where above zero, pushes the counter to at least that
// number first.
func (tx *Tx) BankNumbers(counter string, n int, from int64) (int64, error) {
	name := "counter/" + counter
	rows, err := tx.q.query(tx.ctx, `SELECT value FROM settings WHERE name = ?`, name)
	if err != nil {
		return 0, fmt.Errorf("counting %s: %w", counter, err)
	}
	values, err := texts(rows)
	if err != nil {
		return 0, fmt.Errorf("counting %s: %w", counter, err)
	}
	last := int64(0)
	if len(values) > 0 {
		last, _ = strconv.ParseInt(values[0], 10, 64)
	}
	next := max(last, from)
	if next+int64(n) == last {
		return last + 1, nil
	}
	return next + 1, tx.SetSetting(name, strconv.FormatInt(next+int64(n), 10))
}

// TellIndexes numbers a change of hashes, so that copies of the index find it. The number is counted up in a row that every
// such change writes: numbers come in the order of commits, and a reader that has seen one has seen all before it.
func (tx *Tx) TellIndexes(all []bank.Range) (int64, error) {
	first, err := tx.BankNumbers("bank_change", len(all), 0)
	if err != nil {
		return 0, err
	}
	for i, r := range all {
		if _, err := tx.q.exec(tx.ctx, `INSERT INTO bank_changes (n, first, last) VALUES (?, ?, ?)`, first+int64(i), r.First, r.Last); err != nil {
			return 0, fmt.Errorf("telling the indexes: %w", err)
		}
	}
	return first + int64(len(all)) - 1, nil
}

// BankChanges lists the changes of hashes behind a number, oldest first.
func (s *Store) BankChanges(ctx context.Context, after int64, limit int) ([]bank.Change, error) {
	rows, err := s.pool.query(ctx, `SELECT n, first, last FROM bank_changes WHERE n > ? ORDER BY n LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("reading changes of banks: %w", err)
	}
	defer rows.Close()
	var out []bank.Change
	for rows.Next() {
		var c bank.Change
		if err := rows.Scan(&c.N, &c.First, &c.Last); err != nil {
			return nil, fmt.Errorf("reading changes of banks: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// LastBankChange is the number of the newest change.
func (s *Store) LastBankChange(ctx context.Context) (int64, error) {
	n, err := count(ctx, s.pool, `SELECT COALESCE(max(n), 0) FROM bank_changes`)
	return int64(n), err
}

// SetSwitch keeps the share of requests that a kind of signal takes part in.
func (tx *Tx) SetSwitch(x staydown.SignalSwitch) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO bank_switches (id, owner, circle, kind, ratio) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (circle, kind) DO UPDATE SET ratio = excluded.ratio`, string(x.ID), string(x.Owner), string(x.Circle), x.Kind, x.Ratio)
	if err != nil {
		return fmt.Errorf("switching %s: %w", x.Kind, err)
	}
	tx.touch(bankSwitches.name, false)
	return nil
}

// Switches lists the kinds of signal that circles have turned down.
func (s *Store) Switches(ctx context.Context, circles []staydown.ID) ([]staydown.SignalSwitch, error) {
	return list(ctx, s.pool, bankSwitches, `WHERE circle IN `+in(len(circles))+` ORDER BY kind, circle`, ids(circles)...)
}

// OpinionsOf lists what sources say of a content, inside a change.
func (tx *Tx) OpinionsOf(content staydown.ID) ([]staydown.BankOpinion, error) {
	return list(tx.ctx, tx.q, bankOpinions, `WHERE content = ? ORDER BY via, source`, string(content))
}

// SetOpinion keeps an opinion in place of the one that the same source gave by the same way.
func (tx *Tx) SetOpinion(o staydown.BankOpinion) error {
	_, err := tx.q.exec(tx.ctx, `DELETE FROM bank_opinions WHERE content = ? AND via = ? AND source = ?`, string(o.Content), o.Via, o.Source)
	if err != nil {
		return fmt.Errorf("changing an opinion: %w", err)
	}
	return add(tx, bankOpinions, o)
}

// DropOpinion takes back what a source no longer says.
func (tx *Tx) DropOpinion(id staydown.ID) error {
	if _, err := tx.q.exec(tx.ctx, `DELETE FROM bank_opinions WHERE id = ?`, string(id)); err != nil {
		return fmt.Errorf("dropping an opinion: %w", err)
	}
	tx.touch(bankOpinions.name, false)
	return nil
}

// OpinionsOf lists what sources say of contents.
func (s *Store) OpinionsOf(ctx context.Context, contents []staydown.ID) ([]staydown.BankOpinion, error) {
	if len(contents) == 0 {
		return nil, nil
	}
	return list(ctx, s.pool, bankOpinions, `WHERE content IN `+in(len(contents))+` ORDER BY content, via, source`, ids(contents)...)
}

// Proofs lists the acts on a content in the log, oldest first.
func (s *Store) Proofs(ctx context.Context, content staydown.ID) ([]bank.Proof, error) {
	rows, err := s.pool.query(ctx, `SELECT id, act, at FROM events WHERE subject = ? AND stream = 'acts' ORDER BY n LIMIT 1000`, string(content))
	if err != nil {
		return nil, fmt.Errorf("reading what happened to %s: %w", content, err)
	}
	defer rows.Close()
	return proofs(rows)
}

func proofs(rows *sql.Rows) ([]bank.Proof, error) {
	var out []bank.Proof
	for rows.Next() {
		var p bank.Proof
		var at int64
		if err := rows.Scan(&p.Event, &p.Act, &at); err != nil {
			return nil, fmt.Errorf("reading what happened: %w", err)
		}
		p.At = fromMillis(at)
		out = append(out, p)
	}
	return out, rows.Err()
}
