package connector

import (
	"context"
	"time"
)

// Connector is one kind of wire to a provider. Its methods may be called by
// several goroutines.
type Connector interface {
	// Name is the channel's name in the register of providers, such as "email".
	Name() string

	// Capabilities says what the wire can and cannot do.
	Capabilities() Capabilities

	// Send hands one message over, once, and says what became of it. It returns
	// when it knows, or when ctx ends. The same message may be sent again: its
	// identity and its bytes on the wire are the caller's, not the try's.
	//
	// An error means that nothing left this machine and that trying again will
	// not help before the message or the set-up is changed: a field out of
	// bounds, no address for this channel, no key to sign with.
	Send(ctx context.Context, m Message) (Result, error)
}

// Capabilities is what a wire can do.
type Capabilities struct {
	// Idempotent says that the same message sent twice has one effect at the
	// provider, so that an unknown outcome may be cleared up by sending again.
	Idempotent bool
	// Receipts says that the provider's own system answers, with a receipt.
	// Without, the best outcome is [Delivered].
	Receipts bool
	// RetryAfter says that the other side can name the time to wait.
	RetryAfter bool
	// MaxLines is how many lines one message may carry.
	MaxLines int
}

// Outcome is what became of a message.
type Outcome string

// The outcomes. Law: TCO 3(3) lets the hour run from receipt, which is why
// [Accepted] and [Delivered] are two things.
const (
	Accepted  Outcome = "accepted"  // the provider's system took it and gave a receipt
	Delivered Outcome = "delivered" // a server on the way took it; proves no receipt
	Refused   Outcome = "refused"   // not taken, and sending the same again will not help
	Retry     Outcome = "retry"     // not taken; may be sent again
	Unknown   Outcome = "unknown"   // may or may not have been taken
)

// Result is the outcome of one try.
type Result struct {
	Outcome Outcome
	// Receipt is the provider's own name for what it took; with Accepted only.
	Receipt string
	// ReceivedAt is when the provider says it received it; with Accepted only.
	ReceivedAt time.Time
	// At is when the outcome was known here, on the desk's clock.
	At time.Time
	// After is how long the other side asks to wait before the next try; zero
	// when it did not say. With Retry only, never more than [MaxRetryAfter].
	After time.Duration
	// Code is the status of the protocol (HTTP or SMTP); zero when none came.
	Code int
	// Detail says in a few English words what happened, for the letter's time
	// line and the log. It never holds what opens the provider's door.
	Detail string
}

// MaxRetryAfter bounds the wait that the other side may ask for.
const MaxRetryAfter = 24 * time.Hour
