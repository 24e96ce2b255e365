package desk

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/signin"
)

// Door is what the pages need of sign-in.
type Door interface {
	NeedsSetUp(ctx context.Context) (bool, error)
	SetUpOpen(ctx context.Context, secret string) error
	SetUp(ctx context.Context, secret string, a staydown.Authority, login, name string) (staydown.Authority, string, error)
	Enrolment(ctx context.Context, token string) (staydown.Person, signin.Secret, error)
	Enrol(ctx context.Context, token, password, given string) (signin.Fresh, error)
	Choices(ctx context.Context, token string) ([]staydown.Person, error)
	Redeem(ctx context.Context, token string, person staydown.ID) (signin.Fresh, error)
	Officers(ctx context.Context) ([]staydown.Person, error)
	Switch(ctx context.Context, cookie string, person staydown.ID) (signin.Fresh, error)
	SignIn(ctx context.Context, login, password, given string) (signin.Fresh, error)
	SignOut(ctx context.Context, cookie string) error
	Session(ctx context.Context, cookie string) (access.Caller, staydown.Person, error)

	People(ctx context.Context, c access.Caller, authority staydown.ID) ([]staydown.Person, error)
	AddPerson(ctx context.Context, c access.Caller, p staydown.Person) (staydown.Person, error)
	SetRoles(ctx context.Context, c access.Caller, person staydown.ID, roles []staydown.Role) error
	Invite(ctx context.Context, c access.Caller, person staydown.ID) (string, error)
	Revoke(ctx context.Context, c access.Caller, person staydown.ID) error
}

// Findings is what the pages need of assess.
type Findings interface {
	Tabs(ctx context.Context, c access.Caller) ([]assess.Tab, error)
	Queue(ctx context.Context, c access.Caller, name string, f assess.Filter) ([]assess.QueueRow, error)
	Take(ctx context.Context, c access.Caller, queue string, campaign staydown.ID, n int) ([]assess.Taken, error)
	OpenHidden(ctx context.Context, c access.Caller, item staydown.ID) (assess.Opened, error)
	Looked(ctx context.Context, c access.Caller, item staydown.ID) error
	Stay(ctx context.Context, c access.Caller, item staydown.ID) (time.Time, error)
	PutBack(ctx context.Context, c access.Caller, item staydown.ID) error
	SaveDraft(ctx context.Context, c access.Caller, item staydown.ID, body string) error
	Give(ctx context.Context, c access.Caller, item staydown.ID, in staydown.Assessment) (staydown.Assessment, error)
	TakeBack(ctx context.Context, c access.Caller, assessment staydown.ID) error
	Alike(ctx context.Context, c access.Caller, item staydown.ID) ([]assess.QueueRow, error)
	Contexts(ctx context.Context, c access.Caller, items []staydown.ID) ([]assess.Context, error)
	GiveGroup(ctx context.Context, c access.Caller, g assess.Group) ([]staydown.Assessment, error)
	AssessmentsOf(ctx context.Context, c access.Caller, item staydown.ID) ([]staydown.Assessment, error)
	Reopen(ctx context.Context, c access.Caller, item staydown.ID, why string) error
	Prioritise(ctx context.Context, c access.Caller, item staydown.ID, n int, why string) error
	Exposure(ctx context.Context, c access.Caller) (assess.Exposure, error)
}

// Letters is what the pages need of referral.
type Letters interface {
	Ready(ctx context.Context, c access.Caller, campaign staydown.ID) ([]referral.ReadyRow, error)
	Draft(ctx context.Context, c access.Caller, campaign, provider staydown.ID, max int) (staydown.Letter, error)
	Letter(ctx context.Context, c access.Caller, id staydown.ID) (referral.LetterView, error)
	List(ctx context.Context, c access.Caller, f referral.Filter) ([]staydown.Letter, error)
	// Preview is what leaves, or left, as the letter.
	Preview(view referral.LetterView) connector.Message
	Checks(ctx context.Context, c access.Caller, letter staydown.ID) ([]staydown.Finding, error)
	Override(ctx context.Context, c access.Caller, letter staydown.ID, check int, reason string) error
	RemoveLine(ctx context.Context, c access.Caller, line staydown.ID) error
	Approve(ctx context.Context, c access.Caller, letter staydown.ID) (staydown.Letter, error)
	Return(ctx context.Context, c access.Caller, letter staydown.ID, why string) error
	Discard(ctx context.Context, c access.Caller, letter staydown.ID, why string) error
	Resend(ctx context.Context, c access.Caller, letter staydown.ID) error
	Close(ctx context.Context, c access.Caller, letter staydown.ID, why string) error
	Withdraw(ctx context.Context, c access.Caller, letter staydown.ID, why string) error
	Campaign(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Campaign, error)
	Campaigns(ctx context.Context, c access.Caller) ([]staydown.Campaign, error)
	Move(ctx context.Context, c access.Caller, id staydown.ID, act staydown.Act) error
	Freeze(ctx context.Context, c access.Caller, id staydown.ID, on bool) error
	Provider(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Provider, error)
	Providers(ctx context.Context, c access.Caller) ([]staydown.Provider, error)
}

// Reading is what the pages need of consult: each reading is logged.
type Reading interface {
	Items(ctx context.Context, c access.Caller, f consult.Filter) ([]staydown.Item, error)
	Item(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Item, error)
	History(ctx context.Context, c access.Caller, id staydown.ID) ([]consult.Happening, error)
	Note(ctx context.Context, c access.Caller, e staydown.Event) error
}

// Keeper is what the pages ask of the store directly: rows for display, of nouns of the root only. The pages check
// the circle of what they get.
type Keeper interface {
	Exhibit(ctx context.Context, id staydown.ID) (staydown.Exhibit, error)
	ExhibitsOfItem(ctx context.Context, item staydown.ID) ([]staydown.Exhibit, error)
	CaptureOfItem(ctx context.Context, item staydown.ID) (staydown.Capture, error)
	LeadsOfItem(ctx context.Context, item, owner staydown.ID) ([]staydown.Lead, error)
	QueryOfItem(ctx context.Context, item staydown.ID) (staydown.Query, error)
	CheckOfItem(ctx context.Context, item staydown.ID) (staydown.Check, error)
	LettersOfItems(ctx context.Context, items []staydown.ID) (map[staydown.ID]staydown.ID, error)
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
	Authority(ctx context.Context, id staydown.ID) (staydown.Authority, error)
	Person(ctx context.Context, id staydown.ID) (staydown.Person, error)
	SignalsOf(ctx context.Context, contents []staydown.ID) ([]staydown.BankSignal, error)
	// LogPage lists events of the caller's circles, newest first, before an event; empty arguments do not narrow.
	LogPage(ctx context.Context, c access.Caller, noun string, act staydown.Act, subject, before staydown.ID, limit int) ([]audit.Entry, error)
}

// Journal is what the pages need of the log.
type Journal interface {
	Verify(ctx context.Context, progress func(done, of int64)) (audit.Report, error)
	Checkpoint(ctx context.Context) (audit.Checkpoint, error)
	Proof(ctx context.Context, event staydown.ID) (audit.Proof, error)
}

// Vault makes stills of captured pictures; originals never reach a browser.
type Vault interface {
	Still(ctx context.Context, sha256 string, variant evidence.Variant, size int) (evidence.Picture, error)
}
