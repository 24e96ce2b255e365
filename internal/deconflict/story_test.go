package deconflict_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/deconflict"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// rig is the room over a real store, with a clock that only the test moves. Two authorities share the database and nothing
// else: "unit" works on items, "court" holds.
type rig struct {
	*testing.T
	ctx   context.Context
	store *store.Store
	desk  *deconflict.Desk
	mu    sync.Mutex
	now   time.Time
}

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
	r.store, r.desk = s, &deconflict.Desk{Store: s.Deconflict()}
	r.change(func(tx *store.Tx) error {
		for _, id := range []staydown.ID{"unit", "court"} {
			if err := tx.AddAuthority(staydown.Authority{ID: id, Name: string(id)}); err != nil {
				return err
			}
		}
		return nil
	})
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

func (r *rig) change(fn func(*store.Tx) error) {
	r.Helper()
	r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "prepare", Noun: "test"})
	}))
}

func caller(authority, name string, role staydown.Role) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID(name), Authority: staydown.ID(authority)}, Roles: []staydown.Role{role}, Circles: []staydown.ID{staydown.ID(authority)}}
}

var (
	ann   = caller("unit", "ann", staydown.RoleOfficer)
	leo   = caller("unit", "leo", staydown.RoleLegal)
	court = caller("court", "ina", staydown.RoleInvestigator)
)

// asked puts an item with a standing finding into the store, and lets the system ask about it.
func (r *rig) asked(loc string, change ...func(*staydown.Item)) staydown.ID {
	r.Helper()
	i := staydown.Item{ID: staydown.NewID(r.clock()), Circle: "unit", Owner: "unit", Location: loc, Host: location.Host(loc), Kind: "post",
		State: staydown.ItemAssessed, Verdict: staydown.TerroristContent, Ground: staydown.Recruits}
	for _, c := range change {
		c(&i)
	}
	r.change(func(tx *store.Tx) error {
		return errors.Join(tx.AddItem(i), tx.Job(staydown.Job{Kind: "deconflict", Key: string(i.ID), Subject: i.ID}))
	})
	r.run()
	return i.ID
}

// run does the jobs "deconflict" that are due.
func (r *rig) run() int {
	r.Helper()
	jobs, err := r.store.TakeJobs(r.ctx, []string{"deconflict"}, 500, "lease", time.Minute)
	r.must(err)
	for _, j := range jobs {
		r.must(r.desk.HandleDeconflict(r.ctx, j))
	}
	return len(jobs)
}

func (r *rig) queries(id staydown.ID) []staydown.Query {
	r.Helper()
	list, err := r.desk.Queries(r.ctx, ann, id)
	r.must(err)
	return list
}

func (r *rig) state(id staydown.ID) staydown.QueryState {
	r.Helper()
	list := r.queries(id)
	if len(list) == 0 {
		return ""
	}
	return list[0].State
}

func (r *rig) place(scope staydown.HoldScope, loc string) staydown.Hold {
	r.Helper()
	h, err := r.desk.Place(r.ctx, court, deconflict.NewHold{Location: loc, Scope: scope, Case: "C 12/26", Reason: "an inquiry under way"})
	r.must(err)
	return h
}

// sent puts a line in a letter for an item, which left at a time; zero for one that has not.
func (r *rig) sent(id staydown.ID, state staydown.LetterState, at time.Time) {
	r.Helper()
	r.change(func(tx *store.Tx) error {
		i, err := tx.Item(id)
		if err != nil {
			return err
		}
		l := staydown.Letter{ID: tx.NewID(), Owner: "unit", Circle: "unit", State: state, Reference: string(tx.NewID()), SentAt: at}
		line := staydown.Line{ID: tx.NewID(), Letter: l.ID, Owner: "unit", Circle: "unit", Item: id, Location: i.Location, State: staydown.LineAsked}
		i.Line = line.ID
		return errors.Join(tx.AddLetter(l), tx.AddLine(line), tx.PutItem(i))
	})
}

func TestNobodyHoldsIt(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		r.place(staydown.HoldItem, "https://relay.example/other/1")
		id := r.asked("https://relay.example/marker/12")
		q := r.queries(id)
		if len(q) != 1 || q[0].State != staydown.QueryClear || q[0].By != deconflict.BySystem || q[0].Owner != "unit" || q[0].AnsweredAt.IsZero() {
			t.Errorf("answered %+v", q)
		}
		if !deconflict.MayGo("post", q) {
			t.Error("what nobody holds may not go")
		}
	})
}

