package assess_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/store"
)

func TestAFindingStandsAfterSixtySecondsAndDecidesTheItem(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		a := r.give(officer("ann"), "new", recruits())
		if a.State != staydown.AssessmentGiven || !a.Viewed || !a.Context || a.Turn != staydown.First || a.Owner != circle || a.Seconds != 40 {
			t.Fatalf("given as %+v", a)
		}
		if diff := cmp.Diff(a, r.finding(a.ID)); diff != "" {
			t.Errorf("what was given is not what is kept: %s", diff)
		}
		r.wait(staydown.TakeBackWithin - time.Second)
		if n := r.settle(); n != 0 || r.get(id).Verdict != "" {
			t.Fatalf("%d findings settled before their time; verdict %q", n, r.get(id).Verdict)
		}
		r.wait(time.Second)
		r.settle()
		it := r.get(id)
		if it.State != staydown.ItemAssessed || it.Verdict != staydown.TerroristContent || it.Ground != staydown.Recruits || it.Assessment != a.ID || !it.DecidedAt.Equal(r.clock()) {
			t.Errorf("the item is %+v", it)
		}
		if got := r.finding(a.ID); got.State != staydown.AssessmentStanding {
			t.Errorf("the finding is %s", got.State)
		}
		if !r.asked()[id] {
			t.Error("nobody asks the other authorities")
		}
		if more, err := r.desk.Take(r.ctx, officer("bob"), "new", "", 10); err != nil || len(more) != 0 {
			t.Errorf("a decided item is offered again: %v %v", more, err)
		}
	})
}

func TestWhatLeadsToNoLetterIsAskedOfNobody(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		for _, v := range []staydown.Verdict{staydown.Lawful, staydown.Protected, staydown.OtherIllegal, staydown.OutOfScope} {
			id := r.item()
			r.give(officer("ann"), "new", verdict(v))
			r.minute()
			if it := r.get(id); it.Verdict != v || it.State != staydown.ItemAssessed {
				t.Errorf("%s: the item is %s, %q", v, it.State, it.Verdict)
			}
		}
		if asked := r.asked(); len(asked) != 0 {
			t.Errorf("asked about %v", asked)
		}
	})
}

func TestTheSecondOfficerAgrees(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		first := r.give(officer("ann"), "new", terms())
		r.minute()
		if it := r.get(id); it.State != staydown.ItemCaptured || it.Verdict != "" {
			t.Fatalf("decided before the second look: %+v", it)
		}
		if got := r.finding(first.ID); got.State != staydown.AssessmentSecondAsked || got.SecondWhy != assess.WhyTermsOnly {
			t.Fatalf("the first finding is %s, %q", got.State, got.SecondWhy)
		}
		if own, err := r.desk.Take(r.ctx, officer("ann"), "second", "", 1); err != nil || len(own) != 0 {
			t.Fatalf("the first officer takes the second look: %v %v", own, err)
		}
		_, err := r.desk.Open(r.ctx, officer("ann"), id)
		r.must(err)
		_, err = r.desk.Give(r.ctx, officer("ann"), id, terms())
		r.refused(err, "assess.same_officer")

		second := r.give(officer("bob"), "second", terms())
		if second.Turn != staydown.Second || second.Answers != first.ID {
			t.Fatalf("the second finding is %+v", second)
		}
		r.minute()
		if it := r.get(id); it.Verdict != staydown.TermsOnly || it.Assessment != first.ID {
			t.Errorf("the item is %q by %s", it.Verdict, it.Assessment)
		}
		states := []staydown.AssessmentState{r.finding(first.ID).State, r.finding(second.ID).State}
		if diff := cmp.Diff([]staydown.AssessmentState{staydown.AssessmentAgreed, staydown.AssessmentStanding}, states); diff != "" {
			t.Error(diff)
		}
		if !r.asked()[id] {
			t.Error("nobody asks the other authorities")
		}
	})
}

func TestAThirdOfficerResolves(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		first := r.give(officer("ann"), "new", terms())
		r.minute()
		second := r.give(officer("bob"), "second", verdict(staydown.Lawful))
		r.minute()
		if it := r.get(id); it.State != staydown.ItemCaptured || r.finding(first.ID).State != staydown.AssessmentDisagreed {
			t.Fatalf("after a disagreement the item is %s, the first finding %s", it.State, r.finding(first.ID).State)
		}
		for _, o := range []string{"ann", "bob"} {
			if got, err := r.desk.Take(r.ctx, officer(o), "third", "", 1); err != nil || len(got) != 0 {
				t.Errorf("%s looks twice: %v %v", o, got, err)
			}
		}
		third := r.give(officer("cid"), "third", verdict(staydown.Protected))
		r.minute()
		it := r.get(id)
		if it.Verdict != staydown.Protected || it.Assessment != third.ID {
			t.Errorf("the item is %q by %s", it.Verdict, it.Assessment)
		}
		if a, b := r.finding(first.ID).State, r.finding(second.ID).State; a != staydown.AssessmentResolved || b != staydown.AssessmentStanding {
			t.Errorf("first %s, second %s", a, b)
		}
		if len(r.asked()) != 0 {
			t.Error("a protected posting is asked about")
		}
	})
}

