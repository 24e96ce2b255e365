package staydown

import "time"

// Authority is one unit: police, prosecutor, trusted flagger. Every row in the store has one as its owner.
type Authority struct {
	ID        ID        `db:"id"`
	Name      string    `db:"name"`
	Country   string    `db:"country"` // two letters
	Kind      string    `db:"kind"`    // police | prosecutor | flagger | overseer
	Email     string    `db:"email"`   // the address it signs with
	DeskCode  string    `db:"desk_code"`
	Language  string    `db:"language"`
	TZ        string    `db:"tz"`
	CreatedAt time.Time `db:"created_at"`
}

// Role is what a person may do in their authority; the matrix of roles and permissions is in internal/access.
type Role string

// The roles.
const (
	RoleAnalyst      Role = "analyst"      // hands in leads, drafts
	RoleOfficer      Role = "officer"      // assesses
	RoleLegal        Role = "legal"        // approves letters, overrides checks
	RoleLead         Role = "lead"         // plans and releases campaigns
	RoleInvestigator Role = "investigator" // places and lifts holds
	RoleAdmin        Role = "admin"        // people, providers, keys; no powers over items
	RoleOverseer     Role = "overseer"     // sees everything of its authority's remit, changes nothing
)

// Person is somebody who signs in. Secrets lie in a table of their own.
type Person struct {
	ID         ID        `db:"id"`
	Owner      ID        `db:"owner"`
	Login      string    `db:"login"`
	Name       string    `db:"name"`
	DeskCode   string    `db:"desk_code"` // what outsiders see instead of a name
	Roles      []Role    `db:"roles"`
	Language   string    `db:"language"`
	CreatedAt  time.Time `db:"created_at"`
	DisabledAt time.Time `db:"disabled_at"`
}

// Provider is one addressee of the register.
type Provider struct {
	ID           ID        `db:"id"`
	Owner        ID        `db:"owner"` // the authority that keeps the entry
	Name         string    `db:"name"`
	Host         string    `db:"host"`
	Hosts        []string  `db:"hosts"`
	Kind         string    `db:"kind"` // host | platform | messaging | video | microblog | photo | archive | paste | site | registrar | cdn
	Country      string    `db:"country"`
	Channel      string    `db:"channel"` // webhook | email
	Webhook      string    `db:"webhook"`
	Email        string    `db:"email"`
	Language     string    `db:"language"`
	TZ           string    `db:"tz"`
	ContactHours string    `db:"contact_hours"` // "09:00-17:00" in TZ
	Batch        int       `db:"batch"`         // lines a letter at the most, 1-200
	PerHour      int       `db:"per_hour"`      // lines an hour at the most; 0: no limit known
	Clause       string    `db:"clause"`        // the clause of its terms relied on, with version
	AnswerKey    string    `db:"answer_key"`    // SHA-256 of the bearer key it answers with
	CreatedAt    time.Time `db:"created_at"`
}
