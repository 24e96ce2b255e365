package practice

import (
	"context"
	"fmt"
	"time"
)

// Step is the reply to POST /now.
type Step struct {
	Next  string `json:"next"`  // RFC 3339; empty when nothing is planned
	Did   int    `json:"did"`   // planned acts looked at
	Finds int    `json:"finds"` // returns that units have come upon so far
}

// Advance does what is due up to a time. When it returns, every effect stands
// in the truth and the desk has taken every answer; on an error what is left
// stays due.
func (h *House) Advance(ctx context.Context, to time.Time) (Step, error) {
	h.turn.Lock()
	defer h.turn.Unlock()
	to = to.UTC().Truncate(time.Second)
	did := 0
	for {
		a, err := h.actUntil(to, &did)
		if err != nil {
			return Step{}, err
		}
		if a == nil {
			break
		}
		if err := h.answer(ctx, *a); err != nil {
			h.mu.Lock()
			h.state.agenda.putBack(*a)
			h.mu.Unlock()
			return Step{}, err
		}
		did++
	}
	return h.reached(to, did)
}

// actUntil performs the acts due, in order, until one needs the desk; that one
// is taken from the agenda and returned.
func (h *House) actUntil(to time.Time, did *int) (*act, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		a, ok := h.state.agenda.next()
		if !ok || a.at.After(to) {
			return nil, nil
		}
		if a.at.After(h.now) {
			h.now = a.at
		}
		h.state.agenda.drop()
		if a.what == actAnswer && !h.state.done[a.key()] {
			return &a, nil
		}
		*did++
		if h.state.done[a.key()] {
			continue
		}
		if err := h.commit(h.state.perform(a)...); err != nil {
			return nil, err
		}
	}
}

// reached notes that everything up to a time is done.
func (h *House) reached(to time.Time, did int) (Step, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if to.After(h.now) {
		h.now = to
	}
	if did > 0 {
		if err := h.commit(Event{Kind: KindClock, At: to}); err != nil {
			return Step{}, fmt.Errorf("noting the time: %w", err)
		}
	}
	s := Step{Did: did, Finds: len(h.state.finds)}
	if a, ok := h.state.agenda.next(); ok {
		s.Next = a.at.Format(time.RFC3339)
	}
	return s, nil
}
