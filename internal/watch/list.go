package watch

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Thing is an item as a list of returns shows it: without its finding, which
// is not to lead whoever looks.
type Thing struct {
	ID          staydown.ID    `json:"id"`
	Location    string         `json:"location"`
	Host        string         `json:"host"`
	Kind        string         `json:"kind"`
	Title       string         `json:"title"`
	Account     string         `json:"account"`
	SeenAt      time.Time      `json:"seen_at"`
	PublishedAt time.Time      `json:"published_at"` // as it says of itself; zero if it does not
	GoneAt      time.Time      `json:"gone_at"`
	WeSaw       staydown.Sight `json:"we_saw"`
}

// Row is one return.
type Row struct {
	ID        staydown.ID          `json:"id"`
	State     staydown.ReturnState `json:"state"`
	Kind      string               `json:"kind"`  // reupload, rebuilt or account
	Score     int                  `json:"score"` // 0 to 100
	Signals   []staydown.Signal    `json:"signals"`
	Item      Thing                `json:"item"` // the new one
	Of        Thing                `json:"of"`   // the one seen gone
	Lineage   staydown.ID          `json:"lineage"`
	Reason    string               `json:"reason"` // of a dismissal
	FoundAt   time.Time            `json:"found_at"`
	DecidedAt time.Time            `json:"decided_at"`
	DecidedBy staydown.ID          `json:"decided_by"`
}

// Summary is a lineage in a list.
type Summary struct {
	staydown.Lineage
	Generations int       `json:"generations"`
	LastFrom    time.Time `json:"last_from"` // when the last generation was first seen
	LastTo      time.Time `json:"last_to"`   // when it was seen gone; zero while up
}

// Life is one generation with its item.
type Life struct {
	staydown.Generation
	Thing   Thing             `json:"thing"`
	Signals []staydown.Signal `json:"signals"` // by which it was recognised; none for the first
	Score   int               `json:"score"`
	// Away is the time from the end of the generation before to when this one appeared, or was first seen; zero for the first
	// and where either is not known.
	Away time.Duration `json:"away"`
}

// Line is a lineage with its generations, first to last.
type Line struct {
	Lineage     staydown.Lineage
	Generations []Life
}

const mostRows = 500

// Returns lists returns of the caller's circles in a state; all states if it
// is empty. Of suspicions about one item only the likeliest is listed while
// none is decided. At most limit rows, 500 if it is 0 or more than that.
func (d *Desk) Returns(ctx context.Context, c access.Caller, state staydown.ReturnState, limit int) ([]Row, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	if state != "" && state != staydown.ReturnCandidate && state != staydown.ReturnConfirmed && state != staydown.ReturnDismissed {
		return nil, staydown.Errorf(staydown.Usage, "return.state", "there is no state %q of returns", state).At("state")
	}
	return d.Store.ReturnRows(ctx, c.Circles, state, bounded(limit))
}

// Lineages lists the lineages of the caller's circles, the newest first.
func (d *Desk) Lineages(ctx context.Context, c access.Caller) ([]Summary, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	return d.Store.LineagesOf(ctx, c.Circles, mostRows)
}

// Lineage reads one lineage with its generations.
func (d *Desk) Lineage(ctx context.Context, c access.Caller, id staydown.ID) (Line, error) {
	if err := c.May(access.See); err != nil {
		return Line{}, err
	}
	l, err := d.Store.Lineage(ctx, id)
	if err != nil {
		return Line{}, err
	}
	if err := c.Sees(l.Circle); err != nil {
		return Line{}, err
	}
	lives, err := d.Store.LineageLives(ctx, id)
	if err != nil {
		return Line{}, err
	}
	for k := 1; k < len(lives); k++ {
		lives[k].Away = away(lives[k-1], lives[k])
	}
	return Line{Lineage: l, Generations: lives}, nil
}

// away is how long a thing was gone between two generations.
func away(before, after Life) time.Duration {
	back := after.FromAt
	if p := after.Thing.PublishedAt; !p.IsZero() {
		back = p
	}
	if before.ToAt.IsZero() || back.Before(before.ToAt) {
		return 0
	}
	return back.Sub(before.ToAt)
}

func bounded(limit int) int {
	if limit <= 0 || limit > mostRows {
		return mostRows
	}
	return limit
}
