package staydown

import "time"

// At is a moment as Staydown keeps it: UTC, cut to the millisecond. It is the one place where time is rounded, so that
// both database engines give back what they were given.
func At(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// Clock is a period that the law or an instrument sets running, as data.
type Clock struct {
	Kind      string       `json:"kind"`      // what runs: "reminder", "hold_review", "order_hour"
	Starts    time.Time    `json:"starts"`    // when it began
	Suspended []Suspension `json:"suspended"` // spans that do not count
	Due       time.Time    `json:"due"`       // when it runs out
	Met       time.Time    `json:"met"`       // when what it asks was done; zero while it was not
	Proof     string       `json:"proof"`     // what shows the start
}

// Suspension is a span in which a clock stands still.
type Suspension struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"` // zero while it lasts
	Why  string    `json:"why"`
}
