package desk

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/web/page"
)

// QueuePage is one queue: its tabs, its rows in their order, and the way to take the next one.
type QueuePage struct {
	Name     string
	Tabs     []page.Tab
	Rows     []QueueRow
	Filter   QueueFilter
	Pages    page.Pages
	TakePath string // empty when this reader may not take from here
	Empty    string // the key of what would fill it
}

// QueueRow is one waiting item.
type QueueRow struct {
	Link, Address  string
	Kind, Language string
	Title          string
	Provider       string
	Source, Grade  string // of the best lead
	Leads, Alike   int
	AlikeLink      string
	Priority       int
	Reasons        []string
	State, Reason  string
	SeenAt         time.Time
	Holder         string
	Until          time.Time
	Left           time.Duration
	Known          bool
	Thumb          string // address of a small blurred still; empty when there is none
}

// QueueFilter is the filter as the form shows it; it is the query string of the page.
type QueueFilter struct {
	Campaign, Provider, Host, Kind, Language string
	Known                                    bool
	Providers, Campaigns                     []Choice
	Kinds, Languages                         []Choice
}

var queueView = page.NewView[QueuePage](templates, "queue.html")

// kinds and languages that a filter offers.
var (
	itemKinds     = []string{"page", "image", "video", "post", "account", "file", "site"}
	itemLanguages = []string{"ar", "de", "en", "es", "fa", "fr", "id", "it", "nl", "ps", "ru", "so", "tr", "ur"}
)

const queuePageSize = 50

func (v *visit) queuePage() error {
	name := v.r.PathValue("name")
	f := assess.Filter{Campaign: staydown.ID(v.field("campaign")), Provider: staydown.ID(v.field("provider")), Host: v.field("host"), Kind: v.field("kind"),
		Language: v.field("language"), Known: v.field("known") == "yes", Limit: queuePageSize + 1, After: v.field("after")}
	rows, err := v.Findings.Queue(v.ctx(), v.caller, name, f)
	if err != nil {
		return err
	}
	p := QueuePage{Name: name, Empty: "queue.empty." + name}
	if p.Tabs, err = v.tabs(name); err != nil {
		return err
	}
	if p.Filter, err = v.queueFilter(f); err != nil {
		return err
	}
	more := len(rows) > queuePageSize
	if more {
		rows = rows[:queuePageSize]
	}
	p.Rows = v.queueRows(rows, p.Filter)
	p.Pages = v.pagesAfter(f.After != "", more, len(rows), func() string { return rows[len(rows)-1].Cursor() })
	if name != assess.Mine && v.caller.May(access.Assess) == nil {
		p.TakePath = "/queue/" + name + "/take"
	}
	shell := v.shell("queue", "queue.title."+name)
	shell.Keys = []page.KeyUse{{Code: "KeyN", Does: "queue.take"}}
	return queueView.Render(v.w, http.StatusOK, shell, p)
}

// pagesAfter is the way through a list that goes on behind a cursor. It leads back to the beginning, not to the page
// before: lists of work change while one reads them.
func (v *visit) pagesAfter(later, more bool, shown int, cursor func() string) page.Pages {
	p := page.Pages{Total: -1}
	query := v.r.URL.Query()
	if later {
		query.Del("after")
		p.Newer = v.r.URL.Path + "?" + query.Encode()
	}
	if more && shown > 0 {
		query.Set("after", cursor())
		p.Older = v.r.URL.Path + "?" + query.Encode()
	}
	return p
}

func (v *visit) queueRows(rows []assess.QueueRow, f QueueFilter) []QueueRow {
	names := map[string]string{}
	for _, c := range f.Providers {
		names[c.Value] = c.Words
	}
	now := v.now()
	out := make([]QueueRow, len(rows))
	for i, r := range rows {
		out[i] = QueueRow{Link: "/items/" + string(r.Item), Address: r.Location, Kind: r.Kind, Language: r.Language, Title: r.Title, Provider: names[string(r.Provider)],
			Source: r.Source, Grade: r.Reliability + r.Credibility, Leads: r.Leads, Alike: r.Alike, Priority: r.Priority, Reasons: r.PriorityWhy,
			State: string(r.State), Reason: r.Reason, SeenAt: r.SeenAt, Known: r.Known != ""}
		if r.Picture != "" && v.caller.May(access.View) == nil {
			out[i].Thumb = stillPath(r.Item, r.Picture) + "?size=thumb"
		}
		if r.Alike > 0 && r.SHA256 != "" {
			out[i].AlikeLink = "/items/" + string(r.Item) + "/alike"
		}
		if out[i].Provider == "" {
			out[i].Provider = r.Host
		}
		if r.Until.After(now) {
			out[i].Holder, out[i].Until, out[i].Left = v.who(r.Holder), r.Until, r.Until.Sub(now)
			if r.Holder == v.caller.Actor.Person {
				out[i].Holder = v.words.T("queue.you")
			}
		}
	}
	return out
}

