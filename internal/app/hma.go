package app

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/api"
	"github.com/staydown/staydown/internal/api/hma"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/signin"
)

// HMA says how the addresses of Meta's Hasher-Matcher-Actioner are answered.
type HMA struct {
	Alone bool // nothing else is answered but the lookups of our own API

	Trust []netip.Prefix // who may ask without a token
	Unit  string         // the authority whose banks they reach: its name or desk code
	Keep  bool           // whether they may change banks

	// URLs is the list of hosts that url= may name: a name, a name with a port, ".name"; address and port for one that is not
	// public. Empty: any public host.
	URLs []string
}

// fetching is the purpose of dialling what url= points at. What a capture may reach it may not, and the other way round.
const fetching dial.Purpose = "hma"

// OpenHMA lets this desk answer HMA's addresses. It is called before Start.
func (a *App) OpenHMA(ctx context.Context, o HMA) error {
	trust, err := a.trust(ctx, o)
	if err != nil {
		return err
	}
	guard, err := a.fetchGuard(o.URLs)
	if err != nil {
		return err
	}
	a.few = o.Alone
	a.hma = hma.New(hma.Options{Banks: a.Desks.Banks, Bearer: a.Desks.SignIn.Bearer, Note: a.Desks.Consult.Note, Trust: trust, Log: a.Log,
		Fetch: hma.Fetcher{Client: guard.Client(fetching, dial.Options{}), Hosts: o.URLs, Agent: "Staydown/" + Version() + " (hash lookup)"}})
	return nil
}

// trust finds the authority whose banks trusted addresses reach: one that the operator names, never a guess.
func (a *App) trust(ctx context.Context, o HMA) (hma.Trust, error) {
	t := hma.Trust{From: o.Trust, Keep: o.Keep}
	if len(o.Trust) == 0 {
		return t, nil
	}
	all, err := a.Desks.SignIn.Authorities(ctx, signin.Terminal())
	if err != nil {
		return t, err
	}
	i := slices.IndexFunc(all, func(u staydown.Authority) bool {
		return o.Unit != "" && (u.Name == o.Unit || u.DeskCode == o.Unit || string(u.ID) == o.Unit)
	})
	if i < 0 {
		return t, staydown.Errorf(staydown.Usage, "serve.hma_unit", "name the authority whose banks trusted addresses reach; there is none called %q", o.Unit).At("--hma-unit")
	}
	t.Circle = all[i].ID
	if u, err := url.Parse(a.BaseURL); err == nil && u.Hostname() != "" {
		t.Hosts = []string{strings.ToLower(u.Hostname())}
	}
	return t, nil
}

// fetchGuard is the guard with those of the listed hosts let through that are no public ones.
func (a *App) fetchGuard(urls []string) (*dial.Guard, error) {
	p, err := a.policy(a.Mode)
	if err != nil {
		return nil, err
	}
	for _, u := range urls {
		if _, err := netip.ParseAddrPort(u); err != nil {
			continue
		}
		if err := admit(&p, fetching, u, u); err != nil {
			return nil, staydown.Errorf(staydown.Usage, "serve.hma_url", "%v", err).At("--hma-url")
		}
	}
	p.Used = func(u dial.Use) {
		a.Log.Debug("an admission was used", "purpose", u.Purpose, "asked", u.Asked, "pair", u.Pair)
	}
	g, err := dial.New(p)
	if err != nil {
		return nil, fmt.Errorf("opening the guard for what is looked up by address: %w", err)
	}
	return g, nil
}

// withHMA puts HMA's addresses before everything else; the door's host has none of them.
func (a *App) withHMA(rest http.Handler) http.Handler {
	if a.hma == nil {
		return rest
	}
	door := ""
	if u, err := url.Parse(a.DoorURL); err == nil {
		door = u.Hostname()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hma.Has(r.URL.Path) && (door == "" || hostOnly(r.Host) != door) {
			a.hma.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// onlyLookups leaves of our own API what asks banks, its document and its health.
func onlyLookups(whole http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"/lookups", "/lookups/file", "/compare", "/health", "/openapi.json"} {
		mux.Handle(api.Prefix+path, whole)
	}
	return mux
}
