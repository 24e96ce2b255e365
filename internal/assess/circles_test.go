package assess_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/store"
)

// An officer of a unit that takes part in an action day works on the unit's own items and on those of the day.
func TestTwoCirclesAreOneQueueUnlessNarrowed(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		day := func(i *staydown.Item) { i.Circle, i.Campaign = "day", "day" }
		with := func(priority int) func(*staydown.Item) { return func(i *staydown.Item) { i.Priority = priority } }
		a := r.item(with(1))
		b := r.item(with(3), day)
		c := r.item(with(5))
		d := r.item(with(2), day)
		r.item(func(i *staydown.Item) { i.Circle = "elsewhere" })
		both := officer("ann")
		both.Circles = []staydown.ID{circle, "day"}
		items := func(rows []assess.QueueRow) (out []staydown.ID) {
			for _, row := range rows {
				out = append(out, row.Item)
			}
			return out
		}
		rows, err := r.desk.Queue(r.ctx, both, "new", assess.Filter{})
		r.must(err)
		if diff := cmp.Diff([]staydown.ID{c, b, d, a}, items(rows)); diff != "" {
			t.Errorf("listed: %s", diff)
		}
		if rows, err = r.desk.Queue(r.ctx, both, "new", assess.Filter{Limit: 2, After: rows[1].Cursor()}); err != nil || !cmp.Equal([]staydown.ID{d, a}, items(rows)) {
			t.Errorf("the second page: %v %v", items(rows), err)
		}
		if rows, err = r.desk.Queue(r.ctx, both, "new", assess.Filter{Campaign: "day"}); err != nil || !cmp.Equal([]staydown.ID{b, d}, items(rows)) {
			t.Errorf("of the day: %v %v", items(rows), err)
		}
		got, err := r.desk.Take(r.ctx, both, "new", "day", 1)
		r.must(err)
		if len(got) != 1 || got[0].Item != b || got[0].Campaign != "day" {
			t.Errorf("took %+v", got)
		}
		got, err = r.desk.Take(r.ctx, both, "new", "", 2)
		r.must(err)
		if len(got) != 2 || got[0].Item != c || got[1].Item != d {
			t.Errorf("took %+v", got)
		}
		_, err = r.desk.Take(r.ctx, officer("bob"), "new", "day", 1)
		r.refused(err, "access.circle")
		tabs, err := r.desk.Tabs(r.ctx, both)
		r.must(err)
		if tabs[0].N != 4 || tabs[1].N != 3 {
			t.Errorf("tabs: %+v", tabs)
		}
	})
}

func TestFiltersNarrowAQueue(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		plain := r.item()
		odd := r.item(func(i *staydown.Item) {
			i.Kind, i.Language, i.Host, i.Provider, i.Known = "video", "ar", "video.example", "p1", plain
		})
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			for k, reliability := range []string{"", "C", "A"} {
				l := staydown.Lead{ID: tx.NewID(), Circle: circle, Item: odd, Source: "source " + reliability, Reliability: reliability, Credibility: "2", Import: "x", Place: string(rune('a' + k))}
				if err := tx.AddLead(l); err != nil {
					return err
				}
			}
			return tx.Event(staydown.Event{Act: "hand_in", Noun: "lead", Circle: circle})
		}))
		for name, f := range map[string]assess.Filter{"kind": {Kind: "video"}, "language": {Language: "ar"}, "host": {Host: "video.example"}, "provider": {Provider: "p1"}, "known": {Known: true}} {
			rows, err := r.desk.Queue(r.ctx, officer("ann"), "new", f)
			r.must(err)
			if len(rows) != 1 || rows[0].Item != odd || rows[0].Source != "source A" || rows[0].Reliability != "A" || rows[0].Credibility != "2" {
				t.Errorf("%s: %+v", name, rows)
			}
		}
		if rows, err := r.desk.Queue(r.ctx, officer("ann"), "new", assess.Filter{Kind: "site"}); err != nil || len(rows) != 0 {
			t.Errorf("none of this kind, yet %v %v", rows, err)
		}
		_, err := r.desk.Queue(r.ctx, officer("ann"), "new", assess.Filter{After: "nowhere"})
		r.refused(err, "assess.cursor")
	})
}

// The publisher counts, not the verdict: a news house's posting is looked at twice even when it was found lawful.
func TestKnownGoodPublishersAreLookedAtTwice(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		r.item(func(i *staydown.Item) { i.Host, i.Location = "news.example", "https://news.example/1" })
		a := r.give(officer("ann"), "new", verdict(staydown.Lawful))
		r.minute()
		if got := r.finding(a.ID); got.State != staydown.AssessmentSecondAsked || got.SecondWhy != assess.WhyKnownGood {
			t.Errorf("the finding is %s, %q", got.State, got.SecondWhy)
		}
	})
}
