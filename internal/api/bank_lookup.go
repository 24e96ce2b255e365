package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

// LookupHit is one known thing that resembles what was asked for.
type LookupHit struct {
	Bank          staydown.ID           `json:"bank"`
	BankName      string                `json:"bank_name"`
	Negative      bool                  `json:"negative,omitempty"`
	Owner         staydown.ID           `json:"owner" doc:"The authority that keeps the bank."`
	Content       staydown.ID           `json:"content"`
	Number        int64                 `json:"bank_content_id"`
	State         staydown.ContentState `json:"state"`
	Kind          string                `json:"kind"`
	Value         string                `json:"value,omitempty" doc:"Of the content's closest signal."`
	Quality       *int                  `json:"quality,omitempty"`
	Distance      *int                  `json:"distance,omitempty" doc:"Bits of 256, or percent unlike; 0 the same. Only to callers who may see it."`
	Radius        *int                  `json:"radius,omitempty" doc:"What the bank counts."`
	Turn          string                `json:"turn,omitempty" doc:"How what was asked for is laid down to fit."`
	Pairs         []LookupPair          `json:"pairs,omitempty" doc:"Where the two are alike, the closest first."`
	FramesAsked   int                   `json:"frames_asked" doc:"Different frames asked for that resemble it."`
	FramesContent int                   `json:"frames_content" doc:"Different frames of the content that are resembled."`
	Labels        staydown.Labels       `json:"labels"`
	BankLabels    staydown.Labels       `json:"bank_labels"`
	Note          string                `json:"note,omitempty"`
	Source        string                `json:"source"`
	Standing      staydown.Standing     `json:"standing,omitempty"`
	Opinion       staydown.Opinion      `json:"opinion,omitempty" doc:"What the sources come to: positive, seed, negative, disputed."`
	Opinions      []BankOpinion         `json:"opinions,omitempty"`
	Outcome       staydown.Outcome      `json:"outcome" enum:"match,review,none" doc:"review: a person must look before anything follows."`
	Why           []staydown.Reason     `json:"why,omitempty"`
}

// LookupPair is one place where two things are alike.
type LookupPair struct {
	Signal   int   `json:"signal" doc:"Which of the signals asked for; -1: the text."`
	Frame    int   `json:"frame"`
	AtMS     int64 `json:"at_ms"`
	ToFrame  int   `json:"to_frame"`
	ToAtMS   int64 `json:"to_at_ms"`
	Distance int   `json:"distance"`
}

// LookupAnswer is what banks know of something.
type LookupAnswer struct {
	Asked []LookupAsked `json:"asked" doc:"What was looked up, with what was made of a file."`
	Hits  []LookupHit   `json:"hits" doc:"Match or review, the closest first. A match proposes; a person decides."`
	Good  []LookupHit   `json:"good,omitempty" doc:"What it resembles among known-good things."`
	Not   []LookupHit   `json:"not,omitempty" doc:"What did not count, and why; where asked for."`
	Cut   bool          `json:"cut,omitempty" doc:"More is near than is read for one question."`
	Blunt bool          `json:"blunt,omitempty" doc:"Distances and reasons were left out: the caller may not see them."`
}

// LookupAsked is what became of one signal asked for.
type LookupAsked struct {
	BankSignal
	Skipped *staydown.Reason `json:"skipped,omitempty" doc:"Why it was not looked up."`
}

func answerOf(a bank.Answer) LookupAnswer {
	wire := func(h bank.Hit) LookupHit { return lookupHit(h, !a.Blunt) }
	out := LookupAnswer{Asked: each(a.Asked, askedOf), Hits: each(a.Hits, wire), Cut: a.Cut, Blunt: a.Blunt}
	if len(a.Good) > 0 {
		out.Good = each(a.Good, wire)
	}
	if len(a.Not) > 0 {
		out.Not = each(a.Not, wire)
	}
	return out
}

func askedOf(a bank.Asked) LookupAsked {
	return LookupAsked{BankSignal: signalWire(a.Kind, a.Value, a.Quality, a.Frame, a.AtMS, a.Turn), Skipped: a.Skipped}
}

func lookupHit(h bank.Hit, cleared bool) LookupHit {
	out := LookupHit{Bank: h.Bank.ID, BankName: h.Bank.Name, Negative: h.Bank.Negative, Owner: h.Bank.Owner, Content: h.Content.ID, Number: h.Content.Number, State: h.Content.State,
		Kind: h.Kind, Value: h.Value, Turn: h.Turn, FramesAsked: h.Frames, FramesContent: h.Fits, Labels: h.Content.Labels, BankLabels: h.Bank.Labels, Note: h.Content.Note,
		Source: h.Content.Source, Standing: h.Content.Standing, Opinion: h.Opinion, Opinions: each(h.Opinions, opinionOf), Outcome: h.Outcome, Why: h.Why}
	if !cleared {
		return out
	}
	out.Distance, out.Radius = &h.Distance, &h.Radius
	out.Quality = signalWire(h.Kind, "", h.Quality, 0, 0, "").Quality
	out.Pairs = each(h.Pairs, func(p bank.Pair) LookupPair {
		return LookupPair{Signal: p.Asked, Frame: p.Frame, AtMS: p.AtMS, ToFrame: p.ToFrame, ToAtMS: p.ToAtMS, Distance: p.Distance}
	})
	return out
}

