package assess_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

// acts is every method of the desk that a person can call, on one item and one finding.
func acts(r *rig, item, finding staydown.ID) map[string]func(access.Caller) error {
	return map[string]func(access.Caller) error{
		"Take":     func(c access.Caller) error { _, err := r.desk.Take(r.ctx, c, "new", circle, 1); return err },
		"Open":     func(c access.Caller) error { _, err := r.desk.Open(r.ctx, c, item); return err },
		"Contexts": func(c access.Caller) error { _, err := r.desk.Contexts(r.ctx, c, []staydown.ID{item}); return err },
		"Give":     func(c access.Caller) error { _, err := r.desk.Give(r.ctx, c, item, recruits()); return err },
		"TakeBack": func(c access.Caller) error { return r.desk.TakeBack(r.ctx, c, finding) },
		"GiveGroup": func(c access.Caller) error {
			g := group([]staydown.ID{item})
			g.SHA256 = r.get(item).MediaSHA256
			_, err := r.desk.GiveGroup(r.ctx, c, g)
			return err
		},
		"Stay":       func(c access.Caller) error { _, err := r.desk.Stay(r.ctx, c, item); return err },
		"PutBack":    func(c access.Caller) error { return r.desk.PutBack(r.ctx, c, item) },
		"SaveDraft":  func(c access.Caller) error { return r.desk.SaveDraft(r.ctx, c, item, "x") },
		"Reopen":     func(c access.Caller) error { return r.desk.Reopen(r.ctx, c, item, "why") },
		"Prioritise": func(c access.Caller) error { return r.desk.Prioritise(r.ctx, c, item, 3, "why") },
		"Queue": func(c access.Caller) error {
			_, err := r.desk.Queue(r.ctx, c, "new", assess.Filter{Campaign: circle})
			return err
		},
		"Alike":         func(c access.Caller) error { _, err := r.desk.Alike(r.ctx, c, item); return err },
		"AssessmentsOf": func(c access.Caller) error { _, err := r.desk.AssessmentsOf(r.ctx, c, item); return err },
		"Blind":         func(c access.Caller) error { _, err := r.desk.Blind(r.ctx, c, item); return err },
		"Tabs":          func(c access.Caller) error { _, err := r.desk.Tabs(r.ctx, c); return err },
		"Exposure":      func(c access.Caller) error { _, err := r.desk.Exposure(r.ctx, c); return err },
	}
}

func TestWithoutPermission(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		r.item()
		a := r.give(officer("ann"), "new", recruits())
		for name, act := range acts(r, a.Item, a.ID) {
			if name == "Exposure" {
				continue // asks for a person, not for a permission
			}
			if err := act(who("adam", staydown.RoleAdmin)); staydown.CodeOf(err) != "access.permission" {
				t.Errorf("%s by an administrator: %v", name, err)
			}
			narrow := officer("tok")
			narrow.Scopes = []access.Permission{access.HandIn}
			if err := act(narrow); staydown.CodeOf(err) != "access.scope" {
				t.Errorf("%s with a narrow token: %v", name, err)
			}
		}
		if _, err := r.desk.Exposure(r.ctx, access.System("anything")); staydown.KindOf(err) != staydown.Refused {
			t.Errorf("a ledger of nobody: %v", err)
		}
		latest, err := r.store.Latest(r.ctx, who("adam", staydown.RoleAdmin), 0, 500)
		r.must(err)
		refusals := 0
		for _, e := range latest {
			if e.Act == "refuse" && strings.Contains(string(e.Leaf), "access.permission") {
				refusals++
			}
		}
		if refusals < 10 {
			t.Errorf("%d refusals are in the log", refusals)
		}
	})
}

func TestAnotherCirclesItemDoesNotExist(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		r.item()
		a := r.give(officer("ann"), "new", recruits())
		stranger := access.Caller{Actor: staydown.Actor{Person: "sue", Authority: "other"}, Circles: []staydown.ID{"other"}, Roles: []staydown.Role{staydown.RoleOfficer, staydown.RoleLead}}
		for name, act := range acts(r, a.Item, a.ID) {
			if name == "Tabs" || name == "Exposure" {
				continue // about the caller's own circles, or the caller
			}
			err := act(stranger)
			if name == "GiveGroup" {
				if staydown.CodeOf(err) != "assess.not_judged" {
					t.Errorf("%s by another circle: %v", name, err)
				}
				continue
			}
			if staydown.KindOf(err) != staydown.NotFound {
				t.Errorf("%s by another circle: %v", name, err)
			}
		}
		if got, err := r.desk.Take(r.ctx, stranger, "new", "", 5); err != nil || len(got) != 0 {
			t.Errorf("a stranger takes %v %v", got, err)
		}
		if tabs, err := r.desk.Tabs(r.ctx, stranger); err != nil || tabs[0].N != 0 {
			t.Errorf("a stranger counts %v %v", tabs, err)
		}
	})
}

func TestNothingByThatName(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		lead := who("lea", staydown.RoleLead)
		none := staydown.NewID(time.Now())
		for name, act := range map[string]func() error{
			"Open":     func() error { _, err := r.desk.Open(r.ctx, lead, none); return err },
			"Give":     func() error { _, err := r.desk.Give(r.ctx, lead, none, recruits()); return err },
			"TakeBack": func() error { return r.desk.TakeBack(r.ctx, lead, none) },
			"Reopen":   func() error { return r.desk.Reopen(r.ctx, lead, none, "why") },
			"Take":     func() error { _, err := r.desk.Take(r.ctx, lead, "mine", "", 1); return err },
			"Queue":    func() error { _, err := r.desk.Queue(r.ctx, lead, "orders", assess.Filter{}); return err },
		} {
			if err := act(); staydown.KindOf(err) != staydown.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// broken is a store whose every change fails.
type broken struct{ assess.Store }

var errDisk = errors.New("the disk is gone")

func (broken) Act(context.Context, access.Caller, func(assess.Tx) error) error { return errDisk }
func (broken) Finish(context.Context, access.Caller, staydown.Job, func(assess.Tx) error) error {
	return errDisk
}

func TestABrokenStoreIsOurFault(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		r.desk.Store = broken{r.desk.Store}
		reads := map[string]bool{"Queue": true, "Alike": true, "AssessmentsOf": true, "Blind": true, "Tabs": true, "Exposure": true}
		for name, act := range acts(r, id, id) {
			if err := act(officer("ann")); !reads[name] && !errors.Is(err, errDisk) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := r.desk.HandleStand(r.ctx, staydown.Job{Subject: id}); !errors.Is(err, errDisk) {
			t.Errorf("HandleStand: %v", err)
		}
	})
}
