package store

import (
	"context"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
)

// Fingerprints is the store as the making of fingerprints needs it.
func (s *Store) Fingerprints() fingerprint.Store {
	return newDesk(s, func(tx *Tx) fingerprint.Tx { return tx })
}

// capturesRead bounds how many captures of an item are fingerprinted.
const capturesRead = 4

// Material reads what there is of an item to make fingerprints of.
func (s *Store) Material(ctx context.Context, item staydown.ID) (fingerprint.Material, error) {
	var m fingerprint.Material
	var err error
	if m.Item, err = s.Item(ctx, item); err != nil {
		return m, err
	}
	if m.Captures, err = briefly(ctx, s.pool, captureTable, newestContent+` LIMIT ?`, string(item), capturesRead); err != nil {
		return m, err
	}
	args := []any{string(item)}
	for _, c := range m.Captures {
		args = append(args, string(c.ID))
	}
	clause := `WHERE item = ? AND kind = 'file' ORDER BY kept_at, id LIMIT 200`
	if len(m.Captures) > 0 {
		clause = `WHERE item = ? AND (kind = 'file' OR capture IN ` + in(len(m.Captures)) + `) ORDER BY kept_at, id LIMIT 200`
	}
	if m.Exhibits, err = briefly(ctx, s.pool, exhibitTable, clause, args...); err != nil {
		return m, err
	}
	posted, err := count(ctx, s.pool, `SELECT COALESCE(min(posted_at), 0) FROM leads WHERE item = ? AND posted_at > 0`, string(item))
	if err != nil {
		return m, err
	}
	m.PostedAt = fromMillis(int64(posted))
	m.Known, err = s.FingerprintsOf(ctx, []staydown.ID{item})
	return m, err
}

// FingerprintsOf reads the fingerprints of items.
func (s *Store) FingerprintsOf(ctx context.Context, items []staydown.ID) ([]staydown.Fingerprint, error) {
	if len(items) == 0 {
		return nil, nil
	}
	among, args := inAll(items)
	read := list[staydown.Fingerprint]
	if len(items) == 1 {
		read = briefly[staydown.Fingerprint]
	}
	return read(ctx, s.pool, fingerprintTable, `WHERE item IN `+among+` ORDER BY item, kind, frame, value, id`, args...)
}

// NewestCapture names the newest capture of an item that got content; "" if none did.
func (tx *Tx) NewestCapture(item staydown.ID) (staydown.ID, error) {
	c, err := one(tx.ctx, tx.q, captureTable, newestContent, string(item))
	if staydown.KindOf(err) == staydown.NotFound && err != nil {
		return "", nil
	}
	return c.ID, err
}

var itemMedia = part(itemTable, "media_sha256")

// SetMedia keeps what "the same content" means for an item.
func (tx *Tx) SetMedia(i staydown.Item) error { return put(tx, itemMedia, i.ID, i) }

// SetFingerprints makes these the fingerprints of an item. What is kept already stays as it is.
func (tx *Tx) SetFingerprints(item staydown.ID, all []staydown.Fingerprint, published time.Time) (bool, error) {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO published (item, at) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET at = excluded.at`, string(item), millis(published))
	if err != nil {
		return false, fmt.Errorf("noting when %s appeared: %w", item, err)
	}
	have, err := list(tx.ctx, tx.q, fingerprintTable, `WHERE item = ?`, string(item))
	if err != nil {
		return false, err
	}
	kept := map[staydown.ID]bool{}
	for _, f := range have {
		kept[f.ID] = false
	}
	changed := false
	for _, f := range all {
		if _, ok := kept[f.ID]; ok {
			kept[f.ID] = true
			continue
		}
		changed = true
		if err := tx.AddFingerprint(f); err != nil {
			return false, err
		}
	}
	for id, wanted := range kept {
		if wanted {
			continue
		}
		changed = true
		if _, err := tx.q.exec(tx.ctx, `DELETE FROM fingerprints WHERE id = ?`, string(id)); err != nil {
			return false, fmt.Errorf("dropping a fingerprint of %s: %w", item, err)
		}
		tx.touch(fingerprintTable.name, false)
	}
	if !changed {
		return false, nil
	}
	return true, tx.tellMatchers(item)
}

// tellMatchers numbers the change, so that copies of the match index find it. The number is counted up in a row that every
// such change writes: numbers are given in the order of commits, and a reader that has seen one has seen all before it.
func (tx *Tx) tellMatchers(item staydown.ID) error {
	n, err := tx.NextNumber("match")
	if err != nil {
		return err
	}
	if _, err := tx.q.exec(tx.ctx, `INSERT INTO match_changes (n, item) VALUES (?, ?)`, n, string(item)); err != nil {
		return fmt.Errorf("telling the matchers of %s: %w", item, err)
	}
	return nil
}
