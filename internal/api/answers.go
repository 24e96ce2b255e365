package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/referral"
)

// LineAnswer is what a provider's system says of one line.
type LineAnswer struct {
	Line      staydown.ID        `json:"line" minLength:"1"`
	Status    staydown.LineState `json:"status" enum:"removed,disabled,refused,already_gone,need_more,wrong_addressee"`
	Countries []string           `json:"countries,omitempty" maxItems:"60" doc:"Where access is disabled, two letters each."`
	Reason    string             `json:"reason,omitempty" maxLength:"4096"`
	At        time.Time          `json:"at,omitzero" doc:"When the measure was taken."`
}

type answersIn struct {
	ByID
	Key  string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200" doc:"The same key again changes nothing."`
	Body struct {
		Lines []LineAnswer `json:"lines" minItems:"1" maxItems:"200"`
	}
}

// Accepted tells how many lines were taken.
type Accepted struct {
	Accepted int `json:"accepted"`
}

// answers adds the doors for providers' systems. What a provider says is kept apart
// from what we see.
func (a *API) answers() {
	const tag = "providers' systems"
	forProviders(a, route{method: "POST", path: "/provider/letters/{id}/answers", id: "answer-letter", summary: "Answer a letter, line by line", tag: tag}, func(ctx context.Context, p staydown.Provider, in *answersIn) (*reply[Accepted], error) {
		said := each(in.Body.Lines, func(l LineAnswer) referral.LineAnswer {
			return referral.LineAnswer{Line: l.Line, Status: l.Status, Countries: l.Countries, Reason: l.Reason, At: l.At}
		})
		n, err := a.Referral.Answer(ctx, p.ID, staydown.ID(in.ID), "api", in.Key, said)
		return &reply[Accepted]{Accepted{n}}, err
	})
	forProviders(a, route{method: "POST", path: "/provider/letters/{id}/acknowledge", id: "acknowledge-letter", summary: "Say that a letter was received", tag: tag}, func(ctx context.Context, p staydown.Provider, in *ByID) (*done, error) {
		return ok(), a.Referral.Acknowledge(ctx, p.ID, staydown.ID(in.ID), "api")
	})
}

// forProviders adds a route for the keys of providers' systems.
func forProviders[I, O any](a *API, r route, fn func(context.Context, staydown.Provider, *I) (*O, error)) {
	op := r.operation("provider")
	op.Middlewares = huma.Middlewares{a.provider}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, providerOf(ctx), in)
		if err != nil {
			return nil, a.fail(ctx, err)
		}
		return out, nil
	})
}