func TestTheFirstFindingIsHiddenFromTheSecondOfficer(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		ann, bob := officer("ann"), officer("bob")
		first := r.give(ann, "new", terms())
		for _, when := range []string{"within sixty seconds", "second asked"} {
			list, err := r.desk.AssessmentsOf(r.ctx, bob, id)
			r.must(err)
			blind, err := r.desk.Blind(r.ctx, bob, id)
			r.must(err)
			if len(list) != 0 || !blind {
				t.Errorf("%s: bob reads %v, blind %v", when, list, blind)
			}
			for _, leaf := range []string{r.log(id), r.log(first.ID)} {
				if strings.Contains(leaf, "terms_only") {
					t.Errorf("%s: the log tells what was found: %s", when, leaf)
				}
			}
			if list, err = r.desk.AssessmentsOf(r.ctx, ann, id); err != nil || len(list) != 1 {
				t.Errorf("%s: ann reads %v %v", when, list, err)
			}
			if list, err = r.desk.AssessmentsOf(r.ctx, who("eve", staydown.RoleOverseer), id); err != nil || len(list) != 1 {
				t.Errorf("%s: the overseer reads %v %v", when, list, err)
			}
			r.minute()
		}
		rows, err := r.desk.Queue(r.ctx, bob, "second", assess.Filter{})
		r.must(err)
		if len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		second := r.give(bob, "second", verdict(staydown.Lawful))
		if list, err := r.desk.AssessmentsOf(r.ctx, bob, id); err != nil || len(list) != 1 || list[0].ID != second.ID {
			t.Errorf("bob could answer, look and take back: %v %v", list, err)
		}
		r.minute()
		for _, c := range []access.Caller{ann, bob, officer("cid")} {
			if list, err := r.desk.AssessmentsOf(r.ctx, c, id); err != nil || len(list) != 2 {
				t.Errorf("once both are settled, %s reads %v %v", c.Actor.Person, list, err)
			}
		}
	})
}

func TestTakingBack(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		ann := officer("ann")
		a := r.give(ann, "new", recruits())
		r.refused(r.desk.TakeBack(r.ctx, officer("bob"), a.ID), "assess.not_yours")
		r.wait(59 * time.Second)
		r.must(r.desk.TakeBack(r.ctx, ann, a.ID))
		if got := r.finding(a.ID); got.State != staydown.AssessmentDraft || !got.GivenAt.IsZero() {
			t.Fatalf("taken back: %+v", got)
		}
		r.wait(2 * time.Second)
		if n := r.settle(); n != 0 || r.get(id).State != staydown.ItemCaptured {
			t.Errorf("%d settled; what was taken back decided the item: %s", n, r.get(id).State)
		}
		if got, err := r.desk.Take(r.ctx, officer("bob"), "new", "", 1); err != nil || len(got) != 0 {
			t.Errorf("the item is not its officer's again: %v %v", got, err)
		}
		again, err := r.desk.Give(r.ctx, ann, id, verdict(staydown.Lawful))
		r.must(err)
		if again.ID != a.ID {
			t.Error("a second record of one look")
		}
		r.minute()
		if r.get(id).Verdict != staydown.Lawful {
			t.Errorf("the item is %q", r.get(id).Verdict)
		}
		r.wait(time.Second)
		r.refused(r.desk.TakeBack(r.ctx, ann, a.ID), "assessment.state")
	})
}

func TestTakingBackComesTooLate(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		r.item()
		a := r.give(officer("ann"), "new", recruits())
		r.wait(61 * time.Second)
		r.refused(r.desk.TakeBack(r.ctx, officer("ann"), a.ID), "assessment.too_late")
	})
}

