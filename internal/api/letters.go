package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/referral"
)

// Letter is a letter on the wire.
type Letter struct {
	ID             staydown.ID          `json:"id"`
	Owner          staydown.ID          `json:"owner" doc:"The authority that decided and sends."`
	Campaign       staydown.ID          `json:"campaign,omitempty"`
	Provider       staydown.ID          `json:"provider"`
	Instrument     string               `json:"instrument"`
	State          staydown.LetterState `json:"state"`
	Acts           []staydown.Act       `json:"acts" doc:"What its machine allows in this state."`
	Reference      string               `json:"reference"`
	Channel        string               `json:"channel"`
	Lines          int                  `json:"lines"`
	DeskCode       string               `json:"desk_code"`
	DraftedBy      staydown.ID          `json:"drafted_by"`
	DraftedAt      time.Time            `json:"drafted_at,omitzero"`
	ApprovedBy     staydown.ID          `json:"approved_by,omitempty"`
	ApprovedAt     time.Time            `json:"approved_at,omitzero"`
	SendAfter      time.Time            `json:"send_after,omitzero"`
	SentAt         time.Time            `json:"sent_at,omitzero"`
	DeliveredAt    time.Time            `json:"delivered_at,omitzero"`
	AcknowledgedAt time.Time            `json:"acknowledged_at,omitzero"`
	AnsweredAt     time.Time            `json:"answered_at,omitzero"`
	ClosedAt       time.Time            `json:"closed_at,omitzero"`
	WithdrawnAt    time.Time            `json:"withdrawn_at,omitzero"`
	WithdrawnWhy   string               `json:"withdrawn_why,omitempty"`
	Reminders      int                  `json:"reminders"`
	Receipt        string               `json:"receipt,omitempty"`
	Overrides      []staydown.Override  `json:"overrides,omitempty"`
}

func letterOf(l staydown.Letter) Letter {
	return Letter{ID: l.ID, Owner: l.Owner, Campaign: l.Campaign, Provider: l.Provider, Instrument: l.Instrument, State: l.State,
		Acts: some(staydown.LetterTable.Allowed(l.State)), Reference: l.Reference, Channel: l.Channel, Lines: l.Lines, DeskCode: l.DeskCode,
		DraftedBy: l.DraftedBy, DraftedAt: l.DraftedAt, ApprovedBy: l.ApprovedBy, ApprovedAt: l.ApprovedAt, SendAfter: l.SendAfter, SentAt: l.SentAt,
		DeliveredAt: l.DeliveredAt, AcknowledgedAt: l.AcknowledgedAt, AnsweredAt: l.AnsweredAt, ClosedAt: l.ClosedAt, WithdrawnAt: l.WithdrawnAt,
		WithdrawnWhy: l.WithdrawnWhy, Reminders: l.Reminders, Receipt: l.Receipt, Overrides: l.Overrides}
}

// Line is one location in a letter on the wire.
type Line struct {
	ID          staydown.ID        `json:"id"`
	Item        staydown.ID        `json:"item"`
	Location    string             `json:"location"`
	Kind        string             `json:"kind"`
	Ground      string             `json:"ground"`
	Clause      string             `json:"clause,omitempty"`
	Explanation string             `json:"explanation"`
	State       staydown.LineState `json:"state" doc:"The provider's word."`
	Countries   []string           `json:"countries,omitempty"`
	Reason      string             `json:"reason,omitempty"`
	MeasureAt   time.Time          `json:"measure_at,omitzero"`
	AnsweredAt  time.Time          `json:"answered_at,omitzero"`
	WeSaw       staydown.Sight     `json:"we_saw,omitempty" doc:"Our own last sight."`
	WeSawAt     time.Time          `json:"we_saw_at,omitzero"`
	GoneAt      time.Time          `json:"gone_at,omitzero"`
}

func lineOf(l staydown.Line) Line {
	return Line{ID: l.ID, Item: l.Item, Location: l.Location, Kind: l.Kind, Ground: l.Ground, Clause: l.Clause, Explanation: l.Explanation, State: l.State,
		Countries: l.Countries, Reason: l.Reason, MeasureAt: l.MeasureAt, AnsweredAt: l.AnsweredAt, WeSaw: l.WeSaw, WeSawAt: l.WeSawAt, GoneAt: l.GoneAt}
}

// Message is one thing put on a wire to a provider, on ours.
type Message struct {
	ID        staydown.ID           `json:"id"`
	Kind      string                `json:"kind"`
	Channel   string                `json:"channel"`
	State     staydown.MessageState `json:"state"`
	Tries     int                   `json:"tries"`
	Receipt   string                `json:"receipt,omitempty"`
	Detail    string                `json:"detail,omitempty"`
	WrittenAt time.Time             `json:"written_at,omitzero"`
	SettledAt time.Time             `json:"settled_at,omitzero"`
}

func messageOf(m staydown.Message) Message {
	return Message{ID: m.ID, Kind: m.Kind, Channel: m.Channel, State: m.State, Tries: m.Tries, Receipt: m.Receipt, Detail: m.Detail, WrittenAt: m.WrittenAt, SettledAt: m.SettledAt}
}

// LetterSheet is a letter with all that belongs to it.
type LetterSheet struct {
	Letter   Letter             `json:"letter"`
	Lines    []Line             `json:"lines"`
	Messages []Message          `json:"messages"`
	Findings []staydown.Finding `json:"findings" doc:"The eleven checks, as they stand now for a draft, as they stood at approval afterwards."`
}

// Ready says how many decided items of one provider wait for a letter.
type Ready struct {
	Provider staydown.ID `json:"provider"`
	Name     string      `json:"name"`
	N        int         `json:"n"`
}

type readyIn struct {
	Campaign string `query:"campaign"`
}

