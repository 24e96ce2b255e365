package desk

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/blob"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/deconflict"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/watch"
	"github.com/staydown/staydown/internal/web/page"
)

// house is a whole desk over a real store: two authorities, their people, one provider, captured items.
type house struct {
	t      *testing.T
	s      *store.Store
	d      *Desk
	server *httptest.Server
	log    *bytes.Buffer
	signin *signin.Desk
	assess *assess.Desk
	deconf *deconflict.Desk

	mu  sync.Mutex
	now time.Time

	unit, other  staydown.Authority
	people       map[string]staydown.Person
	provider     staydown.Provider
	items        []staydown.Item
	exhibit      staydown.Exhibit
	lineage, day string
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func newHouse(t *testing.T, items int) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC), log: &bytes.Buffer{}, people: map[string]staydown.Person{}}
	var err error
	h.s, err = store.Open(t.Context(), t.TempDir(), h.clock)
	h.must(err)
	t.Cleanup(func() { h.s.Close() })
	h.signin, err = signin.New(signin.Options{Store: h.s.SignIn(), Key: bytes.Repeat([]byte{7}, signin.KeySize), Exercise: true})
	h.must(err)
	folder, err := blob.OpenFolder(filepath.Join(t.TempDir(), "vault"))
	h.must(err)
	vault := evidence.Open(folder)
	h.assess = &assess.Desk{Store: h.s.Assess(), Sample: -1}
	h.deconf = &deconflict.Desk{Store: h.s.Deconflict()}
	skey, vkey, err := note.GenerateKey(nil, "log.example")
	h.must(err)
	signer, err := note.NewSigner(skey)
	h.must(err)
	verifier, err := note.NewVerifier(vkey)
	h.must(err)
	h.d = &Desk{Site: &page.Site{Exercise: true, Now: h.clock, Log: slog.New(slog.NewTextHandler(h.log, nil))}, Door: h.signin, Findings: h.assess,
		Letters: &referral.Desk{Store: h.s.Referral(), KnownGood: referral.DefaultKnownGood(), AnswerURL: func(staydown.ID) string { return "https://desk.example/a" }, MailDomain: "desk.example"},
		Reading: &consult.Desk{Store: h.s.Consult()}, Keeper: h.s, Journal: &audit.Log{Store: h.s.Audit(), Signer: signer, Verifier: verifier}, Vault: vault, Holds: h.deconf, Returns: &watch.Desk{Store: h.s.Watch()}, Figures: &report.Desk{Store: h.s.Report()},
		Banks: &bank.Desk{Store: h.s.Banks(), Now: h.clock}, KnownGood: referral.DefaultKnownGood(), NoOversight: true}
	h.furnish(vault, items)
	h.server = httptest.NewServer(h.d.Handler())
	t.Cleanup(h.server.Close)
	return h
}

