package exercise

import "time"

// programme is what the officers' side may know of the world: who hands in what and when, and which holds exist.
type programme struct {
	Scenario string    `json:"scenario"`
	Seed     uint64    `json:"seed"`
	Items    int       `json:"items"`
	Start    time.Time `json:"start"`
	Release  time.Time `json:"release"`
	End      time.Time `json:"end"`
	Horizon  time.Time `json:"horizon"`
	Units    []struct {
		Code  string   `json:"code"`
		Name  string   `json:"name"`
		Desk  string   `json:"desk"`
		Reads []string `json:"reads"`
	} `json:"units"`
	Lists []list `json:"lists"`
	Holds []struct {
		URL    string    `json:"url"`
		Since  time.Time `json:"since"`
		Reason string    `json:"reason"`
	} `json:"holds"`
}

// list is one list of leads that one unit hands in at one time.
type list struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	At     time.Time `json:"at"`
	Format string    `json:"format"`
	Leads  int       `json:"leads"`
}

// find is a return that a unit has come upon.
type find struct {
	N    int       `json:"n"`
	At   time.Time `json:"at"`
	Unit string    `json:"unit"`
	URL  string    `json:"url"`
}