// Stamp writes the end of the lease for desk.js.
func (r QueueRow) Stamp() string { return r.Until.UTC().Format(time.RFC3339) }

// tabs are the queues, with what comes back beside them. An age above two days is late.
func (v *visit) tabs(current string) ([]page.Tab, error) {
	list, err := v.tally.count(v)
	if err != nil {
		return nil, err
	}
	own, err := v.Findings.Queue(v.ctx(), v.caller, assess.Mine, assess.Filter{Limit: assess.AtOnce})
	if err != nil {
		return nil, err
	}
	var tabs []page.Tab
	for _, t := range list {
		if t.Name == assess.Mine {
			t = assess.Tab{Name: assess.Mine, N: len(own), Oldest: longest(own)}
		}
		tab := page.Tab{Label: "queue.tab." + t.Name, Link: "/queue/" + t.Name, Count: t.N, Current: t.Name == current}
		if !t.Oldest.IsZero() {
			tab.Oldest = v.now().Sub(t.Oldest).Truncate(time.Minute)
			tab.Late = tab.Oldest > 48*time.Hour
		}
		tabs = append(tabs, tab)
	}
	return tabs, nil
}

// longest is since when the longest waiting of some rows waits.
func longest(rows []assess.QueueRow) time.Time {
	var at time.Time
	for _, r := range rows {
		if at.IsZero() || r.SeenAt.Before(at) {
			at = r.SeenAt
		}
	}
	return at
}

// queueFilter fills the choices of the filter's form.
func (v *visit) queueFilter(f assess.Filter) (QueueFilter, error) {
	out := QueueFilter{Campaign: string(f.Campaign), Provider: string(f.Provider), Host: f.Host, Kind: f.Kind, Language: f.Language, Known: f.Known}
	var err error
	if out.Providers, out.Campaigns, err = v.providersAndCampaigns(string(f.Provider), string(f.Campaign)); err != nil {
		return out, err
	}
	out.Kinds, out.Languages = choices(itemKinds, f.Kind), choices(itemLanguages, f.Language)
	return out, nil
}

// providersAndCampaigns are the two lists that nearly every filter has.
func (v *visit) providersAndCampaigns(provider, campaign string) (providers, campaigns []Choice, err error) {
	list, err := v.Letters.Providers(v.ctx(), v.caller)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range list {
		providers = append(providers, Choice{Value: string(p.ID), Words: p.Host, Chosen: string(p.ID) == provider})
	}
	slices.SortFunc(providers, func(a, b Choice) int { return compare(a.Words, b.Words) })
	all, err := v.Letters.Campaigns(v.ctx(), v.caller)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range all {
		campaigns = append(campaigns, Choice{Value: string(c.ID), Words: c.Name, Chosen: string(c.ID) == campaign})
	}
	return providers, campaigns, nil
}

func choices(values []string, chosen string) []Choice {
	out := make([]Choice, len(values))
	for i, value := range values {
		out[i] = Choice{Value: value, Chosen: value == chosen}
	}
	return out
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// take leases the next item of a queue and opens it.
func (v *visit) take() error {
	if err := v.parse(); err != nil {
		return err
	}
	name := v.r.PathValue("name")
	taken, err := v.Findings.Take(v.ctx(), v.caller, name, staydown.ID(v.field("campaign")), 1)
	if err != nil {
		return err
	}
	back := "/queue/" + url.PathEscape(name)
	if len(taken) == 0 {
		return v.done(back, "nothing_to_take")
	}
	return v.goTo("/items/" + string(taken[0].Item))
}