func TestTheAskerLearnsTheAnswerOnly(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		h := r.place(staydown.HoldAccount, "https://relay.example/marker")
		early := r.asked("https://relay.example/marker/12")
		late := r.asked("https://relay.example/other/12")
		late2 := r.place(staydown.HoldItem, "https://relay.example/other/12")
		for id, hold := range map[staydown.ID]staydown.Hold{early: h, late: late2} {
			q := r.queries(id)
			if len(q) != 1 || q[0].State != staydown.QueryHeld || !q[0].Until.Equal(hold.ReviewAt) || q[0].Scope != hold.Scope {
				t.Errorf("answered %+v", q)
			}
			if q[0].Hold != "" {
				t.Error("the asker learns which hold answered")
			}
			entries, err := r.store.History(r.ctx, q[0].ID, 10)
			r.must(err)
			for _, e := range entries {
				if e.Owner != "unit" || e.Actor != "" || strings.Contains(string(e.Leaf), "court") || strings.Contains(string(e.Leaf), string(hold.ID)) || strings.Contains(string(e.Leaf), "C 12/26") {
					t.Errorf("the log tells the asker who holds: %s", e.Leaf)
				}
			}
		}
		latest, err := r.store.Latest(r.ctx, ann, 0, 100)
		r.must(err)
		for _, e := range latest {
			if e.Noun == "hold" {
				t.Errorf("the asker reads of a hold: %s", e.Leaf)
			}
		}
		if _, err := r.desk.Holds(r.ctx, ann); staydown.CodeOf(err) != "access.permission" {
			t.Errorf("an officer lists holds: %v", err)
		}
	})
}

func TestAHoldPlacedLaterHoldsBackWhatHasNotLeft(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		free := r.asked("https://relay.example/other/1")
		waiting := r.asked("https://relay.example/marker/1")
		drafted := r.asked("https://relay.example/marker/2")
		r.sent(drafted, staydown.LetterApproved, time.Time{})
		left := r.asked("https://relay.example/marker/3")
		at := r.clock().Add(-time.Hour)
		r.sent(left, staydown.LetterDelivered, at)
		failed := r.asked("https://relay.example/marker/4")
		r.sent(failed, staydown.LetterFailed, at)
		h := r.place(staydown.HoldAccount, "https://relay.example/marker")
		for id, want := range map[staydown.ID]staydown.QueryState{free: staydown.QueryClear, waiting: staydown.QueryHeld, drafted: staydown.QueryHeld,
			left: staydown.QueryClear, failed: staydown.QueryHeld} {
			if got := r.state(id); got != want {
				t.Errorf("%s is %s, want %s", r.queries(id)[0].Location, got, want)
			}
		}
		out, err := r.desk.Out(r.ctx, court, h.ID)
		r.must(err)
		if diff := cmp.Diff([]deconflict.Out{{Location: "https://relay.example/marker/3", SentAt: at}}, out); diff != "" {
			t.Errorf("the owner is told what is out: %s", diff)
		}
		entries, err := r.store.History(r.ctx, h.ID, 10)
		r.must(err)
		if len(entries) != 1 || !strings.Contains(string(entries[0].Leaf), `"already_out":1,"held":3`) {
			t.Errorf("placing left %s", entries[0].Leaf)
		}
		_, err = r.desk.Out(r.ctx, caller("unit", "una", staydown.RoleInvestigator), h.ID)
		r.refused(err, "holds.not_found")
	})
}

