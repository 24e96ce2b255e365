package portal_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/portal"
)

// house is a desk with one delivered letter of three lines and a door to it.
type house struct {
	t      testing.TB
	dir    string
	store  *store.Store
	portal *portal.Portal
	server *httptest.Server
	token  string
	lines  []staydown.Line

	mu     sync.Mutex
	now    time.Time
	codes  []string
	noMail bool
	log    bytes.Buffer // everything the door logs
	said   bytes.Buffer // everything the server behind it logs
}

var (
	doorKey  = bytes.Repeat([]byte{9}, 32)
	unit     = staydown.Authority{ID: "01A00000000000000000000001", Name: "Practice unit A", Country: "BE", Kind: "police", Email: "desk@unit-a.example"}
	relay    = staydown.Provider{ID: "01P00000000000000000000001", Name: "relay", Host: "relay.example", Email: "legal@relay.example", TZ: "Europe/Amsterdam", Language: "en"}
	letterID = staydown.ID("01J00000000000000000000001")
	start    = time.Date(2019, 11, 22, 9, 0, 0, 0, time.UTC)
)

func build(t testing.TB, change ...func(*house, *staydown.Letter)) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: start, token: door.Token(doorKey, letterID)}
	s, err := store.Open(context.Background(), h.dir, h.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h.store = s
	for i := range 3 {
		h.lines = append(h.lines, staydown.Line{ID: staydown.ID(fmt.Sprintf("01N0000000000000000000000%d", i)), Letter: letterID, Owner: unit.ID, Circle: unit.ID,
			Item: staydown.ID(fmt.Sprintf("01T0000000000000000000000%d", i)), Provider: relay.ID, Location: fmt.Sprintf("https://relay.example/c/%d", i),
			Kind: "video", Ground: "a", Clause: "Terms 4.2", Explanation: "Posts nothing else.", State: staydown.LineAsked})
	}
	letter := staydown.Letter{ID: letterID, Owner: unit.ID, Circle: unit.ID, Provider: relay.ID, Instrument: "referral", State: staydown.LetterDelivered,
		Reference: "BE-2019-00042", Channel: "email", Lines: 3, DeskCode: "A-7", SentAt: start, DeliveredAt: start, RemindAt: start.Add(72 * time.Hour)}
	for _, c := range change {
		c(h, &letter)
	}
	h.fill(letter)
	referrals := &referral.Desk{Store: s.Referral()}
	h.portal = &portal.Portal{Door: &door.Desk{Store: s.ProviderDoor(), Key: doorKey}, Letters: referrals, SendCode: h.mail,
		Site: page.Site{Now: h.clock, Log: slog.New(slog.NewTextHandler(locked{h, &h.log}, &slog.HandlerOptions{Level: slog.LevelDebug - 10}))}}
	h.server = httptest.NewUnstartedServer(h.portal.Handler())
	h.server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(locked{h, &h.said}, nil), slog.LevelError)
	h.server.Start()
	t.Cleanup(h.server.Close)
	return h
}

// fill puts authority, provider, letter, lines and items into the store.
func (h *house) fill(letter staydown.Letter) {
	h.t.Helper()
	err := h.store.Act(context.Background(), access.System("test"), func(tx *store.Tx) error {
		errs := []error{tx.AddAuthority(unit), tx.AddProvider(relay), tx.AddLetter(letter), tx.AddDoorToken(door.TokenHash(h.token), letterID, relay.ID, start.AddDate(0, 0, 90))}
		for _, l := range h.lines {
			errs = append(errs, tx.AddLine(l), tx.AddItem(staydown.Item{ID: l.Item, Circle: unit.ID, Owner: unit.ID, Location: l.Location, Line: l.ID}))
		}
		return errors.Join(append(errs, tx.Event(staydown.Event{Act: "draft", Noun: "letter", Subject: letterID, Circle: unit.ID}))...)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// locked makes a buffer safe for several goroutines.
type locked struct {
	h *house
	b *bytes.Buffer
}

func (l locked) Write(p []byte) (int, error) {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	return l.b.Write(p)
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// mail is the contact's mailbox.
func (h *house) mail(_ context.Context, c portal.CodeMail) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.noMail {
		return errors.New("the mail server is away")
	}
	if c.Provider.Email != relay.Email || c.Sender.Email != unit.Email || c.Reference != "BE-2019-00042" {
		h.t.Errorf("a code to %+v", c)
	}
	h.codes = append(h.codes, c.Code)
	return nil
}

func (h *house) mails() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.codes)
}

func (h *house) logs() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String() + h.said.String()
}

