package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/deconflict"
)

// Hold is a hold on the wire; only its own authority reads it.
type Hold struct {
	ID       staydown.ID        `json:"id"`
	Location string             `json:"location"`
	Scope    staydown.HoldScope `json:"scope"`
	State    staydown.HoldState `json:"state"`
	Acts     []staydown.Act     `json:"acts"`
	Case     string             `json:"case,omitempty"`
	Reason   string             `json:"reason,omitempty"`
	PlacedBy staydown.ID        `json:"placed_by"`
	PlacedAt time.Time          `json:"placed_at"`
	ReviewAt time.Time          `json:"review_at" doc:"A hold past it still holds."`
	LiftedAt time.Time          `json:"lifted_at,omitzero"`
}

func holdOf(h staydown.Hold) Hold {
	return Hold{ID: h.ID, Location: h.Location, Scope: h.Scope, State: h.State, Acts: some(staydown.HoldTable.Allowed(h.State)), Case: h.Case, Reason: h.Reason,
		PlacedBy: h.PlacedBy, PlacedAt: h.PlacedAt, ReviewAt: h.ReviewAt, LiftedAt: h.LiftedAt}
}

type holdIn struct {
	Body struct {
		Location string             `json:"location" minLength:"1" maxLength:"8192" doc:"An address; for a host its name."`
		Scope    staydown.HoldScope `json:"scope,omitempty" enum:"item,account,host" default:"item"`
		Case     string             `json:"case,omitempty" maxLength:"1024"`
		Reason   string             `json:"reason,omitempty" maxLength:"4096" doc:"The owner's eyes only."`
	}
}

// Left lists what a hold covers and had left before.
type Left struct {
	Left []deconflict.Out `json:"left"`
}

// Query is a question to the other authorities on the wire: the answer, never who
// gave it or why.
type Query struct {
	ID         staydown.ID         `json:"id"`
	Item       staydown.ID         `json:"item"`
	By         string              `json:"by" doc:"system, phone, siena."`
	State      staydown.QueryState `json:"state"`
	Until      time.Time           `json:"until,omitzero"`
	Scope      staydown.HoldScope  `json:"scope,omitempty"`
	DecidedBy  staydown.ID         `json:"decided_by,omitempty" doc:"Who decided on silence."`
	Reason     string              `json:"reason,omitempty"`
	AskedAt    time.Time           `json:"asked_at"`
	AnsweredAt time.Time           `json:"answered_at,omitzero"`
}

func queryOf(q staydown.Query) Query {
	return Query{ID: q.ID, Item: q.Item, By: q.By, State: q.State, Until: q.Until, Scope: q.Scope, DecidedBy: q.DecidedBy, Reason: q.Reason, AskedAt: q.AskedAt, AnsweredAt: q.AnsweredAt}
}

type askIn struct {
	ByID
	Body struct {
		By string `json:"by,omitempty" enum:"system,phone,siena" default:"system"`
	}
}

type decideIn struct {
	ByID
	Body struct {
		Act    staydown.Act `json:"act" enum:"clear,hold,answer_partly,give_up,let_go"`
		Reason string       `json:"reason" minLength:"1" maxLength:"4096"`
	}
}

// holds adds deconfliction: what an investigation keeps from being sent, and the
// questions whether anybody holds something.
func (a *API) holds() {
	const tag = "holds"
	forPeople(a, route{method: "GET", path: "/holds", id: "list-holds", summary: "The holds of the caller's authority", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Page[Hold]], error) {
		list, err := a.Deconflict.Holds(ctx, c)
		return &reply[Page[Hold]]{Page[Hold]{Rows: each(list, holdOf)}}, err
	})
	forPeople(a, route{method: "POST", path: "/holds", id: "place-hold", summary: "Keep something from being sent", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *holdIn) (*reply[Hold], error) {
		h, err := a.Deconflict.Place(ctx, c, deconflict.NewHold{Location: in.Body.Location, Scope: in.Body.Scope, Case: in.Body.Case, Reason: in.Body.Reason})
		return &reply[Hold]{holdOf(h)}, err
	})
	forPeople(a, route{method: "GET", path: "/holds/{id}/left", id: "list-left", summary: "What a hold covers and had left before", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Left], error) {
		list, err := a.Deconflict.Out(ctx, c, staydown.ID(in.ID))
		return &reply[Left]{Left{some(list)}}, err
	})
	forPeople(a, route{method: "POST", path: "/holds/{id}/lift", id: "lift-hold", summary: "End a hold", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Deconflict.Lift(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "POST", path: "/holds/{id}/review", id: "review-hold", summary: "Keep a hold for another fortnight", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Deconflict.Review(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "GET", path: "/items/{id}/queries", id: "list-queries", summary: "What was asked about an item, and the answers", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Page[Query]], error) {
		list, err := a.Deconflict.Queries(ctx, c, staydown.ID(in.ID))
		return &reply[Page[Query]]{Page[Query]{Rows: each(list, queryOf)}}, err
	})
	forPeople(a, route{method: "POST", path: "/items/{id}/queries", id: "ask-query", summary: "Ask whether anybody holds an item", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *askIn) (*reply[Query], error) {
		q, err := a.Deconflict.Ask(ctx, c, staydown.ID(in.ID), in.Body.By)
		return &reply[Query]{queryOf(q)}, err
	})
	forPeople(a, route{method: "POST", path: "/queries/{id}/decide", id: "decide-query", summary: "Record an answer, or decide on silence", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *decideIn) (*done, error) {
		return ok(), a.Deconflict.Decide(ctx, c, staydown.ID(in.ID), in.Body.Act, in.Body.Reason)
	})
}
