package assess

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// The range of an item's priority.
const (
	LeastUrgent = 0
	MostUrgent  = 10
	reopenedAt  = 8 // of a reopened item: somebody waits for the answer
)

// Reopen sends a decided item back to its first look, by an officer who took no part: after a complaint, scrutiny or new
// facts. A letter that left is not taken back by it.
func (d *Desk) Reopen(ctx context.Context, c access.Caller, item staydown.ID, why string) error {
	why = strings.TrimSpace(why)
	return d.act(ctx, c, access.Withdraw, func(tx Tx) error {
		if why == "" || len(why) > maxLine {
			return staydown.Errorf(staydown.Invalid, "assess.reason", "say in at most %d bytes why it is looked at again", maxLine).At("why")
		}
		s, err := seat(tx, c, item)
		if err != nil {
			return err
		}
		e, err := s.Item.Reopen(why)
		if err != nil {
			return err
		}
		s.Item.Priority = max(s.Item.Priority, reopenedAt)
		s.Item.PriorityWhy = append(slices.Clone(s.Item.PriorityWhy), "reopened")
		if err := tx.PutItem(s.Item); err != nil {
			return err
		}
		if err := tx.SetQueue(item, QueueNew); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// Prioritise sets how urgent an item is, 0 to 10, with the reason that the queue shows beside it.
func (d *Desk) Prioritise(ctx context.Context, c access.Caller, item staydown.ID, n int, why string) error {
	why = strings.TrimSpace(why)
	return d.act(ctx, c, access.Assess, func(tx Tx) error {
		if n < LeastUrgent || n > MostUrgent {
			return staydown.Errorf(staydown.Invalid, "assess.priority", "a priority is %d to %d", LeastUrgent, MostUrgent).At("priority")
		}
		if why == "" || len(why) > maxLine {
			return staydown.Errorf(staydown.Invalid, "assess.reason", "say in at most %d bytes why", maxLine).At("why")
		}
		s, err := seat(tx, c, item)
		if err != nil {
			return err
		}
		from := s.Item.Priority
		s.Item.Priority, s.Item.PriorityWhy = n, []string{why}
		if err := tx.PutItem(s.Item); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "prioritise", Noun: "item", Subject: item, Circle: s.Item.Circle,
			Data: map[string]any{"from": from, "to": n, "why": why}})
	})
}

// draftMost is the longest form that is kept, in bytes.
const draftMost = 64 << 10

// SaveDraft keeps the form as the caller left it, also after the lease ran out; it leaves no event. Work on it keeps the lease.
func (d *Desk) SaveDraft(ctx context.Context, c access.Caller, item staydown.ID, body string) error {
	if len(body) > draftMost {
		return invalid("draft", "a draft is at most %d bytes", draftMost)
	}
	return d.act(ctx, c, access.Assess, func(tx Tx) error {
		s, err := seat(tx, c, item)
		if err != nil {
			return err
		}
		if s.HeldAt(tx.Now()) == c.Actor.Person {
			if err := tx.ExtendLeases(c.Actor.Person, tx.Now().Add(LeaseFor), tx.Now().Add(LeaseFor/2)); err != nil {
				return err
			}
		}
		if err := tx.KeepDraft(c.Actor.Person, item, body); err != nil {
			return fmt.Errorf("keeping the draft of item %s: %w", item, err)
		}
		return nil
	})
}
