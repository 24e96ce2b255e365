package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/capture/page"
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	Item(staydown.ID) (staydown.Item, error)
	Line(staydown.ID) (staydown.Line, error)
	// SetItemSeen keeps what was seen of an item, SetLineSeen of a line, and nothing else of them.
	SetItemSeen(staydown.Item) error
	SetLineSeen(staydown.Line) error
	AddCheck(staydown.Check) error
}

// Store is what this package needs of the store.
type Store interface {
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
	Letter(ctx context.Context, id staydown.ID) (staydown.Letter, error)
	// Watched reads an item with its line: the one of its latest letter, or the given one when it is in none. Not ok: one of
	// them is not there.
	Watched(ctx context.Context, item, line staydown.ID) (w Watched, ok bool, err error)
	// ChecksOf lists the checks of an item, the first one first.
	ChecksOf(ctx context.Context, item staydown.ID) ([]staydown.Check, error)
}

// Watched is an item that a letter was about.
type Watched struct {
	Item  staydown.Item
	Line  staydown.Line
	Facts string // capture.Facts, as JSON, of the last capture that held the content; "" when none did
}

// Desk does the job "verify", and tells what was seen.
type Desk struct {
	Store  Store
	Looker *Looker
}

// Plan is the payload of a job "verify": which check of which line, counted from when.
type Plan struct {
	N      int         `json:"n"` // 1 to MaxChecks
	Line   staydown.ID `json:"line"`
	Letter staydown.ID `json:"letter"`
	Sent   time.Time   `json:"sent"`            // when the letter was delivered
	Again  int         `json:"again,omitempty"` // looks taken for this check that were in vain
}

var system = access.System("verify")

// Checks lists what was seen of an item, the first look first.
func (d *Desk) Checks(ctx context.Context, c access.Caller, item staydown.ID) ([]staydown.Check, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	i, err := d.Store.Item(ctx, item)
	if err != nil {
		return nil, err
	}
	if err := c.Sees(i.Circle); err != nil {
		return nil, err
	}
	return d.Store.ChecksOf(ctx, item)
}

// HandleVerify looks at an item that a letter was about, records what it saw, and leaves the next look.
func (d *Desk) HandleVerify(ctx context.Context, j staydown.Job) error {
	w, plan, wanted, err := d.load(ctx, j)
	if err != nil {
		return fmt.Errorf("verifying item %s: %w", j.Subject, err)
	}
	if !wanted {
		return d.Store.Finish(ctx, system, j, func(Tx) error { return nil })
	}
	known, err := w.known()
	if err != nil {
		return fmt.Errorf("verifying item %s: %w", j.Subject, err)
	}
	var countries []string
	if w.Line.State == staydown.LineDisabled {
		countries = w.Line.Countries
	}
	seen := d.Looker.Look(ctx, w.Item.Location, known, countries)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("verifying item %s: %w", j.Subject, err)
	}
	if passing(seen) && plan.Again < len(comeBack) {
		return d.Store.Finish(ctx, system, j, func(tx Tx) error { return comeAgain(tx, w.Item, plan) })
	}
	return d.Store.Finish(ctx, system, j, func(tx Tx) error { return record(tx, w.Item.ID, plan, j.RunAt, seen) })
}

// load reads what a job is about. Not wanted any more is a look at what was merged or withdrawn. When a later letter is
// about the item, the looks go on for that one.
func (d *Desk) load(ctx context.Context, j staydown.Job) (w Watched, plan Plan, wanted bool, err error) {
	if err = json.Unmarshal([]byte(j.Payload), &plan); err != nil {
		return w, plan, false, fmt.Errorf("reading the job: %w", err)
	}
	w, there, err := d.Store.Watched(ctx, j.Subject, plan.Line)
	if err != nil || !there {
		return w, plan, false, err
	}
	if w.Line.ID != plan.Line {
		plan = Plan{N: 1, Line: w.Line.ID}
	}
	plan.Letter = w.Line.Letter
	if plan.Sent.IsZero() {
		l, err := d.Store.Letter(ctx, w.Line.Letter)
		if staydown.KindOf(err) == staydown.NotFound {
			return w, plan, false, nil
		}
		if err != nil {
			return w, plan, false, err
		}
		if plan.Sent = l.DeliveredAt; plan.Sent.IsZero() {
			plan.Sent = l.SentAt
		}
	}
	wanted = w.Item.State != staydown.ItemMerged && w.Line.State != staydown.LineWithdrawn && plan.N >= 1 && plan.N <= MaxChecks
	return w, plan, wanted, nil
}

// known is what a capture of the item remembered; nil when none held its content.
func (w Watched) known() (*page.Likeness, error) {
	if w.Facts == "" {
		return nil, nil
	}
	var f struct {
		Likeness *page.Likeness `json:"likeness"`
	}
	if err := json.Unmarshal([]byte(w.Facts), &f); err != nil {
		return nil, fmt.Errorf("reading what was captured: %w", err)
	}
	return f.Likeness, nil
}

// comeBack is how long to wait after a look that was in vain, before it is taken again; after the last it counts.
var comeBack = []time.Duration{15 * time.Minute, time.Hour}

// passing tells whether nothing was seen for reasons that pass: an error, a time-out, too many questions.
func passing(s Seen) bool {
	if s.Verdict != staydown.Unseen || len(s.Sightings) == 0 {
		return false
	}
	for _, x := range s.Sightings {
		if !passes(x.Signal) {
			return false
		}
	}
	return true
}

// passes tells whether what a signal stands for will be over soon.
func passes(signal string) bool {
	switch signal {
	case "error", "timeout", "refused", "unreachable", "connection_broken", "dns_trouble", "proxy", "stopped", "failed", "408", "425", "429", "500", "502", "503", "504":
		return true
	}
	return false
}

// comeAgain leaves the same look once more.
func comeAgain(tx Tx, i staydown.Item, p Plan) error {
	at := tx.Now().Add(comeBack[p.Again])
	p.Again++
	return leave(tx, i.ID, p, at)
}

// leave leaves a look for later.
func leave(tx Tx, item staydown.ID, p Plan, at time.Time) error {
	b, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("leaving a look: %w", err)
	}
	return tx.Job(staydown.Job{Kind: "verify", Key: string(item), Subject: item, Payload: string(b), RunAt: at})
}
