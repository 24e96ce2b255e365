package exercise

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/signin"
)

// perUnit is how many officers a unit has; the lead unit has as many as the others, with a lead, a legal officer and an
// administrator beside.
const perUnit = 8

// unit is one of the twelve, with its people signed in.
type unit struct {
	code      string
	authority staydown.Authority
	officers  []desk
	lead      desk
	legal     desk
	admin     desk
}

// setUp makes the authorities and their people where they are missing, as `staydown admin create` does, and gives everybody
// a fresh token: tokens are kept as digests only, so that a run that goes on after a stop makes new ones.
func (r *Run) setUp(ctx context.Context) error {
	for i, u := range r.programme.Units {
		x, err := r.unit(ctx, u.Code, u.Name, u.Desk, "police", perUnit)
		if err != nil {
			return err
		}
		r.units = append(r.units, x)
		r.byCode[u.Code] = i
	}
	// The investigation that holds some postings is an authority outside the action.
	out, err := r.unit(ctx, "EX", "Exercise investigation", "EX-01", "prosecutor", 0)
	if err != nil {
		return err
	}
	r.outside = out
	return nil
}

func (r *Run) unit(ctx context.Context, code, name, deskCode, kind string, officers int) (unit, error) {
	s := r.app.Desks.SignIn
	low := strings.ToLower(code)
	u := unit{code: code}
	a, err := r.authority(ctx, name, code, deskCode, kind, low)
	if err != nil {
		return u, err
	}
	u.authority = a
	person := func(login, name string, role staydown.Role) (desk, error) {
		p, err := s.Find(ctx, signin.Terminal(), login)
		if staydown.KindOf(err) == staydown.NotFound {
			p, err = s.AddPerson(ctx, signin.Terminal(), staydown.Person{Owner: a.ID, Login: login, Name: name, Roles: []staydown.Role{role}, Language: "en"})
		}
		if err != nil {
			return desk{}, fmt.Errorf("setting up %s: %w", login, err)
		}
		token, err := s.NewToken(ctx, signin.Terminal(), p.ID, "exercise", nil)
		if err != nil {
			return desk{}, fmt.Errorf("setting up %s: %w", login, err)
		}
		return desk{base: r.app.BaseURL + "/api/v1", token: token, http: r.http}, nil
	}
	for n := range officers {
		o, err := person(fmt.Sprintf("%s-officer-%d", low, n+1), fmt.Sprintf("Exercise officer %s %d", code, n+1), staydown.RoleOfficer)
		if err != nil {
			return u, err
		}
		u.officers = append(u.officers, o)
	}
	if kind == "prosecutor" {
		u.lead, err = person(low+"-investigator", "Exercise investigator "+code, staydown.RoleInvestigator)
		return u, err
	}
	if u.lead, err = person(low+"-lead", "Exercise lead "+code, staydown.RoleLead); err != nil {
		return u, err
	}
	if u.legal, err = person(low+"-legal", "Exercise legal officer "+code, staydown.RoleLegal); err != nil {
		return u, err
	}
	u.admin, err = person(low+"-admin", "Exercise administrator "+code, staydown.RoleAdmin)
	return u, err
}

// authority finds or makes one authority by its name.
func (r *Run) authority(ctx context.Context, name, code, deskCode, kind, low string) (staydown.Authority, error) {
	s := r.app.Desks.SignIn
	all, err := s.Authorities(ctx, signin.Terminal())
	if err != nil {
		return staydown.Authority{}, err
	}
	if i := slices.IndexFunc(all, func(a staydown.Authority) bool { return a.Name == name }); i >= 0 {
		return all[i], nil
	}
	country := code
	if kind == "prosecutor" {
		country = "BE"
	}
	return s.AddAuthority(ctx, signin.Terminal(), staydown.Authority{Name: name, Country: country, Kind: kind, DeskCode: deskCode,
		Email: "referrals@" + low + ".desk.example", TZ: "Europe/Brussels", Language: "en"})
}

