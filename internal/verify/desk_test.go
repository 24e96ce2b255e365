package verify_test

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/capture"
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
	"github.com/staydown/staydown/internal/verify"
)

const posting = `<title>What was said · Example</title><main><article><h1>What was said in the exercise</h1><time>x</time>
<p>Exercise sentence one, not real. The lamp stood by the river all day. A second sentence follows the first.</p></article></main>`

// wall is a provider with one page, which a test takes down.
type wall struct {
	mu     sync.Mutex
	status int
	body   string
	asked  int
}

func (w *wall) set(status int, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, w.body = status, body
}

func (w *wall) ServeHTTP(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(w.status)
	fmt.Fprint(rw, w.body)
}

// office is a desk with one item, in one letter, at a provider.
type office struct {
	*testing.T
	store *store.Store
	clock *storetest.Clock
	desk  *verify.Desk
	wall  *wall
	item  staydown.Item
	line  staydown.Line
	sent  time.Time
}

func openOffice(t *testing.T, s *store.Store, c *storetest.Clock) *office {
	t.Helper()
	o := &office{T: t, store: s, clock: c, wall: &wall{status: 200, body: posting}, sent: c.At}
	site := httptest.NewTLSServer(o.wall)
	t.Cleanup(site.Close)
	g, err := dial.New(dial.Policy{Only: true, Roots: []*x509.Certificate{site.Certificate()}, Admit: []dial.Admission{
		{Purpose: dial.Probe, Name: "example.com:443", Pair: netip.MustParseAddrPort(site.Listener.Addr().String())}}})
	if err != nil {
		t.Fatal(err)
	}
	client := g.Client(dial.Probe, dial.Options{})
	looker := verify.NewLooker([]verify.Vantage{{Name: "direct", Country: "BE", Client: client}, {Name: "direct-de", Country: "DE", Client: client}}, capture.Headers{}, c.Now)
	o.desk = &verify.Desk{Store: s.Verify(), Looker: looker}
	o.hand()
	return o
}

// hand puts an item with a capture, a letter and the job for its first look into
// the store.
func (o *office) hand() {
	o.Helper()
	p := page.Read([]byte(posting), "text/html", "https://example.com/p/1")
	facts, err := json.Marshal(capture.Facts{Likeness: &page.Likeness{Name: page.Fold(p.Name()), Sketch: page.SketchOf(p.Main)}})
	if err != nil {
		o.Fatal(err)
	}
	o.act(func(tx *store.Tx) error {
		o.item = staydown.Item{ID: tx.NewID(), Circle: "camp", Owner: "unit", Location: "https://example.com/p/1", Host: "example.com", State: staydown.ItemAssessed}
		l := staydown.Letter{ID: tx.NewID(), Owner: "unit", Circle: "camp", State: staydown.LetterDelivered, Reference: "BE-1", DeliveredAt: tx.Now()}
		o.line = staydown.Line{ID: tx.NewID(), Letter: l.ID, Owner: "unit", Circle: "camp", Item: o.item.ID, Location: o.item.Location, State: staydown.LineAsked}
		o.item.Line = o.line.ID
		good := staydown.Capture{ID: tx.NewID(), Item: o.item.ID, Owner: "unit", Circle: "camp", Outcome: "content", Facts: string(facts), StartedAt: tx.Now()}
		bad := staydown.Capture{ID: tx.NewID(), Item: o.item.ID, Owner: "unit", Circle: "camp", Outcome: "http_503", Facts: "{}", StartedAt: tx.Now().Add(time.Second)}
		for _, err := range []error{tx.AddItem(o.item), tx.AddLetter(l), tx.AddLine(o.line), tx.AddCapture(good), tx.AddCapture(bad),
			tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: o.item.ID})} {
			if err != nil {
				return err
			}
		}
		return o.leave(tx, verify.Plan{N: 1, Line: o.line.ID, Letter: l.ID, Sent: o.sent})
	})
}

func (o *office) leave(tx *store.Tx, p verify.Plan) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.Job(staydown.Job{Kind: "verify", Key: string(o.item.ID), Subject: o.item.ID, Payload: string(b), RunAt: tx.Now().Add(time.Hour)})
}

func (o *office) act(fn func(tx *store.Tx) error) {
	o.Helper()
	if err := o.store.Act(o.Context(), access.System("test"), fn); err != nil {
		o.Fatal(err)
	}
}

