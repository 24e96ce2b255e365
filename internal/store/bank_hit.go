package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// LeaveForBanks leaves the job "bank" for an item, where its circle has banks.
func (tx *Tx) LeaveForBanks(i staydown.Item) error {
	n, err := count(tx.ctx, tx.q, `SELECT 1 FROM banks WHERE circle = ? AND closed_at = 0 LIMIT 1`, string(i.Circle))
	if err != nil || n == 0 {
		return err
	}
	return tx.Job(staydown.Job{Kind: "bank", Key: string(i.ID), Subject: i.ID})
}

// Material reads what an item is looked up by in banks.
func (d banksDesk) Material(ctx context.Context, item staydown.ID) (m bank.Material, err error) {
	if m.Item, err = d.Item(ctx, item); err != nil {
		return m, err
	}
	if m.Prints, err = d.FingerprintsOf(ctx, []staydown.ID{item}); err != nil {
		return m, err
	}
	rows, err := d.pool.query(ctx, `SELECT DISTINCT md5 FROM exhibits WHERE item = ? AND kind IN ('media', 'file') AND md5 <> '' ORDER BY md5 LIMIT 200`, string(item))
	if err != nil {
		return m, fmt.Errorf("reading digests of %s: %w", item, err)
	}
	if m.MD5, err = texts(rows); err != nil {
		return m, fmt.Errorf("reading digests of %s: %w", item, err)
	}
	c, err := one(ctx, d.pool, captureTable, newestContent, string(item))
	if err != nil && staydown.KindOf(err) == staydown.NotFound {
		return m, nil
	}
	m.Text = c.Text
	return m, err
}

// ItemsCarrying lists items of a circle that have an exhibit with this MD5, or stand at this address.
func (s *Store) ItemsCarrying(ctx context.Context, circle staydown.ID, kind, value string) ([]staydown.ID, error) {
	query := `SELECT id FROM items WHERE circle = ? AND location = ? ORDER BY id LIMIT 10000`
	if kind == staydown.SignalMD5 {
		query = `SELECT DISTINCT item FROM exhibits WHERE circle = ? AND md5 = ? AND item <> '' AND kind IN ('media', 'file') ORDER BY item LIMIT 10000`
	}
	rows, err := s.pool.query(ctx, query, string(circle), value)
	if err != nil {
		return nil, fmt.Errorf("looking for items: %w", err)
	}
	values, err := texts(rows)
	out := make([]staydown.ID, len(values))
	for i, v := range values {
		out[i] = staydown.ID(v)
	}
	return out, err
}

// NewBankHits keeps those hits that are not there yet, and lists them. All are of one item.
func (tx *Tx) NewBankHits(all []staydown.BankHit) ([]staydown.BankHit, error) {
	if len(all) == 0 {
		return nil, nil
	}
	have, err := list(tx.ctx, tx.q, bankHitTable, `WHERE item = ?`, string(all[0].Item))
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, h := range have {
		there[string(h.Content)+" "+h.Kind] = true
	}
	var added []staydown.BankHit
	for _, h := range all {
		if there[string(h.Content)+" "+h.Kind] {
			continue
		}
		if err := add(tx, bankHitTable, h); err != nil {
			return nil, err
		}
		added = append(added, h)
	}
	return added, nil
}

// BankHitsOf lists what an item hit in the banks of these circles, the newest first.
func (s *Store) BankHitsOf(ctx context.Context, item staydown.ID, circles []staydown.ID) ([]staydown.BankHit, error) {
	return list(ctx, s.pool, bankHitTable, `WHERE item = ? AND circle IN `+in(len(circles))+` ORDER BY at DESC, distance, id LIMIT 1000`, append([]any{string(item)}, ids(circles)...)...)
}

// HitsOfContent counts the items that a content matched.
func (tx *Tx) HitsOfContent(bankID, content staydown.ID) (int, error) {
	return count(tx.ctx, tx.q, `SELECT count(DISTINCT item) FROM bank_hits WHERE bank = ? AND content = ?`, string(bankID), string(content))
}

// HitsByContent lists how many items the contents of a bank matched, but one.
func (tx *Tx) HitsByContent(bankID, but staydown.ID) ([]int, error) {
	rows, err := tx.q.query(tx.ctx, `SELECT count(DISTINCT item) FROM bank_hits WHERE bank = ? AND content <> ? GROUP BY content`, string(bankID), string(but))
	if err != nil {
		return nil, fmt.Errorf("counting hits: %w", err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("counting hits: %w", err)
		}
		out = append(out, n)
	}
	return out, rows.Err()
}
