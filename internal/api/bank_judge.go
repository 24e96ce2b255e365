package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

type contentReasonIn struct {
	ByContent
	Body struct {
		Reason string `json:"reason" maxLength:"4096"`
	}
}

type opineIn struct {
	ByContent
	Body BankOpinion
}

// BankHit is what an item hit in a bank, as it was when it was found.
type BankHit struct {
	ID       staydown.ID           `json:"id"`
	Bank     staydown.ID           `json:"bank"`
	BankName string                `json:"bank_name"`
	Content  staydown.ID           `json:"content"`
	Number   int64                 `json:"bank_content_id"`
	Kind     string                `json:"kind"`
	Distance *int                  `json:"distance,omitempty" doc:"Bits, or percent unlike. Only to callers who may see it."`
	Outcome  staydown.Outcome      `json:"outcome" enum:"match,review"`
	Why      []staydown.Reason     `json:"why,omitempty"`
	AtMS     int64                 `json:"at_ms,omitempty" doc:"Of the content's closest frame."`
	Back     bool                  `json:"back" doc:"Found by looking back, after the content was added."`
	Labels   staydown.Labels       `json:"labels"`
	Note     string                `json:"note,omitempty"`
	State    staydown.ContentState `json:"state" doc:"Of the content, now."`
	Standing staydown.Standing     `json:"standing,omitempty"`
	Opinion  staydown.Opinion      `json:"opinion,omitempty"`
	At       time.Time             `json:"at"`
}

func hitOf(h bank.Shown, cleared bool) BankHit {
	out := BankHit{ID: h.ID, Bank: h.Bank, BankName: h.BankName, Content: h.Content, Number: h.Number, Kind: h.Kind, Outcome: h.Outcome, Why: h.Why, AtMS: h.AtMS,
		Back: h.Back, Labels: h.Labels, Note: h.Note, State: h.State, Standing: h.Standing, Opinion: h.Opinion, At: h.At}
	if cleared {
		out.Distance = &h.Distance
	}
	return out
}

// bankJudgements adds what people say of known things.
func (a *API) bankJudgements(tag string) {
	acts := []struct {
		name, summary string
		do            func(context.Context, access.Caller, staydown.ID, staydown.ID, string) error
	}{
		{"withdraw", "Take a known thing out for good, from the next lookup on; no fetch brings it back", a.Banks.Withdraw},
		{"add-again", "Bring back what was withdrawn", a.Banks.AddAgain},
		{"confirm", "It is what the bank says; outweighs every source", a.Banks.Confirm},
		{"reject", "It is not what the bank says; outweighs every source", a.Banks.Reject},
		{"quarantine", "Put it aside until a person has looked", a.Banks.Quarantine},
		{"release", "A person has looked: it may match again", a.Banks.Release},
	}
	for _, act := range acts {
		forPeople(a, route{method: "POST", path: "/banks/{id}/contents/{content}/" + act.name, id: act.name + "-bank-content", summary: act.summary, tag: tag}, func(ctx context.Context, c access.Caller, in *contentReasonIn) (*done, error) {
			return ok(), act.do(ctx, c, staydown.ID(in.ID), staydown.ID(in.Content), in.Body.Reason)
		})
	}
	forPeople(a, route{method: "POST", path: "/banks/{id}/contents/{content}/opinions", id: "opine-bank-content", summary: "Say what the caller's authority thinks of a known thing", tag: tag}, func(ctx context.Context, c access.Caller, in *opineIn) (*done, error) {
		return ok(), a.Banks.Opine(ctx, c, staydown.ID(in.ID), staydown.ID(in.Content), in.Body.voice())
	})
	forPeople(a, route{method: "GET", path: "/quarantine", id: "list-quarantine", summary: "Known things put aside for a person", tag: tag}, func(ctx context.Context, c access.Caller, in *listIn) (*reply[Page[BankContent]], error) {
		list, err := a.Banks.Quarantined(ctx, c, in.Limit)
		return &reply[Page[BankContent]]{Page[BankContent]{Rows: each(list, contentOf)}}, err
	})
	forPeople(a, route{method: "GET", path: "/items/{id}/bank-hits", id: "list-bank-hits", summary: "What an item hit in banks", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Page[BankHit]], error) {
		list, err := a.Banks.Hits(ctx, c, staydown.ID(in.ID))
		cleared := c.May(access.Explain) == nil
		wire := func(h bank.Shown) BankHit { return hitOf(h, cleared) }
		return &reply[Page[BankHit]]{Page[BankHit]{Rows: each(list, wire)}}, err
	})
}
