package store

import (
	"context"

	"github.com/staydown/staydown"
)

var campaignTable = newTable[staydown.Campaign]("campaigns")

// Campaign reads one campaign inside a change.
func (tx *Tx) Campaign(id staydown.ID) (staydown.Campaign, error) {
	return get(tx.ctx, tx.q, campaignTable, id)
}

// AddCampaign keeps a new campaign.
func (tx *Tx) AddCampaign(r staydown.Campaign) error { return add(tx, campaignTable, r) }

// PutCampaign keeps a changed campaign.
func (tx *Tx) PutCampaign(r staydown.Campaign) error { return put(tx, campaignTable, r.ID, r) }

// Campaign reads one campaign.
func (s *Store) Campaign(ctx context.Context, id staydown.ID) (staydown.Campaign, error) {
	return get(ctx, s.pool, campaignTable, id)
}