// A job that was leased just before its finding was taken back and given again must not settle the new one too early.
func TestAnOvertakenJobWaitsForTheFindingGivenAgain(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		ann := officer("ann")
		a := r.give(ann, "new", recruits())
		r.wait(60 * time.Second)
		jobs, err := r.store.TakeJobs(r.ctx, []string{"stand"}, 1, "lease", time.Minute)
		r.must(err)
		r.must(r.desk.TakeBack(r.ctx, ann, a.ID))
		_, err = r.desk.Give(r.ctx, ann, id, verdict(staydown.Lawful))
		r.must(err)
		r.must(r.desk.HandleStand(r.ctx, jobs[0]))
		if r.get(id).State != staydown.ItemCaptured {
			t.Fatal("settled before its sixty seconds")
		}
		r.minute()
		if r.get(id).Verdict != staydown.Lawful {
			t.Error("the finding given again was never settled")
		}
	})
}

func TestALapsedLeaseReturnsTheItemAndKeepsTheDraft(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		ann, bob := officer("ann"), officer("bob")
		if _, err := r.desk.Take(r.ctx, ann, "new", "", 1); err != nil {
			t.Fatal(err)
		}
		opened, err := r.desk.Open(r.ctx, ann, id)
		r.must(err)
		r.must(r.desk.SaveDraft(r.ctx, ann, id, `{"verdict":"lawful"}`))
		r.wait(assess.LeaseFor - time.Second)
		if got, err := r.desk.Take(r.ctx, bob, "new", "", 1); err != nil || len(got) != 0 {
			t.Fatalf("taken from a colleague's hands: %v %v", got, err)
		}
		r.wait(time.Second)
		got, err := r.desk.Take(r.ctx, bob, "new", "", 1)
		r.must(err)
		if len(got) != 1 || got[0].Item != id {
			t.Fatalf("the item did not come back: %v", got)
		}
		again, err := r.desk.Open(r.ctx, ann, id)
		r.must(err)
		if again.Why != "assess.held" || again.Assessment != "" || !again.Until.IsZero() {
			t.Errorf("ann opens %+v", again)
		}
		_, err = r.desk.Give(r.ctx, ann, id, recruits())
		r.refused(err, "assess.held")
		r.must(r.desk.PutBack(r.ctx, bob, id))
		if again, err = r.desk.Open(r.ctx, ann, id); err != nil || again.Assessment != opened.Assessment || again.Draft != `{"verdict":"lawful"}` {
			t.Errorf("the draft is not kept: %+v %v", again, err)
		}
		_, err = r.desk.Give(r.ctx, ann, id, recruits())
		r.must(err)
	})
}

func TestWorkKeepsTheWholeBatch(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		for range 3 {
			r.item()
		}
		ann := officer("ann")
		batch, err := r.desk.Take(r.ctx, ann, "new", "", 3)
		r.must(err)
		for range 5 {
			r.wait(assess.LeaseFor - time.Minute)
			until, err := r.desk.Stay(r.ctx, ann, batch[0].Item)
			r.must(err)
			if !until.Equal(r.clock().Add(assess.LeaseFor)) {
				t.Fatalf("held until %s at %s", until, r.clock())
			}
		}
		if got, err := r.desk.Take(r.ctx, officer("bob"), "new", "", 3); err != nil || len(got) != 0 {
			t.Errorf("lost %d of the batch (%v)", len(got), err)
		}
		mine, err := r.desk.Queue(r.ctx, ann, assess.Mine, assess.Filter{})
		r.must(err)
		if len(mine) != 3 || mine[2].Holder != "ann" {
			t.Errorf("mine: %+v", mine)
		}
		r.wait(assess.LeaseFor)
		if got, err := r.desk.Take(r.ctx, officer("bob"), "new", "", 3); err != nil || len(got) != 3 {
			t.Errorf("after ten minutes without work %d came back (%v)", len(got), err)
		}
	})
}

