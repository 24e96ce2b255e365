package match_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/match"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

type rig struct {
	*testing.T
	ctx   context.Context
	store *store.Store
	clock *storetest.Clock
	desk  *match.Desk
	rnd   *rand.Rand
	n     int
}

func each(t *testing.T, story func(r *rig)) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		story(&rig{T: t, ctx: t.Context(), store: s, clock: c, desk: &match.Desk{Store: s.Match()}, rnd: rand.New(rand.NewPCG(1, 1))})
	})
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) act(fn func(tx *store.Tx) error) {
	r.Helper()
	r.must(r.store.Act(r.ctx, access.System("test"), fn))
}

// prints are fingerprints as the desk for them would have kept.
func picture(h pdq.Hash, quality int) staydown.Fingerprint {
	return staydown.Fingerprint{Kind: fingerprint.PDQ, Value: h.String(), Quality: quality}
}

func bytesOf(seed int) staydown.Fingerprint {
	return staydown.Fingerprint{Kind: fingerprint.SHA256, Value: fmt.Sprintf("%064x", seed)}
}

func words(s string) staydown.Fingerprint {
	return staydown.Fingerprint{Kind: fingerprint.Text, Value: text.Of(s).String()}
}

func (r *rig) hash() (h pdq.Hash) {
	for i := range h {
		h[i] = byte(r.rnd.Uint32())
	}
	return h
}

func (r *rig) near(h pdq.Hash, n int) pdq.Hash {
	for _, k := range r.rnd.Perm(256)[:n] {
		h[k/8] ^= 1 << (k % 8)
	}
	return h
}

// item puts an item with fingerprints into a circle and matches it.
func (r *rig) item(circle staydown.ID, prints ...staydown.Fingerprint) staydown.ID {
	r.Helper()
	r.n++
	id := staydown.ID(fmt.Sprintf("item%04d", r.n))
	r.act(func(tx *store.Tx) error {
		i := staydown.Item{ID: id, Circle: circle, Owner: circle, Location: fmt.Sprintf("https://relay.example/c/%d", r.n), Host: "relay.example", State: staydown.ItemCaptured,
			Kind: "post", Title: fmt.Sprintf("Title number %d", r.n), SeenAt: tx.Now(), CapturedAt: tx.Now()}
		if err := tx.AddItem(i); err != nil {
			return err
		}
		if err := tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: id, Circle: circle}); err != nil {
			return err
		}
		mine := slices.Clone(prints)
		for k := range mine {
			mine[k].ID, mine[k].Item, mine[k].Owner, mine[k].Circle = tx.NewID(), id, circle, circle
		}
		_, err := tx.SetFingerprints(id, mine, time.Time{})
		return err
	})
	r.match(id)
	return id
}

func (r *rig) match(id staydown.ID) {
	r.Helper()
	r.act(func(tx *store.Tx) error { return tx.Job(staydown.Job{Kind: "match", Key: string(id), Subject: id}) })
	jobs, err := r.store.TakeJobs(r.ctx, []string{"match"}, 5, "token", time.Minute)
	r.must(err)
	for _, j := range jobs {
		r.must(r.desk.HandleMatch(r.ctx, j))
	}
}

