package assess_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// rig is a desk over a real store, with a clock that only the test moves.
type rig struct {
	*testing.T
	ctx   context.Context
	store *store.Store
	desk  *assess.Desk
	mu    sync.Mutex
	now   time.Time
	n     int
}

const circle = staydown.ID("unit")

// onEach tells a story on every engine there is.
func onEach(t *testing.T, story func(*testing.T, *rig)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { story(t, newRig(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { story(t, newRig(t, storetest.Database(t))) })
}

func newRig(t *testing.T, dsn string) *rig {
	t.Helper()
	r := &rig{T: t, ctx: t.Context(), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(r.ctx, dsn, r.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r.store = s
	r.desk = &assess.Desk{Store: s.Assess(), Sample: -1, KnownGood: func(h string) bool { return h == "news.example" }}
	return r
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// who is a caller of the unit with one role.
func who(name string, role staydown.Role) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID(name), Authority: circle}, Roles: []staydown.Role{role}, Circles: []staydown.ID{circle}}
}

func officer(name string) access.Caller { return who(name, staydown.RoleOfficer) }

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) refused(err error, code string) {
	r.Helper()
	if staydown.CodeOf(err) != code {
		r.Fatalf("got %v (%s), want %s", err, staydown.CodeOf(err), code)
	}
}

const pageText = "Training marker ALPHA: join the exercise brigade, bring nothing real"

// item puts a captured item into the store, with its capture.
func (r *rig) item(change ...func(*staydown.Item)) staydown.ID {
	r.Helper()
	r.n++
	it := staydown.Item{ID: staydown.NewID(r.clock()), Circle: circle, Owner: circle, Location: fmt.Sprintf("https://relay.example/channel/%05d", r.n), Host: "relay.example",
		State: staydown.ItemCaptured, Kind: "post", Title: "Marker", SeenAt: staydown.At(r.clock()), MediaSHA256: fmt.Sprintf("sha-%d", r.n), CapturedAt: staydown.At(r.clock())}
	for _, c := range change {
		c(&it)
	}
	r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		if err := tx.AddItem(it); err != nil {
			return err
		}
		if it.State == staydown.ItemCaptured {
			c := staydown.Capture{ID: tx.NewID(), Item: it.ID, Owner: circle, Circle: it.Circle, Outcome: "content", Title: "Marker", Text: pageText, StartedAt: tx.Now(), EndedAt: tx.Now()}
			if err := tx.AddCapture(c); err != nil {
				return err
			}
			if err := tx.AddExhibit(staydown.Exhibit{ID: tx.NewID(), Item: it.ID, Owner: circle, Circle: it.Circle, Capture: c.ID, Kind: "page", SHA256: "page", KeptAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: it.ID, Circle: it.Circle})
	}))
	return it.ID
}

func (r *rig) get(id staydown.ID) staydown.Item {
	r.Helper()
	it, err := r.store.Item(r.ctx, id)
	r.must(err)
	return it
}

func (r *rig) finding(id staydown.ID) staydown.Assessment {
	r.Helper()
	a, err := r.store.Assessment(r.ctx, id)
	r.must(err)
	return a
}

func recruits() staydown.Assessment {
	return staydown.Assessment{Verdict: staydown.TerroristContent, Ground: staydown.Recruits, Passage: "join the exercise brigade", Purpose: staydown.PurposeSpread,
		Public: true, Language: "English", Seconds: 40}
}

func terms() staydown.Assessment {
	return staydown.Assessment{Verdict: staydown.TermsOnly, Clause: "Terms 4.2", Purpose: staydown.PurposeSpread, Public: true, Seconds: 20}
}

func verdict(v staydown.Verdict) staydown.Assessment {
	return staydown.Assessment{Verdict: v, Purpose: staydown.PurposeDebate, PurposeWhy: "a sermon", Seconds: 10}
}

// give takes an item from a queue, opens it and gives a finding.
func (r *rig) give(c access.Caller, queue string, in staydown.Assessment) staydown.Assessment {
	r.Helper()
	got, err := r.desk.Take(r.ctx, c, queue, "", 1)
	r.must(err)
	if len(got) != 1 {
		r.Fatalf("%s takes %d items of queue %s", c.Actor.Person, len(got), queue)
	}
	if _, err := r.desk.Open(r.ctx, c, got[0].Item); err != nil {
		r.Fatal(err)
	}
	a, err := r.desk.Give(r.ctx, c, got[0].Item, in)
	r.must(err)
	return a
}

// settle runs what is due of the jobs "stand".
func (r *rig) settle() int {
	r.Helper()
	jobs, err := r.store.TakeJobs(r.ctx, []string{"stand"}, 500, "lease", time.Minute)
	r.must(err)
	for _, j := range jobs {
		r.must(r.desk.HandleStand(r.ctx, j))
	}
	return len(jobs)
}

func (r *rig) minute() {
	r.Helper()
	r.wait(staydown.TakeBackWithin)
	r.settle()
}

// asked lists the items for which a question to the other authorities was left.
func (r *rig) asked() map[staydown.ID]bool {
	r.Helper()
	jobs, err := r.store.TakeJobs(r.ctx, []string{"deconflict"}, 500, "peek", time.Minute)
	r.must(err)
	out := map[staydown.ID]bool{}
	for _, j := range jobs {
		out[j.Subject] = true
	}
	return out
}

// log is all leaves about a subject, as they stand in the log.
func (r *rig) log(subject staydown.ID) string {
	r.Helper()
	entries, err := r.store.History(r.ctx, subject, 100)
	r.must(err)
	var b strings.Builder
	for _, e := range entries {
		b.Write(e.Leaf)
		b.WriteByte('\n')
	}
	return b.String()
}