// run sets the clock to the next job of a kind and does it; false when there is
// none.
func (o *office) run(kind string) bool {
	o.Helper()
	next, _, err := o.store.NextJob(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	if next.IsZero() {
		return false
	}
	if next.After(o.clock.At) {
		o.clock.At = next
	}
	taken, err := o.store.TakeJobs(o.Context(), []string{kind}, 10, "token", time.Minute)
	if err != nil {
		o.Fatal(err)
	}
	for _, j := range taken {
		if err := o.desk.HandleVerify(o.Context(), j); err != nil {
			o.Fatal(err)
		}
	}
	return len(taken) > 0
}

// jobs counts the open jobs of a kind.
func (o *office) jobs(kind string) int {
	o.Helper()
	counts, err := o.store.JobCounts(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	n := 0
	for _, c := range counts {
		if c.Kind == kind {
			n += c.N
		}
	}
	return n
}

// drop takes jobs of other rooms away.
func (o *office) drop(kind string) {
	o.act(func(tx *store.Tx) error { return tx.DropJob(kind, string(o.item.ID)) })
}

// now reads the item and its line as they are.
func (o *office) now() (staydown.Item, staydown.Line) {
	o.Helper()
	i, err := o.store.Item(o.Context(), o.item.ID)
	if err != nil {
		o.Fatal(err)
	}
	l, err := o.store.Line(o.Context(), o.line.ID)
	if err != nil {
		o.Fatal(err)
	}
	return i, l
}

func (o *office) checks() []staydown.Check {
	o.Helper()
	officer := access.Caller{Roles: []staydown.Role{staydown.RoleOfficer}, Circles: []staydown.ID{"camp"}}
	list, err := o.desk.Checks(o.Context(), officer, o.item.ID)
	if err != nil {
		o.Fatal(err)
	}
	return list
}

// The story of an item: up, taken down by the platform, watched for thirty days.
func TestLooksAfterALetter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		o := openOffice(t, s, c)
		if !o.run("verify") {
			t.Fatal("no first look")
		}
		i, line := o.now()
		if i.WeSaw != staydown.Up || line.WeSaw != staydown.Up || !i.GoneAt.IsZero() || c.At.Sub(o.sent) != time.Hour {
			t.Errorf("after an hour: %+v", i)
		}
		o.wall.set(410, "<p>This post was removed for violating our terms.")
		o.run("verify")
		i, line = o.now()
		goneAt := c.At
		if i.WeSaw != staydown.Gone || i.WeSawCause != "provider" || !i.GoneAt.Equal(goneAt) || !line.GoneAt.Equal(goneAt) || line.WeSaw != staydown.Gone {
			t.Errorf("after the removal: %+v %+v", i, line)
		}
		if i.State != staydown.ItemAssessed || line.State != staydown.LineAsked {
			t.Errorf("a look changed more than what was seen: %s %s", i.State, line.State)
		}
		if o.jobs("watch") != 1 {
			t.Error("nothing watches for its return")
		}
		o.drop("watch")
		for o.run("verify") {
		}
		list := o.checks()
		if len(list) != verify.MaxChecks || c.At.Sub(o.sent) > 30*24*time.Hour || c.At.Sub(o.sent) < 27*24*time.Hour {
			t.Errorf("%d checks in %v", len(list), c.At.Sub(o.sent))
		}
		for k, check := range list {
			if check.N != k+1 || check.State != staydown.CheckDone || len(check.Places) == 0 || check.Owner != "unit" || check.Circle != "camp" {
				t.Errorf("check %d: %+v", k+1, check)
			}
		}
		if o.jobs("watch") != 0 || o.jobs("verify") != 0 {
			t.Error("jobs are left")
		}
		if i, _ = o.now(); !i.GoneAt.Equal(goneAt) {
			t.Errorf("first seen gone moved to %v", i.GoneAt)
		}
		if got := list[1].Places; len(got) != 2 || got[0].From != "direct" || got[0].Country != "BE" || got[0].Status != 410 || !strings.HasPrefix(got[0].Rule, "generic@") {
			t.Errorf("places: %+v", got)
		}
	})
}

