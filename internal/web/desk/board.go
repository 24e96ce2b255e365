package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/watch"
	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/page/chart"
)

// Figures is what the pages need of report.
type Figures interface {
	Figures(ctx context.Context, c access.Caller, campaign staydown.ID) (report.Figures, error)
}

var boardView = page.NewView[BoardPage](templates, "board.html")

// BoardPage is the board of an action day: how much came in, what is out, what they say, what we saw, what is back.
type BoardPage struct {
	Name             string
	Day, Days        int // day 3 of 4; zero before and after
	At               time.Time
	Units, Providers int
	Standing         *Standing // embargo, freeze, end; nil while it runs
	Acts             []Act
	Wall             bool
	WallLink         string // this board on the wall, or back
	PartLink         string // the table of providers alone, asked for when numbers change
	Figures          []page.Figure
	Rows             []BoardRow
	UnitRows         []UnitRow
	Curves           page.Curves
	Returns          page.Returns
}

// Standing is what holds for the campaign as a whole.
type Standing struct {
	Key   string // "embargo", "frozen", "ended", "planned"
	Until time.Time
	Grave bool
}

// BoardRow is one provider. Rows is the address of the items behind its numbers; it already has a query.
type BoardRow struct {
	Name, Link, Rows, Letters                         string
	Referred, Delivered, Say, Gone, Up, Unknown, Back int
	MedianFrom, MedianTo                              time.Duration // between which half were seen gone, from the letter's delivery
	MedianKnown                                       bool          // fewer than half are gone: there is no median yet
	Lies                                              bool          // says removed, and we see it up
}

// Bar is the row as a picture: shares of what was delivered.
func (r BoardRow) Bar() chart.Bar {
	return chart.Bar{Total: r.Delivered, Gone: r.Gone, Up: r.Up, Unknown: r.Unknown, Said: r.Say}
}

// Spread tells that the two ends of the median are apart enough to say both.
func (r BoardRow) Spread() bool { return r.MedianTo-r.MedianFrom >= time.Minute }

// UnitRow is one unit's share of the work: counts, never speed.
type UnitRow struct {
	Name                                          string
	Leads, Items, Assessed, Lawful, Letters, Held int
}

// boardFigures are the eight figures in big print, each a link to the rows behind it.
func boardFigures(f report.Figures, campaign staydown.ID) []page.Figure {
	rows := "/items?campaign=" + string(campaign)
	return []page.Figure{
		{Label: "board.leads", Value: f.Leads, Link: rows, Live: "leads"},
		{Label: "board.items", Value: f.Items, Link: rows, Live: "items"},
		{Label: "board.assessed", Value: f.Assessed, Link: rows + "&state=assessed", Live: "assessed"},
		{Label: "board.lawful", Value: f.LawfulStopped, Link: rows + "&stopped=yes", Live: "lawful"},
		{Label: "board.letters", Value: f.Referred, Link: "/letters?campaign=" + string(campaign), Live: "referred"},
		{Label: "board.say", Value: f.SayRemoved, Link: rows + "&say=removed", Mark: "say", State: page.StateGone, Live: "say"},
		{Label: "board.gone", Value: f.Gone, Link: rows + "&saw=gone", Mark: "saw", State: page.StateGone, Live: "gone"},
		{Label: "board.back_again", Value: f.Returned, Link: "/returns?state=confirmed", Mark: "saw", State: page.StateBack, Live: "back"},
	}
}

// boardRow is one provider of the figures.
func boardRow(p report.Provider, campaign staydown.ID) BoardRow {
	row := BoardRow{Name: p.Name, Referred: p.Referred, Delivered: p.Delivered, Say: p.SayRemoved, Gone: p.Gone, Up: p.Up, Unknown: p.Unknown + p.Changed, Back: p.Back, Lies: lies(p.Count)}
	if p.ID != "" {
		row.Link = "/providers/" + string(p.ID)
	}
	query := "?campaign=" + string(campaign) + "&provider=" + string(p.ID)
	row.Rows, row.Letters = "/items"+query, "/letters"+query
	if m := p.Seen.Median; m != nil {
		row.MedianKnown, row.MedianFrom, row.MedianTo = true, seconds(m.From), seconds(m.To)
	}
	return row
}

