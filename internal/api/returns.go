package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/watch"
)

// Thing is an item in a list of returns: without its finding, which is not to lead
// whoever looks.
type Thing struct {
	ID          staydown.ID    `json:"id"`
	Location    string         `json:"location"`
	Host        string         `json:"host"`
	Kind        string         `json:"kind"`
	Title       string         `json:"title,omitempty"`
	Account     string         `json:"account,omitempty"`
	SeenAt      time.Time      `json:"seen_at"`
	PublishedAt time.Time      `json:"published_at,omitzero" doc:"As it says of itself."`
	GoneAt      time.Time      `json:"gone_at,omitzero"`
	WeSaw       staydown.Sight `json:"we_saw,omitempty"`
}

func thingOf(t watch.Thing) Thing { return Thing(t) }

// Return is the suspicion that something is back, on the wire.
type Return struct {
	ID        staydown.ID          `json:"id"`
	State     staydown.ReturnState `json:"state"`
	Acts      []staydown.Act       `json:"acts"`
	Kind      string               `json:"kind" doc:"reupload, rebuilt, account."`
	Score     int                  `json:"score" minimum:"0" maximum:"100"`
	Signals   []staydown.Signal    `json:"signals" doc:"Why it is thought to be the same."`
	Item      Thing                `json:"item" doc:"The new one."`
	Of        Thing                `json:"of" doc:"The one that was seen gone."`
	Lineage   staydown.ID          `json:"lineage,omitempty"`
	Reason    string               `json:"reason,omitempty"`
	FoundAt   time.Time            `json:"found_at"`
	DecidedAt time.Time            `json:"decided_at,omitzero"`
	DecidedBy staydown.ID          `json:"decided_by,omitempty"`
}

func returnOf(r watch.Row) Return {
	return Return{ID: r.ID, State: r.State, Acts: some(staydown.ReturnTable.Allowed(r.State)), Kind: r.Kind, Score: r.Score, Signals: some(r.Signals), Item: thingOf(r.Item),
		Of: thingOf(r.Of), Lineage: r.Lineage, Reason: r.Reason, FoundAt: r.FoundAt, DecidedAt: r.DecidedAt, DecidedBy: r.DecidedBy}
}

// Lineage is one thing over its generations, on the wire.
type Lineage struct {
	ID          staydown.ID  `json:"id"`
	Kind        string       `json:"kind" doc:"site, account, file."`
	Name        string       `json:"name"`
	CreatedAt   time.Time    `json:"created_at"`
	Count       int          `json:"count" doc:"Of its generations."`
	LastFrom    time.Time    `json:"last_from,omitzero"`
	LastTo      time.Time    `json:"last_to,omitzero" doc:"When the last one was seen gone."`
	Generations []Generation `json:"generations,omitempty" doc:"First to last; not in the list of lineages."`
}

// Generation is one life of a lineage.
type Generation struct {
	N       int               `json:"n"`
	FromAt  time.Time         `json:"from_at"`
	ToAt    time.Time         `json:"to_at,omitzero" doc:"When it was seen gone."`
	Item    Thing             `json:"item"`
	Signals []staydown.Signal `json:"signals,omitempty"`
	Score   int               `json:"score,omitempty"`
	Away    int64             `json:"away_seconds,omitempty" doc:"From the end of the generation before to this one."`
}

func lineageOf(l staydown.Lineage) Lineage {
	return Lineage{ID: l.ID, Kind: l.Kind, Name: l.Name, CreatedAt: l.CreatedAt}
}

type returnsIn struct {
	State string `query:"state" enum:"candidate,confirmed,dismissed"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// returns adds what came back: a person confirms or dismisses it; it inherits no
// decision.
func (a *API) returns() {
	const tag = "returns"
	forPeople(a, route{method: "GET", path: "/returns", id: "list-returns", summary: "What looks like something that was seen gone", tag: tag}, func(ctx context.Context, c access.Caller, in *returnsIn) (*reply[Page[Return]], error) {
		list, err := a.Watch.Returns(ctx, c, staydown.ReturnState(in.State), in.Limit)
		return &reply[Page[Return]]{Page[Return]{Rows: each(list, returnOf)}}, err
	})
	forPeople(a, route{method: "POST", path: "/returns/{id}/confirm", id: "confirm-return", summary: "It is the same thing", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Watch.Confirm(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "POST", path: "/returns/{id}/dismiss", id: "dismiss-return", summary: "It is something else", tag: tag}, func(ctx context.Context, c access.Caller, in *reasonIn) (*done, error) {
		return ok(), a.Watch.Dismiss(ctx, c, staydown.ID(in.ID), in.Body.Reason)
	})
	forPeople(a, route{method: "GET", path: "/lineages", id: "list-lineages", summary: "Things with more than one life", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Page[Lineage]], error) {
		list, err := a.Watch.Lineages(ctx, c)
		wire := func(s watch.Summary) Lineage {
			l := lineageOf(s.Lineage)
			l.Count, l.LastFrom, l.LastTo = s.Generations, s.LastFrom, s.LastTo
			return l
		}
		return &reply[Page[Lineage]]{Page[Lineage]{Rows: each(list, wire)}}, err
	})
	forPeople(a, route{method: "GET", path: "/lineages/{id}", id: "get-lineage", summary: "One lineage with its generations", tag: tag}, a.lineage)
}

func (a *API) lineage(ctx context.Context, c access.Caller, in *ByID) (*reply[Lineage], error) {
	line, err := a.Watch.Lineage(ctx, c, staydown.ID(in.ID))
	if err != nil {
		return nil, err
	}
	l := lineageOf(line.Lineage)
	l.Count = len(line.Generations)
	l.Generations = each(line.Generations, func(g watch.Life) Generation {
		l.LastFrom, l.LastTo = g.FromAt, g.ToAt
		return Generation{N: g.N, FromAt: g.FromAt, ToAt: g.ToAt, Item: thingOf(g.Thing), Signals: g.Signals, Score: g.Score, Away: int64(g.Away / time.Second)}
	})
	return &reply[Lineage]{l}, nil
}
