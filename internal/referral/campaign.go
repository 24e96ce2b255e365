package referral

import (
	"context"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// NewCampaign plans an action day. Its units become one circle; its owner is the caller's authority.
func (d *Desk) NewCampaign(ctx context.Context, c access.Caller, camp staydown.Campaign) (staydown.Campaign, error) {
	if err := c.May(access.Plan); err != nil {
		return camp, err
	}
	if strings.TrimSpace(camp.Name) == "" {
		return camp, staydown.Errorf(staydown.Invalid, "campaign.name", "a campaign needs a name").At("name")
	}
	if camp.ReleaseAt.IsZero() || camp.ReleaseAt.Before(camp.OpensAt) {
		return camp, staydown.Errorf(staydown.Invalid, "campaign.release_at", "set the hour of release, after the opening: nothing leaves before it").At("release_at")
	}
	err := d.Store.Act(ctx, c, func(tx Tx) error {
		camp.ID, camp.Owner, camp.State, camp.CreatedAt = tx.NewID(), c.Actor.Authority, staydown.CampaignPlanned, tx.Now()
		units := append([]staydown.ID{camp.Owner}, camp.Units...)
		camp.Units = nil
		seen := map[staydown.ID]bool{}
		for _, u := range units {
			if seen[u] {
				continue
			}
			seen[u] = true
			if _, err := tx.Authority(u); err != nil {
				return err
			}
			camp.Units = append(camp.Units, u)
			if err := tx.Join(camp.ID, u); err != nil {
				return err
			}
		}
		if err := tx.AddCampaign(camp); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "plan", Noun: "campaign", Subject: camp.ID, Circle: camp.ID, Data: map[string]any{"units": camp.Units, "release_at": camp.ReleaseAt}})
	})
	return camp, err
}

// Move takes a campaign to its next phase; only the authority that planned it does.
func (d *Desk) Move(ctx context.Context, c access.Caller, id staydown.ID, act staydown.Act) error {
	return d.change(ctx, c, id, func(tx Tx, camp *staydown.Campaign) (staydown.Event, error) { return camp.Move(act, tx.Now()) })
}

// Freeze stops sends of a campaign, or lets them go on. Probes and preservation go on either way.
func (d *Desk) Freeze(ctx context.Context, c access.Caller, id staydown.ID, on bool) error {
	return d.change(ctx, c, id, func(tx Tx, camp *staydown.Campaign) (staydown.Event, error) { return camp.Freeze(on), nil })
}

func (d *Desk) change(ctx context.Context, c access.Caller, id staydown.ID, how func(Tx, *staydown.Campaign) (staydown.Event, error)) error {
	if err := c.May(access.Plan); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		camp, err := tx.Campaign(id)
		if err != nil {
			return err
		}
		if err := c.Sees(camp.ID); err != nil {
			return err
		}
		if camp.Owner != c.Actor.Authority {
			return staydown.Errorf(staydown.Refused, "campaign.not_yours", "only the authority that leads the campaign moves it")
		}
		e, err := how(tx, &camp)
		if err != nil {
			return err
		}
		if err := tx.PutCampaign(camp); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// Campaign gives one campaign of the caller's circles.
func (d *Desk) Campaign(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Campaign, error) {
	if err := c.May(access.See); err != nil {
		return staydown.Campaign{}, err
	}
	camp, err := d.Store.Campaign(ctx, id)
	if err != nil {
		return camp, err
	}
	return camp, c.Sees(camp.ID)
}

// Campaigns lists the campaigns of the caller's circles, newest first.
func (d *Desk) Campaigns(ctx context.Context, c access.Caller) ([]staydown.Campaign, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	return d.Store.Campaigns(ctx, c.Circles)
}

// PutProvider keeps an entry of the register: a new one when it has no identifier.
func (d *Desk) PutProvider(ctx context.Context, c access.Caller, p staydown.Provider) (staydown.Provider, error) {
	if err := c.May(access.Manage); err != nil {
		return p, err
	}
	if err := validProvider(p); err != nil {
		return p, err
	}
	err := d.Store.Act(ctx, c, func(tx Tx) error {
		act := staydown.Act("change")
		if p.ID == "" {
			act = "register"
			p.ID, p.Owner, p.CreatedAt = tx.NewID(), c.Actor.Authority, tx.Now()
			if err := tx.AddProvider(p); err != nil {
				return err
			}
		} else {
			old, err := tx.Provider(p.ID)
			if err != nil {
				return err
			}
			if old.Owner != c.Actor.Authority {
				return staydown.Errorf(staydown.Refused, "provider.not_yours", "another authority keeps this entry")
			}
			p.Owner, p.CreatedAt = old.Owner, old.CreatedAt
			if err := tx.PutProvider(p); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: act, Noun: "provider", Subject: p.ID, Circle: c.Actor.Authority, Data: map[string]any{"host": p.Host, "channel": p.Channel}})
	})
	return p, err
}

func validProvider(p staydown.Provider) error {
	bad := func(field, text string) error {
		return staydown.Errorf(staydown.Invalid, "provider."+field, "%s", text).At(field)
	}
	switch {
	case p.Name == "":
		return bad("name", "name the provider")
	case p.Host == "":
		return bad("host", "name its host")
	case p.Channel != "webhook" && p.Channel != "email":
		return bad("channel", "the channel is webhook or email")
	case p.Channel == "webhook" && p.Webhook == "":
		return bad("webhook", "give the address of the webhook")
	case p.Email == "":
		return bad("email", "give the contact point's address; codes for the door go there")
	case p.Batch < 0 || p.Batch > MaxLines:
		return bad("batch", "a batch has 1 to 200 lines")
	}
	return nil
}

// Providers lists the register.
func (d *Desk) Providers(ctx context.Context, c access.Caller) ([]staydown.Provider, error) {
	if c.May(access.See) != nil && c.May(access.Manage) != nil {
		return nil, c.May(access.See)
	}
	return d.Store.Providers(ctx)
}

// Provider gives one entry of the register.
func (d *Desk) Provider(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Provider, error) {
	if c.May(access.See) != nil && c.May(access.Manage) != nil {
		return staydown.Provider{}, c.May(access.See)
	}
	return d.Store.Provider(ctx, id)
}
