package consult_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/store"
)

const ours, theirs = staydown.ID("OURS"), staydown.ID("THEIRS")

func open(t *testing.T) (*consult.Desk, *store.Store) {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), func() time.Time { return time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.Act(t.Context(), access.System("test"), func(tx *store.Tx) error {
		for n := range 6 {
			i := staydown.Item{ID: staydown.ID(fmt.Sprintf("ITEM%d", n)), Circle: ours, Location: fmt.Sprintf("https://relay.example/%d", n), State: staydown.ItemSeen, Host: "relay.example"}
			if n == 5 {
				i.Circle = theirs
			}
			if n%2 == 1 {
				i.Host, i.State = "other.example", staydown.ItemCaptured
			}
			if err := tx.AddItem(i); err != nil {
				return err
			}
			if err := tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: i.ID, Circle: i.Circle}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &consult.Desk{Store: s.Consult()}, s
}

func caller(roles ...staydown.Role) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: "P", Authority: ours}, Roles: roles, Circles: []staydown.ID{ours}}
}

func TestItems(t *testing.T) {
	d, _ := open(t)
	for _, c := range []struct {
		name string
		f    consult.Filter
		want string
	}{
		{"all of ours", consult.Filter{}, "ITEM0 ITEM1 ITEM2 ITEM3 ITEM4"},
		{"by host", consult.Filter{Host: "other.example"}, "ITEM1 ITEM3"},
		{"by two facts", consult.Filter{Host: "other.example", State: staydown.ItemSeen}, ""},
		{"by place", consult.Filter{Location: "https://relay.example/2"}, "ITEM2"},
		{"another circle's", consult.Filter{Location: "https://relay.example/5"}, ""},
		{"a page", consult.Filter{Limit: 2}, "ITEM0 ITEM1"},
		{"the next page", consult.Filter{Limit: 2, After: "ITEM1"}, "ITEM2 ITEM3"},
		{"more than a page holds", consult.Filter{Limit: 1 << 30}, "ITEM0 ITEM1 ITEM2 ITEM3 ITEM4"},
		{"a word of the database", consult.Filter{Host: "' OR '1'='1"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := d.Items(t.Context(), caller(staydown.RoleAnalyst), c.f)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, i := range list {
				got = append(got, string(i.ID))
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyReadsWhatIsNotTheirs(t *testing.T) {
	d, _ := open(t)
	for _, c := range []struct {
		name string
		by   access.Caller
		item staydown.ID
		want string
	}{
		{"another circle's", caller(staydown.RoleOfficer), "ITEM5", "access.circle"},
		{"nothing there", caller(staydown.RoleOfficer), "ITEM9", "items.not_found"},
		{"the administrator", caller(staydown.RoleAdmin), "ITEM1", "access.permission"},
		{"a token without the scope", access.Caller{Roles: []staydown.Role{staydown.RoleLead}, Circles: []staydown.ID{ours}, Scopes: []access.Permission{access.HandIn}}, "ITEM1", "access.scope"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i, err := d.Item(t.Context(), c.by, c.item)
			if staydown.CodeOf(err) != c.want {
				t.Errorf("item %+v, %v; want %s", i, err, c.want)
			}
			if _, err := d.History(t.Context(), c.by, c.item); staydown.CodeOf(err) != c.want {
				t.Errorf("history: %v; want %s", err, c.want)
			}
		})
	}
	if _, err := d.Items(t.Context(), caller(staydown.RoleAdmin), consult.Filter{}); staydown.CodeOf(err) != "access.permission" {
		t.Errorf("the administrator listed items: %v", err)
	}
}

// Law: LED 25
func TestReadingIsLogged(t *testing.T) {
	d, s := open(t)
	by := caller(staydown.RoleOfficer)
	if _, err := d.Items(t.Context(), by, consult.Filter{Host: "relay.example"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Item(t.Context(), by, "ITEM1"); err != nil {
		t.Fatal(err)
	}
	history, err := d.History(t.Context(), by, "ITEM1")
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != 1 || history[0].Act != "see" {
		t.Errorf("the history is %+v; reading is no part of it", history)
	}
	entries, err := s.Unsequenced(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range entries[6:] {
		if e.Stream != staydown.Access || e.Actor != "P" {
			t.Errorf("%s is in stream %s, by %s", e.Act, e.Stream, e.Actor)
		}
		if strings.Contains(string(e.Leaf), "relay.example") {
			t.Errorf("what was asked stands in the log in clear: %s", e.Leaf)
		}
		acts = append(acts, string(e.Act))
	}
	if diff := cmp.Diff([]string{"search", "read", "read_history"}, acts); diff != "" {
		t.Error(diff)
	}
}