func TestLiftingAsksAgain(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		one := r.place(staydown.HoldItem, "https://relay.example/marker/1")
		two := r.place(staydown.HoldHost, "relay.example")
		id := r.asked("https://relay.example/marker/1")
		r.must(r.desk.Lift(r.ctx, court, one.ID))
		if r.run(); r.state(id) != staydown.QueryHeld {
			t.Fatalf("still held by the host's hold, yet %s", r.state(id))
		}
		r.must(r.desk.Lift(r.ctx, court, two.ID))
		if r.state(id) != staydown.QueryHeld {
			t.Error("cleared before it was asked about again")
		}
		if n := r.run(); n != 1 || r.state(id) != staydown.QueryClear {
			t.Errorf("%d asked, now %s", n, r.state(id))
		}
		if q := r.queries(id)[0]; !q.Until.IsZero() || q.Scope != "" {
			t.Errorf("cleared, yet %+v", q)
		}
		r.refused(r.desk.Lift(r.ctx, court, two.ID), "hold.state")
		again := r.place(staydown.HoldHost, "relay.example")
		if again.ID == two.ID || r.state(id) != staydown.QueryHeld {
			t.Errorf("placed again: %s, %s", again.ID, r.state(id))
		}
	})
}

func TestAHoldNeverExpires(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		h := r.place(staydown.HoldItem, "https://relay.example/marker/1")
		if due, err := r.desk.Due(r.ctx, court); err != nil || len(due) != 0 {
			t.Fatalf("due at once: %v %v", due, err)
		}
		r.wait(300 * 24 * time.Hour)
		if due, err := r.desk.Due(r.ctx, court); err != nil || len(due) != 1 {
			t.Fatalf("not due: %v %v", due, err)
		}
		id := r.asked("https://relay.example/marker/1")
		if r.state(id) != staydown.QueryHeld {
			t.Fatalf("a hold past its review lets go: %s", r.state(id))
		}
		r.must(r.desk.Review(r.ctx, court, h.ID))
		if due, err := r.desk.Due(r.ctx, court); err != nil || len(due) != 0 {
			t.Errorf("reviewed and due: %v %v", due, err)
		}
		r.run()
		if q := r.queries(id)[0]; !q.Until.Equal(r.clock().Add(staydown.HoldReviewEvery)) {
			t.Errorf("held until %s", q.Until)
		}
	})
}

func TestPlacingTwiceIsOneHold(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		a := r.place(staydown.HoldItem, "https://relay.example/marker/1")
		b := r.place("", "HTTPS://relay.example:443/marker/1")
		if a.ID != b.ID {
			t.Error("two holds of one authority on one thing")
		}
		other, err := r.desk.Place(r.ctx, caller("unit", "una", staydown.RoleInvestigator), deconflict.NewHold{Location: "https://relay.example/marker/1", Case: "D 1"})
		r.must(err)
		if other.ID == a.ID {
			t.Error("another authority got to see a hold that is not its own")
		}
		if all, err := r.desk.Holds(r.ctx, court); err != nil || len(all) != 1 {
			t.Errorf("holds of the court: %v %v", all, err)
		}
		for name, err := range map[string]error{"lift": r.desk.Lift(r.ctx, court, other.ID), "review": r.desk.Review(r.ctx, court, other.ID)} {
			if staydown.KindOf(err) != staydown.NotFound {
				t.Errorf("%s of another authority's hold: %v", name, err)
			}
		}
	})
}

func TestOnePostingIsHeldTheOthersOfTheAccountMayGo(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		h := r.place(staydown.HoldItem, "https://relay.example/marker/1")
		post := r.asked("https://relay.example/marker/2")
		account := r.asked("https://relay.example/marker", func(i *staydown.Item) { i.Kind = "account" })
		if r.state(post) != staydown.QueryPartial || r.state(account) != staydown.QueryHeld {
			t.Errorf("the posting is %s, the account %s", r.state(post), r.state(account))
		}
		r.must(r.desk.Lift(r.ctx, court, h.ID))
		r.run()
		if r.state(post) != staydown.QueryClear || r.state(account) != staydown.QueryClear {
			t.Errorf("lifted: the posting is %s, the account %s", r.state(post), r.state(account))
		}
	})
}

