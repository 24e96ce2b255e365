package assess

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Tx is what the desk needs of one change under way.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	DropJob(kind, key string) error
	PutItem(staydown.Item) error
	Assessment(staydown.ID) (staydown.Assessment, error)
	AddAssessment(staydown.Assessment) error
	PutAssessment(staydown.Assessment) error

	// Seat reads an item with its queue and its holder.
	Seat(item staydown.ID) (Seat, error)
	// Looks reads all findings on an item, drafts too, oldest first.
	Looks(item staydown.ID) ([]staydown.Assessment, error)
	// Judged reads decided findings of an authority that rest on viewing these bytes, newest first.
	Judged(sha256 string, authority staydown.ID) ([]staydown.Assessment, error)
	// SetQueue moves an item to a queue.
	SetQueue(item staydown.ID, q Queue) error
	// Free reads up to n items that an officer could take, in the order of the queue.
	Free(circles []staydown.ID, q Queue, officer staydown.ID, n int) ([]Taken, error)
	// Lease gives items to an officer until a time, whoever held them before.
	Lease(items []Leased) error
	// ExtendLeases lets the officer keep every item still held, where less than half the time is left.
	ExtendLeases(officer staydown.ID, until, half time.Time) error
	// PutBack ends an officer's lease on an item.
	PutBack(item, officer staydown.ID) error
	// KeepDraft keeps the form as it stands; an empty body forgets it.
	KeepDraft(officer, item staydown.ID, body string) error
}

// Store is what the desk needs of the keeper.
type Store interface {
	Act(context.Context, access.Caller, func(Tx) error) error
	Finish(context.Context, access.Caller, staydown.Job, func(Tx) error) error

	// Shown reads what was captured of an item; candidates only from the given circles.
	Shown(ctx context.Context, item staydown.ID, circles []staydown.ID) (Shown, error)
	// CapturedText reads title and text of the newest capture that got content; empty when there is none.
	CapturedText(ctx context.Context, item staydown.ID) (string, error)
	// DraftBody reads the form an officer left.
	DraftBody(ctx context.Context, officer, item staydown.ID) (string, error)
	// SeatOf reads an item with its queue and its holder.
	SeatOf(ctx context.Context, item staydown.ID) (Seat, error)
	// LooksAt reads all findings on an item, oldest first.
	LooksAt(ctx context.Context, item staydown.ID) ([]staydown.Assessment, error)
	// QueueRows lists a queue.
	QueueRows(ctx context.Context, circles []staydown.ID, officer staydown.ID, name string, f Filter) ([]QueueRow, error)
	// QueueTabs counts the queues.
	QueueTabs(ctx context.Context, circles []staydown.ID, officer staydown.ID) ([]Tab, error)
	// AlikeRows lists what waits for a first look and has the same bytes.
	AlikeRows(ctx context.Context, circles []staydown.ID, officer staydown.ID, sha256 string, limit int) ([]QueueRow, error)
	// ExposureDays sums an officer's attention by day, from a time on.
	ExposureDays(ctx context.Context, officer staydown.ID, since time.Time) ([]Day, error)
	Now() time.Time
}

// Desk is the room in which findings are given.
type Desk struct {
	Store Store

	// KnownGood tells whether a host belongs to an archive, library, news house, government or university; nil: none does.
	KnownGood func(host string) bool
	// Sample is how many in a hundred findings get a second look without any other reason; 0 means the usual ten, below 0 none.
	Sample int
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

// seat loads an item that the caller may see; another circle's item does not exist.
func seat(tx Tx, c access.Caller, item staydown.ID) (Seat, error) {
	s, err := tx.Seat(item)
	if err != nil {
		return Seat{}, err
	}
	return s, c.Sees(s.Item.Circle)
}

// place loads an item and the findings on it, and asks whether the caller may work on it.
func place(tx Tx, c access.Caller, item staydown.ID) (Seat, Place, error) {
	s, err := seat(tx, c, item)
	if err != nil {
		return s, Place{}, err
	}
	looks, err := tx.Looks(item)
	if err != nil {
		return s, Place{}, err
	}
	p, err := s.For(c.Actor.Person, looks, tx.Now())
	return s, p, err
}
