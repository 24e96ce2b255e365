package assess

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// AtOnce is how many items one officer may take, or decide as a group, at a time.
const AtOnce = 200

// Taken is an item in an officer's hands.
type Taken struct {
	Item        staydown.ID        `json:"item"`
	Circle      staydown.ID        `json:"circle"`
	Campaign    staydown.ID        `json:"campaign,omitempty"`
	Location    string             `json:"location"`
	Host        string             `json:"host"`
	Provider    staydown.ID        `json:"provider,omitempty"`
	State       staydown.ItemState `json:"state"`            // captured | not_captured
	Reason      string             `json:"reason,omitempty"` // why it could not be captured
	Kind        string             `json:"kind"`
	Title       string             `json:"title"`
	Language    string             `json:"language"`
	Account     string             `json:"account,omitempty"`
	SHA256      string             `json:"sha256,omitempty"` // of the medium: equal bytes, see GiveGroup
	Known       staydown.ID        `json:"known,omitempty"`  // a decided item with the same bytes
	Priority    int                `json:"priority"`
	PriorityWhy []string           `json:"priority_why"`
	SeenAt      time.Time          `json:"seen_at"`
	Turn        staydown.Turn      `json:"turn"`
	Until       time.Time          `json:"until"` // of the lease
}

// Leased is one row of who holds what.
type Leased struct {
	Item, Circle, Officer staydown.ID
	Queue                 Queue
	Until                 time.Time
}

// Take leases up to n items of a queue (new, second, third) to the caller for ten minutes, in the order of the queue: priority
// first, then the longest seen, then by location. campaign narrows to one; empty means all circles of the caller. It may
// return fewer, or none.
func (d *Desk) Take(ctx context.Context, c access.Caller, queue string, campaign staydown.ID, n int) ([]Taken, error) {
	q := Queue(queue)
	if q.Turn() == "" {
		return nil, staydown.Errorf(staydown.NotFound, "assess.queue", "there is no queue %q to take from", queue)
	}
	circles, err := circlesOf(c, campaign)
	if err != nil {
		return nil, err
	}
	var out []Taken
	err = d.act(ctx, c, access.Assess, func(tx Tx) error {
		out = nil
		free, err := tx.Free(circles, q, c.Actor.Person, min(max(n, 0), AtOnce))
		if err != nil || len(free) == 0 {
			return err
		}
		leases := make([]Leased, len(free))
		for i := range free {
			free[i].Turn, free[i].Until = q.Turn(), tx.Now().Add(LeaseFor)
			leases[i] = Leased{free[i].Item, free[i].Circle, c.Actor.Person, q, free[i].Until}
		}
		out = free
		return tx.Lease(leases)
	})
	return out, err
}

// circlesOf narrows the caller's circles to a campaign.
func circlesOf(c access.Caller, campaign staydown.ID) ([]staydown.ID, error) {
	if campaign == "" {
		return c.Circles, nil
	}
	return []staydown.ID{campaign}, c.Sees(campaign)
}

// Stay tells the desk that the caller is at work, and returns until when the item is held now. It is what an open page
// sends while it has the focus.
func (d *Desk) Stay(ctx context.Context, c access.Caller, item staydown.ID) (until time.Time, err error) {
	err = d.act(ctx, c, access.Assess, func(tx Tx) error {
		s, p, err := place(tx, c, item)
		if err != nil {
			return err
		}
		until, err = hold(tx, s, p, c)
		return err
	})
	return until, err
}

// hold extends the caller's leases, and takes this item when nobody holds it.
func hold(tx Tx, s Seat, p Place, c access.Caller) (time.Time, error) {
	now := tx.Now()
	until := now.Add(LeaseFor)
	if s.HeldAt(now) != c.Actor.Person {
		return until, tx.Lease([]Leased{{s.Item.ID, s.Item.Circle, c.Actor.Person, QueueOf(p.Turn), until}})
	}
	half := now.Add(LeaseFor / 2)
	if s.Until.After(half) {
		return s.Until, nil
	}
	return until, tx.ExtendLeases(c.Actor.Person, until, half)
}

// PutBack returns an item to its queue before the lease runs out. A draft stays with its officer.
func (d *Desk) PutBack(ctx context.Context, c access.Caller, item staydown.ID) error {
	return d.act(ctx, c, access.Assess, func(tx Tx) error {
		if _, err := seat(tx, c, item); err != nil {
			return err
		}
		return tx.PutBack(item, c.Actor.Person)
	})
}
