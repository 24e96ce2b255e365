package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown/internal/access"
)

// Setting reads one named setting of this installation; empty when it was never set.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	rows, err := s.pool.query(ctx, `SELECT value FROM settings WHERE name = ?`, name)
	if err != nil {
		return "", fmt.Errorf("reading setting %s: %w", name, err)
	}
	defer rows.Close()
	var v string
	if rows.Next() {
		if err := rows.Scan(&v); err != nil {
			return "", fmt.Errorf("reading setting %s: %w", name, err)
		}
	}
	return v, rows.Err()
}

// SetSetting keeps one named setting. Settings are working state: they leave no event.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.commit(ctx, access.System("settings"), func(tx *Tx) error { return tx.SetSetting(name, value) })
}

// SetSetting keeps one named setting inside a change.
func (tx *Tx) SetSetting(name, value string) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, clean(value))
	if err != nil {
		return fmt.Errorf("keeping setting %s: %w", name, err)
	}
	return nil
}
