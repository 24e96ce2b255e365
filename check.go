package staydown

import "time"

// Sight is what our own eyes say of a location.
type Sight string

// The sights. Only gone counts as gone; unknown is an answer of its own: not verifiable is not up.
const (
	Up      Sight = "up"
	Gone    Sight = "gone"
	Changed Sight = "changed"
	Unseen  Sight = "unknown"
	NotYet  Sight = "" // never looked
)

// CheckState is whether a look has been taken.
type CheckState string

// The states of a check.
const (
	CheckPlanned CheckState = "planned"
	CheckDone    CheckState = "done"
	CheckDropped CheckState = "dropped" // no longer wanted: withdrawn, merged
)

// CheckTable is the machine of a check.
var CheckTable = Table[CheckState]{
	{"", "plan", CheckPlanned},
	{CheckPlanned, "look", CheckDone},
	{CheckPlanned, "drop", CheckDropped},
}

// Place is what one vantage point saw.
type Place struct {
	From    string `json:"from"`    // name of the proxy, or "direct"
	Country string `json:"country"` // where it stands
	Verdict Sight  `json:"verdict"`
	Signal  string `json:"signal"` // 404, 410, 451, tombstone, redirect, login_wall, geo_block, captcha, dns, tls, content ...
	Cause   string `json:"cause"`  // provider | author | timer | host | unknown; only where shown
	Status  int    `json:"status"`
	Rule    string `json:"rule"` // platform rule and its version
}

// Check is one availability check of one item.
type Check struct {
	ID      ID         `db:"id"`
	Item    ID         `db:"item"`
	Line    ID         `db:"line"`
	Letter  ID         `db:"letter"`
	Owner   ID         `db:"owner"`
	Circle  ID         `db:"circle"`
	State   CheckState `db:"state"`
	N       int        `db:"n"` // 1 for the first after the letter
	DueAt   time.Time  `db:"due_at"`
	At      time.Time  `db:"at"`
	Verdict Sight      `db:"verdict"`
	Signal  string     `db:"signal"`
	Cause   string     `db:"cause"`
	Places  []Place    `db:"places"`
}

// Look records what was seen.
func (c *Check) Look(verdict Sight, signal, cause string, places []Place, now time.Time) (Event, error) {
	to, err := CheckTable.Next("check", c.State, "look")
	if err != nil {
		return Event{}, err
	}
	c.State, c.At, c.Verdict, c.Signal, c.Cause, c.Places = to, now, verdict, signal, cause, places
	return Event{Act: "look", Noun: "check", Subject: c.ID, Circle: c.Circle, Data: map[string]any{
		"item": c.Item, "n": c.N, "verdict": verdict, "signal": signal, "cause": cause, "places": places}}, nil
}

// Drop cancels a planned check.
func (c *Check) Drop(why string) (Event, error) {
	to, err := CheckTable.Next("check", c.State, "drop")
	if err != nil {
		return Event{}, err
	}
	c.State = to
	return Event{Act: "drop", Noun: "check", Subject: c.ID, Circle: c.Circle, Data: map[string]any{"why": why}}, nil
}
