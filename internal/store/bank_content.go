package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

var (
	bankContents = newTable[staydown.BankContent]("bank_contents")
	bankSignals  = newTable[staydown.BankSignal]("bank_signals")
)

// BankContent reads one content inside a change.
func (tx *Tx) BankContent(id staydown.ID) (staydown.BankContent, error) {
	return get(tx.ctx, tx.q, bankContents, id)
}

// BankContentByKey finds a content by its name at its source.
func (tx *Tx) BankContentByKey(bank staydown.ID, source, key string) (staydown.BankContent, error) {
	return one(tx.ctx, tx.q, bankContents, `WHERE bank = ? AND source = ? AND source_key = ? AND source_key <> ''`, string(bank), clean(source), clean(key))
}

// NumberTaken reports whether a circle has a content of this number.
func (tx *Tx) NumberTaken(circle staydown.ID, number int64) (bool, error) {
	n, err := count(tx.ctx, tx.q, `SELECT count(*) FROM bank_contents WHERE circle = ? AND number = ?`, string(circle), number)
	return n > 0, err
}

// AddBankContent keeps a new content.
func (tx *Tx) AddBankContent(c staydown.BankContent) error { return add(tx, bankContents, c) }

// PutBankContent keeps a changed content.
func (tx *Tx) PutBankContent(c staydown.BankContent) error { return put(tx, bankContents, c.ID, c) }

// BankContent reads one content.
func (s *Store) BankContent(ctx context.Context, id staydown.ID) (staydown.BankContent, error) {
	return get(ctx, s.pool, bankContents, id)
}

// BankContentNumbered reads one content by its number.
func (s *Store) BankContentNumbered(ctx context.Context, circle staydown.ID, number int64) (staydown.BankContent, error) {
	return one(ctx, s.pool, bankContents, `WHERE circle = ? AND number = ?`, string(circle), number)
}

// BankContents lists contents of a bank by number.
func (s *Store) BankContents(ctx context.Context, bankID staydown.ID, f bank.Filter) ([]staydown.BankContent, error) {
	where, args := `WHERE bank = ? AND number > ?`, []any{string(bankID), f.After}
	if f.State != "" {
		where += ` AND state = ?`
		args = append(args, string(f.State))
	}
	return list(ctx, s.pool, bankContents, where+` ORDER BY number LIMIT ?`, append(args, f.Limit)...)
}

// Quarantined lists the contents put aside, in open banks, by number.
func (s *Store) Quarantined(ctx context.Context, circles []staydown.ID, limit int) ([]staydown.BankContent, error) {
	return list(ctx, s.pool, bankContents, `WHERE state = 'quarantined' AND state <> 'active' AND circle IN `+in(len(circles))+`
		AND bank IN (SELECT id FROM banks WHERE closed_at = 0) ORDER BY circle, number LIMIT ?`, append(ids(circles), limit)...)
}

// SignalsOf lists the signals of a content, in the order they came, inside a change.
func (tx *Tx) SignalsOf(content staydown.ID) ([]staydown.BankSignal, error) {
	return list(tx.ctx, tx.q, bankSignals, `WHERE content = ? ORDER BY frame, turn, kind, id`, string(content))
}

// SignalsOf lists the signals of contents.
func (s *Store) SignalsOf(ctx context.Context, contents []staydown.ID) ([]staydown.BankSignal, error) {
	if len(contents) == 0 {
		return nil, nil
	}
	return list(ctx, s.pool, bankSignals, `WHERE content IN `+in(len(contents))+` ORDER BY content, frame, turn, kind, id`, ids(contents)...)
}

// AddBankSignal keeps a new signal.
func (tx *Tx) AddBankSignal(x staydown.BankSignal) error { return add(tx, bankSignals, x) }

// SetLive says of all signals of a content whether they may match, and counts it in their hashes. Those of low quality stay
// out.
func (tx *Tx) SetLive(content staydown.ID, live bool) error {
	all, err := tx.SignalsOf(content)
	if err != nil {
		return err
	}
	for _, x := range all {
		now := live && staydown.Worth(x.Kind, x.Quality)
		if now == x.Live {
			continue
		}
		x.Live = now
		if err := put(tx, bankSignals, x.ID, x); err != nil {
			return err
		}
		by := 1
		if !now {
			by = -1
		}
		if err := tx.CountLive(x.Hash, by); err != nil {
			return err
		}
	}
	return nil
}

// looked is the value as hashes are looked up by it: an index of PostgreSQL holds no long ones.
func looked(value string) string {
	if len(value) <= 128 {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// HashOf finds the number of a value in a bank; 0 where it is new there.
func (tx *Tx) HashOf(bankID staydown.ID, kind, value string) (int64, error) {
	n, err := count(tx.ctx, tx.q, `SELECT n FROM bank_hashes WHERE look = ? AND kind = ? AND bank = ?`, looked(value), kind, string(bankID))
	return int64(n), err
}

// AddHash keeps a value that is new in its bank.
func (tx *Tx) AddHash(h bank.Hash) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO bank_hashes (n, bank, bank_no, kind, value, look, live) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		h.N, string(h.Bank), h.BankNo, h.Kind, clean(h.Value), looked(h.Value), h.Live)
	if err != nil {
		return fmt.Errorf("adding a hash: %w", err)
	}
	return nil
}

