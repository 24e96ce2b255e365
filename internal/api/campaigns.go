package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Campaign is a referral action day on the wire.
type Campaign struct {
	ID        staydown.ID            `json:"id"`
	Owner     staydown.ID            `json:"owner"`
	Name      string                 `json:"name"`
	State     staydown.CampaignState `json:"state"`
	Acts      []staydown.Act         `json:"acts"`
	Frozen    bool                   `json:"frozen"`
	Units     []staydown.ID          `json:"units"`
	OpensAt   time.Time              `json:"opens_at,omitzero"`
	ReleaseAt time.Time              `json:"release_at" doc:"Nothing leaves before."`
	EndsAt    time.Time              `json:"ends_at,omitzero"`
	WatchTo   time.Time              `json:"watch_to,omitzero"`
	CreatedAt time.Time              `json:"created_at"`
}

func campaignOf(k staydown.Campaign) Campaign {
	return Campaign{ID: k.ID, Owner: k.Owner, Name: k.Name, State: k.State, Acts: some(staydown.CampaignTable.Allowed(k.State)), Frozen: k.Frozen,
		Units: some(k.Units), OpensAt: k.OpensAt, ReleaseAt: k.ReleaseAt, EndsAt: k.EndsAt, WatchTo: k.WatchTo, CreatedAt: k.CreatedAt}
}

type planIn struct {
	Body struct {
		Name      string        `json:"name" minLength:"1" maxLength:"200"`
		Units     []staydown.ID `json:"units,omitempty" maxItems:"100" doc:"The other authorities; the caller's own is always one."`
		OpensAt   time.Time     `json:"opens_at,omitzero"`
		ReleaseAt time.Time     `json:"release_at" doc:"Nothing leaves before."`
		EndsAt    time.Time     `json:"ends_at,omitzero"`
		WatchTo   time.Time     `json:"watch_to,omitzero"`
	}
}

func (a *API) campaigns() {
	const tag = "campaigns"
	forPeople(a, route{method: "POST", path: "/campaigns", id: "plan-campaign", summary: "Plan an action day", tag: tag}, func(ctx context.Context, c access.Caller, in *planIn) (*reply[Campaign], error) {
		k, err := a.Referral.NewCampaign(ctx, c, staydown.Campaign{Name: in.Body.Name, Units: in.Body.Units, OpensAt: staydown.At(in.Body.OpensAt),
			ReleaseAt: staydown.At(in.Body.ReleaseAt), EndsAt: staydown.At(in.Body.EndsAt), WatchTo: staydown.At(in.Body.WatchTo)})
		return &reply[Campaign]{campaignOf(k)}, err
	})
	forPeople(a, route{method: "GET", path: "/campaigns", id: "list-campaigns", summary: "Action days", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Page[Campaign]], error) {
		list, err := a.Referral.Campaigns(ctx, c)
		return &reply[Page[Campaign]]{Page[Campaign]{Rows: each(list, campaignOf)}}, err
	})
	forPeople(a, route{method: "GET", path: "/campaigns/{id}", id: "get-campaign", summary: "One action day", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Campaign], error) {
		k, err := a.Referral.Campaign(ctx, c, staydown.ID(in.ID))
		return &reply[Campaign]{campaignOf(k)}, err
	})
	for _, m := range []struct{ act, summary string }{
		{"open", "Open for leads"}, {"release", "Release: approved letters may leave"}, {"follow_up", "No new leads; keep looking"}, {"close", "Close"},
	} {
		forPeople(a, route{method: "POST", path: "/campaigns/{id}/" + m.act, id: m.act + "-campaign", summary: m.summary, tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
			return ok(), a.Referral.Move(ctx, c, staydown.ID(in.ID), staydown.Act(m.act))
		})
	}
	for _, m := range []struct {
		act, summary string
		on           bool
	}{{"freeze", "Stop sends; probes and preservation go on", true}, {"thaw", "Let sends go on", false}} {
		forPeople(a, route{method: "POST", path: "/campaigns/{id}/" + m.act, id: m.act + "-campaign", summary: m.summary, tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
			return ok(), a.Referral.Freeze(ctx, c, staydown.ID(in.ID), m.on)
		})
	}
}
