package desk

import (
	"net/http"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/web/page"
)

// CampaignsPage is the action days that the reader's authority takes part in, newest first.
type CampaignsPage struct{ Rows []CampaignRow }

// CampaignRow is one of them.
type CampaignRow struct {
	Link, Name, Lead           string
	State                      staydown.CampaignState
	Frozen                     bool
	Units                      int
	OpensAt, ReleaseAt, EndsAt time.Time
}

var campaignsView = page.NewView[CampaignsPage](templates, "campaigns.html")

func (v *visit) campaignsPage() error {
	list, err := v.Letters.Campaigns(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	var p CampaignsPage
	for _, c := range list {
		p.Rows = append(p.Rows, CampaignRow{Link: "/campaigns/" + string(c.ID), Name: c.Name, Lead: v.authorityName(c.Owner), State: c.State, Frozen: c.Frozen, Units: len(c.Units),
			OpensAt: c.OpensAt, ReleaseAt: c.ReleaseAt, EndsAt: c.EndsAt})
	}
	return campaignsView.Render(v.w, http.StatusOK, v.shell("campaigns", "campaigns.title"), p)
}

// campaignActs are those that the table of campaigns, the reader's role and the campaign's lead let through; freezing is a
// switch beside the table.
func (v *visit) campaignActs(c staydown.Campaign) []Act {
	if c.Owner != v.caller.Actor.Authority || v.caller.May(access.Plan) != nil {
		return nil
	}
	path := "/campaigns/" + string(c.ID) + "/"
	var acts []Act
	for _, a := range staydown.CampaignTable.Allowed(c.State) {
		acts = append(acts, Act{Name: string(a), Path: path + string(a)})
	}
	switch {
	case c.Frozen:
		acts = append(acts, Act{Name: "thaw", Path: path + "thaw"})
	case c.State != staydown.CampaignClosed:
		acts = append(acts, Act{Name: "freeze", Path: path + "freeze", Grave: true})
	}
	return acts
}

func (v *visit) campaignActPage() error { return v.showCampaignAct(http.StatusOK, nil) }

func (v *visit) showCampaignAct(status int, t *Trouble) error {
	c, err := v.Letters.Campaign(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	name := v.r.PathValue("act")
	acts := v.campaignActs(c)
	n := slices.IndexFunc(acts, func(a Act) bool { return a.Name == name })
	if n < 0 {
		return staydown.Errorf(staydown.Refused, "campaign.act", "this campaign cannot be dealt with in that way now, or not by you")
	}
	p := ConfirmPage{Act: "campaign_" + name, Path: acts[n].Path, Back: "/campaigns/" + string(c.ID), Grave: acts[n].Grave, Trouble: t,
		Facts: facts(page.Fact{Label: "campaigns.name", Text: c.Name}, page.Fact{Label: "campaigns.release", Text: moment(v, c.ReleaseAt)},
			page.Fact{Label: "campaigns.units", Text: v.words.Number(len(c.Units))})}
	return v.confirm(status, "campaigns", p)
}

func (v *visit) campaignAct() error {
	id, name := v.id("id"), v.r.PathValue("act")
	var err error
	switch name {
	case "freeze", "thaw":
		err = v.Letters.Freeze(v.ctx(), v.caller, id, name == "freeze")
	default:
		err = v.Letters.Move(v.ctx(), v.caller, id, staydown.Act(name))
	}
	if err != nil {
		return v.again(err, func(t *Trouble) error { return v.showCampaignAct(http.StatusConflict, t) })
	}
	return v.done("/campaigns/"+string(id), "campaign_"+name)
}
