package watch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
	"github.com/staydown/staydown/internal/watch"
)

// each runs a story on every engine.
func each(t *testing.T, story func(r *rig)) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) { story(newRig(t, s, c)) })
}

// gone captures a posting, lets it be decided, and sees it up and then gone.
func (r *rig) gone(p posting) staydown.ID {
	r.Helper()
	id := r.capture(p)
	r.wait(time.Hour)
	r.decide(id)
	r.wait(time.Hour)
	r.look(id, staydown.Up)
	r.wait(24 * time.Hour)
	r.look(id, staydown.Gone)
	r.wait(10 * time.Hour)
	return id
}

func TestReuploadsAreFound(t *testing.T) {
	original := picture(1)
	for _, tt := range []struct {
		name  string
		media medium
		kind  string // of the signal that must be there
	}{
		{"the same bytes", asPNG(original), "sha256"},
		{"encoded anew", asJPEG(original, 55), "pdq"},
		{"flipped", asJPEG(flipped(original), 85), "pdq"},
		{"captioned", asJPEG(captioned(original), 85), "pdq"},
		{"a clip that begins with it", asGIF(original, picture(9)), "pdq"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(r *rig) {
				other := r.gone(posting{url: "https://relay.example/c/lamp/2", title: "Another thing", words: words(2, 60), media: []medium{asPNG(picture(2))}})
				old := r.gone(posting{url: "https://relay.example/c/lamp/1", title: "Harbour morning", words: words(1, 60), media: []medium{asPNG(original)}})
				back := r.capture(posting{url: "https://relay.example/c/lamp_2/900", title: "Harbour morning", words: words(3, 60), published: r.clock.Now().Add(-2 * time.Hour), media: []medium{tt.media}})
				rows := r.returns(staydown.ReturnCandidate)
				if len(rows) != 1 || rows[0].Item.ID != back || rows[0].Of.ID != old || rows[0].Kind != watch.Reupload {
					r.Fatalf("proposed: %+v; want %s as a return of %s, not of %s", rows, back, old, other)
				}
				if !hasSignal(rows[0].Signals, tt.kind) || !hasSignal(rows[0].Signals, "title") || rows[0].Score < 50 {
					r.Errorf("score %d, signals %+v", rows[0].Score, rows[0].Signals)
				}
				if i := r.item(back); i.Verdict != "" || i.ReturnOf != "" || i.Priority == 0 || i.PriorityWhy[len(i.PriorityWhy)-1] != "maybe_back" {
					r.Errorf("before a person confirms: verdict %q, return of %q, priority %d %v", i.Verdict, i.ReturnOf, i.Priority, i.PriorityWhy)
				}
			})
		})
	}
}

func hasSignal(signals []staydown.Signal, kind string) bool {
	for _, s := range signals {
		if s.Kind == kind && s.Score > 0 && s.Detail != "" {
			return true
		}
	}
	return false
}

// TestACopyThatStoodBesideItIsNoReturn: it appeared before the other was last
// seen up.
func TestACopyThatStoodBesideItIsNoReturn(t *testing.T) {
	each(t, func(r *rig) {
		m := asPNG(picture(1))
		start := r.clock.Now()
		r.gone(posting{url: "https://relay.example/c/lamp/1", title: "One thing", words: words(1, 60), media: []medium{m}})
		r.capture(posting{url: "https://relay.example/c/tower/5", title: "Two things", words: words(2, 60), published: start.Add(-time.Hour), media: []medium{m}})
		// It appeared after the capture, but while the other was still seen up.
		r.capture(posting{url: "https://relay.example/c/tower/6", title: "Three things", words: words(3, 60), published: start.Add(90 * time.Minute), media: []medium{m}})
		if rows := r.returns(""); len(rows) != 0 {
			r.Errorf("proposed: %+v", rows)
		}
	})
}

