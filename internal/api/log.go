package api

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/audit"
)

type eventIn struct {
	Event string `path:"event" minLength:"26" maxLength:"26" pattern:"^[0-9A-Z]{26}$"`
}

// log adds what outsiders need to verify the event log. A checkpoint tells how many
// events there are and nothing else, so that anybody may have it.
func (a *API) log() {
	const tag = "log"
	forAll(a, route{method: "GET", path: "/log/checkpoint", id: "get-checkpoint", summary: "The newest signed checkpoint of the event log", tag: tag}, func(ctx context.Context, _ *none) (*reply[audit.Checkpoint], error) {
		p, err := a.Audit.Checkpoint(ctx)
		return &reply[audit.Checkpoint]{p}, err
	})
	forPeople(a, route{method: "GET", path: "/log/proof/{event}", id: "prove-event", summary: "Proof that an event is in the log", tag: tag}, func(ctx context.Context, c access.Caller, in *eventIn) (*reply[audit.Proof], error) {
		if err := c.May(access.ReadLog); err != nil {
			return nil, err
		}
		p, err := a.Audit.Proof(ctx, staydown.ID(in.Event))
		if err != nil {
			return nil, err
		}
		return &reply[audit.Proof]{p}, mine(c, p)
	})
}

// mine is nil when an event is of the caller's authority or circles: its leaf tells
// of states and identifiers that others have no business with.
func mine(c access.Caller, p audit.Proof) error {
	var leaf struct{ Owner, Circle staydown.ID }
	if err := json.Unmarshal(p.Leaf, &leaf); err != nil {
		return fmt.Errorf("reading event %s: %w", p.Event, err)
	}
	if leaf.Owner == c.Actor.Authority {
		return nil
	}
	return c.Sees(leaf.Circle)
}
