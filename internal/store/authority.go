package store

import (
	"context"

	"github.com/staydown/staydown"
)

var authorityTable = newTable[staydown.Authority]("authorities")

// Authority reads one authority inside a change.
func (tx *Tx) Authority(id staydown.ID) (staydown.Authority, error) {
	return get(tx.ctx, tx.q, authorityTable, id)
}

// AddAuthority keeps a new authority.
func (tx *Tx) AddAuthority(r staydown.Authority) error { return add(tx, authorityTable, r) }

// PutAuthority keeps a changed authority.
func (tx *Tx) PutAuthority(r staydown.Authority) error { return put(tx, authorityTable, r.ID, r) }

// Authority reads one authority.
func (s *Store) Authority(ctx context.Context, id staydown.ID) (staydown.Authority, error) {
	return get(ctx, s.pool, authorityTable, id)
}
