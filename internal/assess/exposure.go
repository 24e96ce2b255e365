package assess

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Day is one officer's attention on one day in UTC.
type Day struct {
	Day     string `json:"day"` // 2006-01-02
	Seconds int    `json:"seconds"`
	Items   int    `json:"items"`  // findings given
	Viewed  int    `json:"viewed"` // of these with the captured exhibit displayed
}

// Exposure is the ledger of one officer, for that officer only. It is no measure of work and feeds no figure.
type Exposure struct {
	Seconds int   `json:"seconds"` // of the last ninety days
	Items   int   `json:"items"`
	Viewed  int   `json:"viewed"`
	Today   int   `json:"today"` // seconds
	Week    int   `json:"week"`  // seconds of the last seven days, today included
	Days    []Day `json:"days"`  // newest first
}

// ledgerDays is how far back an officer's ledger reaches.
const ledgerDays = 90

// Exposure gives the caller's own figures. There is no way to ask for somebody else's.
func (d *Desk) Exposure(ctx context.Context, c access.Caller) (Exposure, error) {
	if !c.SignedIn() {
		return Exposure{}, staydown.Errorf(staydown.Refused, "assess.person", "a ledger of exposure belongs to a person")
	}
	now := d.Store.Now()
	days, err := d.Store.ExposureDays(ctx, c.Actor.Person, now.Truncate(24*time.Hour).AddDate(0, 0, -ledgerDays+1))
	if err != nil {
		return Exposure{}, err
	}
	return ledger(days, now), nil
}

func ledger(days []Day, now time.Time) Exposure {
	x := Exposure{Days: days}
	today, week := now.Format(time.DateOnly), now.AddDate(0, 0, -6).Format(time.DateOnly)
	for _, d := range days {
		x.Seconds, x.Items, x.Viewed = x.Seconds+d.Seconds, x.Items+d.Items, x.Viewed+d.Viewed
		if d.Day == today {
			x.Today += d.Seconds
		}
		if d.Day >= week {
			x.Week += d.Seconds
		}
	}
	return x
}