// TestFoundBeforeTheOtherWasSeenGone: the re-upload was handed in before our
// check of the first one; the check must find it.
func TestFoundBeforeTheOtherWasSeenGone(t *testing.T) {
	each(t, func(r *rig) {
		m := asPNG(picture(1))
		old := r.capture(posting{url: "https://relay.example/c/lamp/1", title: "One thing", words: words(1, 60), media: []medium{m}})
		r.wait(time.Hour)
		r.decide(old)
		r.wait(24 * time.Hour)
		back := r.capture(posting{url: "https://tube.example/watch?v=abcdefghijk", title: "One thing", words: words(2, 60), published: r.clock.Now().Add(-time.Hour), media: []medium{m}})
		if rows := r.returns(""); len(rows) != 0 {
			r.Fatalf("proposed while the first was not seen gone: %+v", rows)
		}
		r.wait(time.Hour)
		r.look(old, staydown.Gone)
		rows := r.returns(staydown.ReturnCandidate)
		if len(rows) != 1 || rows[0].Item.ID != back || rows[0].Of.ID != old {
			r.Errorf("proposed: %+v", rows)
		}
	})
}

// TestALikelierOriginTakesOver: a near thing is proposed first; when the true
// origin is seen gone later, it is what the list shows.
func TestALikelierOriginTakesOver(t *testing.T) {
	each(t, func(r *rig) {
		m := asPNG(picture(1))
		origin := r.capture(posting{url: "https://relay.example/c/lamp/1", title: "Harbour morning", words: words(1, 60), media: []medium{m}})
		sibling := r.gone(posting{url: "https://relay.example/c/tower/7", title: "Tower evening", words: words(2, 60), media: []medium{asJPEG(picture(1), 60)}})
		r.decide(origin)
		back := r.capture(posting{url: "https://relay.example/c/lamp_2/3", title: "Harbour morning", words: words(1, 60), published: r.clock.Now().Add(-time.Hour), media: []medium{m}})
		if rows := r.returns(staydown.ReturnCandidate); len(rows) != 1 || rows[0].Of.ID != sibling {
			r.Fatalf("first proposed: %+v", rows)
		}
		r.look(origin, staydown.Gone)
		rows := r.returns(staydown.ReturnCandidate)
		if len(rows) != 1 || rows[0].Item.ID != back || rows[0].Of.ID != origin {
			r.Fatalf("then proposed: %+v", rows)
		}
		r.must(r.watch.Confirm(r.ctx, officer("o"), rows[0].ID))
		if left := r.returns(staydown.ReturnCandidate); len(left) != 0 {
			r.Errorf("suspicions left after one was confirmed: %+v", left)
		}
		if dropped := r.returns(staydown.ReturnDismissed); len(dropped) != 1 || dropped[0].Of.ID != sibling || dropped[0].Reason == "" {
			r.Errorf("dismissed: %+v", dropped)
		}
	})
}

// TestASiteComesBackThreeTimes follows a page of a site over its addresses,
// with its words slightly rewritten and its pages built anew each time.
func TestASiteComesBackThreeTimes(t *testing.T) {
	each(t, func(r *rig) {
		text := words(1, 150)
		var lives []staydown.ID
		for generation := range 4 {
			p := posting{url: fmt.Sprintf("https://wire%d.example/news/report-%d", generation, generation), kind: "article", title: "Report from the harbour",
				words: text[:len(text)*9/10] + words(uint64(100+generation), 12)}
			if generation > 0 {
				p.published = r.clock.Now().Add(-3 * time.Hour)
			}
			lives = append(lives, r.gone(p))
			rows := r.returns(staydown.ReturnCandidate)
			if generation == 0 {
				continue
			}
			if len(rows) != 1 || rows[0].Of.ID != lives[generation-1] || rows[0].Kind != watch.Rebuilt {
				r.Fatalf("generation %d: proposed %+v", generation, rows)
			}
			r.must(r.watch.Confirm(r.ctx, officer("o"), rows[0].ID))
		}
		lineage := r.item(lives[3]).Lineage
		line, err := r.watch.Lineage(r.ctx, officer("o"), lineage)
		r.must(err)
		if line.Lineage.Kind != "site" || len(line.Generations) != 4 {
			r.Fatalf("%+v with %d generations", line.Lineage, len(line.Generations))
		}
		for n, g := range line.Generations {
			if g.N != n+1 || g.Item != lives[n] || g.ToAt.IsZero() || (n > 0) != (g.Away > 0) || (n > 0) != (len(g.Signals) > 0) {
				r.Errorf("generation %d: %+v", n+1, g)
			}
		}
		if i := r.item(lives[2]); i.ReturnOf != lives[1] || i.Lineage != lineage {
			r.Errorf("the third generation: return of %s in %s", i.ReturnOf, i.Lineage)
		}
		all, err := r.watch.Lineages(r.ctx, officer("o"))
		r.must(err)
		if len(all) != 1 || all[0].Generations != 4 || all[0].ID != lineage || all[0].Name != "Report from the harbour" {
			r.Errorf("lineages: %+v", all)
		}
	})
}

