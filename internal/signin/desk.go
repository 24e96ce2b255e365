package signin

import (
	"context"
	"crypto/cipher"
	"errors"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Desk is where people and programs are let in.
type Desk struct {
	store    Store // every change through it wipes tokens
	tokens   *memory
	plain    Store // the same store, for working state that changes nobody's access
	wall     func() time.Time
	aead     cipher.AEAD
	exercise bool
	hashing  chan struct{} // bounds the memory that password hashing takes
	decoy    string        // hash that is checked when there is no such login
}

// Options say how a Desk works.
type Options struct {
	Store    Store
	Key      []byte           // 32 bytes that seal the secrets of one-time codes, see [LoadKey]
	Wall     func() time.Time // the machine's clock; nil means time.Now
	Exercise bool             // an exercise's data: links may let step in as any officer
	Remember time.Duration    // for how long it need not be asked again for whom a token acts; zero for a real desk, see memory
}

// atOnce is how many passwords are hashed side by side, 19 MiB each.
const atOnce = 4

// New makes a Desk. It fails when the key is not 32 bytes.
func New(o Options) (*Desk, error) {
	aead, err := sealing(o.Key)
	if err != nil {
		return nil, err
	}
	if o.Store == nil {
		return nil, errors.New("sign-in needs a store")
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	m := &memory{moment: o.Remember}
	d := &Desk{store: wiping{o.Store, m}, tokens: m, plain: o.Store, wall: o.Wall, aead: aead, exercise: o.Exercise, hashing: make(chan struct{}, atOnce)}
	d.decoy = d.hash("a password that opens nothing")
	return d, nil
}

// Tx is what a change of sign-in needs of the store. Counted tries, sessions and the
// use of tokens and links are working state and leave no events; people,
// authorities, what people prove themselves with, and tokens and links made do.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Authority(staydown.ID) (staydown.Authority, error)
	AddAuthority(staydown.Authority) error
	Person(staydown.ID) (staydown.Person, error)
	AddPerson(staydown.Person) error
	PutPerson(staydown.Person) error
	PersonByLogin(login string) (staydown.Person, error) // NotFound when there is none
	PeopleOf(authority staydown.ID) ([]staydown.Person, error)
	Administrators() (int, error) // people who hold the role admin and are not disabled
	Credential(person staydown.ID) (Credential, error)
	SetCredential(Credential) error // a person chose anew: owes an event
	PutCredential(Credential) error // tries were counted: working state
	AddSession(Session) error
	SeeSession(hash string, at time.Time) error
	EndSession(hash string) error
	EndSessionsOf(person staydown.ID) error
	AddToken(Token) error // owes an event, as does revoking
	UseToken(hash string, at time.Time) error
	RevokeToken(id staydown.ID, at time.Time) error
	RevokeTokensOf(person staydown.ID, at time.Time) error
	Link(hash string) (Link, error)
	AddLink(Link) error // owes an event
	SpendLink(hash string, at time.Time) error
	DropLinks(purpose Purpose, person staydown.ID) error
}

// Store is what sign-in needs of the keeper.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Now() time.Time
	Person(ctx context.Context, id staydown.ID) (staydown.Person, error)
	PersonByLogin(ctx context.Context, login string) (staydown.Person, error)
	PeopleOf(ctx context.Context, authority staydown.ID) ([]staydown.Person, error)
	Authority(ctx context.Context, id staydown.ID) (staydown.Authority, error)
	Authorities(ctx context.Context) ([]staydown.Authority, error)
	Administrators(ctx context.Context) (int, error)
	CirclesOf(ctx context.Context, authority staydown.ID) ([]staydown.ID, error)
	Credential(ctx context.Context, person staydown.ID) (Credential, error)
	Session(ctx context.Context, hash string) (Session, error)
	TokenByHash(ctx context.Context, hash string) (Token, error)
	TokensOf(ctx context.Context, person staydown.ID) ([]Token, error)
	Link(ctx context.Context, hash string) (Link, error)
	ProviderByKey(ctx context.Context, hash string) (staydown.Provider, error)
}

// Credential is what a person proves to be themselves with. Zero: nothing yet.
type Credential struct {
	Person      staydown.ID `db:"person"`
	Password    string      `db:"password"`     // argon2id, PHC form
	TOTP        string      `db:"totp"`         // sealed secret
	TOTPLast    int64       `db:"totp_last"`    // the last step a code was taken for; it counts once
	Failures    int         `db:"failures"`     // in a row
	LockedUntil time.Time   `db:"locked_until"` // no try counts before
}

// Session is one browser that is signed in.
type Session struct {
	Hash      string      `db:"hash"` // SHA-256 of the cookie
	Person    staydown.ID `db:"person"`
	CreatedAt time.Time   `db:"created_at"`
	SeenAt    time.Time   `db:"seen_at"`
	ExpiresAt time.Time   `db:"expires_at"`
	CSRF      string      `db:"csrf"`
}

// Token lets a program act for a person, within its scopes.
type Token struct {
	Hash      string              `db:"hash"` // SHA-256 of the token
	ID        staydown.ID         `db:"id"`
	Person    staydown.ID         `db:"person"`
	Owner     staydown.ID         `db:"owner"`
	Name      string              `db:"name"`
	Scopes    []access.Permission `db:"scopes"` // empty: all that the person may
	CreatedAt time.Time           `db:"created_at"`
	RevokedAt time.Time           `db:"revoked_at"`
	UsedAt    time.Time           `db:"used_at"` // to the hour
}

// Purpose is what a link opens.
type Purpose string

// The purposes of links.
const (
	SetUpLink  Purpose = "set_up"  // makes the first authority and its administrator
	EnrolLink  Purpose = "enrol"   // lets a person choose a password and a one-time code
	SignInLink Purpose = "sign_in" // starts a session, once
)

// Link opens one thing once.
type Link struct {
	Hash      string      `db:"hash"` // SHA-256 of the link's last part
	Person    staydown.ID `db:"person"`
	Purpose   Purpose     `db:"purpose"`
	TOTP      string      `db:"totp"` // sealed secret offered for enrolment
	CreatedAt time.Time   `db:"created_at"`
	ExpiresAt time.Time   `db:"expires_at"`
	UsedAt    time.Time   `db:"used_at"`
}

// Terminal is who acts when somebody types a command on the machine itself: an
// administrator of the installation, without a person behind.
func Terminal() access.Caller {
	return access.Caller{Actor: staydown.Actor{System: "terminal"}, Roles: []staydown.Role{staydown.RoleAdmin}}
}

// itself is the caller of working state.
func itself() access.Caller { return access.System("sign-in") }
