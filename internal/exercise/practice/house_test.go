package practice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/staydown/staydown/internal/exercise/world"
)

func trust(t *testing.T, h *House) *tls.Config {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(h.File().CA)) {
		t.Fatal("the providers file holds no certificate")
	}
	return &tls.Config{RootCAs: pool}
}

func proxyTo(address string) func(*http.Request) (*url.URL, error) {
	return http.ProxyURL(&url.URL{Scheme: "http", Host: address})
}

func open(t *testing.T, dir string, seed uint64, items int, tamper bool) *House {
	t.Helper()
	w, err := world.New(seed, items)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Start(context.Background(), Config{World: w, Dir: dir, Tamper: tamper})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func events(t *testing.T, dir string) []Event {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, TruthName))
	if err != nil {
		t.Fatal(err)
	}
	var out []Event
	if _, err := ReadEvents(bytes.NewReader(raw), func(e Event) error { out = append(out, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func count(list []Event, kind string) int {
	n := 0
	for _, e := range list {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func advance(t *testing.T, h *House, to time.Time) Step {
	t.Helper()
	s, err := h.Advance(context.Background(), to)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// onProvider lists the planted postings of a provider that pass a test.
func onProvider(w *world.World, name string, keep func(world.Item) bool) []world.Item {
	var out []world.Item
	for _, it := range w.Items {
		if w.Providers[it.Provider].Name == name && (keep == nil || keep(it)) {
			out = append(out, it)
		}
	}
	return out
}

// send delivers a letter by whatever the provider takes, until it is taken.
func send(t *testing.T, d *fakeDesk, p world.Provider, l Wire) {
	t.Helper()
	for range 4 {
		if p.Channel == world.ByWebhook {
			if status, _ := d.post(l, l.Message); status == http.StatusAccepted {
				return
			}
		} else if d.mailLetter(p.Email, l) == nil {
			return
		}
	}
	t.Fatalf("letter %s was never taken in", l.Letter)
}

// campaign refers everything that may be referred, provider by provider, and
// plays until the horizon in steps; between is called before each step.
func campaign(t *testing.T, d *fakeDesk, h *House, between func(step int) *House) *House {
	t.Helper()
	advance(t, h, world.Release)
	for i := range h.world.Providers {
		p := h.world.Providers[i]
		var urls []string
		for _, it := range onProvider(h.world, p.Name, func(it world.Item) bool { return it.Class == world.Terrorist && !it.Held }) {
			urls = append(urls, it.URL())
		}
		for n := 0; n < len(urls); n += 10 {
			send(t, d, p, d.letter(p.Name+"-"+string(rune('a'+n/10)), Referral, urls[n:min(n+10, len(urls))]...))
		}
	}
	for step := 0; ; step++ {
		if between != nil {
			h = between(step)
		}
		to := world.Release.Add(time.Duration(step+1) * 26 * time.Hour)
		advance(t, h, to)
		if to.After(world.Horizon) {
			return h
		}
	}
}

// deeds are the events without what tells two runs apart: numbers and clocks.
func deeds(list []Event) []Event {
	var out []Event
	for _, e := range list {
		if e.Kind != KindClock && e.Kind != KindMail {
			e.N = 0
			e.Receipt = ""
			out = append(out, e)
		}
	}
	return out
}

func TestKillsChangeNothing(t *testing.T) {
	plain, killed := t.TempDir(), t.TempDir()
	d := newFakeDesk(t)
	h := open(t, plain, 4, 120, false)
	d.attach(h)
	campaign(t, d, h, nil)

	d2 := newFakeDesk(t)
	h2 := open(t, killed, 4, 120, false)
	d2.attach(h2)
	campaign(t, d2, h2, func(step int) *House {
		h2.Close()
		// A killed process leaves half a line.
		file, err := os.OpenFile(filepath.Join(killed, TruthName), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		file.WriteString(`{"n":99999,"kind":"remo`)
		file.Close()
		h2 = open(t, killed, 4, 120, false)
		d2.attach(h2)
		return h2
	})
	want, got := events(t, plain), events(t, killed)
	if diff := cmp.Diff(deeds(want), deeds(got)); diff != "" {
		t.Errorf("the truth of a killed run differs (-plain +killed):\n%s", diff)
	}
	if diff := cmp.Diff(d.answers, d2.answers); diff != "" {
		t.Errorf("the desk was told something else (-plain +killed):\n%s", diff)
	}
	for _, kind := range []string{KindRemoved, KindReuploaded, KindRebuilt, KindAuthorDeleted, KindTimerDeleted, KindAccountClosed, KindLied, KindAnswered, KindFound} {
		if count(want, kind) == 0 {
			t.Errorf("nothing was %s in the whole campaign", kind)
		}
	}
	if n := count(want, KindAnswerRefused); n > 0 {
		t.Errorf("the desk declined %d answers", n)
	}
}

// Killing in the middle of POST /now: the desk is away, so the answers fail
// half way; then everything is started again.
func TestAnswersStayDueWhileTheDeskIsAway(t *testing.T) {
	dir := t.TempDir()
	d := newFakeDesk(t)
	h := open(t, dir, 4, 60, false)
	d.attach(h)
	p := h.world.Providers[0]
	it := onProvider(h.world, "relay", func(it world.Item) bool {
		return h.world.Plan(it).Outcome == world.Removed && it.Class == world.Terrorist
	})[0]
	advance(t, h, world.Release)
	send(t, d, p, d.letter("one", Referral, it.URL()))
	d.mu.Lock()
	d.down = true
	d.mu.Unlock()
	later := world.Release.AddDate(0, 0, 10)
	if _, err := h.Advance(context.Background(), later); err == nil {
		t.Fatal("an answer was given to a desk that is down")
	}
	if count(events(t, dir), KindRemoved) != 1 || count(events(t, dir), KindAnswered) != 0 {
		t.Fatal("the removal must stand, the answer must not")
	}
	h.Close()
	d.mu.Lock()
	d.down = false
	d.mu.Unlock()
	h = open(t, dir, 4, 60, false)
	d.attach(h)
	advance(t, h, later)
	if got := d.answers["one-0"]["status"]; got != "removed" {
		t.Errorf("the desk was told %q", got)
	}
	if n := count(events(t, dir), KindRemoved); n != 1 {
		t.Errorf("%d removals of one posting", n)
	}
	for key, n := range d.keys {
		if n != 1 {
			t.Errorf("answer %s was given %d times", key, n)
		}
	}
}

func TestTheTruthStandsBeforeTheReceipt(t *testing.T) {
	dir := t.TempDir()
	d := newFakeDesk(t)
	h := open(t, dir, 1, 40, false)
	d.attach(h)
	for i, it := range onProvider(h.world, "relay", nil) {
		before := count(events(t, dir), KindLetter)
		l := d.letter("l"+string(rune('a'+i)), Referral, it.URL())
		status, body := d.post(l, l.Message)
		after := count(events(t, dir), KindLetter)
		switch {
		case status == http.StatusAccepted && (after != before+1 || !strings.Contains(body, "receipt")):
			t.Errorf("letter %s: %d %s, but the truth went from %d to %d letters", l.Letter, status, body, before, after)
		case status != http.StatusAccepted && status != 0 && after != before:
			t.Errorf("letter %s was turned away with %d and yet taken in", l.Letter, status)
		}
	}
}

func TestTheSameLetterTwiceIsOneLetter(t *testing.T) {
	dir := t.TempDir()
	d := newFakeDesk(t)
	h := open(t, dir, 1, 40, false)
	d.attach(h)
	relay, stills := h.world.Providers[0], h.world.Providers[4]
	l := d.letter("web", Referral, onProvider(h.world, "relay", nil)[3].URL())
	send(t, d, relay, l)
	_, first := d.post(l, l.Message)
	_, second := d.post(l, l.Message)
	if first != second || first == "" {
		t.Errorf("two deliveries of one letter: %q and %q", first, second)
	}
	m := d.letter("mail", Referral, onProvider(h.world, "stills", nil)[0].URL())
	send(t, d, stills, m)
	if err := d.mailLetter(stills.Email, m); err != nil {
		t.Fatal(err)
	}
	truth, err := ReadTruth(h.world, filepath.Join(dir, TruthName))
	if err != nil {
		t.Fatal(err)
	}
	s := truth.Summary()
	if s.Delivered != 2 || s.Doubled != 0 || s.Duplicates != 3 {
		t.Errorf("delivered %d, doubled %d, duplicates %d; want 2, 0, 3", s.Delivered, s.Doubled, s.Duplicates)
	}
	other := l
	other.Message = "another message about the same"
	send(t, d, relay, other)
	truth, _ = ReadTruth(h.world, filepath.Join(dir, TruthName))
	if got := truth.Summary().Doubled; got != 1 {
		t.Errorf("the same line in two messages counts as %d doubled, want 1", got)
	}
}

func TestEveryPageParsesAndIsMarked(t *testing.T) {
	h := open(t, t.TempDir(), 2, 250, false)
	d := newFakeDesk(t)
	d.attach(h)
	check := func(when string) (live, gone int) {
		client := browser(t, h, "")
		for _, f := range mustTruth(t, h).Items() {
			res, err := client.Get(f.URL)
			if err != nil {
				t.Fatal(err)
			}
			body, err := readAll(res)
			if err != nil {
				t.Fatal(err)
			}
			if res.Header.Get("X-Exercise") == "" {
				t.Errorf("%s, %s: the reply does not say that it is an exercise", when, f.URL)
			}
			reading, readable := world.Read(visible(t, body))
			if readable {
				live++
				if reading.Class != f.Class || reading.Ground != f.Ground {
					t.Errorf("%s, %s reads as %+v, is %s %s", when, f.URL, reading, f.Class, f.Ground)
				}
				checkMedia(t, client, f.URL, body)
			} else {
				gone++
			}
			if state := f.At(h.now).State; readable && state == "gone" {
				t.Errorf("%s, %s is gone and still shown", when, f.URL)
			}
			if res.Header.Get("Content-Type") == "text/html; charset=utf-8" && res.StatusCode != http.StatusFound {
				mark := false
				for _, language := range world.Languages() {
					mark = mark || bytes.Contains(body, []byte(world.Mark(language)))
				}
				if !mark {
					t.Errorf("%s, %s: the page is not marked", when, f.URL)
				}
			}
		}
		return live, gone
	}
	if live, _ := check("at the start"); live < 240 {
		t.Errorf("only %d of 250 pages can be read", live)
	}
	h = campaign(t, d, h, nil)
	if _, gone := check("at the end"); gone < 100 {
		t.Errorf("only %d pages are gone at the end", gone)
	}
}

func mustTruth(t *testing.T, h *House) *Truth {
	t.Helper()
	truth, err := ReadTruth(h.world, h.journal.path)
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

// visible returns the text a reader sees, without scripts.
func visible(t *testing.T, page []byte) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "title" {
			out.WriteString(n.Data)
		}
	}
	return out.String()
}

// checkMedia fetches what a page shows.
func checkMedia(t *testing.T, client *http.Client, at string, body []byte) {
	t.Helper()
	root, _ := html.Parse(bytes.NewReader(body))
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "img" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key != "src" {
				continue
			}
			base, _ := url.Parse(at)
			src, _ := base.Parse(a.Val)
			res, err := client.Get(src.String())
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode != http.StatusOK || http.DetectContentType(raw) != res.Header.Get("Content-Type") {
				t.Errorf("media %s: %d, %s", src, res.StatusCode, http.DetectContentType(raw))
			}
		}
	}
}

func TestShutOffPagesDifferByCountry(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, 3, 400, false)
	d := newFakeDesk(t)
	d.attach(h)
	var it world.Item
	for _, candidate := range h.world.Items {
		if plan := h.world.Plan(candidate); plan.Outcome == world.Disabled && h.world.Providers[candidate.Provider].Channel == world.ByWebhook && plan.AuthorDeletes.IsZero() && plan.Countries[0] == "DE" && len(plan.Countries) == 1 {
			it = candidate
		}
	}
	p := h.world.Providers[it.Provider]
	advance(t, h, world.Release)
	send(t, d, p, d.letter("geo", Referral, it.URL()))
	advance(t, h, world.Release.AddDate(0, 0, 12))
	readable := map[string]bool{}
	for _, country := range []string{"", "DE", "FR", "BE"} {
		res, err := browser(t, h, country).Get(it.URL())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := readAll(res)
		_, readable[country] = world.Read(visible(t, body))
	}
	if diff := cmp.Diff(map[string]bool{"": true, "DE": false, "FR": true, "BE": true}, readable); diff != "" {
		t.Errorf("who can read what is shut off in DE (-want +got):\n%s", diff)
	}
	if got := d.answers["geo-0"]; got["status"] != "disabled" || got["countries"] != "DE" {
		t.Errorf("the provider says %v", got)
	}
}

func TestProxiesLeadNowhereElse(t *testing.T) {
	h := open(t, t.TempDir(), 1, 20, false)
	client := browser(t, h, "DE")
	if _, err := client.Get("https://other.example/"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("a host that is not ours: %v", err)
	}
}

func TestWithdrawalPutsBack(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, 5, 300, false)
	d := newFakeDesk(t)
	d.attach(h)
	p := h.world.Providers[0]
	it := onProvider(h.world, "relay", func(it world.Item) bool {
		plan := h.world.Plan(it)
		return it.Class == world.Lawful && plan.Outcome == world.Removed && plan.Restores > 0
	})[0]
	advance(t, h, world.Release)
	l := d.letter("wrong", Referral, it.URL())
	send(t, d, p, l)
	advance(t, h, world.Release.AddDate(0, 0, 8))
	if s := mustTruth(t, h).Summary(); s.WronglyReferred != 1 || s.Gone != 1 {
		t.Fatalf("after the referral: %+v", s)
	}
	back := l
	back.Kind, back.Message = Withdrawal, "m-withdrawal"
	send(t, d, p, back)
	advance(t, h, world.Release.AddDate(0, 0, 12))
	if s := mustTruth(t, h).Summary(); s.Gone != 0 || count(events(t, dir), KindRestored) != 1 {
		t.Errorf("after the withdrawal: %+v", s)
	}
}

func TestTamperingFalsifiesTheTruth(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, 6, 120, true)
	d := newFakeDesk(t)
	d.attach(h)
	h = campaign(t, d, h, func(step int) *House {
		if step == 3 {
			h.Close()
			h = open(t, dir, 6, 120, true)
			d.attach(h)
		}
		return h
	})
	truth := mustTruth(t, h)
	if got := truth.Summary().Doubled; got == 0 {
		t.Error("no letter was doubled in the truth")
	}
	kept := 0
	client := browser(t, h, "")
	for _, f := range truth.Items() {
		if f.At(h.now).State != "gone" {
			continue
		}
		res, err := client.Get(f.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := readAll(res)
		if _, ok := world.Read(visible(t, body)); ok {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d postings are shown that the truth calls gone, want 1", kept)
	}
	missing := 0
	for id := range d.letters {
		found := false
		for _, delivery := range truth.Deliveries {
			found = found || delivery.Letter == id
		}
		if !found {
			missing++
		}
	}
	if missing != 1 {
		t.Errorf("%d letters are missing in the truth, want 1", missing)
	}
}

func TestASuccessorWaitsForItsPredecessor(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, 1, 20, false)
	began := make(chan *House)
	go func() {
		w, _ := world.New(1, 20)
		h, err := Start(context.Background(), Config{World: w, Dir: dir})
		if err != nil {
			t.Error(err)
		}
		began <- h
	}()
	select {
	case <-began:
		t.Fatal("two processes write one truth")
	case <-time.After(200 * time.Millisecond):
	}
	first.Close()
	if h := <-began; h != nil {
		h.Close()
	}
}

func TestAnotherWorldIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, 1, 20, false).Close()
	w, err := world.New(2, 20)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := Start(context.Background(), Config{World: w, Dir: dir}); err == nil {
		h.Close()
		t.Error("the truth of seed 1 was continued with seed 2")
	}
	if _, err := Start(context.Background(), Config{World: w, Dir: t.TempDir(), Listen: "192.0.2.1"}); err == nil {
		t.Error("an address that is not loopback was accepted")
	}
}

