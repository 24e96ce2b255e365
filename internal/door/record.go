package door

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Pass is what a token opens. It is left when a letter is sent.
type Pass struct {
	Hash      string      `db:"hash"`
	Letter    staydown.ID `db:"letter"`
	Provider  staydown.ID `db:"provider"`
	CreatedAt time.Time   `db:"created_at"`
	ExpiresAt time.Time   `db:"expires_at"`
	RevokedAt time.Time   `db:"revoked_at"`
}

// Session is one visit. It is working state: nothing of it is a fact about the
// letter.
type Session struct {
	Hash        string      `db:"hash"` // digest of the cookie
	Letter      staydown.ID `db:"letter"`
	Provider    staydown.ID `db:"provider"`
	CodeHash    string      `db:"code_hash"`
	CodeTries   int         `db:"code_tries"`
	CodeExpires time.Time   `db:"code_expires"`
	CodeSent    time.Time   `db:"code_sent"`
	ProvenAt    time.Time   `db:"proven_at"` // zero until the code was typed in
	CreatedAt   time.Time   `db:"created_at"`
	ExpiresAt   time.Time   `db:"expires_at"`
	Draft       string      `db:"draft"` // answers looked over and not filed yet
}

// Sent counts the codes sent for a letter that nobody typed in (yet).
type Sent struct {
	Day int // within the last 24 hours
	All int
}

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	Event(staydown.Event) error
	Letter(staydown.ID) (staydown.Letter, error)
	DoorPass(hash string) (Pass, error)
	DoorSession(hash string) (Session, error)
	AddDoorSession(Session) error
	// PutDoorSession keeps a session under what may be a new digest.
	PutDoorSession(hash string, s Session) error
	DropDoorSession(hash string) error
	CodesSent(letter staydown.ID, since time.Time) (Sent, error)
}

// Store is what this package needs of the store.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Now() time.Time
	DoorPass(ctx context.Context, hash string) (Pass, error)
	DoorSession(ctx context.Context, hash string) (Session, error)
}