func TestOrderOfTheQueue(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		set := func(priority int, seen time.Duration, location string) staydown.ID {
			return r.item(func(i *staydown.Item) {
				i.Priority, i.SeenAt, i.Location = priority, r.clock().Add(seen), "https://relay.example/"+location
			})
		}
		third, fourth := set(5, 0, "b"), set(5, 0, "c")
		last, second, first := set(1, -time.Hour, "a"), set(5, -time.Minute, "z"), set(9, time.Hour, "y")
		want := []staydown.ID{first, second, third, fourth, last}
		rows, err := r.desk.Queue(r.ctx, officer("ann"), "new", assess.Filter{})
		r.must(err)
		var listed, paged, taken []staydown.ID
		for _, row := range rows {
			listed = append(listed, row.Item)
		}
		for after := ""; ; {
			page, err := r.desk.Queue(r.ctx, officer("ann"), "new", assess.Filter{Limit: 2, After: after})
			r.must(err)
			if len(page) == 0 {
				break
			}
			for _, row := range page {
				paged = append(paged, row.Item)
			}
			after = page[len(page)-1].Cursor()
		}
		got, err := r.desk.Take(r.ctx, officer("ann"), "new", "", 5)
		r.must(err)
		for _, x := range got {
			taken = append(taken, x.Item)
		}
		for name, list := range map[string][]staydown.ID{"listed": listed, "paged": paged, "taken": taken} {
			if diff := cmp.Diff(want, list); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

func TestWhatCouldNotBeCaptured(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item(func(i *staydown.Item) {
			i.State, i.Reason, i.MediaSHA256 = staydown.ItemNotCaptured, "login_wall", ""
		})
		job := staydown.Job{Kind: "capture", Key: string(id), Subject: id, RunAt: r.clock().Add(time.Hour)}
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error { return tx.Job(job) }))
		if got, err := r.desk.Take(r.ctx, officer("ann"), "new", "", 1); err != nil || len(got) != 0 {
			t.Fatalf("offered while the capture is tried again: %v %v", got, err)
		}
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error { return tx.DropJob("capture", string(id)) }))
		got, err := r.desk.Take(r.ctx, officer("ann"), "new", "", 1)
		r.must(err)
		if len(got) != 1 || got[0].Reason != "login_wall" {
			t.Fatalf("took %+v", got)
		}
		opened, err := r.desk.Open(r.ctx, officer("ann"), id)
		r.must(err)
		if opened.Text != "" || len(opened.Exhibits) != 0 || opened.Assessment == "" {
			t.Errorf("opened %+v", opened)
		}
		for _, in := range []staydown.Assessment{recruits(), verdict(staydown.Lawful)} {
			if _, err := r.desk.Give(r.ctx, officer("ann"), id, in); staydown.CodeOf(err) != "assessment.verdict" {
				t.Errorf("%s of what nobody saw: %v", in.Verdict, err)
			}
		}
		a, err := r.desk.Give(r.ctx, officer("ann"), id, verdict(staydown.OutOfScope))
		r.must(err)
		if a.Viewed || a.Context {
			t.Error("nothing was there to view")
		}
		r.minute()
		if r.get(id).Verdict != staydown.OutOfScope {
			t.Errorf("the item is %q", r.get(id).Verdict)
		}
	})
}

func TestOpening(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		known := r.item(func(i *staydown.Item) { i.State, i.Verdict = staydown.ItemAssessed, staydown.Lawful })
		hidden := r.item(func(i *staydown.Item) { i.Circle = "elsewhere" })
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			for n, other := range []staydown.ID{known, hidden} {
				if err := tx.AddCandidate(staydown.Candidate{ID: tx.NewID(), Item: id, Other: other, Circle: circle, Kind: "pdq", Distance: 4 + n, At: tx.Now()}); err != nil {
					return err
				}
			}
			if err := tx.AddLead(staydown.Lead{ID: tx.NewID(), Circle: circle, Item: id, Author: "marker channel", Import: "x", Place: "1"}); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "match", Noun: "item", Subject: id, Circle: circle})
		}))
		o, err := r.desk.Open(r.ctx, officer("ann"), id)
		r.must(err)
		if o.Text != pageText || o.Author != "marker channel" || len(o.Exhibits) != 1 || o.Turn != staydown.First || o.Until.IsZero() {
			t.Errorf("opened %+v", o)
		}
		if diff := cmp.Diff([]assess.Candidate{{Item: known, Location: r.get(known).Location, Kind: "pdq", Distance: 4}}, o.Candidates); diff != "" {
			t.Errorf("candidates come without their verdict, and from the own circles only: %s", diff)
		}
		views := strings.Count(r.log(id), `"act":"view"`)
		if views != 1 || !strings.Contains(r.log(id), `"stream":"access"`) {
			t.Errorf("one view left %d events", views)
		}
		_, err = r.desk.Open(r.ctx, who("ina", staydown.RoleInvestigator), id)
		r.must(err)
		if o, err = r.desk.Open(r.ctx, who("ada", staydown.RoleAnalyst), id); err != nil || o.Why != "assess.held" || o.Assessment != "" {
			t.Errorf("an analyst opens %+v %v", o, err)
		}
		r.must(r.desk.PutBack(r.ctx, officer("ann"), id))
		if o, err = r.desk.Open(r.ctx, who("ada", staydown.RoleAnalyst), id); err != nil || o.Why != "access.permission" || !o.Until.IsZero() {
			t.Errorf("an analyst opens %+v %v", o, err)
		}
		if _, err = r.desk.Give(r.ctx, officer("bob"), id, recruits()); staydown.CodeOf(err) != "assess.not_opened" {
			t.Errorf("a finding on what was never opened: %v", err)
		}
	})
}