type draftIn struct {
	Body struct {
		Campaign staydown.ID   `json:"campaign,omitempty"`
		Provider staydown.ID   `json:"provider" minLength:"1"`
		Max      int           `json:"max,omitempty" minimum:"1" maximum:"200" default:"200" doc:"At most so many lines; the provider's batch holds as well."`
		Items    []staydown.ID `json:"items,omitempty" maxItems:"200" doc:"These and no others, instead of what is ready."`
	}
}

type lettersIn struct {
	Campaign string `query:"campaign"`
	Provider string `query:"provider"`
	State    string `query:"state"`
	Owner    string `query:"owner"`
	After    string `query:"after" doc:"The last identifier of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type overrideIn struct {
	ByID
	Body struct {
		Check  int    `json:"check" minimum:"1" maximum:"11"`
		Reason string `json:"reason" minLength:"1" maxLength:"4096"`
	}
}

type reasonIn struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"4096"`
	}
}

func (a *API) letters() {
	const tag = "letters"
	forPeople(a, route{method: "GET", path: "/ready", id: "list-ready", summary: "What waits for a letter, per provider", tag: tag}, func(ctx context.Context, c access.Caller, in *readyIn) (*reply[Page[Ready]], error) {
		list, err := a.Referral.Ready(ctx, c, staydown.ID(in.Campaign))
		return &reply[Page[Ready]]{Page[Ready]{Rows: each(list, func(r referral.ReadyRow) Ready { return Ready(r) })}}, err
	})
	forPeople(a, route{method: "POST", path: "/letters", id: "draft-letter", summary: "Draft a letter", tag: tag}, a.draft)
	forPeople(a, route{method: "GET", path: "/letters", id: "list-letters", summary: "Letters", tag: tag}, a.listLetters)
	forPeople(a, route{method: "GET", path: "/letters/{id}", id: "get-letter", summary: "One letter with its lines and checks", tag: tag}, a.getLetter)
	forPeople(a, route{method: "POST", path: "/letters/{id}/override", id: "override-check", summary: "Override a check, with a reason", tag: tag}, func(ctx context.Context, c access.Caller, in *overrideIn) (*done, error) {
		return ok(), a.Referral.Override(ctx, c, staydown.ID(in.ID), in.Body.Check, in.Body.Reason)
	})
	forPeople(a, route{method: "POST", path: "/letters/{id}/approve", id: "approve-letter", summary: "Approve; who drafted it cannot", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Letter], error) {
		l, err := a.Referral.Approve(ctx, c, staydown.ID(in.ID))
		return &reply[Letter]{letterOf(l)}, err
	})
	forPeople(a, route{method: "POST", path: "/letters/{id}/resend", id: "resend-letter", summary: "Send a letter whose delivery failed once more, as a new message", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Referral.Resend(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "POST", path: "/lines/{id}/remove", id: "remove-line", summary: "Take a location out of a draft", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Referral.RemoveLine(ctx, c, staydown.ID(in.ID))
	})
	for _, act := range []struct {
		name, summary string
		do            func(context.Context, access.Caller, staydown.ID, string) error
	}{
		{"return", "Send an approved letter back to its drafter", a.Referral.Return},
		{"withdraw", "Take a letter back, also after closing; the provider is asked to restore", a.Referral.Withdraw},
		{"close", "Close a letter with nothing open", a.Referral.Close},
		{"discard", "Give up a draft; its items are free for another letter", a.Referral.Discard},
	} {
		forPeople(a, route{method: "POST", path: "/letters/{id}/" + act.name, id: act.name + "-letter", summary: act.summary, tag: tag}, func(ctx context.Context, c access.Caller, in *reasonIn) (*done, error) {
			return ok(), act.do(ctx, c, staydown.ID(in.ID), in.Body.Reason)
		})
	}
}

func (a *API) draft(ctx context.Context, c access.Caller, in *draftIn) (*reply[Letter], error) {
	var l staydown.Letter
	var err error
	if len(in.Body.Items) > 0 {
		l, err = a.Referral.DraftItems(ctx, c, in.Body.Provider, in.Body.Items)
	} else {
		l, err = a.Referral.Draft(ctx, c, in.Body.Campaign, in.Body.Provider, in.Body.Max)
	}
	return &reply[Letter]{letterOf(l)}, err
}

func (a *API) listLetters(ctx context.Context, c access.Caller, in *lettersIn) (*reply[Page[Letter]], error) {
	list, err := a.Referral.List(ctx, c, referral.Filter{Campaign: staydown.ID(in.Campaign), Provider: staydown.ID(in.Provider), State: staydown.LetterState(in.State),
		Owner: staydown.ID(in.Owner), After: staydown.ID(in.After), Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[Page[Letter]]{page(list, in.Limit, letterOf, func(l staydown.Letter) staydown.ID { return l.ID })}, nil
}

func (a *API) getLetter(ctx context.Context, c access.Caller, in *ByID) (*reply[LetterSheet], error) {
	v, err := a.Referral.Letter(ctx, c, staydown.ID(in.ID))
	if err != nil {
		return nil, err
	}
	findings := v.Letter.Checks
	if v.Letter.State == staydown.LetterDraft {
		if findings, err = a.Referral.Checks(ctx, c, v.Letter.ID); err != nil {
			return nil, err
		}
	}
	if err := a.Consult.Note(ctx, c, staydown.Event{Act: "read", Noun: "letter", Subject: v.Letter.ID, Circle: v.Letter.Circle}); err != nil {
		return nil, err
	}
	return &reply[LetterSheet]{LetterSheet{Letter: letterOf(v.Letter), Lines: each(v.Lines, lineOf), Messages: each(v.Messages, messageOf), Findings: some(findings)}}, nil
}
