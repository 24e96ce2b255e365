package store

import (
	"context"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/door"
)

var (
	doorPassTable    = newWork[door.Pass]("door_tokens")
	doorSessionTable = newWork[door.Session]("door_sessions")
)

// ProviderDoor is the store as the provider's door knows it.
func (s *Store) ProviderDoor() door.Store {
	return struct {
		Door[door.Tx]
		*doorReads
	}{NewDoor(s, func(tx *Tx) door.Tx { return doorTx{tx} }), &doorReads{s}}
}

// doorTx and doorReads keep the questions of the door out of the shared names.
type (
	doorTx    struct{ *Tx }
	doorReads struct{ *Store }
)

func (tx doorTx) DoorPass(hash string) (door.Pass, error) {
	return one(tx.ctx, tx.q, doorPassTable, "WHERE hash = ?", hash)
}

func (r *doorReads) DoorPass(ctx context.Context, hash string) (door.Pass, error) {
	return one(ctx, r.pool, doorPassTable, "WHERE hash = ?", hash)
}

func (tx doorTx) DoorSession(hash string) (door.Session, error) {
	return one(tx.ctx, tx.q, doorSessionTable, "WHERE hash = ?", hash)
}

func (r *doorReads) DoorSession(ctx context.Context, hash string) (door.Session, error) {
	return one(ctx, r.pool, doorSessionTable, "WHERE hash = ?", hash)
}

// AddDoorSession keeps a new session, and clears away those so old that no token they came with can still be in use.
func (tx doorTx) AddDoorSession(r door.Session) error {
	if _, err := tx.q.exec(tx.ctx, `DELETE FROM door_sessions WHERE created_at < ?`, millis(tx.now.Add(-doorMemory))); err != nil {
		return fmt.Errorf("clearing sessions of the door: %w", err)
	}
	return add(tx.Tx, doorSessionTable, r)
}

// doorMemory is longer than any token lasts: codes are counted over a token's whole life.
const doorMemory = 180 * 24 * time.Hour

func (tx doorTx) PutDoorSession(hash string, r door.Session) error {
	if err := tx.DropDoorSession(hash); err != nil {
		return err
	}
	return add(tx.Tx, doorSessionTable, r)
}

func (tx doorTx) DropDoorSession(hash string) error {
	if _, err := tx.q.exec(tx.ctx, `DELETE FROM door_sessions WHERE hash = ?`, hash); err != nil {
		return fmt.Errorf("ending a session of the door: %w", err)
	}
	return nil
}

// CodesSent counts the codes sent for a letter that were not typed in: each session had one.
func (tx doorTx) CodesSent(letter staydown.ID, since time.Time) (sent door.Sent, err error) {
	const unused = `SELECT count(*) FROM door_sessions WHERE letter = ? AND proven_at = 0`
	if sent.All, err = count(tx.ctx, tx.q, unused, string(letter)); err != nil {
		return sent, err
	}
	sent.Day, err = count(tx.ctx, tx.q, unused+` AND code_sent > ?`, string(letter), millis(since))
	return sent, err
}
