package store

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// rowsAtOnce is how many rows one statement adds. SQLite's driver takes time for the square of the values bound to a
// statement: with a hundred rows of the widest table that is half of all the time, with eight it is little.
const rowsAtOnce = 8

// addAll adds many records with few statements: each full one has the same text, so that it is prepared once.
func addAll[T any](tx *Tx, t *table[T], all []T) error {
	head, row, _ := strings.Cut(t.insert, " VALUES ")
	for len(all) > 0 {
		n := 1
		for n*2 <= min(len(all), rowsAtOnce) {
			n *= 2
		}
		if len(all) >= rowsAtOnce {
			n = rowsAtOnce
		}
		args := make([]any, 0, n*len(t.fields))
		for i := range all[:n] {
			one, err := t.args(&all[i], true)
			if err != nil {
				return err
			}
			args = append(args, one...)
		}
		if _, err := tx.q.exec(tx.ctx, head+" VALUES "+row+strings.Repeat(", "+row, n-1), args...); err != nil {
			return fmt.Errorf("adding to %s: %w", t.name, err)
		}
		all = all[n:]
		tx.touch(t.name, t.work)
	}
	return nil
}

// addedHash is a row of bank_hashes as it is added.
type addedHash struct {
	N      int64       `db:"n"`
	Bank   staydown.ID `db:"bank"`
	BankNo int64       `db:"bank_no"`
	Kind   string      `db:"kind"`
	Value  string      `db:"value"`
	Look   string      `db:"look"`
	Live   int64       `db:"live"`
}

var hashTable = newWork[addedHash]("bank_hashes")

// AddLoad keeps all that one batch adds.
func (tx *Tx) AddLoad(l bank.Load) error {
	hashes := make([]addedHash, len(l.Hashes))
	for i, h := range l.Hashes {
		hashes[i] = addedHash{h.N, h.Bank, h.BankNo, h.Kind, h.Value, looked(h.Value), h.Live}
	}
	if err := addAll(tx, hashTable, hashes); err != nil {
		return err
	}
	if err := addAll(tx, bankContents, l.Contents); err != nil {
		return err
	}
	if err := addAll(tx, bankSignals, l.Signals); err != nil {
		return err
	}
	return addAll(tx, bankOpinions, l.Opinions)
}

// among asks a question for a long list in parts. Each part is filled up to a power of two by naming its last one again, so
// that few statements serve lists of any length. The list stands where %s stands, behind the other arguments.
func among(tx *Tx, question string, before, all []any, row func(*sql.Rows) error) error {
	for len(all) > 0 {
		n := min(len(all), mostIn)
		part := append(append(make([]any, 0, len(before)+mostIn), before...), all[:n]...)
		size := 1
		for size < n {
			size *= 2
		}
		size = min(size, mostIn)
		for len(part) < len(before)+size {
			part = append(part, all[n-1])
		}
		if err := eachRow(tx, fmt.Sprintf(question, in(size)), part, row); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

func eachRow(tx *Tx, question string, args []any, row func(*sql.Rows) error) error {
	rows, err := tx.q.query(tx.ctx, question, args...)
	if err != nil {
		return fmt.Errorf("asking for many: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return fmt.Errorf("asking for many: %w", err)
		}
	}
	return rows.Err()
}

// HashesAmong finds the numbers of those values that a bank has.
func (tx *Tx) HashesAmong(bankID staydown.ID, kind string, values []string) (map[string]int64, error) {
	of := make(map[string]string, len(values)) // by what is looked up
	all := make([]any, 0, len(values))
	for _, v := range values {
		look := looked(v)
		if _, twice := of[look]; !twice {
			of[look] = v
			all = append(all, look)
		}
	}
	out := map[string]int64{}
	err := among(tx, `SELECT look, n FROM bank_hashes WHERE kind = ? AND bank = ? AND look IN %s`, []any{kind, string(bankID)}, all, func(rows *sql.Rows) error {
		var look string
		var n int64
		err := rows.Scan(&look, &n)
		out[of[look]] = n
		return err
	})
	return out, err
}

func numbers(all []int64) []any {
	out := make([]any, len(all))
	for i, n := range all {
		out[i] = n
	}
	return out
}

// StonesAmong tells on which of these hashes a tombstone stands.
func (tx *Tx) StonesAmong(hashes []int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := among(tx, `SELECT hash FROM bank_tombstones WHERE lifted_at = 0 AND hash IN %s`, nil, numbers(hashes), func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		out[n] = true
		return err
	})
	return out, err
}

// ContentsByKeys finds contents of a bank by their names at a source.
func (tx *Tx) ContentsByKeys(bankID staydown.ID, source string, keys []string) (map[string]staydown.BankContent, error) {
	all := make([]any, len(keys))
	asked := make(map[string]string, len(keys))
	for i, k := range keys {
		all[i] = clean(k)
		asked[clean(k)] = k
	}
	out := map[string]staydown.BankContent{}
	err := among(tx, bankContents.sel+`WHERE bank = ? AND source = ? AND source_key <> '' AND source_key IN %s`, []any{string(bankID), clean(source)}, all, func(rows *sql.Rows) error {
		c, err := bankContents.scan(rows)
		out[asked[c.SourceKey]] = c
		return err
	})
	return out, err
}

// ContentsByHashes finds contents of a source that have no name there by the hash of a signal: the oldest of each.
func (tx *Tx) ContentsByHashes(source string, hashes []int64) (map[int64]staydown.BankContent, error) {
	out := map[int64]staydown.BankContent{}
	err := among(tx, `SELECT `+columnsUnder(bankContents, "c")+`, s.hash FROM bank_signals s JOIN bank_contents c ON c.id = s.content
		WHERE c.source = ? AND c.source_key = '' AND s.hash IN %s`, []any{clean(source)}, numbers(hashes), func(rows *sql.Rows) error {
		var n int64
		c, err := bankContents.scan(rows, &n)
		if old, there := out[n]; !there || c.Number < old.Number {
			out[n] = c
		}
		return err
	})
	return out, err
}

// SignalsAmong lists the signals of contents, inside a change.
func (tx *Tx) SignalsAmong(contents []staydown.ID) (out []staydown.BankSignal, err error) {
	err = among(tx, bankSignals.sel+`WHERE content IN %s`, nil, ids(contents), func(rows *sql.Rows) error {
		x, err := bankSignals.scan(rows)
		out = append(out, x)
		return err
	})
	return out, err
}

// OpinionsAmong lists what sources say of contents, inside a change.
func (tx *Tx) OpinionsAmong(contents []staydown.ID) (out []staydown.BankOpinion, err error) {
	err = among(tx, bankOpinions.sel+`WHERE content IN %s`, nil, ids(contents), func(rows *sql.Rows) error {
		x, err := bankOpinions.scan(rows)
		out = append(out, x)
		return err
	})
	return out, err
}
