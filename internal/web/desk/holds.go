package desk

import (
	"context"
	"net/http"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/deconflict"
	"github.com/staydown/staydown/internal/web/page"
)

// Holds is what the pages need of deconflict.
type Holds interface {
	Place(ctx context.Context, c access.Caller, n deconflict.NewHold) (staydown.Hold, error)
	Lift(ctx context.Context, c access.Caller, id staydown.ID) error
	Review(ctx context.Context, c access.Caller, id staydown.ID) error
	Holds(ctx context.Context, c access.Caller) ([]staydown.Hold, error)
	Out(ctx context.Context, c access.Caller, id staydown.ID) ([]deconflict.Out, error)
	Queries(ctx context.Context, c access.Caller, item staydown.ID) ([]staydown.Query, error)
}

// HoldsPage is what the reader's own authority holds; nobody else sees it.
type HoldsPage struct {
	Rows []HoldRow
	Due  int // whose review has come
}

// HoldRow is one hold.
type HoldRow struct {
	ID, Location, Case, Reason string
	Scope                      staydown.HoldScope
	State                      staydown.HoldState
	Who                        string
	PlacedAt, ReviewAt         time.Time
	Due                        bool
	Active                     bool
	Out                        int // what it covers and had left before
}

var holdsView = page.NewView[HoldsPage](templates, "holds.html")

func (v *visit) holdsPage() error {
	list, err := v.Holds.Holds(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	var p HoldsPage
	for _, h := range list {
		row := HoldRow{ID: string(h.ID), Location: h.Location, Case: h.Case, Reason: h.Reason, Scope: h.Scope, State: h.State, Who: v.who(h.PlacedBy), PlacedAt: h.PlacedAt,
			ReviewAt: h.ReviewAt, Active: h.State == staydown.HoldActive}
		row.Due = row.Active && !h.ReviewAt.After(v.now())
		if row.Due {
			p.Due++
		}
		out, err := v.Holds.Out(v.ctx(), v.caller, h.ID)
		if err != nil {
			return err
		}
		row.Out = len(out)
		p.Rows = append(p.Rows, row)
	}
	return holdsView.Render(v.w, http.StatusOK, v.shell("holds", "holds.title"), p)
}

// holdPage asks for a hold on an item, on its account or on its host.
func (v *visit) holdPage() error { return v.showHold(http.StatusOK, nil) }

func (v *visit) showHold(status int, t *Trouble) error {
	if err := v.caller.May(access.PlaceHold); err != nil {
		return err
	}
	i, err := v.seenItem()
	if err != nil {
		return err
	}
	path := "/items/" + string(i.ID)
	scope := v.field("scope")
	if scope == "" {
		scope = string(staydown.HoldItem)
	}
	p := ConfirmPage{Act: "hold", Subject: i.Location, Path: path + "/hold", Back: path, Reason: "required", Given: v.field("reason"), Trouble: t, Fields: []Field{
		{Name: "scope", Label: "holds.scope", Kind: "select", Value: scope, List: "hold_scope",
			Choices: choices(texts([]staydown.HoldScope{staydown.HoldItem, staydown.HoldAccount, staydown.HoldHost}), scope)},
		{Name: "location", Label: "holds.location", Kind: "text", Value: or(v.field("location"), i.Location), Required: true},
		{Name: "case", Label: "holds.case", Kind: "text", Value: v.field("case"), Required: true}}}
	return v.confirm(status, "queue", p)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (v *visit) hold() error {
	if err := v.parse(); err != nil {
		return err
	}
	n := deconflict.NewHold{Location: v.field("location"), Scope: staydown.HoldScope(v.field("scope")), Case: v.field("case"), Reason: v.field("reason")}
	if _, err := v.Holds.Place(v.ctx(), v.caller, n); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showHold(http.StatusUnprocessableEntity, t) })
	}
	return v.done("/holds", "held")
}

func (v *visit) liftHold() error {
	if err := v.Holds.Lift(v.ctx(), v.caller, v.id("id")); err != nil {
		return err
	}
	return v.done("/holds", "hold_lifted")
}

func (v *visit) reviewHold() error {
	if err := v.Holds.Review(v.ctx(), v.caller, v.id("id")); err != nil {
		return err
	}
	return v.done("/holds", "hold_reviewed")
}

// QueryLine is one question to the other authorities about an item, and its answer; never who holds it.
type QueryLine struct {
	By                string
	State             staydown.QueryState
	Mark              Status
	AskedAt, Answered time.Time
	Reason            string
}

// queries are what was asked about an item. An authority that may see items may see that.
func (v *visit) queries(item staydown.ID) ([]QueryLine, error) {
	list, err := v.Holds.Queries(v.ctx(), v.caller, item)
	if err != nil {
		return nil, err
	}
	var lines []QueryLine
	for _, q := range list {
		state := page.StateUnknown
		switch q.State {
		case staydown.QueryClear:
			state = page.StateGone
		case staydown.QueryHeld, staydown.QueryPartial:
			state = page.StateHeld
		case staydown.QueryNoAnswer:
			state = page.StateWarn
		}
		lines = append(lines, QueryLine{By: q.By, State: q.State, Mark: Status{State: state, Word: string(q.State)}, AskedAt: q.AskedAt, Answered: q.AnsweredAt, Reason: q.Reason})
	}
	return lines, nil
}
