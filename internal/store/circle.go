package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/staydown/staydown"
)

// Join makes an authority a member of a circle. An authority alone is a circle by its own identifier without any row.
func (tx *Tx) Join(circle, member staydown.ID) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO circles (id, circle, member) VALUES (?, ?, ?) ON CONFLICT (circle, member) DO NOTHING`,
		string(tx.NewID()), string(circle), string(member))
	if err != nil {
		return fmt.Errorf("joining circle %s: %w", circle, err)
	}
	tx.touch("circles", false)
	tx.s.members.joining.Store(true)
	return nil
}

// members remembers for a moment who is in which circles: every request of every signed-in person asks. Who joins through
// this store counts from that commit on; who joins through another process, after rememberCircles at the latest.
type members struct {
	joining atomic.Bool  // somebody joins in a change that is not committed yet
	joined  atomic.Int64 // commits in which somebody joined
	of      sync.Map     // staydown.ID of an authority -> memberOf
}

type memberOf struct {
	circles []staydown.ID
	joined  int64
	until   time.Time // by the machine's clock
}

const rememberCircles = time.Second

// committed is told of every commit.
func (m *members) committed() {
	if m.joining.Swap(false) {
		m.joined.Add(1)
	}
}

// CirclesOf lists the circles of an authority: itself first, then its campaigns.
func (s *Store) CirclesOf(ctx context.Context, authority staydown.ID) ([]staydown.ID, error) {
	joined := s.members.joined.Load()
	if v, ok := s.members.of.Load(authority); ok {
		if m := v.(memberOf); m.joined == joined && time.Now().Before(m.until) {
			return slices.Clone(m.circles), nil
		}
	}
	circles, err := s.readCircles(ctx, authority)
	if err == nil {
		s.members.of.Store(authority, memberOf{slices.Clone(circles), joined, time.Now().Add(rememberCircles)})
	}
	return circles, err
}

func (s *Store) readCircles(ctx context.Context, authority staydown.ID) ([]staydown.ID, error) {
	rows, err := s.pool.query(ctx, `SELECT circle FROM circles WHERE member = ? ORDER BY circle`, string(authority))
	if err != nil {
		return nil, fmt.Errorf("reading circles: %w", err)
	}
	defer rows.Close()
	out := []staydown.ID{authority}
	for rows.Next() {
		var c staydown.ID
		if err := rows.Scan(&c); err != nil {
			return nil, fmt.Errorf("reading circles: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