// decide lets a finding stand; "" reopens.
func (r *rig) decide(id staydown.ID, v staydown.Verdict) {
	r.Helper()
	r.clock.At = r.clock.At.Add(time.Minute)
	r.act(func(tx *store.Tx) error {
		i, err := tx.Item(id)
		if err != nil {
			return err
		}
		var e staydown.Event
		if v == "" {
			e, err = i.Reopen("new facts")
		} else {
			e, err = i.Assess(staydown.Assessment{ID: tx.NewID(), Verdict: v}, tx.Now())
		}
		if err != nil {
			return err
		}
		if err := tx.PutItem(i); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// candidates lists what was found for an item as "other kind distance".
func (r *rig) candidates(id staydown.ID) []string {
	r.Helper()
	shown, err := r.store.Assess().Shown(r.ctx, id, []staydown.ID{"unit", "other"})
	r.must(err)
	var out []string
	for _, c := range shown.Candidates {
		out = append(out, fmt.Sprintf("%s %s %d", c.Item, c.Kind, c.Distance))
	}
	slices.Sort(out)
	return out
}

func (r *rig) want(id staydown.ID, want ...string) {
	r.Helper()
	if d := cmp.Diff(want, r.candidates(id)); d != "" {
		r.Errorf("candidates of %s (-want +got):\n%s", id, d)
	}
}

const sentence = "An exercise text that names nobody and stands for nothing at all, written for a drill of two mornings in a harbour that is not on any map."

func TestWhatWasDecidedBeforeIsFound(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		old := r.item("unit", picture(h, 90), bytesOf(1), words(sentence))
		undecided := r.item("unit", picture(h, 90), bytesOf(1), words(sentence))
		elsewhere := r.item("other", picture(h, 90), bytesOf(1), words(sentence))
		r.want(undecided)
		r.decide(old, staydown.TerroristContent)
		r.decide(elsewhere, staydown.Lawful)
		exact := r.item("unit", bytesOf(1))
		r.want(exact, string(old)+" sha256 0")
		near := r.item("unit", picture(r.near(h, 31), 90), words(strings.ToUpper(sentence)+" and a few more words behind it"))
		got := r.candidates(near)
		if len(got) != 2 || got[0] != string(old)+" pdq 31" || !strings.HasPrefix(got[1], string(old)+" text ") {
			r.Errorf("candidates %v", got)
		}
		r.want(r.item("unit", picture(r.near(h, 32), 90)))
		r.want(r.item("unit", picture(h, 49)))
		i, err := r.store.Item(r.ctx, exact)
		r.must(err)
		if i.Known != old || i.Priority != 1 || fmt.Sprint(i.PriorityWhy) != "[known_content]" || i.Verdict != "" {
			r.Errorf("known %s, priority %d %v, verdict %q", i.Known, i.Priority, i.PriorityWhy, i.Verdict)
		}
	})
}

// TestAReopenedFindingStopsMatching at once, without anybody telling the index.
func TestAReopenedFindingStopsMatching(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		old := r.item("unit", picture(h, 90), bytesOf(1))
		r.decide(old, staydown.TerroristContent)
		if got := r.candidates(r.item("unit", picture(h, 90), bytesOf(1))); len(got) != 2 {
			r.Fatalf("candidates %v", got)
		}
		r.decide(old, "")
		r.want(r.item("unit", picture(h, 90), bytesOf(1)))
	})
}

func TestTurnedPicturesAreFound(t *testing.T) {
	each(t, func(r *rig) {
		var turns pdq.Dihedral
		for k := range turns {
			turns[k] = r.hash()
		}
		old := r.item("unit", picture(turns[pdq.FlipY], 90))
		r.decide(old, staydown.TerroristContent)
		var value []string
		for _, h := range turns {
			value = append(value, h.String())
		}
		turned := staydown.Fingerprint{Kind: fingerprint.Turned, Value: strings.Join(value, " "), Quality: 90}
		r.want(r.item("unit", picture(turns[0], 90), turned), string(old)+" pdq 0")
	})
}

func TestMatchingAgainAddsOnlyWhatIsNew(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		first := r.item("unit", picture(h, 90))
		r.decide(first, staydown.TerroristContent)
		id := r.item("unit", picture(h, 90))
		events := func() int {
			all, err := r.store.History(r.ctx, id, 50)
			r.must(err)
			return len(all)
		}
		before := events()
		r.match(id)
		if n := events(); n != before {
			r.Errorf("%d events for nothing new", n-before)
		}
		second := r.item("unit", picture(r.near(h, 2), 90))
		r.decide(second, staydown.Lawful)
		r.match(id)
		r.want(id, string(first)+" pdq 0", string(second)+" pdq 2")
		if n := events(); n != before+1 {
			r.Errorf("%d events for one new candidate", n-before)
		}
	})
}