// lies tells that a provider's word cannot be relied on: a fifth or more of what it says it removed is there when we look.
// One alone is not enough: a page may take a while to vanish everywhere.
func lies(c report.Count) bool { return c.SaidRemovedUp >= 2 && c.SaidRemovedUp*5 >= c.SayRemoved }

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// boardPage is the board of one campaign; ?wall is its big print.
func (v *visit) boardPage() error {
	c, err := v.Letters.Campaign(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	p, err := v.board(c)
	if err != nil {
		return err
	}
	shell := v.shell("campaigns", "board.title", c.Name)
	shell.Live, shell.Wall = "/campaigns/"+string(c.ID)+"/live", p.Wall
	return boardView.Render(v.w, http.StatusOK, shell, p)
}

// boardProviders is the table of providers alone, for a board whose numbers have changed.
func (v *visit) boardProviders() error {
	c, err := v.Letters.Campaign(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	f, err := v.Figures.Figures(v.ctx(), v.caller, c.ID)
	if err != nil {
		return err
	}
	return boardView.Part(v.w, v.words.Lang(), "providers", BoardPage{Rows: boardRows(f)})
}

func boardRows(f report.Figures) []BoardRow {
	var rows []BoardRow
	for _, p := range f.Providers {
		if p.Referred > 0 || p.Letters > 0 {
			rows = append(rows, boardRow(p, f.Campaign))
		}
	}
	slices.SortStableFunc(rows, func(a, b BoardRow) int { return b.Referred - a.Referred })
	return rows
}

func (v *visit) board(c staydown.Campaign) (BoardPage, error) {
	f, err := v.Figures.Figures(v.ctx(), v.caller, c.ID)
	if err != nil {
		return BoardPage{}, err
	}
	path := "/campaigns/" + string(c.ID)
	p := BoardPage{Name: c.Name, At: f.At, Units: len(c.Units), Standing: standing(c, v.now()), Acts: v.campaignActs(c), Wall: v.r.URL.Query().Has("wall"), PartLink: path + "/providers",
		WallLink: path + "?wall=1", Figures: boardFigures(f, c.ID), Rows: boardRows(f), Curves: page.Curves{AsOf: f.At, Chart: v.curves(f, c)}}
	if p.Wall {
		p.WallLink = path
	}
	p.Providers = len(p.Rows)
	p.Day, p.Days = dayOf(c, v.now())
	for _, u := range f.Units {
		p.UnitRows = append(p.UnitRows, UnitRow{Name: u.Name, Leads: u.Leads, Items: u.Items, Assessed: u.Assessed, Lawful: u.Lawful, Letters: u.Letters, Held: u.Held})
	}
	p.Returns, err = v.boardReturns(c.ID)
	return p, err
}

// standing is what holds for the campaign as a whole; nil while it simply runs.
func standing(c staydown.Campaign, now time.Time) *Standing {
	switch {
	case c.Frozen:
		return &Standing{Key: "frozen", Grave: true}
	case c.State == staydown.CampaignClosed:
		return &Standing{Key: "closed"}
	case c.State == staydown.CampaignPlanned:
		return &Standing{Key: "planned"}
	case now.Before(c.ReleaseAt):
		return &Standing{Key: "embargo", Until: c.ReleaseAt}
	case c.State == staydown.CampaignFollowUp:
		return &Standing{Key: "follow_up"}
	}
	return nil
}

// dayOf counts the days of the campaign; zero outside of them.
func dayOf(c staydown.Campaign, now time.Time) (day, days int) {
	if c.OpensAt.IsZero() || now.Before(c.OpensAt) || !now.Before(c.EndsAt) {
		return 0, 0
	}
	const full = 24 * time.Hour
	return int(now.Sub(c.OpensAt)/full) + 1, int((c.EndsAt.Sub(c.OpensAt) + full - 1) / full)
}

// boardLineages is how many lineages a board shows.
const boardLineages = 6

// boardReturns are the lineages of the campaign with the most generations.
func (v *visit) boardReturns(campaign staydown.ID) (page.Returns, error) {
	all, err := v.Returns.Lineages(v.ctx(), v.caller)
	if err != nil {
		return page.Returns{}, err
	}
	all = slices.DeleteFunc(all, func(s watch.Summary) bool { return s.Circle != campaign || s.Generations < 2 })
	slices.SortStableFunc(all, func(a, b watch.Summary) int { return b.Generations - a.Generations })
	var lines []watch.Line
	for _, s := range all[:min(len(all), boardLineages)] {
		line, err := v.Returns.Lineage(v.ctx(), v.caller, s.ID)
		if err != nil {
			return page.Returns{}, err
		}
		lines = append(lines, line)
	}
	return page.Returns{Chart: v.lineageChart(lines)}, nil
}

// The most curves of honest providers on one chart: more cannot be told apart.
const boardCurves = 3

// curves are the survival curves of a board: all providers together, the three with the most lines, and each whose word
// cannot be relied on, with that word beside what we saw.
func (v *visit) curves(f report.Figures, c staydown.Campaign) chart.Survival {
	s := chart.Survival{Hours: chartHours(v.now().Sub(c.ReleaseAt), f.Seen)}
	add := func(name, class string, said bool, curve report.Curve) {
		if curve.N > 0 {
			s.Series = append(s.Series, series(name, class, said, curve))
		}
	}
	dashed := func() {
		if n := len(s.Series); n > 0 {
			s.Series[n-1].Dash = honestDash(s.Series)
		}
	}
	add(v.words.T("board.all"), "ink", false, f.Seen)
	providers := slices.Clone(f.Providers)
	slices.SortStableFunc(providers, func(a, b report.Provider) int { return b.Delivered - a.Delivered })
	honest := 0
	for _, p := range providers {
		name := shortName(p.Name)
		if lies(p.Count) {
			add(name, "up", false, p.Seen)
			add(v.words.T("board.they_say", name), "up", true, p.Said)
			continue
		}
		if honest++; honest <= boardCurves && p.Seen.N > 0 {
			add(name, "accent", false, p.Seen)
			dashed()
		}
	}
	return s
}

// shortName is a provider's name as a label at a line: the first part of a host.
func shortName(name string) string {
	short, _, _ := strings.Cut(name, ".")
	return short
}

// series turns a curve of what is gone into one of what is still up.
func series(name, class string, said bool, c report.Curve) chart.Series {
	s := chart.Series{Name: name, Class: class, Said: said, Count: c.N}
	for _, p := range c.Points {
		s.Steps = append(s.Steps, chart.Step{Hours: float64(p.Seconds) / 3600, Share: 1 - p.Gone})
	}
	return s
}

// honestDash numbers the lines of honest providers, so that lines of one colour can be told apart.
func honestDash(drawn []chart.Series) int {
	n := -1
	for _, s := range drawn {
		if s.Class == "accent" {
			n++
		}
	}
	return n
}

// chartHours is the end of the time axis: a day, two, four, a week, a month; as long as it has been going on, but not
// longer than until nearly all of the fall that there was: a month of flat lines tells nothing about the first hours.
func chartHours(since time.Duration, c report.Curve) float64 {
	const nearly = 0.95
	need := since.Hours()
	if n := len(c.Points); n > 0 {
		for _, p := range c.Points {
			if p.Gone >= nearly*c.Points[n-1].Gone {
				need = min(need, float64(p.Seconds)/3600*1.25)
				break
			}
		}
	}
	for _, hours := range []float64{24, 48, 96, 168, 336} {
		if need <= hours {
			return hours
		}
	}
	return 720
}
