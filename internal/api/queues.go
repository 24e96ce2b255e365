package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

type queueIn struct {
	Name     string `path:"name" enum:"new,second,third,mine"`
	Campaign string `query:"campaign"`
	Provider string `query:"provider"`
	Host     string `query:"host" maxLength:"255"`
	Kind     string `query:"kind" maxLength:"40"`
	Language string `query:"language" maxLength:"35"`
	Known    bool   `query:"known" doc:"Only what has the same bytes as something decided."`
	After    string `query:"after" maxLength:"5000" doc:"The cursor that the page before gave."`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// QueuePage is one page of a queue.
type QueuePage struct {
	Rows []assess.QueueRow `json:"rows"`
	Next string            `json:"next,omitempty" doc:"Give it as after; empty on the last page."`
}

type takeIn struct {
	Name string `path:"name" enum:"new,second,third"`
	Body struct {
		Campaign staydown.ID `json:"campaign,omitempty"`
		N        int         `json:"n,omitempty" minimum:"1" maximum:"200" default:"1"`
	}
}

// Taken is what the caller holds now.
type Taken struct {
	Taken []assess.Taken `json:"taken"`
}

// Lease says until when an item is the caller's.
type Lease struct {
	Until time.Time `json:"until"`
}

type contextsIn struct {
	Body struct {
		Items []staydown.ID `json:"items" minItems:"1" maxItems:"200"`
	}
}

// Contexts are who posted something, where and with which words.
type Contexts struct {
	Contexts []assess.Context `json:"contexts"`
}

type prioritiseIn struct {
	ByID
	Body struct {
		Priority int    `json:"priority" minimum:"0" maximum:"10"`
		Why      string `json:"why" minLength:"1" maxLength:"4096"`
	}
}

type whyIn struct {
	ByID
	Body struct {
		Why string `json:"why" maxLength:"4096"`
	}
}

// queues adds how officers find and hold their work. A lease is theirs for ten
// minutes of the desk's clock.
func (a *API) queues() {
	const tag = "queues"
	forPeople(a, route{method: "GET", path: "/queues", id: "list-queues", summary: "Queues, with how much waits and since when", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Page[assess.Tab]], error) {
		tabs, err := a.Assess.Tabs(ctx, c)
		return &reply[Page[assess.Tab]]{Page[assess.Tab]{Rows: some(tabs)}}, err
	})
	forPeople(a, route{method: "GET", path: "/queues/{name}", id: "list-queue", summary: "One queue in its order", tag: tag}, a.queue)
	forPeople(a, route{method: "POST", path: "/queues/{name}/take", id: "take-items", summary: "Take items out of a queue", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *takeIn) (*reply[Taken], error) {
		list, err := a.Assess.Take(ctx, c, in.Name, in.Body.Campaign, in.Body.N)
		return &reply[Taken]{Taken{some(list)}}, err
	})
	forPeople(a, route{method: "POST", path: "/items/{id}/open", id: "open-item", summary: "Open what was captured of an item", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[assess.Opened], error) {
		o, err := a.Assess.Open(ctx, c, staydown.ID(in.ID))
		o.Exhibits, o.Candidates = some(o.Exhibits), some(o.Candidates)
		return &reply[assess.Opened]{o}, err
	})
	forPeople(a, route{method: "POST", path: "/items/{id}/stay", id: "stay-on-item", summary: "Keep an item that is being worked on", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Lease], error) {
		until, err := a.Assess.Stay(ctx, c, staydown.ID(in.ID))
		return &reply[Lease]{Lease{until}}, err
	})
	forPeople(a, route{method: "POST", path: "/items/{id}/put-back", id: "put-item-back", summary: "Give an item back to its queue", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Assess.PutBack(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "GET", path: "/items/{id}/alike", id: "list-alike", summary: "What waits and carries the same bytes", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[QueuePage], error) {
		rows, err := a.Assess.Alike(ctx, c, staydown.ID(in.ID))
		return &reply[QueuePage]{QueuePage{Rows: some(rows)}}, err
	})
	forPeople(a, route{method: "POST", path: "/contexts", id: "open-contexts", summary: "Open the contexts of equal bytes from one account, without displaying them", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *contextsIn) (*reply[Contexts], error) {
		list, err := a.Assess.Contexts(ctx, c, in.Body.Items)
		return &reply[Contexts]{Contexts{some(list)}}, err
	})
	forPeople(a, route{method: "POST", path: "/items/{id}/prioritise", id: "prioritise-item", summary: "Say how urgent an item is, and why", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *prioritiseIn) (*done, error) {
		return ok(), a.Assess.Prioritise(ctx, c, staydown.ID(in.ID), in.Body.Priority, in.Body.Why)
	})
	forPeople(a, route{method: "POST", path: "/items/{id}/reopen", id: "reopen-item", summary: "Send a decided item back to its queue", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *whyIn) (*done, error) {
		return ok(), a.Assess.Reopen(ctx, c, staydown.ID(in.ID), in.Body.Why)
	})
}

func (a *API) queue(ctx context.Context, c access.Caller, in *queueIn) (*reply[QueuePage], error) {
	rows, err := a.Assess.Queue(ctx, c, in.Name, assess.Filter{Campaign: staydown.ID(in.Campaign), Provider: staydown.ID(in.Provider), Host: in.Host,
		Kind: in.Kind, Language: in.Language, Known: in.Known, Limit: in.Limit, After: in.After})
	if err != nil {
		return nil, err
	}
	p := QueuePage{Rows: some(rows)}
	if len(rows) == in.Limit {
		p.Next = rows[len(rows)-1].Cursor()
	}
	return &reply[QueuePage]{p}, nil
}
