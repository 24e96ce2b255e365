package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
)

var providerTable = newTable[staydown.Provider]("providers")

// Provider reads one provider inside a change.
func (tx *Tx) Provider(id staydown.ID) (staydown.Provider, error) {
	return get(tx.ctx, tx.q, providerTable, id)
}

// AddProvider keeps a new provider and the hosts it answers for.
func (tx *Tx) AddProvider(r staydown.Provider) error {
	if err := add(tx, providerTable, r); err != nil {
		return err
	}
	return tx.putHosts(r)
}

// PutProvider keeps a changed provider and the hosts it answers for.
func (tx *Tx) PutProvider(r staydown.Provider) error {
	if err := put(tx, providerTable, r.ID, r); err != nil {
		return err
	}
	if _, err := tx.q.exec(tx.ctx, `DELETE FROM provider_hosts WHERE provider = ?`, string(r.ID)); err != nil {
		return fmt.Errorf("changing the hosts of %s: %w", r.Name, err)
	}
	return tx.putHosts(r)
}

func (tx *Tx) putHosts(r staydown.Provider) error {
	for _, h := range append([]string{r.Host}, r.Hosts...) {
		_, err := tx.q.exec(tx.ctx, `INSERT INTO provider_hosts (host, provider) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET provider = excluded.provider`, h, string(r.ID))
		if err != nil {
			return fmt.Errorf("keeping the hosts of %s: %w", r.Name, err)
		}
	}
	return nil
}

// ProviderOf tells which register entry answers for a host; empty when none does.
func (tx *Tx) ProviderOf(host string) (staydown.ID, error) {
	rows, err := tx.q.query(tx.ctx, `SELECT provider FROM provider_hosts WHERE host = ?`, host)
	if err != nil {
		return "", fmt.Errorf("looking up the provider of %s: %w", host, err)
	}
	defer rows.Close()
	var id staydown.ID
	if rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return "", fmt.Errorf("looking up the provider of %s: %w", host, err)
		}
	}
	return id, rows.Err()
}

// Provider reads one provider.
func (s *Store) Provider(ctx context.Context, id staydown.ID) (staydown.Provider, error) {
	return get(ctx, s.pool, providerTable, id)
}

// Providers reads the register by name.
func (s *Store) Providers(ctx context.Context) ([]staydown.Provider, error) {
	return list(ctx, s.pool, providerTable, "ORDER BY name, id")
}
