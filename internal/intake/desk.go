package intake

import (
	"context"
	"io"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/evidence"
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error

	Campaign(staydown.ID) (staydown.Campaign, error)
	ProviderOf(host string) (staydown.ID, error)

	Item(staydown.ID) (staydown.Item, error)
	// ItemAt finds what stands at a location of a circle.
	ItemAt(circle staydown.ID, location string) (item staydown.Item, found bool, err error)
	AddItem(staydown.Item) error
	PutItem(staydown.Item) error

	// LeadAt finds the lead that one place of an import gave before.
	LeadAt(imported staydown.ID, place string) (lead staydown.Lead, found bool, err error)
	// SameLead finds a lead of the same unit that says the same of the same item, or of the same unusable address.
	SameLead(staydown.Lead) (lead staydown.Lead, found bool, err error)
	// LedBy tells whether a unit has handed in a lead to an item.
	LedBy(item, owner staydown.ID) (bool, error)
	AddLead(staydown.Lead) error

	AddCapture(staydown.Capture) error
	// HasExhibit tells whether an item holds these bytes.
	HasExhibit(item staydown.ID, sha256 string) (bool, error)
	AddExhibit(staydown.Exhibit) error

	Import(staydown.ID) (staydown.Import, error)
	ImportOf(owner, circle staydown.ID, digest string) (imported staydown.Import, found bool, err error)
	AddImport(staydown.Import) error
	PutImport(staydown.Import) error
	AddVanished(Vanished) error
}

// Store is what this package needs of the store.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	// LeadsAt finds, for places of an import, the leads they gave.
	LeadsAt(ctx context.Context, imported staydown.ID, places []string) (map[string]staydown.Lead, error)
	Import(ctx context.Context, id staydown.ID) (staydown.Import, error)
	Imports(ctx context.Context, circles []staydown.ID, limit int) ([]staydown.Import, error)
	VanishedOf(ctx context.Context, imported staydown.ID) ([]Vanished, error)
}

// Vault keeps the bytes of files handed in.
type Vault interface {
	Keep(ctx context.Context, r io.Reader, limit int64) (evidence.Kept, error)
}

// Desk is where leads come in.
type Desk struct {
	Store Store
	Vault Vault
	// PseudonymKey makes the pseudonyms of persons in exports; the same key gives a person the same pseudonym in every
	// import of this installation. Without one their names are left out altogether.
	// Law: LED 4(1)(c), 25(1)
	PseudonymKey []byte
	// Rejects opens the file for what gave no row (RejectsIn); nil: rejects are counted and reported, not kept.
	Rejects func(imported staydown.ID, length int64) (io.WriteCloser, error)
	// Scratch is the folder for what comes over a wire while it is read; empty: the machine's own.
	Scratch string
}

// Imports lists the latest imports of the caller's circles, the newest first.
func (d *Desk) Imports(ctx context.Context, c access.Caller, limit int) ([]staydown.Import, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	return d.Store.Imports(ctx, c.Circles, limit)
}

// VanishedIn gives what an import showed to be missing, chat by chat.
func (d *Desk) VanishedIn(ctx context.Context, c access.Caller, imported staydown.ID) ([]Vanished, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	i, err := d.Store.Import(ctx, imported)
	if err != nil {
		return nil, err
	}
	if err := c.Sees(i.Circle); err != nil {
		return nil, err
	}
	return d.Store.VanishedOf(ctx, imported)
}

// circleOf is where leads of the caller live: in the campaign, or with the caller's own authority.
func circleOf(c access.Caller, campaign staydown.ID) (staydown.ID, error) {
	circle := campaign
	if circle == "" {
		circle = c.Actor.Authority
	}
	if circle == "" {
		return "", staydown.Errorf(staydown.Usage, "intake.no_unit", "leads belong to a unit: say which")
	}
	return circle, c.Sees(circle)
}

// takesLeads refuses leads to a campaign that has not opened, or is over.
func takesLeads(tx Tx, campaign staydown.ID) error {
	if campaign == "" {
		return nil
	}
	p, err := tx.Campaign(campaign)
	if err != nil {
		return err
	}
	switch p.State {
	case staydown.CampaignCollecting, staydown.CampaignReleased, staydown.CampaignFollowUp:
		return nil
	}
	return staydown.Errorf(staydown.Refused, "intake.campaign_state", "the campaign takes no leads while it is %s", p.State)
}