// TestTheClosestAreKept: of a crowd, those with the same title come first.
func TestTheClosestAreKept(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		for range 40 {
			r.decide(r.item("unit", picture(h, 90), bytesOf(7)), staydown.TerroristContent)
		}
		twin := r.item("unit", picture(r.near(h, 9), 90))
		r.act(func(tx *store.Tx) error {
			i, err := tx.Item(twin)
			if err != nil {
				return err
			}
			i.Title = fmt.Sprintf("Title number %d", r.n+1)
			if err := tx.PutItem(i); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "capture_again", Noun: "item", Subject: twin, Circle: "unit"})
		})
		r.decide(twin, staydown.TerroristContent)
		id := r.item("unit", picture(h, 90))
		all, err := r.desk.Resembling(r.ctx, staydown.Item{ID: id, Circle: "unit", Title: fmt.Sprintf("Title number %d", r.n)}, match.Probe{SHA256: []string{bytesOf(7).Value}, Pictures: []pdq.Hash{h}})
		r.must(err)
		if len(all) != 41 {
			r.Fatalf("%d resemblances", len(all))
		}
		for k, got := range all[:40] {
			if got.Closeness() < all[k+1].Closeness() {
				r.Errorf("resemblance %d is less close than the next", k)
			}
		}
		if n := len(r.candidates(id)); n != 20 { // the list shows 20 rows; what is kept are the 20 closest items
			r.Errorf("%d candidates", n)
		}
		if !slices.Contains(r.candidates(id), string(twin)+" pdq 9") {
			r.Error("the one with the same title was crowded out")
		}
	})
}

// TestAnotherProcessSeesTheSame: a copy of the index built later, from the
// changes alone, answers like the first one.
func TestAnotherProcessSeesTheSame(t *testing.T) {
	each(t, func(r *rig) {
		var hashes []pdq.Hash
		var ids []staydown.ID
		for k := range 700 {
			hashes = append(hashes, r.hash())
			ids = append(ids, staydown.ID(fmt.Sprintf("many%04d", k)))
		}
		r.act(func(tx *store.Tx) error {
			for k, id := range ids {
				if _, err := tx.SetFingerprints(id, []staydown.Fingerprint{{ID: tx.NewID(), Item: id, Circle: "unit", Kind: fingerprint.PDQ, Value: hashes[k].String(), Quality: 90}}, time.Time{}); err != nil {
					return err
				}
			}
			return tx.Event(staydown.Event{Act: "fingerprint", Noun: "item", Circle: "unit"})
		})
		mine, later := match.NewIndex(), match.NewIndex()
		r.must(mine.Follow(r.ctx, r.store.Match()))
		r.act(func(tx *store.Tx) error { // one loses its picture, one gets another
			if _, err := tx.SetFingerprints(ids[3], nil, time.Time{}); err != nil {
				return err
			}
			if _, err := tx.SetFingerprints(ids[4], []staydown.Fingerprint{{ID: tx.NewID(), Item: ids[4], Circle: "unit", Kind: fingerprint.PDQ, Value: hashes[5].String(), Quality: 90}}, time.Time{}); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "fingerprint", Noun: "item", Circle: "unit"})
		})
		r.must(mine.Follow(r.ctx, r.store.Match()))
		r.must(later.Follow(r.ctx, r.store.Match()))
		for k := range 20 {
			a, b := mine.Search("unit", match.Probe{Pictures: hashes[k : k+1]}), later.Search("unit", match.Probe{Pictures: hashes[k : k+1]})
			if d := cmp.Diff(a, b); d != "" {
				r.Errorf("the two copies differ: %s", d)
			}
			want := 1
			switch k {
			case 3, 4:
				want = 0
			case 5:
				want = 2
			}
			if len(a) != want {
				r.Errorf("hash %d: found %v, want %d", k, a, want)
			}
		}
		if got := mine.Search("other", match.Probe{Pictures: hashes[:10]}); len(got) != 0 {
			r.Errorf("another circle finds %v", got)
		}
	})
}
