package staydown

import "time"

// CampaignState is the phase of an action day.
type CampaignState string

// The phases of a campaign.
const (
	CampaignPlanned    CampaignState = "planned"
	CampaignCollecting CampaignState = "collecting" // leads come in, items are captured and assessed
	CampaignReleased   CampaignState = "released"   // the hour has come: approved letters may leave
	CampaignFollowUp   CampaignState = "follow_up"  // the days are over: we look again after 1, 7, 30, 90 days, and take in what comes back
	CampaignClosed     CampaignState = "closed"
)

// CampaignTable is the machine of a campaign. Freezing is a switch beside it: it stops sends only, never probes or
// preservation.
var CampaignTable = Table[CampaignState]{
	{"", "plan", CampaignPlanned},
	{CampaignPlanned, "open", CampaignCollecting},
	{CampaignCollecting, "release", CampaignReleased},
	{CampaignReleased, "follow_up", CampaignFollowUp},
	{CampaignFollowUp, "close", CampaignClosed},
	{CampaignPlanned, "close", CampaignClosed},
}

// Campaign is a referral action day: several authorities, one circle, an hour before which nothing leaves.
type Campaign struct {
	ID        ID            `db:"id"` // is also the circle
	Owner     ID            `db:"owner"`
	Name      string        `db:"name"`
	State     CampaignState `db:"state"`
	Frozen    bool          `db:"frozen"`
	Units     []ID          `db:"units"`
	OpensAt   time.Time     `db:"opens_at"`
	ReleaseAt time.Time     `db:"release_at"` // embargo until
	EndsAt    time.Time     `db:"ends_at"`
	WatchTo   time.Time     `db:"watch_to"`
	CreatedAt time.Time     `db:"created_at"`
}

// MaySend reports whether letters of the campaign may leave at a time.
func (c Campaign) MaySend(now time.Time) bool {
	return !c.Frozen && (c.State == CampaignReleased || c.State == CampaignFollowUp) && !now.Before(c.ReleaseAt)
}

// Move takes the campaign to its next phase.
func (c *Campaign) Move(a Act, now time.Time) (Event, error) {
	if a == "release" && now.Before(c.ReleaseAt) {
		return Event{}, Errorf(Refused, "campaign.embargo", "nothing leaves before %s", c.ReleaseAt.Format(time.RFC3339))
	}
	to, err := CampaignTable.Next("campaign", c.State, a)
	if err != nil {
		return Event{}, err
	}
	c.State = to
	return c.event(a), nil
}

// Freeze stops sends, or lets them go on.
func (c *Campaign) Freeze(on bool) Event {
	c.Frozen = on
	if on {
		return c.event("freeze")
	}
	return c.event("thaw")
}

func (c *Campaign) event(a Act) Event {
	return Event{Act: a, Noun: "campaign", Subject: c.ID, Circle: c.ID, Data: map[string]any{"state": c.State, "frozen": c.Frozen}}
}

// Import is one file or folder handed in, with how far it was read.
type Import struct {
	ID        ID        `db:"id"`
	Owner     ID        `db:"owner"`
	Circle    ID        `db:"circle"`
	Campaign  ID        `db:"campaign"`
	Name      string    `db:"name"`   // base name of what was handed in
	Digest    string    `db:"digest"` // of the file, so that the same import twice is the same import
	Format    string    `db:"format"`
	Position  string    `db:"position"` // where to go on
	Rows      int       `db:"rows"`
	New       int       `db:"new_items"`
	Known     int       `db:"known_items"`
	Rejected  int       `db:"rejected"`
	Done      bool      `db:"done"`
	StartedAt time.Time `db:"started_at"`
	EndedAt   time.Time `db:"ended_at"`
}
