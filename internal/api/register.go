package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/signin"
)

// Provider is an entry of the register on the wire. The key it answers with is not
// in it.
type Provider struct {
	ID        staydown.ID `json:"id"`
	Owner     staydown.ID `json:"owner" doc:"The authority that keeps the entry."`
	CreatedAt time.Time   `json:"created_at"`
	HasKey    bool        `json:"has_key" doc:"Its system can answer over this API."`
	ProviderForm
}

// ProviderForm is what is written of a provider.
type ProviderForm struct {
	Name         string   `json:"name" minLength:"1" maxLength:"200"`
	Host         string   `json:"host" minLength:"1" maxLength:"255"`
	Hosts        []string `json:"hosts,omitempty" maxItems:"1000" doc:"Further hosts it answers for."`
	Kind         string   `json:"kind,omitempty" maxLength:"40"`
	Country      string   `json:"country,omitempty" maxLength:"2"`
	Channel      string   `json:"channel" enum:"webhook,email"`
	Webhook      string   `json:"webhook,omitempty" maxLength:"2048"`
	Email        string   `json:"email" maxLength:"320" doc:"The contact point: codes for the door go there."`
	Language     string   `json:"language,omitempty" maxLength:"35"`
	TZ           string   `json:"tz,omitempty" maxLength:"64"`
	ContactHours string   `json:"contact_hours,omitempty" maxLength:"64" doc:"Such as 09:00-17:00, in its time zone."`
	Batch        int      `json:"batch,omitempty" minimum:"0" maximum:"200"`
	PerHour      int      `json:"per_hour,omitempty" minimum:"0"`
	Clause       string   `json:"clause,omitempty" maxLength:"400" doc:"The clause of its terms relied on, with version."`
}

func providerForm(p staydown.Provider) Provider {
	return Provider{ID: p.ID, Owner: p.Owner, CreatedAt: p.CreatedAt, HasKey: p.AnswerKey != "", ProviderForm: ProviderForm{Name: p.Name, Host: p.Host, Hosts: p.Hosts,
		Kind: p.Kind, Country: p.Country, Channel: p.Channel, Webhook: p.Webhook, Email: p.Email, Language: p.Language, TZ: p.TZ,
		ContactHours: p.ContactHours, Batch: p.Batch, PerHour: p.PerHour, Clause: p.Clause}}
}

func (f ProviderForm) entry() staydown.Provider {
	return staydown.Provider{Name: f.Name, Host: f.Host, Hosts: f.Hosts, Kind: f.Kind, Country: f.Country, Channel: f.Channel, Webhook: f.Webhook, Email: f.Email,
		Language: f.Language, TZ: f.TZ, ContactHours: f.ContactHours, Batch: f.Batch, PerHour: f.PerHour, Clause: f.Clause}
}

type registerIn struct {
	Body struct {
		ProviderForm
		Key string `json:"key,omitempty" maxLength:"256" doc:"The key its system will answer with; left out, one is made and shown once."`
	}
}

type changeProviderIn struct {
	ByID
	Body ProviderForm
}

type providerKeyIn struct {
	ByID
	Body struct {
		Key string `json:"key,omitempty" maxLength:"256" doc:"The new key; left out, one is made and shown once."`
	}
}

// Registered is an entry of the register, with the key that was made for it.
type Registered struct {
	Provider Provider `json:"provider"`
	Key      string   `json:"key,omitempty" doc:"Shown this once."`
}

func (a *API) register() {
	const tag = "providers"
	forPeople(a, route{method: "GET", path: "/providers", id: "list-providers", summary: "The register", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[Page[Provider]], error) {
		list, err := a.Referral.Providers(ctx, c)
		return &reply[Page[Provider]]{Page[Provider]{Rows: each(list, providerForm)}}, err
	})
	forPeople(a, route{method: "GET", path: "/providers/{id}", id: "get-provider", summary: "One entry of the register", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Provider], error) {
		p, err := a.Referral.Provider(ctx, c, staydown.ID(in.ID))
		return &reply[Provider]{providerForm(p)}, err
	})
	forPeople(a, route{method: "POST", path: "/providers", id: "register-provider", summary: "Register a provider", tag: tag}, func(ctx context.Context, c access.Caller, in *registerIn) (*reply[Registered], error) {
		return a.keepProvider(ctx, c, in.Body.ProviderForm.entry(), &in.Body.Key)
	})
	forPeople(a, route{method: "PUT", path: "/providers/{id}", id: "change-provider", summary: "Change an entry of the register; its key stays", tag: tag}, func(ctx context.Context, c access.Caller, in *changeProviderIn) (*reply[Registered], error) {
		old, err := a.managedProvider(ctx, c, in.ID)
		if err != nil {
			return nil, err
		}
		p := in.Body.entry()
		p.ID, p.AnswerKey = old.ID, old.AnswerKey
		return a.keepProvider(ctx, c, p, nil)
	})
	forPeople(a, route{method: "POST", path: "/providers/{id}/key", id: "renew-provider-key", summary: "Give a provider's system another key; the old one stops working", tag: tag}, func(ctx context.Context, c access.Caller, in *providerKeyIn) (*reply[Registered], error) {
		p, err := a.managedProvider(ctx, c, in.ID)
		if err != nil {
			return nil, err
		}
		return a.keepProvider(ctx, c, p, &in.Body.Key)
	})
}

// managedProvider loads an entry for somebody who may change entries.
func (a *API) managedProvider(ctx context.Context, c access.Caller, id string) (staydown.Provider, error) {
	if err := c.May(access.Manage); err != nil {
		return staydown.Provider{}, err
	}
	return a.Referral.Provider(ctx, c, staydown.ID(id))
}

// keepProvider keeps an entry. With a key, it is the one given, or a new one that is
// shown.
func (a *API) keepProvider(ctx context.Context, c access.Caller, p staydown.Provider, key *string) (*reply[Registered], error) {
	shown := ""
	switch {
	case key == nil:
	case *key == "":
		shown, p.AnswerKey = signin.NewProviderKey()
	default:
		hash, err := signin.ProviderKeyHash(*key)
		if err != nil {
			return nil, err
		}
		p.AnswerKey = hash
	}
	p, err := a.Referral.PutProvider(ctx, c, p)
	return &reply[Registered]{Registered{Provider: providerForm(p), Key: shown}}, err
}