func TestSilenceIsDecidedByANamedPerson(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.asked("https://relay.example/marker/1")
		q, err := r.desk.Ask(r.ctx, ann, id, deconflict.ByPhone)
		r.must(err)
		_, err = r.desk.Ask(r.ctx, ann, id, deconflict.ByPhone)
		r.refused(err, "query.open")
		r.refused(r.desk.Decide(r.ctx, leo, q.ID, deconflict.LetGo, "no time"), "query.state")
		r.refused(r.desk.Decide(r.ctx, ann, q.ID, "give_up", ""), "query.reason")
		r.must(r.desk.Decide(r.ctx, ann, q.ID, "give_up", "rang three times"))
		if deconflict.MayGo("post", r.queries(id)) {
			t.Fatal("silence lets it go")
		}
		r.refused(r.desk.Decide(r.ctx, ann, q.ID, deconflict.LetGo, "a date is named"), "access.permission")
		r.must(r.desk.Decide(r.ctx, leo, q.ID, deconflict.LetGo, "a date is named"))
		all := r.queries(id)
		if len(all) != 2 || all[1].DecidedBy != "leo" || all[1].State != staydown.QueryNoAnswer || all[1].Reason != "a date is named" || !deconflict.MayGo("post", all) {
			t.Errorf("decided: %+v", all)
		}
		r.must(r.desk.Decide(r.ctx, ann, q.ID, "hold", "they rang back"))
		if all = r.queries(id); all[1].DecidedBy != "" || deconflict.MayGo("post", all) {
			t.Errorf("a late answer does not count: %+v", all[1])
		}
		_, err = r.desk.Ask(r.ctx, ann, id, deconflict.BySiena)
		r.refused(err, "query.held")
		_, err = r.desk.Ask(r.ctx, ann, id, "pigeon")
		r.refused(err, "query.way")
	})
}

func TestNobodyDecidesAwayAnActiveHold(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		r.place(staydown.HoldItem, "https://relay.example/marker/1")
		id := r.asked("https://relay.example/marker/1")
		q := r.queries(id)[0]
		for _, act := range []staydown.Act{"clear", "answer_partly", "give_up", deconflict.LetGo, "lift"} {
			if err := r.desk.Decide(r.ctx, caller("unit", "lea", staydown.RoleLead), q.ID, act, "because"); staydown.CodeOf(err) != "query.system" {
				t.Errorf("%s: %v", act, err)
			}
		}
		again, err := r.desk.Ask(r.ctx, ann, id, deconflict.BySystem)
		r.must(err)
		if again.ID != q.ID || again.Hold != "" || r.run() != 1 || r.state(id) != staydown.QueryHeld {
			t.Errorf("asked again: %+v, %s", again, r.state(id))
		}
	})
}

func TestOnlyWhatMayBecomeALetterIsAskedAbout(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.asked("https://relay.example/marker/1", func(i *staydown.Item) { i.Verdict, i.Ground = staydown.Lawful, "" })
		if got := r.queries(id); len(got) != 0 {
			t.Errorf("asked about a lawful posting: %v", got)
		}
	})
}

// What the store looks up must be all that the rules would hold, whatever the spelling of the addresses.
func TestTheStoreFindsWhatTheRulesHold(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		rnd := rand.New(rand.NewPCG(7, 7))
		pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
		address := func() string {
			return pick("https://", "http://") + pick("", "www.") + pick("relay.example", "a.relay.example", "wire.example") +
				pick("/", "/marker", "/@marker", "/marker/1", "/marker/2", "/s/marker/1", "/@marker/status/1", "/marker/1/x", "/other/1", "/watch?v=abcdef", "/other")
		}
		type thing struct {
			id staydown.ID
			t  deconflict.Target
		}
		var things []thing
		seen := map[string]bool{}
		for range 90 {
			loc := address()
			if seen[loc] {
				continue
			}
			seen[loc] = true
			x := deconflict.Target{Location: loc, Kind: pick("post", "post", "account", "site"), Account: pick("", "", "@marker", "https://relay.example/@marker")}
			things = append(things, thing{r.asked(loc, func(i *staydown.Item) { i.Kind, i.Account = x.Kind, x.Account }), x})
		}
		for n := range 24 {
			scope := []staydown.HoldScope{staydown.HoldItem, staydown.HoldAccount, staydown.HoldHost}[n%3]
			loc := address()
			h := r.place(scope, loc)
			for _, x := range things {
				want, _ := deconflict.Answer([]staydown.Hold{h}, x.t)
				if got := r.state(x.id); (got == staydown.QueryHeld) != (want == "hold") {
					t.Errorf("%s hold on %s: %s %+v is %s, want %s", scope, loc, x.id, x.t, got, want)
				}
			}
			r.must(r.desk.Lift(r.ctx, court, h.ID))
			r.run()
			for _, x := range things {
				if got := r.state(x.id); got != staydown.QueryClear {
					t.Fatalf("lifted, and %+v is %s", x.t, got)
				}
			}
			// Asked only now, an item gets the same answer.
			if n%6 == 0 {
				h = r.place(scope, loc)
				x := deconflict.Target{Location: fmt.Sprintf("%s?late=%d", strings.SplitN(address(), "?", 2)[0], n), Kind: "post"}
				id := r.asked(x.Location)
				want, _ := deconflict.Answer([]staydown.Hold{h}, x)
				if got := r.state(id); (got == staydown.QueryHeld) != (want == "hold") {
					t.Errorf("asked after the %s hold on %s: %+v is %s, want %s", scope, loc, x, got, want)
				}
				r.must(r.desk.Lift(r.ctx, court, h.ID))
				r.run()
			}
		}
	})
}