// TestIdentifiersBetraySites: nothing is alike but what the makers carry along.
func TestIdentifiersBetraySites(t *testing.T) {
	each(t, func(r *rig) {
		const marks = `<a href="https://t.me/exercise_channel">c</a><p>drill@exercise.example</p>`
		old := r.gone(posting{url: "https://wire.example/", kind: "site", title: "Old name", words: words(1, 60), markup: marks})
		back := r.capture(posting{url: "https://lantern.example/", kind: "site", title: "New name", words: words(2, 60), markup: marks, published: r.clock.Now().Add(-time.Hour)})
		rows := r.returns(staydown.ReturnCandidate)
		if len(rows) != 1 || rows[0].Item.ID != back || rows[0].Of.ID != old || rows[0].Kind != watch.Rebuilt || !hasSignal(rows[0].Signals, "handle") {
			r.Errorf("proposed: %+v", rows)
		}
	})
}

func TestWhoMaySettleAReturn(t *testing.T) {
	each(t, func(r *rig) {
		m := asPNG(picture(1))
		r.gone(posting{url: "https://relay.example/c/lamp/1", title: "One thing", words: words(1, 60), media: []medium{m}})
		r.capture(posting{url: "https://relay.example/c/lamp/2", title: "One thing", words: words(1, 60), published: r.clock.Now().Add(-time.Hour), media: []medium{m}})
		id := r.returns(staydown.ReturnCandidate)[0].ID
		refused := func(err error, want string) {
			r.Helper()
			if staydown.CodeOf(err) != want {
				r.Errorf("got %v (%s), want %s", err, staydown.CodeOf(err), want)
			}
		}
		refused(r.watch.Confirm(r.ctx, who("a", unit, staydown.RoleAnalyst), id), "access.permission")
		refused(r.watch.Dismiss(r.ctx, who("a", unit, staydown.RoleAnalyst), id, "no"), "access.permission")
		refused(r.watch.Confirm(r.ctx, who("x", "elsewhere", staydown.RoleOfficer), id), "access.circle")
		refused(r.watch.Confirm(r.ctx, officer("o"), "none"), "returns.not_found")
		refused(r.watch.Dismiss(r.ctx, officer("o"), id, " "), "return.reason")
		if rows, err := r.watch.Returns(r.ctx, who("x", "elsewhere", staydown.RoleOfficer), "", 0); err != nil || len(rows) != 0 {
			r.Errorf("another circle sees %+v, %v", rows, err)
		}
		if _, err := r.watch.Returns(r.ctx, officer("o"), "nonsense", 0); staydown.CodeOf(err) != "return.state" {
			r.Errorf("a state that is none: %v", err)
		}
		r.must(r.watch.Dismiss(r.ctx, officer("o"), id, "another film of the same place"))
		if err := r.watch.Confirm(r.ctx, officer("o"), id); staydown.KindOf(err) != staydown.Refused {
			r.Errorf("confirming what was dismissed: %v", err)
		}
		if rows := r.returns(staydown.ReturnDismissed); len(rows) != 1 || rows[0].Reason != "another film of the same place" || rows[0].DecidedBy != "o" {
			r.Errorf("dismissed: %+v", rows)
		}
	})
}
