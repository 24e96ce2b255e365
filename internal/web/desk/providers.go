package desk

import (
	"net/http"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
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
	Letters   []LetterRow
	LettersOf string
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