func TestRefusals(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		id := r.asked("https://relay.example/marker/1")
		phone, err := r.desk.Ask(r.ctx, ann, id, deconflict.ByPhone)
		r.must(err)
		h := r.place(staydown.HoldItem, "https://relay.example/marker/9")
		acts := map[string]func(access.Caller) error{
			"Place": func(c access.Caller) error {
				_, err := r.desk.Place(r.ctx, c, deconflict.NewHold{Location: "https://relay.example/x", Case: "C"})
				return err
			},
			"Lift":    func(c access.Caller) error { return r.desk.Lift(r.ctx, c, h.ID) },
			"Review":  func(c access.Caller) error { return r.desk.Review(r.ctx, c, h.ID) },
			"Holds":   func(c access.Caller) error { _, err := r.desk.Holds(r.ctx, c); return err },
			"Due":     func(c access.Caller) error { _, err := r.desk.Due(r.ctx, c); return err },
			"Out":     func(c access.Caller) error { _, err := r.desk.Out(r.ctx, c, h.ID); return err },
			"Ask":     func(c access.Caller) error { _, err := r.desk.Ask(r.ctx, c, id, deconflict.BySiena); return err },
			"Decide":  func(c access.Caller) error { return r.desk.Decide(r.ctx, c, phone.ID, "clear", "they said so") },
			"Queries": func(c access.Caller) error { _, err := r.desk.Queries(r.ctx, c, id); return err },
		}
		for name, act := range acts {
			if err := act(caller("unit", "adam", staydown.RoleAdmin)); staydown.CodeOf(err) != "access.permission" {
				t.Errorf("%s by an administrator: %v", name, err)
			}
			narrow := caller("court", "tok", staydown.RoleInvestigator)
			narrow.Scopes = []access.Permission{access.HandIn}
			if err := act(narrow); staydown.CodeOf(err) != "access.scope" {
				t.Errorf("%s with a narrow token: %v", name, err)
			}
		}
		stranger := caller("third", "sue", staydown.RoleLead)
		stranger.Roles = append(stranger.Roles, staydown.RoleInvestigator)
		for _, name := range []string{"Lift", "Review", "Out", "Ask", "Decide", "Queries"} {
			if err := acts[name](stranger); staydown.KindOf(err) != staydown.NotFound {
				t.Errorf("%s by a stranger: %v", name, err)
			}
		}
		r.desk.Store = broken{r.desk.Store}
		for _, name := range []string{"Place", "Lift", "Review", "Ask", "Decide"} {
			c := court
			if name == "Ask" || name == "Decide" {
				c = ann
			}
			if err := acts[name](c); !errors.Is(err, errDisk) {
				t.Errorf("%s over a broken store: %v", name, err)
			}
		}
		if err := r.desk.HandleDeconflict(r.ctx, staydown.Job{Subject: id}); !errors.Is(err, errDisk) {
			t.Errorf("HandleDeconflict over a broken store: %v", err)
		}
	})
}

// broken is a store whose every change fails.
type broken struct{ deconflict.Store }

var errDisk = errors.New("the disk is gone")

func (broken) Act(context.Context, access.Caller, func(deconflict.Tx) error) error { return errDisk }
func (broken) Finish(context.Context, access.Caller, staydown.Job, func(deconflict.Tx) error) error {
	return errDisk
}