// What passes is tried again soon and does not blot out what was seen.
func TestTroubleIsTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		o := openOffice(t, s, c)
		o.run("verify")
		o.wall.set(503, "503")
		o.run("verify")
		at := c.At
		if len(o.checks()) != 1 {
			t.Error("a look in vain was counted at once")
		}
		o.run("verify")
		if c.At.Sub(at) != 15*time.Minute {
			t.Errorf("tried again after %v", c.At.Sub(at))
		}
		o.run("verify")
		list := o.checks()
		if len(list) != 2 || list[1].Verdict != staydown.Unseen || list[1].Signal != "503" || list[1].N != 2 {
			t.Errorf("%+v", list)
		}
		if i, _ := o.now(); i.WeSaw != staydown.Up {
			t.Errorf("an error was taken for a sight: %s", i.WeSaw)
		}
		o.wall.set(200, "<p>Log in to continue")
		o.run("verify")
		if i, _ := o.now(); i.WeSaw != staydown.Unseen {
			t.Errorf("behind a login wall it still counts as %s", i.WeSaw)
		}
	})
}

// What comes back where it was is captured anew.
func TestBackWhereItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		o := openOffice(t, s, c)
		o.wall.set(404, "not found")
		o.run("verify")
		gone, _ := o.now()
		o.drop("watch")
		o.wall.set(200, posting)
		o.run("verify")
		back, _ := o.now()
		if gone.WeSaw != staydown.Gone || back.WeSaw != staydown.Up || !back.GoneAt.Equal(gone.GoneAt) || o.jobs("capture") != 1 {
			t.Errorf("%s, then %s; %d captures", gone.WeSaw, back.WeSaw, o.jobs("capture"))
		}
	})
}

// Looks that nobody wants any more are not taken.
func TestUnwantedLooks(t *testing.T) {
	for name, change := range map[string]func(*office, *store.Tx) error{
		"withdrawn": func(o *office, tx *store.Tx) error {
			o.line.State = staydown.LineWithdrawn
			return tx.PutLine(o.line)
		},
		"merged": func(o *office, tx *store.Tx) error {
			o.item.State = staydown.ItemMerged
			return tx.PutItem(o.item)
		},
	} {
		storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
			o := openOffice(t, s, c)
			o.act(func(tx *store.Tx) error {
				if err := tx.Event(staydown.Event{Act: "x", Noun: "item", Subject: o.item.ID}); err != nil {
					return err
				}
				return change(o, tx)
			})
			o.run("verify")
			if o.wall.asked != 0 || len(o.checks()) != 0 || o.jobs("verify") != 0 {
				t.Errorf("%s: %d looks", name, o.wall.asked)
			}
		})
	}
}

// A later letter about the same item takes the looks over, counted from its own
// delivery.
func TestALaterLetterTakesOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		o := openOffice(t, s, c)
		o.run("verify")
		o.act(func(tx *store.Tx) error {
			l := staydown.Letter{ID: tx.NewID(), Owner: "unit", Circle: "camp", State: staydown.LetterDelivered, Reference: "BE-2", DeliveredAt: tx.Now()}
			o.line = staydown.Line{ID: tx.NewID(), Letter: l.ID, Owner: "unit", Circle: "camp", Item: o.item.ID, Location: o.item.Location, State: staydown.LineAsked}
			i, err := tx.Item(o.item.ID)
			if err != nil {
				return err
			}
			i.Line = o.line.ID
			for _, err := range []error{tx.AddLetter(l), tx.AddLine(o.line), tx.PutItem(i), tx.Event(staydown.Event{Act: "x", Noun: "item", Subject: i.ID})} {
				if err != nil {
					return err
				}
			}
			return o.leave(tx, verify.Plan{N: 1, Line: o.line.ID}) // dropped: a look is open already
		})
		o.run("verify")
		list := o.checks()
		if len(list) != 2 || list[1].Line != o.line.ID || list[1].N != 1 {
			t.Errorf("%+v", list)
		}
	})
}

// Another circle's checks do not exist.
func TestChecksAreOfTheCircle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		o := openOffice(t, s, c)
		other := access.Caller{Roles: []staydown.Role{staydown.RoleOfficer}, Circles: []staydown.ID{"elsewhere"}}
		if _, err := o.desk.Checks(t.Context(), other, o.item.ID); staydown.KindOf(err) != staydown.NotFound {
			t.Errorf("another circle: %v", err)
		}
		if _, err := o.desk.Checks(t.Context(), access.Caller{Circles: []staydown.ID{"camp"}}, o.item.ID); staydown.KindOf(err) != staydown.Refused {
			t.Errorf("no permission: %v", err)
		}
	})
}
