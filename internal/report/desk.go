package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Tx is what noting an export needs.
type Tx interface {
	Event(staydown.Event) error
}

// Store is what this package needs of the store. A circle is a campaign or an authority.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Now() time.Time

	// ReportStamp grows with everything that happens in a circle.
	ReportStamp(ctx context.Context, circle staydown.ID) (int64, error)
	// ReportGroups counts the items of a circle by what is true of them.
	ReportGroups(ctx context.Context, circle staydown.ID) ([]Group, error)
	ReportLeads(ctx context.Context, circle staydown.ID) (map[staydown.ID]int, error) // by unit
	ReportLetters(ctx context.Context, circle staydown.ID) ([]LetterGroup, error)
	ReportWork(ctx context.Context, circle staydown.ID) (Work, error)
	// ReportTrouble counts what must not happen, and what nobody can be sure of, but for lost messages.
	ReportTrouble(ctx context.Context, circle staydown.ID) (Trouble, error)
	// ReportLost counts messages that were to leave, have not, and that no job will send.
	ReportLost(ctx context.Context, circle staydown.ID) (int, error)
	// ReportReturns counts confirmed returns by the provider of what had been gone, and candidates under "".
	ReportReturns(ctx context.Context, circle staydown.ID) (confirmed map[staydown.ID]int, candidates int, err error)
	ReportNames(ctx context.Context, circle staydown.ID) (providers, units map[staydown.ID]string, err error)
	// ReportLooks gives, for each item of a delivered letter, when it was asked about and between which looks it went.
	ReportLooks(ctx context.Context, circle staydown.ID) ([]Look, error)
	// ReportRows gives up to limit rows of a circle behind a location, by location.
	ReportRows(ctx context.Context, circle staydown.ID, after string, limit int) ([]Row, error)
}

// Desk is where figures are asked for. It must not be copied once used.
type Desk struct {
	Store Store

	mu    sync.Mutex
	known map[staydown.ID]measured // by circle
}

// measured are figures and what had happened when they were counted: as long as nothing more happens they hold.
type measured struct {
	stamp   int64
	figures Figures
}

// mostKnown bounds how many circles' figures are held.
const mostKnown = 64

// Figures are the numbers of a campaign at this moment, or, with an empty campaign, those of the caller's authority. Asked
// again while nothing has happened, they are not counted again, so that a board may ask every second.
func (d *Desk) Figures(ctx context.Context, c access.Caller, campaign staydown.ID) (Figures, error) {
	circle, err := circleOf(c, campaign)
	if err != nil {
		return Figures{}, err
	}
	d.mu.Lock() // whoever asks at the same time waits for the same answer
	defer d.mu.Unlock()
	f, err := d.count(ctx, circle)
	if err != nil {
		return Figures{}, fmt.Errorf("counting in circle %s: %w", circle, err)
	}
	f.Campaign, f.At = campaign, d.Store.Now()
	if f.Lost, err = d.Store.ReportLost(ctx, circle); err != nil { // a job that gives up leaves no event
		return Figures{}, fmt.Errorf("counting in circle %s: %w", circle, err)
	}
	return f, nil
}

func (d *Desk) count(ctx context.Context, circle staydown.ID) (Figures, error) {
	stamp, err := d.Store.ReportStamp(ctx, circle)
	if err != nil {
		return Figures{}, err
	}
	if m, ok := d.known[circle]; ok && m.stamp == stamp {
		return m.figures, nil
	}
	var f Figures
	g := gathering{ctx: ctx, s: d.Store, circle: circle}
	if err := g.gather(&f); err != nil {
		return Figures{}, err
	}
	if d.known == nil || len(d.known) >= mostKnown {
		d.known = map[staydown.ID]measured{}
	}
	d.known[circle] = measured{stamp, f}
	return f, nil
}

