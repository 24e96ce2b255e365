package api

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

// BankContent is one known thing on the wire.
type BankContent struct {
	ID            staydown.ID           `json:"id"`
	Bank          staydown.ID           `json:"bank"`
	Number        int64                 `json:"bank_content_id" doc:"The number that clients of HMA know it by."`
	State         staydown.ContentState `json:"state"`
	Acts          []staydown.Act        `json:"acts" doc:"What may be done with it in this state."`
	Note          string                `json:"note,omitempty"`
	Metadata      Metadata              `json:"metadata"`
	Source        string                `json:"source" doc:"own, or the exchange or file that brought it."`
	SourceKey     string                `json:"source_key,omitempty"`
	Labels        staydown.Labels       `json:"labels"`
	DisableUntil  int64                 `json:"disable_until_ts" doc:"0 off, 1 on, else seconds since 1970 until which it is off."`
	ExpiresAt     time.Time             `json:"expires_at,omitzero"`
	Standing      staydown.Standing     `json:"standing,omitempty" doc:"confirmed or rejected by a person here; no fetch changes it."`
	StandingBy    staydown.ID           `json:"standing_by,omitempty"`
	StandingWhy   string                `json:"standing_why,omitempty"`
	StandingAt    time.Time             `json:"standing_at,omitzero"`
	QuarantineWhy string                `json:"quarantine_why,omitempty"`
	WithdrawnAt   time.Time             `json:"withdrawn_at,omitzero"`
	WithdrawnBy   staydown.ID           `json:"withdrawn_by,omitempty" doc:"Empty where the source took it back."`
	WithdrawnWhy  string                `json:"withdrawn_why,omitempty"`
	AddedAt       time.Time             `json:"added_at"`

	Signals    []BankSignal     `json:"signals,omitempty" doc:"Not in lists."`
	Opinion    staydown.Opinion `json:"opinion,omitempty" doc:"What the sources come to. Not in lists."`
	Opinions   []BankOpinion    `json:"opinions,omitempty" doc:"Not in lists."`
	Tombstones []Tombstone      `json:"tombstones,omitempty" doc:"Not in lists."`
	Events     []BankProof      `json:"events,omitempty" doc:"What was done with it; /log/proof proves each. Not in lists."`
}

// Metadata are the keeper's own.
type Metadata struct {
	ContentID  string          `json:"content_id,omitempty" maxLength:"1024"`
	ContentURI string          `json:"content_uri,omitempty" maxLength:"8192"`
	JSON       json.RawMessage `json:"json,omitempty"`
}

// BankSignal is one fingerprint on the wire.
type BankSignal struct {
	Kind    string `json:"kind" enum:"pdq,vpdq,text,sha256,md5,url,url_md5,tlsh,trend_query"`
	Value   string `json:"value" minLength:"1" maxLength:"65536" doc:"Of kind text: a text, or its signature."`
	Quality *int   `json:"quality,omitempty" minimum:"0" maximum:"100" doc:"Left out: not known, and it counts."`
	Frame   int    `json:"frame,omitempty" minimum:"0"`
	AtMS    int64  `json:"at_ms,omitempty" minimum:"0" doc:"Milliseconds into the video."`
	Turn    string `json:"turn,omitempty" maxLength:"20" doc:"How the picture is laid down."`
}

func (s BankSignal) signal() bank.Signal {
	out := bank.Signal{Kind: s.Kind, Value: s.Value, Quality: staydown.UnknownQuality, Frame: s.Frame, AtMS: s.AtMS, Turn: s.Turn}
	if s.Quality != nil {
		out.Quality = *s.Quality
	}
	return out
}

func signalWire(kind, value string, quality, frame int, at int64, turn string) BankSignal {
	s := BankSignal{Kind: kind, Value: value, Frame: frame, AtMS: at, Turn: turn}
	if quality != staydown.UnknownQuality && (kind == staydown.SignalPDQ || kind == staydown.SignalFrame) {
		s.Quality = &quality
	}
	return s
}

// BankOpinion is what a source says of a content on the wire.
type BankOpinion struct {
	Via      string           `json:"via,omitempty" doc:"The exchange that told us, or own."`
	Source   string           `json:"source,omitempty"`
	Mine     bool             `json:"is_mine,omitempty"`
	Opinion  staydown.Opinion `json:"opinion" enum:"negative,seed,positive"`
	Category string           `json:"category,omitempty" maxLength:"255"`
	Tags     []string         `json:"tags,omitempty" maxItems:"100"`
	At       time.Time        `json:"at,omitzero"`
}

func opinionOf(o staydown.BankOpinion) BankOpinion {
	return BankOpinion{Via: o.Via, Source: o.Source, Mine: o.Mine, Opinion: o.Opinion, Category: o.Category, Tags: o.Tags, At: o.At}
}

func (o BankOpinion) voice() bank.Voice {
	return bank.Voice{Source: o.Source, Mine: o.Mine, Opinion: o.Opinion, Category: o.Category, Tags: o.Tags}
}

