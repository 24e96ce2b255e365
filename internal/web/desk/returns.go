package desk

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/watch"
	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/page/chart"
)

// Returns is what the pages need of watch.
type Returns interface {
	Returns(ctx context.Context, c access.Caller, state staydown.ReturnState, limit int) ([]watch.Row, error)
	Confirm(ctx context.Context, c access.Caller, id staydown.ID) error
	Dismiss(ctx context.Context, c access.Caller, id staydown.ID, reason string) error
	Lineages(ctx context.Context, c access.Caller) ([]watch.Summary, error)
	Lineage(ctx context.Context, c access.Caller, id staydown.ID) (watch.Line, error)
}

// ReturnsPage is what may be back, for a person to say whether it is, and what is back.
type ReturnsPage struct {
	State    staydown.ReturnState
	States   []Choice
	Rows     []ReturnRow
	Lineages []LineageRow
	May      bool // this reader may confirm and dismiss
}

// ReturnRow is one suspicion, with the signals for it.
type ReturnRow struct {
	ID, Kind           string
	Score              int
	Signals            []staydown.Signal
	Address, Link      string
	OfAddress, OfLink  string
	LineageLink        string
	State              staydown.ReturnState
	Reason, Who        string
	FoundAt, DecidedAt time.Time
	Open               bool
}

// LineageRow is one lineage in the list.
type LineageRow struct {
	Link, Name, Kind string
	Generations      int
	From, To         time.Time
}

var returnsView = page.NewView[ReturnsPage](templates, "returns.html")

const returnsPageSize = 200

func (v *visit) returnsPage() error {
	p := ReturnsPage{State: staydown.ReturnState(v.field("state")), May: v.caller.May(access.Confirm) == nil}
	if !v.r.URL.Query().Has("state") {
		p.State = staydown.ReturnCandidate
	}
	rows, err := v.Returns.Returns(v.ctx(), v.caller, p.State, returnsPageSize)
	if err != nil {
		return err
	}
	p.States = choices(texts([]staydown.ReturnState{staydown.ReturnCandidate, staydown.ReturnConfirmed, staydown.ReturnDismissed}), string(p.State))
	for _, r := range rows {
		p.Rows = append(p.Rows, v.returnRow(r))
	}
	lineages, err := v.Returns.Lineages(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	for _, l := range lineages {
		p.Lineages = append(p.Lineages, LineageRow{Link: "/lineages/" + string(l.ID), Name: l.Name, Kind: l.Kind, Generations: l.Generations, From: l.LastFrom, To: l.LastTo})
	}
	return returnsView.Render(v.w, http.StatusOK, v.shell("returns", "returns.title"), p)
}

func (v *visit) returnRow(r watch.Row) ReturnRow {
	row := ReturnRow{ID: string(r.ID), Kind: r.Kind, Score: r.Score, Signals: r.Signals, Address: r.Item.Location, Link: "/items/" + string(r.Item.ID), OfAddress: r.Of.Location,
		OfLink: "/items/" + string(r.Of.ID), State: r.State, Reason: r.Reason, Who: v.who(r.DecidedBy), FoundAt: r.FoundAt, DecidedAt: r.DecidedAt, Open: r.State == staydown.ReturnCandidate}
	if r.Lineage != "" {
		row.LineageLink = "/lineages/" + string(r.Lineage)
	}
	return row
}

func (v *visit) confirmReturn() error {
	if err := v.Returns.Confirm(v.ctx(), v.caller, v.id("id")); err != nil {
		return err
	}
	return v.done("/returns", "return_confirmed")
}

func (v *visit) dismissReturn() error {
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.Returns.Dismiss(v.ctx(), v.caller, v.id("id"), v.field("reason")); err != nil {
		return err
	}
	return v.done("/returns", "return_dismissed")
}

// LineagePage is one thing over its generations, on a time line, with the evidence of sameness signal by signal.
type LineagePage struct {
	Name, Kind string
	Returns    page.Returns
	Lives      []LifeRow
}

// LifeRow is one generation.
type LifeRow struct {
	N             int
	Address, Link string
	From, To      time.Time
	Away          time.Duration // between the end of the one before and this one
	Score         int
	Signals       []staydown.Signal
}

var lineageView = page.NewView[LineagePage](templates, "lineage.html")

func (v *visit) lineagePage() error {
	line, err := v.Returns.Lineage(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	p := LineagePage{Name: line.Lineage.Name, Kind: line.Lineage.Kind, Returns: page.Returns{Chart: v.lineageChart([]watch.Line{line})}}
	for _, g := range line.Generations {
		p.Lives = append(p.Lives, LifeRow{N: g.N, Address: g.Thing.Location, Link: "/items/" + string(g.Thing.ID), From: g.FromAt, To: g.ToAt, Away: g.Away, Score: g.Score, Signals: g.Signals})
	}
	return lineageView.Render(v.w, http.StatusOK, v.shell("returns", "lineage.title"), p)
}

// lineageChart puts lineages on one time line, from the first that was seen to now.
func (v *visit) lineageChart(lines []watch.Line) chart.Lineages {
	c := chart.Lineages{To: v.now()}
	for _, line := range lines {
		row := chart.Lineage{Name: line.Lineage.Name}
		var names []string
		for _, g := range line.Generations {
			name := or(g.Thing.Account, g.Thing.Host)
			if line.Lineage.Kind == "file" {
				name = g.Thing.Host
			}
			until := v.words.T("chart.still_up")
			if !g.ToAt.IsZero() {
				until = v.words.When(g.ToAt)
			}
			row.Generations = append(row.Generations, chart.Generation{Name: g.Thing.Location, From: g.FromAt, Until: g.ToAt, Title: name + ", " + v.words.When(g.FromAt) + " – " + until})
			names = append(names, name)
			if c.From.IsZero() || g.FromAt.Before(c.From) {
				c.From = g.FromAt
			}
		}
		if row.Name == "" {
			row.Name = strings.Join(names, " → ")
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
