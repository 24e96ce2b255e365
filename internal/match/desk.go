package match

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
)

const (
	mostCandidates = 20  // kept for one item, the closest
	askedFirst     = 64  // items whose findings are asked for at first, the likeliest
	mostAsked      = 448 // and at the most, where few of those were decided
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	Item(staydown.ID) (staydown.Item, error)
	// SetKnown keeps the item's Known, Priority and PriorityWhy and nothing else of it.
	SetKnown(staydown.Item) error
	// NewCandidates keeps those candidates that are not there yet (by item, other and kind), and tells how many those were.
	NewCandidates([]staydown.Candidate) (int, error)
	// LeaveForBanks leaves the job "bank" for an item, where its circle has banks.
	LeaveForBanks(staydown.Item) error
}

// Store is what this package needs of the store.
type Store interface {
	Feed
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
	// PublishedAt tells when items say they appeared; those that do not are left out.
	PublishedAt(ctx context.Context, items []staydown.ID) (map[staydown.ID]time.Time, error)
	// Decided lists those of the items that belong to the circle and are decided.
	Decided(ctx context.Context, circle staydown.ID, items []staydown.ID) ([]Other, error)
	// SharingMarks lists items of a circle on other hosts that were seen gone and carry one of these marks.
	SharingMarks(ctx context.Context, circle staydown.ID, butHost string, marks []string, limit int) ([]Other, error)
}

// Desk matches new items with what was decided.
type Desk struct {
	Store Store

	once  sync.Once
	index *Index
}

// Index is the desk's copy of the fingerprints.
func (d *Desk) Index() *Index {
	d.once.Do(func() { d.index = NewIndex() })
	return d.index
}

// HandleMatch does the job "match". Its subject is the item.
func (d *Desk) HandleMatch(ctx context.Context, j staydown.Job) error {
	system := access.System("match")
	i, err := d.Store.Item(ctx, j.Subject)
	if staydown.KindOf(err) == staydown.NotFound {
		return d.Store.Finish(ctx, system, j, func(Tx) error { return nil })
	}
	if err != nil {
		return fmt.Errorf("matching item %s: %w", j.Subject, err)
	}
	f, err := d.find(ctx, i)
	if err != nil {
		return fmt.Errorf("matching item %s: %w", i.ID, err)
	}
	return d.Store.Finish(ctx, system, j, func(tx Tx) error { return f.keep(tx, i.ID) })
}

// found is the outcome of one search.
type found struct {
	closest []Resemblance
	known   staydown.ID // first decided item of the same bytes
	back    bool        // it may be something that was seen gone
}

// find searches for one item.
func (d *Desk) find(ctx context.Context, i staydown.Item) (found, error) {
	prints, err := d.Store.FingerprintsOf(ctx, []staydown.ID{i.ID})
	if err != nil {
		return found{}, err
	}
	p := ProbeOf(prints)
	all, err := d.Resembling(ctx, i, p)
	if err != nil {
		return found{}, err
	}
	published, err := d.Store.PublishedAt(ctx, []staydown.ID{i.ID})
	if err != nil {
		return found{}, err
	}
	f := found{closest: all[:min(len(all), mostCandidates)], known: firstOfSameBytes(all)}
	for _, r := range f.closest {
		if !r.Other.GoneAt.IsZero() && PostedAfter(published[i.ID], i.SeenAt, r.Other.CapturedAt, r.Other.GoneAt) {
			f.back = true
		}
	}
	if !f.back && len(p.Marks) > 0 {
		sharing, err := d.Store.SharingMarks(ctx, i.Circle, i.Host, p.Marks, 1)
		if err != nil {
			return found{}, err
		}
		f.back = len(sharing) > 0
	}
	return f, nil
}

// Resembling lists the decided items of the item's circle that a probe
// resembles, closest first.
func (d *Desk) Resembling(ctx context.Context, i staydown.Item, p Probe) ([]Resemblance, error) {
	x := d.Index()
	if err := x.Follow(ctx, d.Store); err != nil {
		return nil, err
	}
	near := slices.DeleteFunc(x.Search(i.Circle, p), func(n Near) bool { return n.Item == i.ID })
	likely := likeliest(near)
	likely = likely[:min(len(likely), mostAsked)]
	var decided []Other
	for n := askedFirst; len(likely) > 0 && len(decided) < mostCandidates; n *= 2 {
		some := likely[:min(len(likely), n)]
		likely = likely[len(some):]
		slices.Sort(some)
		more, err := d.Store.Decided(ctx, i.Circle, some)
		if err != nil {
			return nil, err
		}
		decided = append(decided, more...)
	}
	return resemble(i, near, decided), nil
}

