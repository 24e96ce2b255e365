package deconflict

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// The ways of asking.
const (
	BySystem = "system" // all active holds in this database
	ByPhone  = "phone"
	BySiena  = "siena" // Europol's secure messaging
)

// Near is an item which a hold may concern, with what is needed to tell.
type Near struct {
	Item   staydown.ID
	Target Target
	SentAt time.Time // when a letter left that is not withdrawn and did not fail; zero when none did
}

// Tx is what the room needs of one change under way.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	Item(staydown.ID) (staydown.Item, error)
	Query(staydown.ID) (staydown.Query, error)
	AddQuery(staydown.Query) error
	PutQuery(staydown.Query) error
	Hold(staydown.ID) (staydown.Hold, error)
	AddHold(staydown.Hold) error
	PutHold(staydown.Hold) error

	// ActiveHolds reads the active holds of all authorities that are filed under these hosts.
	ActiveHolds(hosts []string) ([]staydown.Hold, error)
	// SameHold reads an authority's active hold of this scope on this location; NotFound when there is none.
	SameHold(owner staydown.ID, scope staydown.HoldScope, location string) (staydown.Hold, error)
	// NearHold reads the items, of all circles and with a query, which a hold may concern.
	NearHold(staydown.Hold) ([]Near, error)
	// QueriesAbout reads the queries about items, oldest first.
	QueriesAbout(items []staydown.ID) ([]staydown.Query, error)
	// QueriesAnswered reads the queries that a hold answers.
	QueriesAnswered(hold staydown.ID) ([]staydown.Query, error)
}

// Store is what the room needs of the keeper.
type Store interface {
	Act(context.Context, access.Caller, func(Tx) error) error
	Finish(context.Context, access.Caller, staydown.Job, func(Tx) error) error

	ItemOf(ctx context.Context, id staydown.ID) (staydown.Item, error)
	HoldOf(ctx context.Context, id staydown.ID) (staydown.Hold, error)
	// QueriesOf reads the queries about an item, oldest first.
	QueriesOf(ctx context.Context, item staydown.ID) ([]staydown.Query, error)
	// HoldsOf reads an authority's holds, active ones first, then by their review.
	HoldsOf(ctx context.Context, owner staydown.ID) ([]staydown.Hold, error)
	// NearTo reads the items, of all circles and with a query, which a hold may concern.
	NearTo(ctx context.Context, h staydown.Hold) ([]Near, error)
	Now() time.Time
}

// Desk is the room in which authorities keep clear of each other.
type Desk struct {
	Store Store
}

// act asks for the permission inside the change, so that a refusal leaves its event.
func (d *Desk) act(ctx context.Context, c access.Caller, p access.Permission, fn func(Tx) error) error {
	return d.Store.Act(ctx, c, func(tx Tx) error {
		if err := c.May(p); err != nil {
			return err
		}
		return fn(tx)
	})
}

func refused(code, format string, args ...any) error {
	return staydown.Errorf(staydown.Refused, code, format, args...)
}

func invalid(code, field, format string, args ...any) error {
	return staydown.Errorf(staydown.Invalid, code, format, args...).At(field)
}