// furnish fills the store: people of every role in one authority, an officer in another, a provider, captured items.
func (h *house) furnish(vault *evidence.Vault, items int) {
	h.t.Helper()
	ctx := h.t.Context()
	h.unit = staydown.Authority{ID: staydown.NewID(h.now), Name: "Unit North", Country: "BE", Kind: "police", Email: "unit@north.example", DeskCode: "BE", Language: "en", TZ: "Europe/Brussels"}
	h.other = staydown.Authority{ID: staydown.NewID(h.now.Add(time.Millisecond)), Name: "Unit South", Country: "FR", Kind: "police", Email: "unit@south.example", DeskCode: "FR", Language: "en"}
	h.provider = staydown.Provider{ID: staydown.NewID(h.now), Owner: h.unit.ID, Name: "Relay", Host: "relay.example", Kind: "messaging", Country: "NL", Channel: "webhook",
		Webhook: "https://relay.example/in", Email: "legal@relay.example", Language: "en", TZ: "Europe/Amsterdam", ContactHours: "09:00-17:00", Batch: 200, Clause: "Terms 4.2"}
	kept, err := vault.Keep(ctx, bytes.NewReader(picture()), 1<<20)
	h.must(err)
	h.must(h.s.Act(ctx, access.System("test"), func(tx *store.Tx) error {
		for _, err := range []error{tx.AddAuthority(h.unit), tx.AddAuthority(h.other), tx.AddProvider(h.provider)} {
			if err != nil {
				return err
			}
		}
		for n, p := range []staydown.Person{
			{Login: "ann", Name: "Officer Ann", Owner: h.unit.ID, Roles: []staydown.Role{staydown.RoleOfficer}}, {Login: "bea", Name: "Officer Bea", Owner: h.unit.ID, Roles: []staydown.Role{staydown.RoleOfficer}},
			{Login: "lea", Name: "Lead Lea", Owner: h.unit.ID, Roles: []staydown.Role{staydown.RoleLead}}, {Login: "ivo", Name: "Investigator Ivo", Owner: h.unit.ID, Roles: []staydown.Role{staydown.RoleInvestigator}},
			{Login: "adm", Name: "Administrator", Owner: h.unit.ID, Roles: []staydown.Role{staydown.RoleAdmin}}, {Login: "far", Name: "Officer Far", Owner: h.other.ID, Roles: []staydown.Role{staydown.RoleLead}},
		} {
			p.ID, p.DeskCode, p.CreatedAt = staydown.NewID(h.now.Add(time.Duration(n)*time.Millisecond)), fmt.Sprintf("D-%d", n), h.now
			h.people[p.Login] = p
			if err := tx.AddPerson(p); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "set_up", Noun: "authority", Subject: h.unit.ID})
	}))
	for n := range items {
		h.addItem(n, kept)
	}
}

// addItem adds a captured item with a picture; its words come from outside and are meant badly.
func (h *house) addItem(n int, kept evidence.Kept) {
	h.t.Helper()
	at := h.now.Add(time.Duration(n) * time.Second)
	i := staydown.Item{ID: staydown.NewID(at), Circle: h.unit.ID, Owner: h.unit.ID, Location: fmt.Sprintf("https://relay.example/north/%d", 100+n), Host: "relay.example", Provider: h.provider.ID,
		State: staydown.ItemCaptured, Kind: "post", Title: "<script>document.title='owned'</script>\u202Egpj.exe", Language: "en", Account: "@north<b>", Priority: 5, PriorityWhy: []string{"reliable_source"}, Leads: 1,
		SeenAt: at, CapturedAt: at.Add(time.Minute), MediaSHA256: kept.SHA256}
	c := staydown.Capture{ID: staydown.NewID(at), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Asked: i.Location, Reached: i.Location, Outcome: "content", Status: 200, Title: i.Title,
		Text: "exercise text, not real: the quoted passage here <img src=x onerror=alert(1)>", Tool: "staydown test", StartedAt: at, EndedAt: i.CapturedAt}
	e := staydown.Exhibit{ID: staydown.NewID(at), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Capture: c.ID, Kind: "media", URL: i.Location, SHA256: kept.SHA256, MD5: kept.MD5, Bytes: kept.Bytes,
		MediaType: kept.MediaType, KeptAt: at}
	l := staydown.Lead{ID: staydown.NewID(at), Owner: h.unit.ID, Circle: h.unit.ID, Item: i.ID, State: staydown.LeadTaken, URL: i.Location, Location: i.Location, Source: "own watch", Reliability: "B", Credibility: "2",
		Reference: "N-1", Note: "what the unit says", ReceivedAt: at, Import: "t", Place: fmt.Sprint(n)}
	h.must(h.s.Act(h.t.Context(), access.System("test"), func(tx *store.Tx) error {
		for _, err := range []error{tx.AddItem(i), tx.AddCapture(c), tx.AddExhibit(e), tx.AddLead(l)} {
			if err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "capture", Noun: "item", Subject: i.ID, Circle: i.Circle})
	}))
	h.items, h.exhibit = append(h.items, i), e
}

