// Package access says who may do what: a matrix of roles and permissions as a table, and the caller that every change
// and every read carries. It decides nothing about states; those are in the root package.
package access

import (
	"slices"

	"github.com/staydown/staydown"
)

// Permission is one power.
type Permission string

// The permissions.
const (
	HandIn      Permission = "hand_in"      // leads
	See         Permission = "see"          // items, letters, figures of one's circles
	View        Permission = "view"         // open captured exhibits
	Assess      Permission = "assess"       // give findings
	Draft       Permission = "draft"        // draft letters
	Approve     Permission = "approve"      // approve letters of one's authority, override checks
	Withdraw    Permission = "withdraw"     // take letters back
	PlaceHold   Permission = "place_hold"   // place and lift holds
	Confirm     Permission = "confirm"      // confirm or dismiss returns; confirm, reject, release contents of banks
	Plan        Permission = "plan"         // campaigns: open, release, freeze
	KeepBanks   Permission = "keep_banks"   // make banks; put contents in, withdraw them
	Lookup      Permission = "lookup"       // ask banks what is known
	Explain     Permission = "explain"      // see distances and why something matches or not: they teach how to get around it
	Manage      Permission = "manage"       // people, providers, keys
	ReadLog     Permission = "read_log"     // the log of one's authority
	Administer  Permission = "administer"   // authorities; the first administrator only
	RunExercise Permission = "run_exercise" // the exercise's own acts: clock and practice register
)

// matrix is roles by permissions. The administrator has no powers over items; the overseer sees and changes nothing.
var matrix = map[staydown.Role][]Permission{
	staydown.RoleAnalyst:      {HandIn, See, View, Draft, Lookup},
	staydown.RoleOfficer:      {HandIn, See, View, Assess, Draft, Confirm, Lookup, Explain},
	staydown.RoleLegal:        {See, View, Assess, Approve, Withdraw, Confirm, ReadLog, KeepBanks, Lookup, Explain},
	staydown.RoleLead:         {HandIn, See, View, Assess, Draft, Approve, Withdraw, Confirm, Plan, ReadLog, KeepBanks, Lookup, Explain},
	staydown.RoleInvestigator: {HandIn, See, View, PlaceHold},
	staydown.RoleAdmin:        {Manage, Administer, ReadLog},
	staydown.RoleOverseer:     {See, ReadLog},
}

// Roles lists all roles in a fixed order.
func Roles() []staydown.Role {
	return []staydown.Role{staydown.RoleAnalyst, staydown.RoleOfficer, staydown.RoleLegal, staydown.RoleLead,
		staydown.RoleInvestigator, staydown.RoleAdmin, staydown.RoleOverseer}
}

// Of lists what a role may do.
func Of(r staydown.Role) []Permission { return slices.Clone(matrix[r]) }

// Caller is who asks: a person, or a part of the system that carries out what persons decided.
type Caller struct {
	Actor   staydown.Actor
	Roles   []staydown.Role
	Circles []staydown.ID // whose items the caller may see: the own authority and its campaigns
	Scopes  []Permission  // of an API token: at most these; nil means no narrowing
}

// System is the caller of background work. It holds no role: handlers do not ask for permissions, since a person's act
// left the job, and its circle is that of the job's subject.
func System(part string) Caller { return Caller{Actor: staydown.Actor{System: part}} }

// IsSystem reports whether the caller is background work.
func (c Caller) IsSystem() bool { return c.Actor.System != "" && c.Actor.Person == "" }

// SignedIn reports whether a person stands behind the caller.
func (c Caller) SignedIn() bool { return c.Actor.Person != "" }

// May returns nil when the caller holds the permission, else an Error of kind Refused.
func (c Caller) May(p Permission) error {
	if c.Scopes != nil && !slices.Contains(c.Scopes, p) {
		return staydown.Errorf(staydown.Refused, "access.scope", "this token does not carry %s", p)
	}
	for _, r := range c.Roles {
		if slices.Contains(matrix[r], p) {
			return nil
		}
	}
	return staydown.Errorf(staydown.Refused, "access.permission", "this needs the permission %s", p)
}

// Sees returns nil when the circle is one of the caller's, else an Error of kind NotFound: what belongs to another circle
// does not exist for the caller.
func (c Caller) Sees(circle staydown.ID) error {
	if c.IsSystem() || slices.Contains(c.Circles, circle) {
		return nil
	}
	return staydown.Errorf(staydown.NotFound, "access.circle", "nothing here by that name")
}