// register puts the practice providers into the register, or gives those that are there a fresh key, and introduces the desk
// to them.
func (r *Run) register(ctx context.Context) error {
	admin := r.units[0].admin
	var known struct {
		Rows []struct {
			ID   staydown.ID `json:"id"`
			Host string      `json:"host"`
		} `json:"rows"`
	}
	if err := admin.get(ctx, "/providers", &known); err != nil {
		return err
	}
	bearer := map[string]string{}
	for _, e := range r.file.Providers {
		key := newKey()
		bearer[e.Name] = key
		id := staydown.ID("")
		for _, k := range known.Rows {
			if k.Host == e.Host {
				id = k.ID
			}
		}
		if id != "" {
			if err := admin.post(ctx, "/providers/"+string(id)+"/key", map[string]any{"key": key}, nil); err != nil {
				return fmt.Errorf("renewing the key of %s: %w", e.Name, err)
			}
			r.providerIDs[e.Name] = id
			continue
		}
		var made struct {
			Provider struct {
				ID staydown.ID `json:"id"`
			} `json:"provider"`
		}
		in := map[string]any{"name": e.Name, "host": e.Host, "hosts": e.Hosts, "kind": e.Kind, "country": e.Country, "channel": e.Channel, "webhook": e.Webhook, "email": e.Email,
			"language": e.Language, "tz": e.TZ, "contact_hours": e.ContactHours, "batch": e.Batch, "per_hour": e.PerHour, "clause": e.Clause, "key": key}
		if err := admin.post(ctx, "/providers", in, &made); err != nil {
			return fmt.Errorf("registering %s: %w", e.Name, err)
		}
		r.providerIDs[e.Name] = made.Provider.ID
	}
	sets, err := r.publicKeys(ctx)
	if err != nil {
		return err
	}
	return r.providers.post(ctx, "/connect", map[string]any{"address": r.app.Address(), "bearer": bearer, "door_base": r.app.DoorURL, "jwks": sets}, nil)
}

// publicKeys are the keys with which the providers check who a letter is from.
func (r *Run) publicKeys(ctx context.Context) ([]json.RawMessage, error) {
	var out []json.RawMessage
	for _, u := range r.units {
		set, err := r.app.PublicKeys(ctx, u.authority.ID)
		if err != nil {
			return nil, fmt.Errorf("reading the keys of %s: %w", u.code, err)
		}
		out = append(out, set)
	}
	return out, nil
}

func newKey() string {
	var b [24]byte
	rand.Read(b[:])
	return "practice_" + hex.EncodeToString(b[:])
}

// campaign plans and opens the action day, once.
func (r *Run) campaign(ctx context.Context) error {
	lead := r.units[0].lead
	var known struct {
		Rows []campaignRow `json:"rows"`
	}
	if err := lead.get(ctx, "/campaigns", &known); err != nil {
		return err
	}
	if len(known.Rows) == 0 {
		var others []staydown.ID
		for _, u := range r.units[1:] {
			others = append(others, u.authority.ID)
		}
		var made campaignRow
		p := r.programme
		if err := lead.post(ctx, "/campaigns", map[string]any{"name": "Action days 21–24 November (exercise)", "units": others,
			"opens_at": p.Start, "release_at": p.Release, "ends_at": p.End, "watch_to": p.Horizon}, &made); err != nil {
			return err
		}
		known.Rows = []campaignRow{made}
	}
	r.camp = known.Rows[0]
	if r.camp.State == staydown.CampaignPlanned {
		return r.move(ctx, "open")
	}
	return nil
}

type campaignRow struct {
	ID    staydown.ID            `json:"id"`
	State staydown.CampaignState `json:"state"`
}

func (r *Run) move(ctx context.Context, act string) error {
	lead := r.units[0].lead
	if err := lead.post(ctx, "/campaigns/"+string(r.camp.ID)+"/"+act, nil, nil); err != nil {
		return err
	}
	return lead.get(ctx, "/campaigns/"+string(r.camp.ID), &r.camp)
}

// placeHolds lets the investigation place its holds before the action begins, once each.
func (r *Run) placeHolds(ctx context.Context) error {
	var known struct {
		Rows []struct {
			Location string `json:"location"`
		} `json:"rows"`
	}
	if err := r.outside.lead.get(ctx, "/holds", &known); err != nil {
		return err
	}
	have := map[string]bool{}
	for _, k := range known.Rows {
		have[k.Location] = true
	}
	for i, h := range r.programme.Holds {
		if have[h.URL] {
			continue
		}
		in := map[string]any{"location": h.URL, "scope": "item", "case": fmt.Sprintf("EX-%04d", i+1), "reason": h.Reason}
		if err := r.outside.lead.post(ctx, "/holds", in, nil); err != nil {
			return fmt.Errorf("placing a hold on %s: %w", h.URL, err)
		}
	}
	return nil
}

// open opens the desk for an exercise, on loopback, able to reach the practice providers and nothing else.
func open(ctx context.Context, o Options, f File, start time.Time) (*app.App, error) {
	x := &app.Exercise{Start: start, CA: f.CA, Hosts: f.Hosts, SMTP: f.SMTP}
	for _, e := range f.Providers {
		if e.Kind == "archive" {
			x.KnownGood = append(x.KnownGood, e.Host)
		}
	}
	var proxies []app.Proxy
	for _, p := range f.Proxies {
		proxies = append(proxies, app.Proxy{Name: p.Name, Country: p.Country, Address: p.Address})
	}
	return app.Open(ctx, app.Options{DataDir: o.DataDir, Database: o.Database, Listen: o.Listen, Log: o.Log, Exercise: x, Country: "BE", Proxies: proxies, Work: true})
}