func picture() []byte {
	img := image.NewGray(image.Rect(0, 0, 64, 48))
	for n := range img.Pix {
		img.Pix[n] = uint8(n)
	}
	img.SetGray(3, 3, color.Gray{Y: 200})
	var b bytes.Buffer
	png.Encode(&b, img)
	return b.Bytes()
}

// work settles what waits: findings whose minute is over, questions to the other authorities.
func (h *house) work() {
	h.t.Helper()
	for range 10 {
		jobs, err := h.s.TakeJobs(h.t.Context(), []string{"stand", "deconflict"}, 10, "test", time.Minute)
		h.must(err)
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			if j.Kind == "stand" {
				h.must(h.assess.HandleStand(h.t.Context(), j))
			} else {
				h.must(h.deconf.HandleDeconflict(h.t.Context(), j))
			}
		}
	}
}

// browserOf is a browser in which somebody is signed in; an empty login means nobody.
func (h *house) browserOf(login string) *visitor {
	h.t.Helper()
	jar, _ := cookiejar.New(nil)
	v := &visitor{h: h, client: &http.Client{Transport: h.server.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if login == "" {
		return v
	}
	token, err := h.signin.OneTime(h.t.Context(), signin.Terminal(), "")
	h.must(err)
	v.post("/enter/"+token, url.Values{"person": {string(h.people[login].ID)}}).want(http.StatusSeeOther)
	return v
}

type visitor struct {
	h      *house
	client *http.Client
}

// answer is what came back, with its body read.
type answer struct {
	t        *testing.T
	what     string
	status   int
	header   http.Header
	body     string
	location string
}

func (v *visitor) do(r *http.Request) answer {
	v.h.t.Helper()
	res, err := v.client.Do(r)
	v.h.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	v.h.must(err)
	return answer{v.h.t, r.Method + " " + r.URL.RequestURI(), res.StatusCode, res.Header, string(body), res.Header.Get("Location")}
}

func (v *visitor) get(path string) answer {
	r, err := http.NewRequestWithContext(context.Background(), "GET", v.h.server.URL+path, nil)
	v.h.must(err)
	return v.do(r)
}

// looks opens an item and lets its picture be shown, as a reader does by a key.
func (v *visitor) looks(item string) {
	body := v.get(item).want(200).body
	if m := regexp.MustCompile(`data-still="([^"]+)"`).FindStringSubmatch(body); m != nil {
		v.get(m[1] + "?as=blurred_grey").want(200)
	}
}

func (v *visitor) post(path string, form url.Values) answer {
	r, err := http.NewRequestWithContext(context.Background(), "POST", v.h.server.URL+path, strings.NewReader(form.Encode()))
	v.h.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d to %q, want %d: %s", a.what, a.status, a.location, status, a.text())
	}
	return a
}

// text is the body without its tags.
func (a answer) text() string {
	if len(a.body) > 200_000 {
		return a.body[:200]
	}
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(a.body, " "))), " ")
}

func (a answer) says(words ...string) answer {
	a.t.Helper()
	text := a.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			a.t.Errorf("%s does not say %q: %s", a.what, w, text)
		}
	}
	return a
}

func (a answer) hides(words ...string) answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.text(), w) || strings.Contains(a.body, w) {
			a.t.Errorf("%s says %q: %s", a.what, w, a.text())
		}
	}
	return a
}

// totp is a code of RFC 6238 for a secret as the page shows it.
func totp(t *testing.T, secret string) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.ReplaceAll(secret, " ", "")))
	if err != nil {
		t.Fatalf("secret %q: %v", secret, err)
	}
	var step [8]byte
	binary.BigEndian.PutUint64(step[:], uint64(time.Now().Unix()/30))
	mac := hmac.New(sha1.New, key)
	mac.Write(step[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1_000_000)
}