// CountLive adds to the number of signals with a hash that may match.
func (tx *Tx) CountLive(hash int64, by int) error {
	if _, err := tx.q.exec(tx.ctx, `UPDATE bank_hashes SET live = live + ? WHERE n = ?`, by, hash); err != nil {
		return fmt.Errorf("counting a hash: %w", err)
	}
	return nil
}

// LiveOf tells how many signals with a hash may match.
func (tx *Tx) LiveOf(hash int64) (int64, error) {
	n, err := count(tx.ctx, tx.q, `SELECT live FROM bank_hashes WHERE n = ?`, hash)
	return int64(n), err
}

// StoneOn gives the tombstone that stands on a hash, or nil.
func (tx *Tx) StoneOn(hash int64) (*staydown.Tombstone, error) {
	return stoneOn(list(tx.ctx, tx.q, tombstoneTable, `WHERE hash = ? AND lifted_at = 0 ORDER BY id LIMIT 1`, hash))
}

func stoneOn(all []staydown.Tombstone, err error) (*staydown.Tombstone, error) {
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// StonesOf lists the tombstones of a content, lifted ones among them, inside a change.
func (tx *Tx) StonesOf(content staydown.ID) ([]staydown.Tombstone, error) {
	return list(tx.ctx, tx.q, tombstoneTable, `WHERE content = ? ORDER BY id`, string(content))
}

// StonesOf lists the tombstones of a content, lifted ones among them.
func (s *Store) StonesOf(ctx context.Context, content staydown.ID) ([]staydown.Tombstone, error) {
	return list(ctx, s.pool, tombstoneTable, `WHERE content = ? ORDER BY id`, string(content))
}

// AddTombstone keeps a new tombstone.
func (tx *Tx) AddTombstone(x staydown.Tombstone) error { return add(tx, tombstoneTable, x) }

// PutTombstone keeps a changed tombstone.
func (tx *Tx) PutTombstone(x staydown.Tombstone) error { return put(tx, tombstoneTable, x.ID, x) }

const hashColumns = `SELECT h.n, h.bank, h.bank_no, h.kind, h.value, h.live FROM bank_hashes h `

func (s *Store) hashes(ctx context.Context, clause string, args ...any) ([]bank.Hash, error) {
	rows, err := s.pool.query(ctx, hashColumns+clause, args...)
	if err != nil {
		return nil, fmt.Errorf("reading hashes: %w", err)
	}
	defer rows.Close()
	var out []bank.Hash
	for rows.Next() {
		var h bank.Hash
		if err := rows.Scan(&h.N, &h.Bank, &h.BankNo, &h.Kind, &h.Value, &h.Live); err != nil {
			return nil, fmt.Errorf("reading hashes: %w", err)
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// NearHashes lists, by number, the hashes behind a number up to another that are compared by likeness.
func (s *Store) NearHashes(ctx context.Context, after, upTo int64, limit int) ([]bank.Hash, error) {
	return s.hashes(ctx, `WHERE h.n > ? AND h.n <= ? AND h.kind IN ('pdq', 'vpdq', 'text', 'tlsh', 'trend_query') ORDER BY h.n LIMIT ?`, after, upTo, limit)
}

// mostIn bounds a list of values in one question.
const mostIn = 400

// ExactHashes finds the hashes of these banks with one of these values.
func (s *Store) ExactHashes(ctx context.Context, banks []staydown.ID, kind string, values []string) ([]bank.Hash, error) {
	var out []bank.Hash
	for part := range slices.Chunk(values, mostIn) {
		var args []any
		for _, v := range part {
			args = append(args, looked(v))
		}
		found, err := s.hashes(ctx, `WHERE h.look IN `+in(len(part))+` AND h.kind = ? AND h.bank IN `+in(len(banks))+` ORDER BY h.n`,
			append(append(args, kind), ids(banks)...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// SignalRows lists the signals of a hash that may match, or those that may not, with their contents; the oldest first.
func (s *Store) SignalRows(ctx context.Context, hash int64, live bool, limit int) ([]bank.Row, error) {
	flag := 0
	if live {
		flag = 1
	}
	all, err := list(ctx, s.pool, bankSignals, `WHERE hash = ? AND live = ? ORDER BY id LIMIT ?`, hash, flag, limit)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var names []staydown.ID
	for _, x := range all {
		names = append(names, x.Content)
	}
	contents, err := list(ctx, s.pool, bankContents, `WHERE id IN `+in(len(names)), ids(names)...)
	if err != nil {
		return nil, err
	}
	of := map[staydown.ID]staydown.BankContent{}
	for _, c := range contents {
		of[c.ID] = c
	}
	var stone *staydown.Tombstone
	if !live {
		if stone, err = stoneOn(list(ctx, s.pool, tombstoneTable, `WHERE hash = ? AND lifted_at = 0 ORDER BY id LIMIT 1`, hash)); err != nil {
			return nil, err
		}
	}
	out := make([]bank.Row, len(all))
	for i, x := range all {
		out[i] = bank.Row{Signal: x, Content: of[x.Content], Stone: stone}
	}
	return out, nil
}
