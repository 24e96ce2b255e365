package desk

import (
	"net/http"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/page/chart"
)

// ProvidersPage is the register.
type ProvidersPage struct{ Rows []ProviderRow }

// ProviderRow is one entry of the register.
type ProviderRow struct {
	Link, Name, Host, Kind, Country, Channel string
	Clause                                   string
}

var providersView = page.NewView[ProvidersPage](templates, "providers.html")

func (v *visit) providersPage() error {
	list, err := v.Letters.Providers(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b staydown.Provider) int { return compare(a.Host, b.Host) })
	var p ProvidersPage
	for _, one := range list {
		p.Rows = append(p.Rows, ProviderRow{Link: "/providers/" + string(one.ID), Name: one.Name, Host: one.Host, Kind: one.Kind, Country: one.Country, Channel: one.Channel, Clause: one.Clause})
	}
	return providersView.Render(v.w, http.StatusOK, v.shell("providers", "providers.title"), p)
}

// ProviderPage is one addressee: how it is reached, when, in which language and under which clause, and what came of it.
type ProviderPage struct {
	Provider  staydown.Provider
	Now       time.Time
	Channels  []ChannelLine
	Campaigns []ProviderFigures // per campaign: a rate without its date and its cohort means nothing
	Letters   []LetterRow
	LettersOf string
}

// ProviderFigures is what came of one campaign at one provider.
type ProviderFigures struct {
	Name, Link string
	AsOf       time.Time
	Figures    []page.Figure
	Row        BoardRow
	Curves     page.Curves
}

// ChannelLine is one way to the provider; the first is tried first.
type ChannelLine struct {
	Name, Address string
	Current       bool
}

var providerView = page.NewView[ProviderPage](templates, "provider.html")

const providerLetters = 10

func (v *visit) providerPage() error {
	if err := v.caller.May(access.See); err != nil {
		return err
	}
	one, err := v.Letters.Provider(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	p := ProviderPage{Provider: one, Now: v.now(), Channels: channelsOf(one), LettersOf: "/letters?provider=" + string(one.ID)}
	letters, err := v.Letters.List(v.ctx(), v.caller, referral.Filter{Provider: one.ID, Limit: providerLetters})
	if err != nil {
		return err
	}
	names := []Choice{{Value: string(one.ID), Words: one.Host}}
	for _, l := range letters {
		p.Letters = append(p.Letters, v.letterRow(l, names))
	}
	if p.Campaigns, err = v.figuresOf(one); err != nil {
		return err
	}
	return providerView.Render(v.w, http.StatusOK, v.shell("providers", "provider.title", one.Name), p)
}

// channelsOf lists the ways to a provider, the one in use first.
func channelsOf(p staydown.Provider) []ChannelLine {
	var lines []ChannelLine
	for _, c := range []ChannelLine{{"webhook", p.Webhook, false}, {"email", p.Email, false}} {
		if c.Address == "" {
			continue
		}
		c.Current = c.Name == p.Channel
		lines = append(lines, c)
	}
	slices.SortStableFunc(lines, func(a, b ChannelLine) int {
		switch {
		case a.Current && !b.Current:
			return -1
		case b.Current && !a.Current:
			return 1
		}
		return 0
	})
	return lines
}

// providerCampaigns is how many campaigns a provider's page looks back. Figures are counted anew on every page, so it is
// few; the board of each campaign has them all.
const providerCampaigns = 2

// figuresOf are a provider's own figures in the newest campaigns of the reader.
func (v *visit) figuresOf(one staydown.Provider) ([]ProviderFigures, error) {
	campaigns, err := v.Letters.Campaigns(v.ctx(), v.caller)
	if err != nil {
		return nil, err
	}
	var out []ProviderFigures
	for _, c := range campaigns[:min(len(campaigns), providerCampaigns)] {
		f, err := v.Figures.Figures(v.ctx(), v.caller, c.ID)
		if err != nil {
			return nil, err
		}
		n := slices.IndexFunc(f.Providers, func(p report.Provider) bool { return p.ID == one.ID })
		if n < 0 || f.Providers[n].Referred == 0 {
			continue
		}
		out = append(out, v.providerFigures(c, f, f.Providers[n]))
	}
	return out, nil
}

func (v *visit) providerFigures(c staydown.Campaign, f report.Figures, p report.Provider) ProviderFigures {
	row := boardRow(p, c.ID)
	s := chart.Survival{Hours: chartHours(v.now().Sub(c.ReleaseAt), p.Seen)}
	if p.Seen.N > 0 {
		s.Series = append(s.Series, series(v.words.T("board.gone"), "accent", false, p.Seen))
	}
	if p.Said.N > 0 {
		s.Series = append(s.Series, series(v.words.T("board.say"), "accent", true, p.Said))
	}
	return ProviderFigures{Name: c.Name, Link: "/campaigns/" + string(c.ID), AsOf: f.At, Row: row, Curves: page.Curves{AsOf: f.At, Chart: s},
		Figures: []page.Figure{
			{Label: "board.letters", Value: p.Referred, Link: row.Letters},
			{Label: "board.say", Value: p.SayRemoved, Link: row.Rows + "&say=removed", Mark: "say", State: page.StateGone},
			{Label: "provider.refused", Value: p.Refused, Link: row.Rows + "&say=refused", Mark: "say", State: page.StateUp},
			{Label: "board.gone", Value: p.Gone, Link: row.Rows + "&saw=gone", Mark: "saw", State: page.StateGone},
			{Label: "board.up", Value: p.Up, Link: row.Rows + "&saw=up", Mark: "saw", State: page.StateUp},
			{Label: "provider.false_gone", Value: p.SaidRemovedUp, Link: row.Rows + "&say=removed&saw=up", Mark: "saw", State: page.StateWarn},
			{Label: "board.back_again", Value: p.Back, Link: "/returns?state=confirmed", Mark: "saw", State: page.StateBack},
		}}
}