// Rows gives every item of a campaign, or of the caller's authority, to fn, by location. It is an export and is logged as
// one.
// Law: LED 25
func (d *Desk) Rows(ctx context.Context, c access.Caller, campaign staydown.ID, fn func(Row) error) error {
	circle, err := circleOf(c, campaign)
	if err != nil {
		return err
	}
	e := staydown.Event{Stream: staydown.Access, Act: "export", Noun: "rows", Subject: circle, Circle: circle}
	if err := d.Store.Act(ctx, c, func(tx Tx) error { return tx.Event(e) }); err != nil {
		return fmt.Errorf("noting an export: %w", err)
	}
	const page = 1000
	for after := ""; ; {
		rows, err := d.Store.ReportRows(ctx, circle, after, page)
		if err != nil {
			return fmt.Errorf("reading the rows of circle %s: %w", circle, err)
		}
		for _, r := range rows {
			if err := fn(r); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		after = rows[len(rows)-1].Location
	}
}

func circleOf(c access.Caller, campaign staydown.ID) (staydown.ID, error) {
	if err := c.May(access.See); err != nil {
		return "", err
	}
	circle := campaign
	if circle == "" {
		circle = c.Actor.Authority
	}
	return circle, c.Sees(circle)
}

// gathering asks the store for one set of figures.
type gathering struct {
	ctx    context.Context
	s      Store
	circle staydown.ID
}

func (g gathering) gather(f *Figures) error {
	groups, err := g.s.ReportGroups(g.ctx, g.circle)
	if err != nil {
		return err
	}
	providers, units, err := g.s.ReportNames(g.ctx, g.circle)
	if err != nil {
		return err
	}
	t := newTable(providers, units)
	for _, x := range groups {
		f.add(x)
		t.provider(x.Provider).add(x)
		t.unit(x.Owner).add(x)
	}
	if err := g.letters(f, t); err != nil {
		return err
	}
	if err := g.people(f, t); err != nil {
		return err
	}
	if err := g.returns(f, t); err != nil {
		return err
	}
	looks, err := g.s.ReportLooks(g.ctx, g.circle)
	if err != nil {
		return err
	}
	f.Seen, f.Said = seen(looks), said(looks)
	byProvider := map[staydown.ID][]Look{}
	for _, l := range looks {
		byProvider[l.Provider] = append(byProvider[l.Provider], l)
	}
	for id, l := range byProvider {
		p := t.provider(id)
		p.Seen, p.Said = seen(l), said(l)
	}
	f.Providers, f.Units = t.sorted()
	return nil
}

func (g gathering) letters(f *Figures, t *table) error {
	groups, err := g.s.ReportLetters(g.ctx, g.circle)
	if err != nil {
		return err
	}
	f.Letters = map[staydown.LetterState]int{}
	for _, x := range groups {
		f.Letters[x.State] += x.N
		if x.Sent {
			t.provider(x.Provider).Letters += x.N
			t.unit(x.Owner).Letters += x.N
		}
	}
	f.Trouble, err = g.s.ReportTrouble(g.ctx, g.circle)
	return err
}

// fewest is the smallest group of people about whose work anything is said.
const fewest = 8

func (g gathering) people(f *Figures, t *table) error {
	work, err := g.s.ReportWork(g.ctx, g.circle)
	if err != nil {
		return err
	}
	if work.Officers >= fewest {
		minutes := int(work.Seconds / 60)
		f.OfficerMinutes = &minutes
	}
	leads, err := g.s.ReportLeads(g.ctx, g.circle)
	if err != nil {
		return err
	}
	for unit, n := range leads {
		f.Leads += n
		t.unit(unit).Leads += n
	}
	return nil
}

func (g gathering) returns(f *Figures, t *table) error {
	confirmed, candidates, err := g.s.ReportReturns(g.ctx, g.circle)
	if err != nil {
		return err
	}
	f.ReturnCandidates = candidates
	for provider, n := range confirmed {
		f.Returned += n
		t.provider(provider).Back += n
	}
	return nil
}

// table collects the figures of providers and units.
type table struct {
	names, unitNames map[staydown.ID]string
	providers        map[staydown.ID]*Provider
	units            map[staydown.ID]*Unit
}

func newTable(providers, units map[staydown.ID]string) *table {
	t := &table{names: providers, unitNames: units, providers: map[staydown.ID]*Provider{}, units: map[staydown.ID]*Unit{}}
	for id := range units {
		t.unit(id) // a unit that has done nothing yet is shown with noughts
	}
	return t
}

func (t *table) provider(id staydown.ID) *Provider {
	if t.providers[id] == nil {
		t.providers[id] = &Provider{ID: id, Name: t.names[id]}
	}
	return t.providers[id]
}

func (t *table) unit(id staydown.ID) *Unit {
	if t.units[id] == nil {
		t.units[id] = &Unit{ID: id, Name: t.unitNames[id]}
	}
	return t.units[id]
}

// sorted gives the rows: providers by how many items they were asked about, units by name.
func (t *table) sorted() ([]Provider, []Unit) {
	providers, units := []Provider{}, []Unit{}
	for _, p := range t.providers {
		providers = append(providers, *p)
	}
	for _, u := range t.units {
		units = append(units, *u)
	}
	slices.SortFunc(providers, func(a, b Provider) int {
		if a.Delivered != b.Delivered {
			return b.Delivered - a.Delivered
		}
		return strings.Compare(a.Name+string(a.ID), b.Name+string(b.ID))
	})
	slices.SortFunc(units, func(a, b Unit) int { return strings.Compare(a.Name+string(a.ID), b.Name+string(b.ID)) })
	return providers, units
}
