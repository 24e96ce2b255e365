package staydown

import "time"

// QueryState is how far a question to the other authorities has come.
type QueryState string

// The states of a query.
const (
	QueryAsked    QueryState = "asked"     // whom, by which way, is in the record
	QueryClear    QueryState = "clear"     // nobody holds it
	QueryHeld     QueryState = "hold"      // somebody does, until and for what scope
	QueryPartial  QueryState = "partial"   // the item may go, the account may not
	QueryNoAnswer QueryState = "no_answer" // a named person decides
)

// QueryTable is the machine of a query.
var QueryTable = Table[QueryState]{
	{"", "ask", QueryAsked},
	{QueryAsked, "clear", QueryClear},
	{QueryAsked, "hold", QueryHeld},
	{QueryAsked, "answer_partly", QueryPartial},
	{QueryAsked, "give_up", QueryNoAnswer},
	{QueryHeld, "clear", QueryClear},
	{QueryPartial, "clear", QueryClear},
	{QueryClear, "hold", QueryHeld},
	{QueryNoAnswer, "clear", QueryClear},
	{QueryNoAnswer, "hold", QueryHeld},
}

// Query asks whether anybody holds a location. The asker learns the answer, not who holds it or why.
type Query struct {
	ID         ID         `db:"id"`
	Item       ID         `db:"item"`
	Owner      ID         `db:"owner"`
	Circle     ID         `db:"circle"`
	Location   string     `db:"location"`
	By         string     `db:"by_way"` // system | phone | siena
	State      QueryState `db:"state"`
	Hold       ID         `db:"hold"` // which hold answered; never shown to the asker
	Until      time.Time  `db:"until"`
	Scope      HoldScope  `db:"scope"`
	DecidedBy  ID         `db:"decided_by"` // who decided on silence
	Reason     string     `db:"reason"`
	AskedAt    time.Time  `db:"asked_at"`
	AnsweredAt time.Time  `db:"answered_at"`
}

// Answer moves the query by one of its acts.
func (q *Query) Answer(a Act, now time.Time) (Event, error) {
	to, err := QueryTable.Next("query", q.State, a)
	if err != nil {
		return Event{}, err
	}
	q.State, q.AnsweredAt = to, now
	return Event{Act: a, Noun: "query", Subject: q.ID, Circle: q.Circle, Data: map[string]any{"item": q.Item, "state": to}}, nil
}

// HoldScope is how much a hold covers.
type HoldScope string

// The scopes of a hold.
const (
	HoldItem    HoldScope = "item"    // this location
	HoldAccount HoldScope = "account" // everything below this address
	HoldHost    HoldScope = "host"    // everything on this host
)

// HoldState is whether a hold stops sends.
type HoldState string

// The states of a hold. It never expires into a send: past its date it is due for review and still holds.
const (
	HoldActive HoldState = "active"
	HoldLifted HoldState = "lifted"
)

// HoldTable is the machine of a hold.
var HoldTable = Table[HoldState]{
	{"", "place", HoldActive},
	{HoldActive, "review", HoldActive},
	{HoldActive, "lift", HoldLifted},
}

// HoldReviewEvery is how often an active hold is looked at again.
const HoldReviewEvery = 14 * 24 * time.Hour

// Hold keeps something from being sent, for an investigation of its owner.
type Hold struct {
	ID       ID        `db:"id"`
	Owner    ID        `db:"owner"`
	Location string    `db:"location"` // canonical; for HoldHost the host name
	Host     string    `db:"host"`
	Scope    HoldScope `db:"scope"`
	State    HoldState `db:"state"`
	Case     string    `db:"case_no"`
	Reason   string    `db:"reason"` // the owner's eyes only
	PlacedBy ID        `db:"placed_by"`
	PlacedAt time.Time `db:"placed_at"`
	ReviewAt time.Time `db:"review_at"`
	LiftedAt time.Time `db:"lifted_at"`
}

// Review keeps the hold for another period.
func (h *Hold) Review(now time.Time) (Event, error) {
	return h.act("review", func() { h.ReviewAt = now.Add(HoldReviewEvery) })
}

// Lift ends the hold.
func (h *Hold) Lift(now time.Time) (Event, error) {
	return h.act("lift", func() { h.LiftedAt = now })
}

func (h *Hold) act(a Act, set func()) (Event, error) {
	to, err := HoldTable.Next("hold", h.State, a)
	if err != nil {
		return Event{}, err
	}
	h.State = to
	set()
	return Event{Act: a, Noun: "hold", Subject: h.ID, Circle: h.Owner, Data: map[string]any{"scope": h.Scope}}, nil
}