func TestReopening(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item(func(i *staydown.Item) { i.PriorityWhy = []string{"two leads"} })
		first := r.give(officer("ann"), "new", verdict(staydown.Lawful))
		r.minute()
		r.refused(r.desk.Reopen(r.ctx, officer("bob"), id, "complaint"), "access.permission")
		legal := who("leo", staydown.RoleLegal)
		r.refused(r.desk.Reopen(r.ctx, legal, id, " "), "assess.reason")
		r.must(r.desk.Reopen(r.ctx, legal, id, "complaint 12"))
		it := r.get(id)
		if it.State != staydown.ItemCaptured || it.Verdict != "" || it.Priority != 8 || !cmp.Equal(it.PriorityWhy, []string{"two leads", "reopened"}) {
			t.Errorf("reopened: %+v", it)
		}
		if got, err := r.desk.Take(r.ctx, officer("ann"), "new", "", 1); err != nil || len(got) != 0 {
			t.Errorf("who decided reviews: %v %v", got, err)
		}
		second := r.give(officer("bob"), "new", recruits())
		if second.Turn != staydown.First || second.Answers != "" {
			t.Errorf("the review is %+v", second)
		}
		r.minute()
		if it = r.get(id); it.Verdict != staydown.TerroristContent || it.Assessment != second.ID || r.finding(first.ID).State != staydown.AssessmentStanding {
			t.Errorf("after the review: %+v", it)
		}
		r.refused(r.desk.Reopen(r.ctx, legal, r.item(), "nothing to reopen"), "item.state")
	})
}

func TestAMergedItemIsDecidedByNobody(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		a := r.give(officer("ann"), "new", recruits())
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			it, err := tx.Item(id)
			if err != nil {
				return err
			}
			e, err := it.Merge("other")
			if err != nil {
				return err
			}
			if err := tx.PutItem(it); err != nil {
				return err
			}
			return tx.Event(e)
		}))
		r.minute()
		if it := r.get(id); it.State != staydown.ItemMerged || it.Verdict != "" || r.finding(a.ID).State != staydown.AssessmentStanding {
			t.Errorf("the item is %s %q, the finding %s", it.State, it.Verdict, r.finding(a.ID).State)
		}
		if len(r.asked()) != 0 {
			t.Error("asked about a merged item")
		}
	})
}

func TestTabsAndExposure(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		old := r.clock()
		for range 4 {
			r.item()
			r.wait(time.Minute)
		}
		ann, bob := officer("ann"), officer("bob")
		r.give(ann, "new", terms())
		r.minute()
		_, err := r.desk.Take(r.ctx, ann, "new", "", 1)
		r.must(err)
		tabs, err := r.desk.Tabs(r.ctx, ann)
		r.must(err)
		want := []assess.Tab{{Name: "new", N: 3, Oldest: old.Add(time.Minute)}, {Name: "mine", N: 1, Oldest: old.Add(time.Minute)}, {Name: "second", N: 1, Oldest: old}, {Name: "third"}}
		if diff := cmp.Diff(want, tabs); diff != "" {
			t.Error(diff)
		}
		x, err := r.desk.Exposure(r.ctx, ann)
		r.must(err)
		if x.Seconds != 20 || x.Items != 1 || x.Viewed != 1 || x.Today != 20 || x.Week != 20 {
			t.Errorf("ann's ledger: %+v", x)
		}
		if x, err = r.desk.Exposure(r.ctx, bob); err != nil || x.Seconds != 0 {
			t.Errorf("bob's ledger: %+v %v", x, err)
		}
	})
}

func TestPriorityCarriesItsReason(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.item()
		r.item()
		r.must(r.desk.Prioritise(r.ctx, officer("ann"), id, 10, "a date is named"))
		rows, err := r.desk.Queue(r.ctx, officer("ann"), "new", assess.Filter{Limit: 1})
		r.must(err)
		if rows[0].Item != id || rows[0].Priority != 10 || !cmp.Equal(rows[0].PriorityWhy, []string{"a date is named"}) {
			t.Errorf("first in the queue: %+v", rows[0])
		}
		r.refused(r.desk.Prioritise(r.ctx, officer("ann"), id, 11, "why"), "assess.priority")
		r.refused(r.desk.Prioritise(r.ctx, officer("ann"), id, 1, ""), "assess.reason")
	})
}
