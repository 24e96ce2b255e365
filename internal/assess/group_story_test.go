package assess_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

// copies puts n items with the same bytes into the store, each with the account that of gives it.
func (r *rig) copies(n int, of func(int) string) []staydown.ID {
	r.Helper()
	var out []staydown.ID
	for k := range n {
		out = append(out, r.item(func(i *staydown.Item) { i.MediaSHA256, i.Account = "same", of(k) }))
	}
	return out
}

func oneAccount(int) string { return "@marker" }

func group(ids []staydown.ID) assess.Group {
	g := assess.Group{SHA256: "same", Verdict: staydown.TerroristContent, Ground: staydown.Recruits, Public: true, Seconds: 30}
	for k, id := range ids {
		g.Items = append(g.Items, assess.GroupItem{Item: id, Purpose: staydown.PurposeSpread, PurposeWhy: fmt.Sprint("posting ", k)})
	}
	return g
}

func TestAGroupOfEqualBytes(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		ids := r.copies(6, oneAccount)
		ann, bob := officer("ann"), officer("bob")
		_, err := r.desk.Contexts(r.ctx, bob, ids[1:])
		r.must(err)
		_, err = r.desk.GiveGroup(r.ctx, bob, group(ids[1:]))
		r.refused(err, "assess.not_judged")
		for _, id := range ids[1:] {
			r.must(r.desk.PutBack(r.ctx, bob, id))
		}

		first := r.give(ann, "new", recruits())
		r.minute()
		alike, err := r.desk.Alike(r.ctx, bob, ids[0])
		r.must(err)
		if len(alike) != 5 || alike[0].Alike != 5 {
			t.Fatalf("%d alike, the first with %d", len(alike), alike[0].Alike)
		}
		got, err := r.desk.GiveGroup(r.ctx, bob, group(ids[1:]))
		r.must(err)
		sum := 0
		for k, a := range got {
			sum += a.Seconds
			if a.Viewed || !a.Context || a.Batch == "" || a.Batch != got[0].Batch || a.Officer != "bob" || a.Passage != first.Passage || a.PurposeWhy != fmt.Sprint("posting ", k) {
				t.Errorf("record %d: %+v", k, a)
			}
			if a.Item != ids[k+1] {
				t.Errorf("record %d is of %s", k, a.Item)
			}
		}
		if len(got) != 5 || sum != 30 {
			t.Errorf("%d records, %d seconds", len(got), sum)
		}
		if log := r.log(got[0].Batch); strings.Count(log, "\n") != 1 || !strings.Contains(log, `"count":5`) || strings.Contains(log, "terrorist_content") {
			t.Errorf("the group left %s", log)
		}
		r.must(r.desk.TakeBack(r.ctx, bob, got[4].ID))
		_, err = r.desk.Give(r.ctx, bob, ids[5], recruits())
		r.refused(err, "assessment.viewed") // taken back, it is no group any more
		r.minute()
		for k, id := range ids[1:5] {
			if it := r.get(id); it.Verdict != staydown.TerroristContent || it.Assessment != got[k].ID {
				t.Errorf("item %d is %q", k, it.Verdict)
			}
		}
		if it := r.get(ids[5]); it.Verdict != "" {
			t.Errorf("what was taken back is decided: %q", it.Verdict)
		}
	})
}

func TestGroupsThatAreRefused(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		ann, bob := officer("ann"), officer("bob")
		ids := r.copies(4, oneAccount)
		other := r.item()
		r.give(ann, "new", recruits())
		r.minute()
		open := func(ids ...staydown.ID) {
			t.Helper()
			_, err := r.desk.Contexts(r.ctx, bob, ids)
			r.must(err)
		}
		for name, c := range map[string]struct {
			g    assess.Group
			code string
			open []staydown.ID
		}{
			"context not opened":     {group(ids[1:3]), "assess.context", nil},
			"one context not opened": {group(ids[1:3]), "assess.context", ids[1:2]},
			"other bytes":            {group(append([]staydown.ID{other}, ids[1:3]...)), "assess.other_bytes", ids[1:3]},
			"another ground":         {func() assess.Group { g := group(ids[1:3]); g.Ground = staydown.Threatens; return g }(), "assess.other_finding", ids[1:3]},
			"a purpose without answer": {func() assess.Group { g := group(ids[1:3]); g.Items[1].Purpose = ""; return g }(),
				"assessment.purpose", ids[1:3]},
			"a protected purpose": {func() assess.Group { g := group(ids[1:3]); g.Items[1].Purpose = staydown.PurposeArt; return g }(),
				"assessment.purpose", ids[1:3]},
			"already decided": {group(ids[:1]), "assess.not_open", nil},
		} {
			for _, id := range c.open {
				open(id)
			}
			_, err := r.desk.GiveGroup(r.ctx, bob, c.g)
			if staydown.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
			for _, id := range ids[1:] {
				r.must(r.desk.PutBack(r.ctx, bob, id))
				if r.get(id).State != staydown.ItemCaptured {
					t.Errorf("%s: half a group was given", name)
				}
			}
			bob = officer(string(bob.Actor.Person) + "'") // with no drafts yet
		}
	})
}

func TestSecondLooksAreNeverGivenInAGroup(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		ids := r.copies(3, oneAccount)
		r.give(officer("ann"), "new", recruits())
		r.minute()
		r.desk.Sample = 100
		r.give(officer("ann"), "new", recruits())
		r.minute()
		_, err := r.desk.Contexts(r.ctx, officer("bob"), ids[1:2])
		r.must(err)
		_, err = r.desk.GiveGroup(r.ctx, officer("bob"), group(ids[1:2]))
		r.refused(err, "assess.blind")
	})
}

func TestContextsOpenTogetherOnlyForTheSameAccount(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		ann := officer("ann")
		same := r.copies(3, oneAccount)
		strangers := r.copies(2, func(k int) string { return fmt.Sprint("@stranger", k) })
		unknown := r.copies(2, func(int) string { return "" })
		list, err := r.desk.Contexts(r.ctx, ann, same)
		r.must(err)
		if len(list) != 3 || list[2].Author != "@marker" || !strings.Contains(list[2].Text, pageText) {
			t.Errorf("contexts: %+v", list)
		}
		for _, ids := range [][]staydown.ID{strangers, unknown} {
			_, err = r.desk.Contexts(r.ctx, ann, ids)
			r.refused(err, "assess.one_by_one")
		}
		for _, id := range strangers {
			_, err = r.desk.Contexts(r.ctx, ann, []staydown.ID{id})
			r.must(err)
			if a := r.finding(must(r.desk.AssessmentsOf(r.ctx, ann, id))[0].ID); a.Viewed || !a.Context {
				t.Errorf("nothing was displayed, yet the draft is %+v", a)
			}
		}
		if log := r.log(same[1]); strings.Count(log, "open_context") != 1 {
			t.Errorf("opening a context left %s", log)
		}
	})
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// Another unit's look does not count: this authority has to have viewed the bytes.
func TestAnotherAuthoritysLookCarriesNothingOver(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		ids := r.copies(2, oneAccount)
		r.give(officer("ann"), "new", recruits())
		r.minute()
		guest := access.Caller{Actor: staydown.Actor{Person: "gil", Authority: "guests"}, Roles: []staydown.Role{staydown.RoleOfficer}, Circles: []staydown.ID{circle}}
		_, err := r.desk.Contexts(r.ctx, guest, ids[1:])
		r.must(err)
		_, err = r.desk.GiveGroup(r.ctx, guest, group(ids[1:]))
		r.refused(err, "assess.not_judged")
	})
}
