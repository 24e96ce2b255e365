package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/consult"
)

// Item is an item on the wire.
type Item struct {
	ID          staydown.ID        `json:"id"`
	Circle      staydown.ID        `json:"circle" doc:"Whose it is: an authority or a campaign."`
	Owner       staydown.ID        `json:"owner" doc:"The authority whose lead made it."`
	Campaign    staydown.ID        `json:"campaign,omitempty"`
	Location    string             `json:"location" doc:"Canonical URL."`
	Host        string             `json:"host"`
	Provider    staydown.ID        `json:"provider,omitempty"`
	State       staydown.ItemState `json:"state"`
	Acts        []staydown.Act     `json:"acts" doc:"What may be done with it in this state."`
	Reason      string             `json:"reason,omitempty" doc:"Why it could not be captured."`
	Kind        string             `json:"kind"`
	Title       string             `json:"title,omitempty" doc:"As found: not to be trusted, not to be shown as markup."`
	Language    string             `json:"language,omitempty"`
	Account     string             `json:"account,omitempty"`
	Priority    int                `json:"priority" minimum:"0" maximum:"10"`
	PriorityWhy []string           `json:"priority_why,omitempty"`
	Leads       int                `json:"leads"`
	Known       staydown.ID        `json:"known,omitempty" doc:"A decided item with the same bytes."`
	SHA256      string             `json:"sha256,omitempty" doc:"Of the first medium, or of the text."`
	SeenAt      time.Time          `json:"seen_at"`
	CapturedAt  time.Time          `json:"captured_at,omitzero"`
	Verdict     staydown.Verdict   `json:"verdict,omitempty"`
	Ground      staydown.Ground    `json:"ground,omitempty"`
	DecidedAt   time.Time          `json:"decided_at,omitzero"`
	Line        staydown.ID        `json:"line,omitempty" doc:"Its latest line in a letter."`
	TheySay     staydown.LineState `json:"they_say,omitempty" doc:"The provider's word."`
	WeSaw       staydown.Sight     `json:"we_saw,omitempty" doc:"Our own last sight."`
	WeSawCause  string             `json:"we_saw_cause,omitempty"`
	WeSawAt     time.Time          `json:"we_saw_at,omitzero"`
	GoneAt      time.Time          `json:"gone_at,omitzero" doc:"When we first saw it gone."`
	Lineage     staydown.ID        `json:"lineage,omitempty"`
	ReturnOf    staydown.ID        `json:"return_of,omitempty"`
	MergedInto  staydown.ID        `json:"merged_into,omitempty"`
}

func itemOf(i staydown.Item) Item {
	return Item{ID: i.ID, Circle: i.Circle, Owner: i.Owner, Campaign: i.Campaign, Location: i.Location, Host: i.Host, Provider: i.Provider,
		State: i.State, Acts: some(staydown.ItemTable.Allowed(i.State)), Reason: i.Reason, Kind: i.Kind, Title: i.Title, Language: i.Language, Account: i.Account,
		Priority: i.Priority, PriorityWhy: i.PriorityWhy, Leads: i.Leads, Known: i.Known, SHA256: i.MediaSHA256, SeenAt: i.SeenAt, CapturedAt: i.CapturedAt,
		Verdict: i.Verdict, Ground: i.Ground, DecidedAt: i.DecidedAt, Line: i.Line, TheySay: i.TheySay, WeSaw: i.WeSaw, WeSawCause: i.WeSawCause,
		WeSawAt: i.WeSawAt, GoneAt: i.GoneAt, Lineage: i.Lineage, ReturnOf: i.ReturnOf, MergedInto: i.MergedInto}
}

// Happening is one event of an item's history on the wire.
type Happening struct {
	ID    staydown.ID     `json:"id" doc:"Of the event; /log/proof proves it."`
	At    time.Time       `json:"at"`
	Act   staydown.Act    `json:"act"`
	Noun  string          `json:"noun"`
	Owner staydown.ID     `json:"owner,omitempty" doc:"The authority whose act it was."`
	Leaf  json.RawMessage `json:"leaf" doc:"The exact bytes in the log."`
}

type itemsIn struct {
	Campaign string `query:"campaign"`
	Provider string `query:"provider"`
	State    string `query:"state"`
	Verdict  string `query:"verdict"`
	Host     string `query:"host" maxLength:"255"`
	Location string `query:"location" maxLength:"4096" doc:"Canonical URL."`
	SHA256   string `query:"sha256" maxLength:"64"`
	TheySay  string `query:"they_say"`
	WeSaw    string `query:"we_saw"`
	Lineage  string `query:"lineage"`
	After    string `query:"after" doc:"The last identifier of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// Page is one page of a list, and where the next one begins.
type Page[T any] struct {
	Rows []T         `json:"rows"`
	Next staydown.ID `json:"next,omitempty" doc:"Give it as after; empty on the last page."`
}

// page cuts a list into the shape of the wire.
func page[T, W any](rows []T, limit int, wire func(T) W, id func(T) staydown.ID) Page[W] {
	p := Page[W]{Rows: each(rows, wire)}
	if len(rows) == limit && limit > 0 {
		p.Next = id(rows[len(rows)-1])
	}
	return p
}

// each puts every row into the shape of the wire; no rows are an empty list.
func each[T, W any](rows []T, wire func(T) W) []W {
	out := make([]W, 0, len(rows))
	for _, r := range rows {
		out = append(out, wire(r))
	}
	return out
}

// some is the list itself, and an empty list instead of none.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (a *API) items() {
	forPeople(a, route{method: "GET", path: "/items", id: "list-items", summary: "Items by their facts", tag: "items"}, a.listItems)
	forPeople(a, route{method: "GET", path: "/items/{id}", id: "get-item", summary: "One item", tag: "items"}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Item], error) {
		i, err := a.Consult.Item(ctx, c, staydown.ID(in.ID))
		return &reply[Item]{itemOf(i)}, err
	})
	forPeople(a, route{method: "GET", path: "/items/{id}/history", id: "get-item-history", summary: "What happened to an item", tag: "items"}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Page[Happening]], error) {
		list, err := a.Consult.History(ctx, c, staydown.ID(in.ID))
		wire := func(h consult.Happening) Happening {
			return Happening{ID: h.ID, At: h.At, Act: h.Act, Noun: h.Noun, Owner: h.Owner, Leaf: h.Leaf}
		}
		return &reply[Page[Happening]]{Page[Happening]{Rows: each(list, wire)}}, err
	})
}

func (a *API) listItems(ctx context.Context, c access.Caller, in *itemsIn) (*reply[Page[Item]], error) {
	list, err := a.Consult.Items(ctx, c, consult.Filter{Campaign: staydown.ID(in.Campaign), Provider: staydown.ID(in.Provider), State: staydown.ItemState(in.State),
		Verdict: staydown.Verdict(in.Verdict), Host: in.Host, Location: in.Location, SHA256: in.SHA256, TheySay: staydown.LineState(in.TheySay),
		WeSaw: staydown.Sight(in.WeSaw), Lineage: staydown.ID(in.Lineage), After: staydown.ID(in.After), Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[Page[Item]]{page(list, in.Limit, itemOf, func(i staydown.Item) staydown.ID { return i.ID })}, nil
}
