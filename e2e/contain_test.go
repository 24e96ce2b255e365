package e2e

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNothingLeaves runs an action day and looks at what it dialled: in the guard's
// own log, and in the kernel's list of sockets. In the midst of it, when a letter
// is on its way, the run is killed and its desk is only looked at: that dials
// nothing at all, and nothing moves.
func TestNothingLeaves(t *testing.T) {
	story(t)
	x := exercise{dir: t.TempDir(), items: 60, seed: 8, more: []string{"--verbose"}}
	var w watch
	s := runWatched(t, []string{"STAYDOWN_FAIL_AT=accepted"}, w.look, x.args()...)
	if s.signal != syscall.SIGKILL {
		t.Fatalf("the run was not killed when a letter was accepted: %d\n%s", s.code, tail(s.err))
	}
	w.loopbackOnly(t)
	onlyLoopback(t, s.err)

	t.Run("looked at", func(t *testing.T) { x.lookedAt(t) })

	var rest watch
	s = runWatched(t, nil, rest.look, x.args()...).ends(t, 0)
	rest.loopbackOnly(t)
	onlyLoopback(t, s.err)
}

// used is how the guard logs a dial that an admission let through. In an exercise
// nothing else passes it.
var used = regexp.MustCompile(`msg="an admission was used" purpose=(\S+) asked=(\S+) pair=(\S+)`)

func onlyLoopback(t *testing.T, log string) {
	t.Helper()
	dials := used.FindAllStringSubmatch(log, -1)
	for _, d := range dials {
		pair, err := netip.ParseAddrPort(d[3])
		if err != nil || !pair.Addr().IsLoopback() {
			t.Errorf("dialled for %s: %s at %s (%v)", d[1], d[2], d[3], err)
		}
	}
	if len(dials) == 0 {
		t.Errorf("the log tells of no dial: nothing is proven\n%s", tail(log))
	}
	t.Logf("%d dials, all to loopback", len(dials))
}

// lookedAt opens the desk that a killed run left, with a letter in the air.
func (x exercise) lookedAt(t *testing.T) {
	d := serve(t, x.dir)
	if d.Mode != "exercise" {
		t.Errorf("the desk is %q", d.Mode)
	}
	var w watch
	w.seen = map[socket]bool{}
	d.as(t, x.dir, "be-lead")
	before := d.standing(t)
	if before.trying == 0 {
		t.Fatal("no letter is in the air: nothing is proven by its staying there")
	}
	for range 30 { // a runner that is not paused looks for work every second
		w.sample(d.pid)
		time.Sleep(100 * time.Millisecond)
	}
	if after := d.standing(t); after != before {
		t.Errorf("something moved: %+v, then %+v", before, after)
	}
	d.enter(t)
	port := netip.MustParseAddrPort(strings.TrimPrefix(d.Listening, "http://")).Port()
	for s := range w.seen {
		if s.toward() && s.local.Port() != port {
			t.Errorf("the desk dialled %s", s.remote)
		}
	}
	d.stop()
	if line := used.FindString(d.log.String()); line != "" {
		t.Errorf("the desk dialled: %s", line)
	}
}

// standing is what must not move while a desk is only looked at.
type standing struct {
	now           time.Time
	waiting, dead int
	trying, tries int
}

func (d *served) standing(t *testing.T) standing {
	t.Helper()
	var h struct {
		Now      time.Time `json:"now"`
		Exercise bool      `json:"exercise"`
		Waiting  int       `json:"waiting"`
		Dead     int       `json:"dead"`
	}
	d.get(t, "/health", &h)
	if !h.Exercise {
		t.Error("the API does not say that this is an exercise")
	}
	s := standing{now: h.Now, waiting: h.Waiting, dead: h.Dead}
	for _, l := range d.letters(t) {
		for _, m := range l.Messages {
			s.tries += m.Tries
			if m.State == "trying" {
				s.trying++
			}
		}
	}
	return s
}

// banner is what every page of an exercise says.
const banner = "Nothing here is real and nothing leaves this machine"

// enter follows the one-time link: looking at it changes nothing, choosing a desk
// signs in, and then the link is spent.
func (d *served) enter(t *testing.T) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	people := &http.Client{Jar: jar}
	var chosen []string
	for range 3 {
		page := d.page(t, people, d.Enter, http.StatusOK)
		if !strings.Contains(page, banner) {
			t.Fatalf("the page of the link has no banner:\n%.2000s", page)
		}
		if chosen = regexp.MustCompile(`name="person" value="([0-9A-Z]{26})"`).FindStringSubmatch(page); chosen == nil {
			t.Fatalf("the page of the link offers no desk:\n%.2000s", page)
		}
	}
	if at := d.post(t, people, d.Enter, url.Values{"person": {chosen[1]}}); at.StatusCode != http.StatusOK {
		t.Fatalf("choosing a desk ended with %s", at.Status)
	}
	page := d.page(t, people, d.Listening+"/", http.StatusOK)
	if !strings.Contains(page, banner) || !strings.Contains(page, "clock stands at") {
		t.Errorf("the officer's page does not say that this is an exercise with its clock stopped:\n%.2000s", page)
	}
	if at := d.post(t, &http.Client{}, d.Enter, url.Values{"person": {chosen[1]}}); at.StatusCode < 400 {
		t.Errorf("the link opened twice: %s", at.Status)
	}
}

func (d *served) page(t *testing.T, c *http.Client, address string, want int) string {
	t.Helper()
	res, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		t.Fatalf("GET %s: %s %v\n%.2000s", address, res.Status, err, body)
	}
	return string(body)
}

func (d *served) post(t *testing.T, c *http.Client, address string, form url.Values) *http.Response {
	t.Helper()
	res, err := c.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}
