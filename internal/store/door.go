package store

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Door turns the store's transaction into the narrow one that a capability declares: each capability says which few
// methods it needs in an interface T, and as hands the transaction over as that.
type Door[T any] struct {
	s  *Store
	as func(*Tx) T
}

// NewDoor makes a door; as is usually func(tx *Tx) T { return tx }.
func NewDoor[T any](s *Store, as func(*Tx) T) Door[T] { return Door[T]{s, as} }

// Act carries out one change; see Store.Act.
func (d Door[T]) Act(ctx context.Context, c access.Caller, fn func(T) error) error {
	return d.s.Act(ctx, c, func(tx *Tx) error { return fn(d.as(tx)) })
}

// Finish carries out one change and ends a leased job with it; see Store.Finish.
func (d Door[T]) Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(T) error) error {
	return d.s.Finish(ctx, c, j, func(tx *Tx) error { return fn(d.as(tx)) })
}

// desk is the store as one capability needs it: its own narrow Act and Finish, and beneath them the store's questions.
type desk[T any] struct {
	Door[T]
	beneath
}

type beneath struct{ *Store }

func newDesk[T any](s *Store, as func(*Tx) T) desk[T] { return desk[T]{NewDoor(s, as), beneath{s}} }