func (h *house) letter() staydown.Letter {
	h.t.Helper()
	l, err := h.store.Letter(context.Background(), letterID)
	if err != nil {
		h.t.Fatal(err)
	}
	return l
}

// dump writes out every table of the database but those named, so that a change
// anywhere shows.
func (h *house) dump(but ...string) string {
	h.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.dir, store.File))
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	for _, table := range column(h.t, db, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		if slices.Contains(but, table) || strings.HasPrefix(table, "sqlite_") {
			continue
		}
		where := ""
		if table == "events" { // the log of access is no state
			where = " WHERE stream = 'acts'"
		}
		fmt.Fprintf(&out, "%s\n", table)
		rows, err := db.Query(`SELECT * FROM "` + table + `"` + where)
		if err != nil {
			h.t.Fatal(err)
		}
		names, _ := rows.Columns()
		for rows.Next() {
			cells := make([]any, len(names))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				h.t.Fatal(err)
			}
			for _, c := range cells {
				fmt.Fprintf(&out, "%v|", *c.(*any))
			}
			out.WriteString("\n")
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			h.t.Fatal(err)
		}
	}
	return out.String()
}

func column(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// visitor is a browser: it keeps cookies and follows redirects, and writes down
// every answer it got, redirects included.
type visitor struct {
	h      *house
	client *http.Client
	seen   []answer
}

type answer struct {
	method, path string
	status       int
	header       http.Header
	body         string
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	v := &visitor{h: h, client: &http.Client{Jar: jar}}
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return v
}

func (v *visitor) get(path string) answer { v.h.t.Helper(); return v.do(v.request("GET", path, "")) }

func (v *visitor) post(path string, form url.Values) answer {
	v.h.t.Helper()
	r := v.request("POST", path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

func (v *visitor) request(method, path, body string) *http.Request {
	v.h.t.Helper()
	r, err := http.NewRequest(method, v.h.server.URL+path, strings.NewReader(body))
	if err != nil {
		v.h.t.Fatal(err)
	}
	return r
}

// do sends a request and follows up to five redirects.
func (v *visitor) do(r *http.Request) answer {
	v.h.t.Helper()
	for range 5 {
		res, err := v.client.Do(r)
		if err != nil {
			v.h.t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			v.h.t.Fatal(err)
		}
		a := answer{r.Method, r.URL.Path, res.StatusCode, res.Header, string(body)}
		v.seen = append(v.seen, a)
		next, err := res.Location()
		if err != nil {
			return a
		}
		r = v.request("GET", next.RequestURI(), "")
	}
	v.h.t.Fatal("redirects without end")
	return answer{}
}

// enter takes the way in: link, code, letter.
func (h *house) enter() *visitor {
	h.t.Helper()
	v := h.visitor()
	if a := v.post("/p/"+h.token, nil); a.status != http.StatusOK || a.path != "/p/code" {
		h.t.Fatalf("knocking: %d at %s\n%s", a.status, a.path, a.body)
	}
	codes := h.mails()
	if a := v.post("/p/code", url.Values{"code": {codes[len(codes)-1]}}); a.status != http.StatusOK || a.path != "/p/letter" {
		h.t.Fatalf("the code: %d at %s\n%s", a.status, a.path, a.body)
	}
	return v
}

var hidden = regexp.MustCompile(`name="confirm" value="([^"]+)"`)

// file looks over a form's answers and files them.
func (v *visitor) file(form url.Values) answer {
	v.h.t.Helper()
	a := v.post("/p/preview", form)
	m := hidden.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || m == nil {
		v.h.t.Fatalf("looking over: %d\n%s", a.status, a.body)
	}
	return v.post("/p/confirm", url.Values{"confirm": {m[1]}})
}
