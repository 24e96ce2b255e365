package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

// Bank is a collection of known things on the wire.
type Bank struct {
	ID         staydown.ID        `json:"id"`
	Owner      staydown.ID        `json:"owner" doc:"The authority that keeps it."`
	Circle     staydown.ID        `json:"circle" doc:"Who may ask it."`
	Name       string             `json:"name"`
	Note       string             `json:"note,omitempty" doc:"What it is for."`
	Labels     staydown.Labels    `json:"labels"`
	Negative   bool               `json:"negative" doc:"Known-good things: what resembles one of them is no match of other banks."`
	Against    []staydown.ID      `json:"against,omitempty" doc:"Banks that it suppresses; empty: all of its circle."`
	Radius     map[string]int     `json:"radius" doc:"What it counts, by kind: bits of 256 for pdq and vpdq, percent unlike for text."`
	Ratio      float64            `json:"ratio" minimum:"0" maximum:"1" doc:"Share of requests it takes part in."`
	Enabled    bool               `json:"enabled"`
	ExpireDays int                `json:"expire_days,omitempty" doc:"Days after which a new content expires."`
	Flood      staydown.FloodRule `json:"flood" doc:"When a content that matches far more than its like is put aside; zeros stand for 50 matches, 20 times, 200 entries."`
	Exchange   string             `json:"exchange,omitempty" doc:"The partner that fills it."`
	CreatedAt  time.Time          `json:"created_at"`
	ClosedAt   time.Time          `json:"closed_at,omitzero"`
}

func bankOf(b staydown.Bank) Bank {
	radius := map[string]int{}
	for _, k := range []string{staydown.SignalPDQ, staydown.SignalFrame, staydown.SignalText} {
		radius[k] = b.RadiusOf(k)
	}
	return Bank{ID: b.ID, Owner: b.Owner, Circle: b.Circle, Name: b.Name, Note: b.Note, Labels: b.Labels, Negative: b.Negative, Against: b.Against, Radius: radius,
		Ratio: b.Ratio, Enabled: b.Enabled, ExpireDays: b.ExpireIn, Flood: b.Flood, Exchange: b.Exchange, CreatedAt: b.CreatedAt, ClosedAt: b.ClosedAt}
}

// BankForm is what may be set of a bank; what is left out stays, or is the usual.
type BankForm struct {
	Name       *string             `json:"name,omitempty" maxLength:"255" doc:"UPPER_WITH_UNDERSCORE."`
	Note       *string             `json:"note,omitempty" maxLength:"4096"`
	Labels     *staydown.Labels    `json:"labels,omitempty"`
	Negative   *bool               `json:"negative,omitempty"`
	Against    *[]staydown.ID      `json:"against,omitempty" maxItems:"1000"`
	Radius     *map[string]int     `json:"radius,omitempty"`
	Ratio      *float64            `json:"ratio,omitempty" minimum:"0" maximum:"1"`
	Enabled    *bool               `json:"enabled,omitempty"`
	ExpireDays *int                `json:"expire_days,omitempty" minimum:"0"`
	Flood      *staydown.FloodRule `json:"flood,omitempty"`
}

func (f BankForm) settings() bank.Settings {
	return bank.Settings{Name: f.Name, Note: f.Note, Labels: f.Labels, Negative: f.Negative, Against: f.Against, Radius: f.Radius, Ratio: f.Ratio, Enabled: f.Enabled,
		ExpireIn: f.ExpireDays, Flood: f.Flood}
}

type openBankIn struct {
	Body struct {
		BankForm
		Circle   staydown.ID `json:"circle,omitempty" doc:"Left out: the caller's authority."`
		Exchange string      `json:"exchange,omitempty" maxLength:"255"`
	}
}

type changeBankIn struct {
	ByID
	Body BankForm
}

type kindIn struct {
	Kind string `path:"kind" maxLength:"40"`
	Body struct {
		Ratio float64 `json:"ratio" minimum:"0" maximum:"1" doc:"0 turns it off."`
	}
}

// Kinds tells the share of requests that each kind of signal takes part in.
type Kinds struct {
	Kinds map[string]float64 `json:"kinds"`
}

// banks adds the keeping of banks.
func (a *API) banks() {
	const tag = "banks"
	forPeople(a, route{method: "GET", path: "/banks", id: "list-banks", summary: "The open banks of the caller's circles", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Page[Bank]], error) {
		list, err := a.Banks.Banks(ctx, c)
		return &reply[Page[Bank]]{Page[Bank]{Rows: each(list, bankOf)}}, err
	})
	forPeople(a, route{method: "POST", path: "/banks", id: "open-bank", summary: "Make a bank", tag: tag}, func(ctx context.Context, c access.Caller, in *openBankIn) (*reply[Bank], error) {
		b, err := a.Banks.Open(ctx, c, in.Body.Circle, in.Body.Exchange, in.Body.settings())
		return &reply[Bank]{bankOf(b)}, err
	})
	forPeople(a, route{method: "GET", path: "/banks/{id}", id: "get-bank", summary: "One bank", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Bank], error) {
		b, err := a.Banks.Bank(ctx, c, staydown.ID(in.ID))
		return &reply[Bank]{bankOf(b)}, err
	})
	forPeople(a, route{method: "PATCH", path: "/banks/{id}", id: "change-bank", summary: "Change a bank; it counts from the next lookup on", tag: tag}, func(ctx context.Context, c access.Caller, in *changeBankIn) (*reply[Bank], error) {
		b, err := a.Banks.Change(ctx, c, staydown.ID(in.ID), in.Body.settings())
		return &reply[Bank]{bankOf(b)}, err
	})
	forPeople(a, route{method: "DELETE", path: "/banks/{id}", id: "close-bank", summary: "Close a bank: it matches nothing more and is kept for the record", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Banks.Close(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "GET", path: "/signal-kinds", id: "list-signal-kinds", summary: "The share of requests each kind of signal takes part in", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Kinds], error) {
		all, err := a.Banks.Switches(ctx, c)
		return &reply[Kinds]{Kinds{all}}, err
	})
	forPeople(a, route{method: "PUT", path: "/signal-kinds/{kind}", id: "switch-signal-kind", summary: "Turn a kind of signal off, or down to a share of requests", tag: tag}, func(ctx context.Context, c access.Caller, in *kindIn) (*done, error) {
		return ok(), a.Banks.Switch(ctx, c, in.Kind, in.Body.Ratio)
	})
	a.bankContents(tag)
	a.bankJudgements(tag)
}