// Tombstone says that a signal was withdrawn.
type Tombstone struct {
	Kind     string      `json:"kind"`
	Value    string      `json:"value"`
	Change   int64       `json:"change" doc:"Its place in the sequence that every copy of the index follows."`
	By       staydown.ID `json:"by,omitempty" doc:"Empty: the source."`
	Why      string      `json:"why"`
	At       time.Time   `json:"at"`
	LiftedBy staydown.ID `json:"lifted_by,omitempty"`
	LiftedAt time.Time   `json:"lifted_at,omitzero"`
}

// BankProof names an event of a content.
type BankProof struct {
	Event staydown.ID  `json:"event"`
	Act   staydown.Act `json:"act"`
	At    time.Time    `json:"at"`
}

func contentOf(c staydown.BankContent) BankContent {
	return BankContent{ID: c.ID, Bank: c.Bank, Number: c.Number, State: c.State, Acts: some(staydown.ContentTable.Allowed(c.State)), Note: c.Note,
		Metadata: Metadata{ContentID: c.ContentID, ContentURI: c.ContentURI, JSON: json.RawMessage(c.Extra)}, Source: c.Source, SourceKey: c.SourceKey, Labels: c.Labels,
		DisableUntil: c.DisableUntil, ExpiresAt: c.ExpiresAt, Standing: c.Standing, StandingBy: c.StandingBy, StandingWhy: c.StandingWhy, StandingAt: c.StandingAt,
		QuarantineWhy: c.QuarantineWhy, WithdrawnAt: c.WithdrawnAt, WithdrawnBy: c.WithdrawnBy, WithdrawnWhy: c.WithdrawnWhy, AddedAt: c.AddedAt}
}

func wholeOf(w bank.Whole) BankContent {
	c := contentOf(w.BankContent)
	c.Opinion = w.Opinion()
	c.Opinions = each(w.Opinions, opinionOf)
	c.Signals = each(w.Signals, func(s staydown.BankSignal) BankSignal {
		return signalWire(s.Kind, s.Value, s.Quality, s.Frame, s.AtMS, s.Turn)
	})
	c.Tombstones = each(w.Stones, func(t staydown.Tombstone) Tombstone {
		return Tombstone{Kind: t.Kind, Value: t.Value, Change: t.N, By: t.By, Why: t.Why, At: t.At, LiftedBy: t.LiftedBy, LiftedAt: t.LiftedAt}
	})
	c.Events = each(w.Proofs, func(p bank.Proof) BankProof { return BankProof(p) })
	return c
}

// ContentForm is a content to be added.
type ContentForm struct {
	Number       int64           `json:"bank_content_id,omitempty" minimum:"0" doc:"Its number elsewhere, taken over; left out: the next one."`
	Signals      []BankSignal    `json:"signals,omitempty" maxItems:"4096"`
	Note         string          `json:"note,omitempty" maxLength:"255"`
	Metadata     Metadata        `json:"metadata,omitzero"`
	Labels       staydown.Labels `json:"labels,omitzero"`
	ExpiresAt    time.Time       `json:"expires_at,omitzero" doc:"Left out: as the bank says."`
	DisableUntil *int64          `json:"disable_until_ts,omitempty"`
	Again        bool            `json:"again,omitempty" doc:"Bring back what was withdrawn."`
}

func (f ContentForm) content() bank.New {
	return bank.New{Number: f.Number, Note: f.Note, ContentID: f.Metadata.ContentID, ContentURI: f.Metadata.ContentURI, Extra: string(f.Metadata.JSON), Labels: f.Labels,
		ExpiresAt: f.ExpiresAt, DisableUntil: f.DisableUntil, Signals: each(f.Signals, BankSignal.signal), Again: f.Again}
}

// TakenForm is a content as a source has it.
type TakenForm struct {
	ContentForm
	Key       string        `json:"key,omitempty" maxLength:"1024" doc:"Its name at the source: what is known by it is renewed."`
	Withdrawn bool          `json:"withdrawn,omitempty" doc:"The source took it back."`
	Opinions  []BankOpinion `json:"opinions,omitempty" maxItems:"100"`
}

func (f TakenForm) content() bank.New {
	n := f.ContentForm.content()
	n.Key, n.Withdrawn, n.Opinions, n.Again = f.Key, f.Withdrawn, each(f.Opinions, BankOpinion.voice), false
	return n
}

// TakenOver says what became of what a source sent.
type TakenOver struct {
	Added     int `json:"added"`
	Changed   int `json:"changed" doc:"Known by its key: what the source says of it was replaced."`
	Withdrawn int `json:"withdrawn" doc:"Taken back by the source."`
	Stood     int `json:"stood" doc:"Skipped: withdrawn here before."`
}

// ByContent is the input of a route about one content of a bank.
type ByContent struct {
	ByID
	Content string `path:"content" minLength:"26" maxLength:"26" pattern:"^[0-9A-Z]{26}$" doc:"Identifier."`
}

