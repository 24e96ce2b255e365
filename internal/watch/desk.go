package watch

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match"
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Item(staydown.ID) (staydown.Item, error)
	// SetReturn keeps the item's Lineage, ReturnOf, Priority and PriorityWhy and nothing else of it.
	SetReturn(staydown.Item) error
	Return(staydown.ID) (staydown.Return, error)
	AddReturn(staydown.Return) error
	PutReturn(staydown.Return) error
	// ReturnsFrom lists the returns proposed for a new item.
	ReturnsFrom(item staydown.ID) ([]staydown.Return, error)
	AddLineage(staydown.Lineage) error
	// GenerationsOf lists the generations of a lineage, first to last.
	GenerationsOf(lineage staydown.ID) ([]staydown.Generation, error)
	AddGeneration(staydown.Generation) error
	PutGeneration(staydown.Generation) error
}

// Pair is a candidate that matching kept, with the item it points to.
type Pair struct {
	Other     match.Other
	Distances map[string]int // by kind: "sha256" 0, "pdq" in bits, "text" in percent unlike
}

// Store is what this package needs of the store.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
	PublishedAt(ctx context.Context, items []staydown.ID) (map[staydown.ID]time.Time, error)
	FingerprintsOf(ctx context.Context, items []staydown.ID) ([]staydown.Fingerprint, error)
	SharingMarks(ctx context.Context, circle staydown.ID, butHost string, marks []string, limit int) ([]match.Other, error)
	// HostsWith counts on how many hosts each mark or medium (by SHA-256) is known.
	HostsWith(ctx context.Context, circle staydown.ID, values []string) (map[string]int, error)
	// GoneLookalikes lists the candidates of a new item that were seen gone.
	GoneLookalikes(ctx context.Context, item staydown.ID) ([]Pair, error)
	// MayBe lists new items of which an item seen gone is a candidate and that appeared after it was last known up; those that
	// do not say when they appeared, if a lead first pointed to them after it was seen gone.
	MayBe(ctx context.Context, gone staydown.ID, lastUp, goneAt time.Time, limit int) ([]staydown.ID, error)
	// LastUp tells when items were last known to be up: captured, or seen up by a check.
	LastUp(ctx context.Context, items []staydown.ID) (map[staydown.ID]time.Time, error)

	ReturnRows(ctx context.Context, circles []staydown.ID, state staydown.ReturnState, limit int) ([]Row, error)
	LineagesOf(ctx context.Context, circles []staydown.ID, limit int) ([]Summary, error)
	Lineage(ctx context.Context, id staydown.ID) (staydown.Lineage, error)
	LineageLives(ctx context.Context, lineage staydown.ID) ([]Life, error)
}

// Desk watches for returns.
type Desk struct {
	Store Store
}
