package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/web/page"
)

// ItemsPage is a list of items by their facts: what stands behind the numbers of every other page.
type ItemsPage struct {
	Rows      []ItemRow
	Pages     page.Pages
	Filter    consult.Filter
	Stopped   bool
	Providers []Choice
	Campaigns []Choice
	Verdicts  []Choice
	Says      []Choice
	Sights    []Choice
}

// ItemRow is one item.
type ItemRow struct {
	Link, Address, Title, Kind string
	Provider                   string
	State                      staydown.ItemState
	Verdict                    staydown.Verdict
	Ground                     staydown.Ground
	Say, Saw                   Status
	Cause                      string
	GoneAt                     time.Time
}

var itemsView = page.NewView[ItemsPage](templates, "items.html")

const itemsPageSize = 100

func (v *visit) itemsPage() error {
	f := consult.Filter{Campaign: staydown.ID(v.field("campaign")), Provider: staydown.ID(v.field("provider")), State: staydown.ItemState(v.field("state")),
		Verdict: staydown.Verdict(v.field("verdict")), Host: v.field("host"), Location: v.field("location"), SHA256: strings.ToLower(v.field("sha256")),
		TheySay: staydown.LineState(v.field("say")), WeSaw: staydown.Sight(v.field("saw")), Lineage: staydown.ID(v.field("lineage")),
		After: staydown.ID(v.field("after")), Limit: itemsPageSize + 1}
	p := ItemsPage{Filter: f, Stopped: v.field("stopped") == "yes"}
	list, err := v.listItems(f, p.Stopped)
	if err != nil {
		return err
	}
	if p.Providers, p.Campaigns, err = v.providersAndCampaigns(string(f.Provider), string(f.Campaign)); err != nil {
		return err
	}
	more := len(list) > itemsPageSize
	if more {
		list = list[:itemsPageSize]
	}
	names := map[string]string{}
	for _, c := range p.Providers {
		names[c.Value] = c.Words
	}
	for _, i := range list {
		p.Rows = append(p.Rows, v.itemRow(i, names))
	}
	p.Pages = v.pagesAfter(f.After != "", more, len(list), func() string { return string(list[len(list)-1].ID) })
	p.Verdicts, p.Says, p.Sights = choices(texts(staydown.Verdicts), string(f.Verdict)), choices(texts(staydown.LineTable.States()[1:]), string(f.TheySay)), choices(texts(sights), string(f.WeSaw))
	return itemsView.Render(v.w, http.StatusOK, v.shell("queue", "items.title"), p)
}

// sights are those a filter offers.
var sights = []staydown.Sight{staydown.Gone, staydown.Up, staydown.Changed, staydown.Unseen}

// texts writes values of a closed list as plain texts.
func texts[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, value := range values {
		out[i] = string(value)
	}
	return out
}

// listItems asks for one page of items. What was stopped has several verdicts, each of which is asked for; the pages of
// all are merged in the order of their identifiers.
func (v *visit) listItems(f consult.Filter, stopped bool) ([]staydown.Item, error) {
	if !stopped {
		return v.Reading.Items(v.ctx(), v.caller, f)
	}
	var all []staydown.Item
	for _, verdict := range staydown.Verdicts {
		if verdict.Actionable() {
			continue
		}
		f.Verdict = verdict
		list, err := v.Reading.Items(v.ctx(), v.caller, f)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b staydown.Item) int { return compare(string(a.ID), string(b.ID)) })
	return all[:min(len(all), f.Limit)], nil
}

func (v *visit) itemRow(i staydown.Item, names map[string]string) ItemRow {
	row := ItemRow{Link: "/items/" + string(i.ID), Address: i.Location, Title: i.Title, Kind: i.Kind, Provider: names[string(i.Provider)], State: i.State,
		Verdict: i.Verdict, Ground: i.Ground, GoneAt: i.GoneAt, Cause: i.WeSawCause, Say: saying(i.TheySay), Saw: sighting(i.WeSaw)}
	if row.Provider == "" {
		row.Provider = i.Host
	}
	if i.WeSaw != staydown.Gone {
		row.Cause = ""
	}
	return row
}