type contentsIn struct {
	ByID
	State string `query:"state" enum:"active,quarantined,withdrawn"`
	After string `query:"after" maxLength:"20" pattern:"^[0-9]*$" doc:"The last bank_content_id of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type addContentIn struct {
	ByID
	Body ContentForm
}

type addFileIn struct {
	ByID
	Note       string `query:"note" maxLength:"255"`
	ContentID  string `query:"content_id" maxLength:"1024"`
	ContentURI string `query:"content_uri" maxLength:"8192"`
	Again      bool   `query:"again"`
	RawBody    []byte `contentType:"application/octet-stream"`
}

type takeContentsIn struct {
	ByID
	Body struct {
		Source   string      `json:"source" minLength:"1" maxLength:"255" doc:"The exchange or file that brings this."`
		Contents []TakenForm `json:"contents" maxItems:"5000"`
	}
}

type editContentIn struct {
	ByContent
	Body struct {
		Note         *string          `json:"note,omitempty" maxLength:"255"`
		ContentID    *string          `json:"content_id,omitempty" maxLength:"1024"`
		ContentURI   *string          `json:"content_uri,omitempty" maxLength:"8192"`
		JSON         *json.RawMessage `json:"json,omitempty"`
		Labels       *staydown.Labels `json:"labels,omitempty"`
		ExpiresAt    *time.Time       `json:"expires_at,omitempty"`
		DisableUntil *int64           `json:"disable_until_ts,omitempty"`
	}
}

// bankContents adds what lies in banks.
func (a *API) bankContents(tag string) {
	forPeople(a, route{method: "GET", path: "/banks/{id}/contents", id: "list-bank-contents", summary: "What lies in a bank, by number", tag: tag}, a.listContents)
	forPeople(a, route{method: "POST", path: "/banks/{id}/contents", id: "add-bank-content", summary: "Put a known thing into a bank by its signals; everything seen before is looked through", tag: tag, body: 8 << 20}, func(ctx context.Context, c access.Caller, in *addContentIn) (*reply[BankContent], error) {
		x, err := a.Banks.Add(ctx, c, staydown.ID(in.ID), in.Body.content())
		return &reply[BankContent]{contentOf(x)}, err
	})
	forPeople(a, route{method: "POST", path: "/banks/{id}/files", id: "add-bank-file", summary: "Put a known thing into a bank by its file, which is hashed and not kept", tag: tag, body: bank.MostFile}, func(ctx context.Context, c access.Caller, in *addFileIn) (*reply[BankContent], error) {
		x, err := a.Banks.AddFile(ctx, c, staydown.ID(in.ID), in.RawBody, bank.New{Note: in.Note, ContentID: in.ContentID, ContentURI: in.ContentURI, Again: in.Again})
		return &reply[BankContent]{contentOf(x)}, err
	})
	forPeople(a, route{method: "POST", path: "/banks/{id}/take", id: "take-bank-contents", summary: "Take over what a source has: new things, renewed opinions, withdrawals", tag: tag, body: 32 << 20}, func(ctx context.Context, c access.Caller, in *takeContentsIn) (*reply[TakenOver], error) {
		t, err := a.Banks.Take(ctx, c, staydown.ID(in.ID), in.Body.Source, each(in.Body.Contents, TakenForm.content))
		return &reply[TakenOver]{TakenOver(t)}, err
	})
	forPeople(a, route{method: "GET", path: "/banks/{id}/contents/{content}", id: "get-bank-content", summary: "One known thing with its signals, opinions, tombstones and proofs", tag: tag}, func(ctx context.Context, c access.Caller, in *ByContent) (*reply[BankContent], error) {
		w, err := a.Banks.Content(ctx, c, staydown.ID(in.ID), staydown.ID(in.Content))
		return &reply[BankContent]{wholeOf(w)}, err
	})
	forPeople(a, route{method: "PATCH", path: "/banks/{id}/contents/{content}", id: "change-bank-content", summary: "Change what is written about a known thing", tag: tag}, a.editContent)
}

func (a *API) listContents(ctx context.Context, c access.Caller, in *contentsIn) (*reply[Page[BankContent]], error) {
	after, _ := strconv.ParseInt(in.After, 10, 64)
	list, err := a.Banks.Contents(ctx, c, staydown.ID(in.ID), bank.Filter{State: staydown.ContentState(in.State), After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[Page[BankContent]]{page(list, in.Limit, contentOf, func(c staydown.BankContent) staydown.ID { return staydown.ID(strconv.FormatInt(c.Number, 10)) })}, nil
}

func (a *API) editContent(ctx context.Context, c access.Caller, in *editContentIn) (*reply[BankContent], error) {
	e := bank.Edit{Note: in.Body.Note, ContentID: in.Body.ContentID, ContentURI: in.Body.ContentURI, Labels: in.Body.Labels, ExpiresAt: in.Body.ExpiresAt, DisableUntil: in.Body.DisableUntil}
	if in.Body.JSON != nil {
		text := string(*in.Body.JSON)
		e.Extra = &text
	}
	x, err := a.Banks.Edit(ctx, c, staydown.ID(in.ID), staydown.ID(in.Content), e)
	return &reply[BankContent]{contentOf(x)}, err
}