// likeliest lists the items found, in the order of how much their fingerprints
// have in common with the probe, equal ones oldest first. A picture that is
// everywhere is carried by thousands of items; only of the likeliest is it worth
// asking whether they are decided.
func likeliest(near []Near) []staydown.ID {
	doubt := make(map[staydown.ID]float64, len(near))
	same := map[staydown.ID]bool{}
	for _, n := range near {
		if n.Kind == fingerprint.SHA256 {
			same[n.Item] = true
		}
	}
	for _, n := range near {
		before, ok := doubt[n.Item]
		if !ok {
			before = 1
		}
		if n.Kind == fingerprint.PDQ && same[n.Item] {
			continue // of the same bytes already
		}
		doubt[n.Item] = before * doubtOf(n.Kind, n.Distance)
	}
	out := slices.Collect(maps.Keys(doubt))
	slices.SortFunc(out, func(a, b staydown.ID) int { return cmp.Or(cmp.Compare(doubt[a], doubt[b]), cmp.Compare(a, b)) })
	return out
}

// firstOfSameBytes names the item of the same bytes that was decided first.
func firstOfSameBytes(all []Resemblance) staydown.ID {
	var first *Other
	for k := range all {
		if _, ok := all[k].Distances[fingerprint.SHA256]; !ok {
			continue
		}
		o := &all[k].Other
		if first == nil || o.DecidedAt.Before(first.DecidedAt) || o.DecidedAt.Equal(first.DecidedAt) && o.Location < first.Location {
			first = o
		}
	}
	if first == nil {
		return ""
	}
	return first.ID
}

// keep puts what was found into the record.
func (f found) keep(tx Tx, item staydown.ID) error {
	i, err := tx.Item(item)
	if err != nil {
		return err
	}
	added, err := tx.NewCandidates(f.candidates(tx, i))
	if err != nil {
		return err
	}
	if f.known != "" && i.Known == "" {
		i.Known = f.known
		Raise(&i, "known_content", 1)
		added++
		if err := tx.SetKnown(i); err != nil {
			return err
		}
	}
	if added > 0 {
		e := staydown.Event{Act: "match", Noun: "item", Subject: i.ID, Owner: i.Owner, Circle: i.Circle, Data: f.summary()}
		if err := tx.Event(e); err != nil {
			return err
		}
	}
	if err := tx.LeaveForBanks(i); err != nil {
		return err
	}
	if !f.back {
		return nil
	}
	return tx.Job(staydown.Job{Kind: "watch", Key: string(i.ID), Subject: i.ID})
}

func (f found) candidates(tx Tx, i staydown.Item) []staydown.Candidate {
	var out []staydown.Candidate
	for _, r := range f.closest {
		for _, kind := range []string{fingerprint.SHA256, fingerprint.PDQ, fingerprint.Text} {
			if d, ok := r.Distances[kind]; ok {
				out = append(out, staydown.Candidate{ID: tx.NewID(), Item: i.ID, Other: r.Other.ID, Owner: i.Owner, Circle: i.Circle, Kind: kind, Distance: d, At: tx.Now()})
			}
		}
	}
	return out
}

// summary counts what was found, for the log.
func (f found) summary() map[string]any {
	n := map[string]int{}
	for _, r := range f.closest {
		for kind := range r.Distances {
			n[kind]++
		}
	}
	return map[string]any{"known": f.known, "items": len(f.closest), "sha256": n[fingerprint.SHA256], "pdq": n[fingerprint.PDQ], "text": n[fingerprint.Text]}
}

// Raise lifts an item in the queue for a reason that it has not been lifted
// for yet; 10 is the highest priority.
func Raise(i *staydown.Item, why string, by int) {
	const highest = 10
	if slices.Contains(i.PriorityWhy, why) {
		return
	}
	i.PriorityWhy = append(slices.Clone(i.PriorityWhy), why)
	i.Priority = min(i.Priority+by, highest)
}
