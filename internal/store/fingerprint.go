package store

import (
	"context"

	"github.com/staydown/staydown"
)

var fingerprintTable = newTable[staydown.Fingerprint]("fingerprints")

// Fingerprint reads one fingerprint inside a change.
func (tx *Tx) Fingerprint(id staydown.ID) (staydown.Fingerprint, error) {
	return get(tx.ctx, tx.q, fingerprintTable, id)
}

// AddFingerprint keeps a new fingerprint.
func (tx *Tx) AddFingerprint(r staydown.Fingerprint) error { return add(tx, fingerprintTable, r) }

// PutFingerprint keeps a changed fingerprint.
func (tx *Tx) PutFingerprint(r staydown.Fingerprint) error { return put(tx, fingerprintTable, r.ID, r) }

// Fingerprint reads one fingerprint.
func (s *Store) Fingerprint(ctx context.Context, id staydown.ID) (staydown.Fingerprint, error) {
	return get(ctx, s.pool, fingerprintTable, id)
}