type lookupIn struct {
	Why  bool `query:"why" doc:"List what did not count, too, with the reason."`
	Body struct {
		Signals []BankSignal  `json:"signals,omitempty" maxItems:"4096"`
		Text    string        `json:"text,omitempty" maxLength:"65536"`
		Banks   []staydown.ID `json:"banks,omitempty" maxItems:"1000" doc:"Only these; negative banks are always asked."`
		Seed    string        `json:"seed,omitempty" maxLength:"1024" doc:"The same seed meets the same roll-out."`
		Bypass  bool          `json:"bypass_rollout,omitempty" doc:"Every enabled bank takes part."`
		Most    int           `json:"most,omitempty" minimum:"0" maximum:"1000"`
	}
}

type lookupFileIn struct {
	Why     bool   `query:"why"`
	Seed    string `query:"seed" maxLength:"1024"`
	Bypass  bool   `query:"bypass_rollout"`
	Most    int    `query:"most" minimum:"0" maximum:"1000"`
	RawBody []byte `contentType:"application/octet-stream"`
}

type compareIn struct {
	Body struct {
		Kind string `json:"kind" enum:"pdq,vpdq,text,sha256,md5,url,url_md5,tlsh,trend_query"`
		A    string `json:"a" minLength:"1" maxLength:"65536"`
		B    string `json:"b" minLength:"1" maxLength:"65536"`
	}
}

// Compared is how two signals stand to each other.
type Compared struct {
	Kind     string            `json:"kind"`
	A        string            `json:"a"`
	B        string            `json:"b"`
	Distance int               `json:"distance"`
	Radius   int               `json:"radius"`
	Matches  bool              `json:"matches"`
	Why      []staydown.Reason `json:"why"`
}

// The rate at which one person may look up, on the machine's clock: a lookup tells
// how to get around a match to whoever may ask without end.
const (
	lookupsPerMinute = 600
	lookupsAtOnce    = 200
)

// lookups adds the asking of banks.
func (a *API) lookups() {
	const tag = "lookups"
	limit := newAllowance(lookupsPerMinute, lookupsAtOnce, time.Now)
	forPeople(a, route{method: "POST", path: "/lookups", id: "look-up", summary: "What banks know of something, and why it counts", tag: tag, body: 8 << 20}, func(ctx context.Context, c access.Caller, in *lookupIn) (*reply[LookupAnswer], error) {
		ask := bank.Ask{Signals: each(in.Body.Signals, BankSignal.signal), Text: in.Body.Text, Banks: in.Body.Banks, Seed: in.Body.Seed, Bypass: in.Body.Bypass, Why: in.Why, Most: in.Body.Most}
		return a.lookup(ctx, c, limit, ask)
	})
	forPeople(a, route{method: "POST", path: "/lookups/file", id: "look-up-file", summary: "What banks know of a file, which is hashed and not kept", tag: tag, body: bank.MostFile}, func(ctx context.Context, c access.Caller, in *lookupFileIn) (*reply[LookupAnswer], error) {
		return a.lookup(ctx, c, limit, bank.Ask{Bytes: in.RawBody, Seed: in.Seed, Bypass: in.Bypass, Why: in.Why, Most: in.Most})
	})
	forPeople(a, route{method: "POST", path: "/compare", id: "compare-signals", summary: "How far two signals lie apart, and what that means", tag: tag}, func(ctx context.Context, c access.Caller, in *compareIn) (*reply[Compared], error) {
		r, err := a.Banks.Compare(c, in.Body.Kind, in.Body.A, in.Body.B)
		return &reply[Compared]{Compared(r)}, err
	})
}

func (a *API) lookup(ctx context.Context, c access.Caller, limit *allowance, ask bank.Ask) (*reply[LookupAnswer], error) {
	if err := c.May(access.Lookup); err != nil {
		return nil, err
	}
	if !limit.take(c.Actor.Person) {
		return nil, staydown.Errorf(staydown.Refused, "lookup.rate", "more than %d lookups a minute; wait a little", lookupsPerMinute)
	}
	answer, err := a.Banks.Lookup(ctx, c, ask)
	return &reply[LookupAnswer]{answerOf(answer)}, err
}