func TestControlDoor(t *testing.T) {
	h := open(t, t.TempDir(), 1, 30, false)
	ask := func(token, method, path, body string) (int, string) {
		req, _ := http.NewRequest(method, h.File().Control+path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := readAll(res)
		return res.StatusCode, string(raw)
	}
	if status, _ := ask("wrong", "GET", "/world", ""); status != http.StatusUnauthorized {
		t.Errorf("a wrong token: %d", status)
	}
	_, raw := ask(h.token, "GET", "/world", "")
	var p Programme
	if err := json.Unmarshal([]byte(raw), &p); err != nil || len(p.Units) != 12 || len(p.Lists) == 0 || len(p.Holds) != 1 {
		t.Fatalf("the programme: %v, %.200s", err, raw)
	}
	if strings.Contains(raw, `"lawful"`) || strings.Contains(raw, `"class"`) {
		t.Error("the programme tells the truth")
	}
	if status, list := ask(h.token, "GET", "/world/lists/"+p.Lists[0].Name, ""); status != http.StatusOK || !strings.Contains(list, "https://") {
		t.Errorf("a list: %d %s", status, list)
	}
	if status, step := ask(h.token, "POST", "/now", `{"now":"2019-12-20T00:00:00Z"}`); status != http.StatusOK || !strings.Contains(step, `"did"`) {
		t.Errorf("the time: %d %s", status, step)
	}
	if status, _ := ask(h.token, "POST", "/now", `{}`); status != http.StatusBadRequest {
		t.Errorf("no time: %d", status)
	}
	if status, _ := ask(h.token, "POST", "/connect", `{"address":"192.0.2.1:80"}`); status != http.StatusBadRequest {
		t.Errorf("a desk elsewhere: %d", status)
	}
	if status, sum := ask(h.token, "GET", "/summary", ""); status != http.StatusOK || !strings.Contains(sum, `"items":30`) {
		t.Errorf("the summary: %d %s", status, sum)
	}
	for range 2 {
		if status, body := ask(h.token, "POST", "/shutdown", ""); status != http.StatusOK || body != `{"closing":true}` {
			t.Errorf("asking for the end: %d %s", status, body)
		}
	}
	select {
	case <-h.Done():
	default:
		t.Error("the end was asked for and did not come")
	}
}
