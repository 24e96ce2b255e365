package access

import (
	"testing"

	"github.com/staydown/staydown"
)

func TestMatrix(t *testing.T) {
	for _, c := range []struct {
		role staydown.Role
		perm Permission
		ok   bool
	}{
		{staydown.RoleAnalyst, HandIn, true},
		{staydown.RoleAnalyst, Approve, false},
		{staydown.RoleOfficer, Approve, false},
		{staydown.RoleLegal, Approve, true},
		{staydown.RoleAdmin, See, false},
		{staydown.RoleAdmin, View, false},
		{staydown.RoleOverseer, See, true},
		{staydown.RoleOverseer, View, false},
		{staydown.RoleOverseer, Withdraw, false},
		{"nobody", See, false},
	} {
		err := Caller{Roles: []staydown.Role{c.role}}.May(c.perm)
		if (err == nil) != c.ok {
			t.Errorf("%s %s: %v, want allowed %v", c.role, c.perm, err, c.ok)
		}
		if err != nil && staydown.KindOf(err) != staydown.Refused {
			t.Errorf("%s %s: kind %s", c.role, c.perm, staydown.KindOf(err))
		}
	}
}

func TestScopeNarrows(t *testing.T) {
	c := Caller{Roles: []staydown.Role{staydown.RoleLead}, Scopes: []Permission{HandIn}}
	if err := c.May(HandIn); err != nil {
		t.Error(err)
	}
	if err := c.May(Approve); staydown.CodeOf(err) != "access.scope" {
		t.Errorf("a narrow token approved: %v", err)
	}
}

func TestAnotherCircleDoesNotExist(t *testing.T) {
	c := Caller{Actor: staydown.Actor{Person: "p"}, Circles: []staydown.ID{"a"}}
	if err := c.Sees("a"); err != nil {
		t.Error(err)
	}
	if err := c.Sees("b"); staydown.KindOf(err) != staydown.NotFound {
		t.Errorf("another circle: %v", err)
	}
	if err := System("capture").Sees("b"); err != nil {
		t.Error(err)
	}
}
