package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/api"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/deconflict"
	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/seal"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/watch"
)

// bench is the API on a real database, with two units and their people.
type bench struct {
	t      *testing.T
	api    *api.API
	store  *store.Store
	signin *signin.Desk
	log    *audit.Log
	logged *bytes.Buffer
	now    time.Time
	unit   map[string]staydown.ID // a, b
	token  map[string]string      // login to token
	person map[string]staydown.ID
}

func open(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC), unit: map[string]staydown.ID{}, token: map[string]string{}, person: map[string]staydown.ID{}, logged: &bytes.Buffer{}}
	s, err := store.Open(t.Context(), t.TempDir(), func() time.Time { return b.now })
	b.must(err)
	t.Cleanup(func() { s.Close() })
	b.store = s
	b.signin, err = signin.New(signin.Options{Store: s.SignIn(), Key: make([]byte, signin.KeySize), Wall: func() time.Time { return b.now }})
	b.must(err)
	ring, err := seal.Open(t.TempDir() + "/keys")
	b.must(err)
	key, err := ring.EstablishLog("desk.example/log")
	b.must(err)
	verifier, err := note.NewVerifier(key.Verifier)
	b.must(err)
	b.log = &audit.Log{Store: s.Audit(), Signer: key.Signer, Verifier: verifier}
	b.api = api.New(api.Options{
		SignIn:     b.signin,
		Consult:    &consult.Desk{Store: s.Consult()},
		Intake:     &intake.Desk{Store: s.Intake(), Scratch: t.TempDir()},
		Assess:     &assess.Desk{Store: s.Assess()},
		Deconflict: &deconflict.Desk{Store: s.Deconflict()},
		Report:     &report.Desk{Store: s.Report()},
		Watch:      &watch.Desk{Store: s.Watch()},
		Banks:      &bank.Desk{Store: s.Banks(), Now: func() time.Time { return b.now }},
		Referral:   &referral.Desk{Store: s.Referral(), AnswerURL: func(id staydown.ID) string { return "https://desk.example/" + string(id) }},
		Audit:      b.log,
		Health: func(context.Context) (api.Health, error) {
			return api.Health{Status: "ok", Version: "test", Database: s.Engine(), Now: b.now}, nil
		},
		Log: slog.New(slog.NewTextHandler(b.logged, nil)),
	})
	for _, u := range []string{"a", "b"} {
		unit, err := b.signin.AddAuthority(t.Context(), signin.Terminal(), staydown.Authority{Name: "Unit " + u, Country: "BE", Email: u + "@unit.example", DeskCode: strings.ToUpper(u)})
		b.must(err)
		b.unit[u] = unit.ID
		for _, role := range access.Roles() {
			b.add(u+"-"+string(role), unit.ID, role)
		}
	}
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) add(login string, unit staydown.ID, role staydown.Role) {
	b.t.Helper()
	p, err := b.signin.AddPerson(b.t.Context(), signin.Terminal(), staydown.Person{Owner: unit, Login: login, Name: "Somebody", DeskCode: login, Roles: []staydown.Role{role}})
	b.must(err)
	token, err := b.signin.NewToken(b.t.Context(), signin.Terminal(), p.ID, "test", nil)
	b.must(err)
	b.person[login], b.token[login] = p.ID, token
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// into reads the body as JSON.
func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("status %d: %v in %s", a.status, err, a.body)
	}
}

func (a answer) code() string {
	var p struct{ Error staydown.Error }
	json.Unmarshal([]byte(a.body), &p)
	return p.Error.Code
}

// ask sends a request with somebody's token; who is a login, a token itself, or "".
func (b *bench) ask(who, method, path, body string, headers ...string) answer {
	b.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, api.Prefix+path, in)
	token := who
	if t, ok := b.token[who]; ok {
		token = t
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.api.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (b *bench) want(a answer, status int, code string) {
	b.t.Helper()
	if a.status != status || a.code() != code {
		b.t.Errorf("got %d %q, want %d %q: %s", a.status, a.code(), status, code, a.body)
	}
}

// provider registers one that answers by API, and gives its identifier and key.
func (b *bench) provider() (staydown.ID, string) {
	b.t.Helper()
	a := b.ask("a-admin", "POST", "/providers", `{"name":"Relay","host":"relay.example","channel":"webhook","webhook":"https://relay.example/referrals","email":"legal@relay.example","clause":"Terms 4.2"}`)
	var made api.Registered
	a.into(b.t, &made)
	if a.status != 200 || made.Key == "" || strings.Contains(a.body, "answer_key") {
		b.t.Fatalf("registering gave %d %s", a.status, a.body)
	}
	return made.Provider.ID, made.Key
}

// ready puts n items before unit a that were captured, judged and are nobody's hold.
func (b *bench) ready(provider staydown.ID, n int) []staydown.ID {
	b.t.Helper()
	unit, officer := b.unit["a"], b.person["a-officer"]
	var items []staydown.ID
	b.must(b.store.Act(b.t.Context(), access.System("test"), func(tx *store.Tx) error {
		items = nil
		for i := range n {
			item, finding := tx.NewID(), tx.NewID()
			items = append(items, item)
			err := tx.AddItem(staydown.Item{ID: item, Circle: unit, Owner: unit, Location: fmt.Sprintf("https://relay.example/v/%03d", i), Host: "relay.example", Provider: provider,
				State: staydown.ItemAssessed, Kind: "video", Assessment: finding, Verdict: staydown.TerroristContent, Ground: staydown.Recruits, SeenAt: tx.Now(), CapturedAt: tx.Now(), DecidedAt: tx.Now()})
			if err != nil {
				return err
			}
			err = tx.AddAssessment(staydown.Assessment{ID: finding, Item: item, Circle: unit, Owner: unit, Officer: officer, Turn: staydown.First, State: staydown.AssessmentStanding,
				Verdict: staydown.TerroristContent, Ground: staydown.Recruits, Passage: "join", Purpose: staydown.PurposeSpread, Public: true, Viewed: true, Context: true, GivenAt: tx.Now(), SettledAt: tx.Now()})
			if err != nil {
				return err
			}
			if err := tx.AddQuery(staydown.Query{ID: tx.NewID(), Item: item, Owner: unit, Circle: unit, State: staydown.QueryClear, AskedAt: tx.Now(), AnsweredAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "prepare", Noun: "test"})
	}))
	return items
}

func TestLetterFromDraftToAnswer(t *testing.T) {
	b := open(t)
	provider, key := b.provider()
	items := b.ready(provider, 3)

	var waiting api.Page[api.Ready]
	b.ask("a-officer", "GET", "/ready", "").into(t, &waiting)
	if len(waiting.Rows) != 1 || waiting.Rows[0].N != 3 {
		t.Fatalf("ready: %+v", waiting)
	}
	var l api.Letter
	b.ask("a-analyst", "POST", "/letters", fmt.Sprintf(`{"provider":%q,"max":2}`, provider)).into(t, &l)
	if l.Lines != 2 || l.State != staydown.LetterDraft {
		t.Fatalf("drafted %+v", l)
	}
	path := "/letters/" + string(l.ID)
	b.want(b.ask("a-officer", "POST", path+"/approve", ""), 403, "access.permission")
	b.want(b.ask("b-legal", "POST", path+"/approve", ""), 404, "access.circle")
	var sheet api.LetterSheet
	b.ask("a-legal", "GET", path, "").into(t, &sheet)
	if len(sheet.Lines) != 2 || len(sheet.Findings) != 11 {
		t.Fatalf("the sheet is %+v", sheet)
	}
	for _, f := range sheet.Findings {
		if f.OK || f.Warning {
			continue
		}
		b.want(b.ask("a-legal", "POST", path+"/override", fmt.Sprintf(`{"check":%d,"reason":"looked at by hand"}`, f.Check)), 200, "")
	}
	a := b.ask("a-legal", "POST", path+"/approve", "")
	b.want(a, 200, "")
	a.into(t, &l)
	if l.State != staydown.LetterApproved || l.ApprovedBy != b.person["a-legal"] {
		t.Fatalf("approved: %+v", l)
	}
	b.want(b.ask("a-legal", "POST", path+"/approve", ""), 409, "letter.state")

	answers := "/provider" + path + "/answers"
	said := fmt.Sprintf(`{"lines":[{"line":%q,"status":"removed","at":"2026-01-12T09:30:00Z"}]}`, sheet.Lines[0].ID)
	b.want(b.ask(key, "POST", answers, said, "Idempotency-Key", "k1"), 404, "letter.not_found") // not sent yet
	b.sent(l.ID)
	b.want(b.ask(key, "POST", answers, said), 422, "request.invalid") // no key of idempotency
	b.want(b.ask("a-legal", "POST", answers, said, "Idempotency-Key", "k1"), 401, "signin.required")
	b.want(b.ask(key, "POST", answers, `{"lines":[{"line":"x","status":"gone away"}]}`, "Idempotency-Key", "k0"), 422, "request.invalid")
	b.want(b.ask(key, "POST", "/provider"+path+"/acknowledge", ""), 200, "")
	for range 2 {
		a := b.ask(key, "POST", answers, said, "Idempotency-Key", "k1")
		b.want(a, 200, "")
		if a.body != "{\"accepted\":1}\n" {
			t.Errorf("answered %s", a.body)
		}
	}
	b.ask("a-legal", "GET", path, "").into(t, &sheet)
	if sheet.Letter.State != staydown.LetterAcknowledged || sheet.Lines[0].State != staydown.LineRemoved || sheet.Lines[0].WeSaw != "" {
		t.Errorf("after the answer: %+v %+v", sheet.Letter, sheet.Lines[0])
	}
	var item api.Item
	b.ask("a-officer", "GET", "/items/"+string(items[0]), "").into(t, &item)
	if item.TheySay != staydown.LineRemoved {
		t.Errorf("the item says %+v", item)
	}
	b.want(b.ask("a-legal", "POST", path+"/withdraw", `{"reason":""}`), 422, "letter.reason")
	b.want(b.ask("a-legal", "POST", path+"/withdraw", `{"reason":"the finding was overturned"}`), 200, "")
}

// sent marks a letter as gone out, as the worker would.
func (b *bench) sent(id staydown.ID) {
	b.t.Helper()
	b.must(b.store.Act(b.t.Context(), access.System("test"), func(tx *store.Tx) error {
		l, err := tx.Letter(id)
		if err != nil {
			return err
		}
		e, err := l.Send(tx.NewID(), tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		return tx.Event(e)
	}))
}

func TestCampaign(t *testing.T) {
	b := open(t)
	plan := fmt.Sprintf(`{"name":"Exercise","units":[%q],"opens_at":"2026-01-12T08:00:00Z","release_at":"2026-01-13T08:00:00Z"}`, b.unit["b"])
	b.want(b.ask("a-officer", "POST", "/campaigns", plan), 403, "access.permission")
	var k api.Campaign
	b.ask("a-lead", "POST", "/campaigns", plan).into(t, &k)
	if k.State != staydown.CampaignPlanned || len(k.Units) != 2 {
		t.Fatalf("planned %+v", k)
	}
	path := "/campaigns/" + string(k.ID)
	b.want(b.ask("b-lead", "POST", path+"/open", ""), 409, "campaign.not_yours")
	b.want(b.ask("a-lead", "POST", path+"/open", ""), 200, "")
	b.want(b.ask("a-lead", "POST", path+"/release", ""), 409, "campaign.embargo")
	b.now = b.now.Add(24 * time.Hour)
	b.want(b.ask("a-lead", "POST", path+"/release", ""), 200, "")
	b.want(b.ask("a-lead", "POST", path+"/freeze", ""), 200, "")
	b.ask("b-officer", "GET", path, "").into(t, &k)
	if !k.Frozen || k.State != staydown.CampaignReleased {
		t.Errorf("the other unit sees %+v", k)
	}
	b.want(b.ask("a-lead", "POST", path+"/thaw", ""), 200, "")
	b.want(b.ask("a-admin", "GET", path, ""), 403, "access.permission")
}

func TestProviderKeys(t *testing.T) {
	b := open(t)
	id, key := b.provider()
	path := "/providers/" + string(id)
	form := `{"name":"Relay","host":"relay.example","channel":"email","email":"legal@relay.example","batch":20}`
	b.want(b.ask("a-officer", "PUT", path, form), 403, "access.permission")
	b.want(b.ask("b-admin", "PUT", path, form), 409, "provider.not_yours")
	b.want(b.ask("a-admin", "PUT", path, form), 200, "")
	if p, err := b.signin.Provider(t.Context(), key); err != nil || p.Batch != 20 {
		t.Errorf("a change of the entry lost its key: %+v, %v", p, err)
	}
	b.want(b.ask("a-admin", "POST", path+"/key", `{"key":"guessable"}`), 422, "provider.key")
	b.want(b.ask("a-admin", "POST", path+"/key", `{"key":"chosen by the provider itself 19"}`), 200, "")
	if _, err := b.signin.Provider(t.Context(), key); err == nil {
		t.Error("the old key still works")
	}
	if _, err := b.signin.Provider(t.Context(), "chosen by the provider itself 19"); err != nil {
		t.Error(err)
	}
}

func TestLog(t *testing.T) {
	b := open(t)
	b.want(b.ask("", "GET", "/log/checkpoint", ""), 404, "audit.no_checkpoint")
	entries, err := b.store.Unsequenced(t.Context(), 1000)
	b.must(err)
	var event staydown.ID
	for _, e := range entries {
		if e.Owner == b.unit["a"] {
			event = e.ID
		}
	}
	b.want(b.ask("a-legal", "GET", "/log/proof/"+string(event), ""), 404, "audit.no_checkpoint")
	_, err = b.log.Sequence(t.Context())
	b.must(err)
	b.want(b.ask("", "GET", "/log/checkpoint", ""), 200, "")
	b.want(b.ask("a-officer", "GET", "/log/proof/"+string(event), ""), 403, "access.permission")
	b.want(b.ask("b-legal", "GET", "/log/proof/"+string(event), ""), 404, "access.circle")
	var p audit.Proof
	b.ask("a-legal", "GET", "/log/proof/"+string(event), "").into(t, &p)
	if err := audit.VerifyProof(p, b.log.Verifier); err != nil {
		t.Error(err)
	}
}

func TestPages(t *testing.T) {
	b := open(t)
	provider, _ := b.provider()
	b.ready(provider, 5)
	seen := map[staydown.ID]bool{}
	after := staydown.ID("")
	for range 4 {
		var p api.Page[api.Item]
		b.ask("a-officer", "GET", "/items?limit=2&after="+string(after), "").into(t, &p)
		for _, i := range p.Rows {
			if seen[i.ID] {
				t.Errorf("%s came twice", i.ID)
			}
			seen[i.ID] = true
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("saw %d of 5 items", len(seen))
	}
	if a := b.ask("b-officer", "GET", "/items", ""); a.body != "{\"rows\":[]}\n" {
		t.Errorf("the other unit sees %s", a.body)
	}
}

// captured puts an item before unit a whose bytes are kept, with the text that
// stands there.
func (b *bench) captured(location, text, sha256 string) staydown.ID {
	b.t.Helper()
	var item staydown.ID
	unit := b.unit["a"]
	b.must(b.store.Act(b.t.Context(), access.System("test"), func(tx *store.Tx) error {
		item = tx.NewID()
		capture := staydown.Capture{ID: tx.NewID(), Item: item, Owner: unit, Circle: unit, Asked: location, Reached: location, Outcome: "content", Title: "A clip", Text: text, StartedAt: tx.Now(), EndedAt: tx.Now()}
		i := staydown.Item{ID: item, Circle: unit, Owner: unit, Location: location, Host: "relay.example", State: staydown.ItemSeen, Kind: "video", Account: "https://relay.example/u/x", MediaSHA256: sha256, SeenAt: tx.Now()}
		e, err := i.Capture(capture)
		if err != nil {
			return err
		}
		if err := tx.AddItem(i); err != nil {
			return err
		}
		if err := tx.AddCapture(capture); err != nil {
			return err
		}
		return tx.Event(e)
	}))
	return item
}

func TestFinding(t *testing.T) {
	b := open(t)
	item := b.captured("https://relay.example/v/1", "Join us on the mountain, said the narrator of the made-up clip.", strings.Repeat("ab", 32))
	path := "/items/" + string(item)
	finding := `{"verdict":"terrorist_content","ground":"c","passage":"Join us on the mountain","purpose":"spread","public":true,"seconds":40}`
	b.want(b.ask("a-officer", "POST", path+"/assessments", finding), 409, "assess.not_opened")
	b.want(b.ask("a-analyst", "POST", "/queues/new/take", `{"n":5}`), 403, "access.permission")
	b.want(b.ask("a-officer", "POST", "/queues/none/take", `{}`), 422, "request.invalid")
	var taken api.Taken
	b.ask("b-officer", "POST", "/queues/new/take", `{"n":5}`).into(t, &taken)
	if len(taken.Taken) != 0 {
		t.Errorf("the other unit took %+v", taken)
	}
	b.ask("a-officer", "POST", "/queues/new/take", `{}`).into(t, &taken)
	if len(taken.Taken) != 1 || taken.Taken[0].Item != item || taken.Taken[0].Until.Sub(b.now) != 10*time.Minute {
		t.Fatalf("took %+v", taken)
	}
	var opened assess.Opened
	b.ask("a-officer", "POST", path+"/open", "").into(t, &opened)
	if opened.Title != "A clip" || opened.Turn != staydown.First || opened.Exhibits == nil {
		t.Fatalf("opened %+v", opened)
	}
	b.want(b.ask("a-officer", "POST", path+"/assessments", `{"verdict":"terrorist_content","ground":"c","passage":"Join us on the mountain","purpose":"journalism","public":true}`), 422, "assessment.purpose")
	b.want(b.ask("a-officer", "POST", path+"/assessments", strings.Replace(finding, "mountain", "river", 1)), 422, "assessment.passage")
	b.want(b.ask("a-officer", "POST", path+"/assessments", strings.Replace(finding, `"spread"`, `"none"`, 1)), 422, "request.invalid")
	var given api.Assessment
	a := b.ask("a-officer", "POST", path+"/assessments", finding)
	a.into(t, &given)
	if a.status != 200 || given.State != staydown.AssessmentGiven || !given.Viewed {
		t.Fatalf("gave %d %s", a.status, a.body)
	}
	back := "/assessments/" + string(given.ID) + "/take-back"
	b.want(b.ask("a-lead", "POST", back, ""), 409, "assess.not_yours")
	var seen api.Assessments
	b.ask("a-legal", "GET", path+"/assessments", "").into(t, &seen)
	if len(seen.Assessments) != 0 {
		t.Errorf("a colleague reads %+v before it settled", seen)
	}
	b.want(b.ask("a-officer", "POST", back, ""), 200, "")
	b.now = b.now.Add(time.Second)
	b.want(b.ask("a-officer", "POST", path+"/assessments", finding), 200, "")
	b.now = b.now.Add(61 * time.Second)
	b.want(b.ask("a-officer", "POST", back, ""), 409, "assessment.too_late")
}

func TestLeads(t *testing.T) {
	b := open(t)
	leads := `{"leads":[{"url":"hxxps://relay[.]example/v/1","source":"patrol","reliability":"B","credibility":"2","import":"list","place":"1"},{"url":"https://relay.example/v/1"},{"url":"no address at all"}]}`
	b.want(b.ask("a-legal", "POST", "/leads", leads), 403, "access.permission")
	var r api.Results
	b.ask("a-analyst", "POST", "/leads", leads).into(t, &r)
	if len(r.Results) != 3 || r.Results[0].Result != "new" || r.Results[1].Result != "known" || r.Results[1].Item != r.Results[0].Item || r.Results[2].Result != "rejected" || r.Results[2].Reason == "" {
		t.Errorf("leads became %+v", r.Results)
	}
	b.want(b.ask("a-analyst", "POST", "/leads", `{"leads":[{"url":"https://relay.example/v/1","reliability":"Z"}]}`), 422, "request.invalid")
	b.want(b.ask("a-analyst", "POST", "/leads", `{"campaign":"01JH0000000000000000000000","leads":[{"url":"https://relay.example/v/1"}]}`), 404, "access.circle")

	list := "https://relay.example/v/1\nhttps://relay.example/v/2\n"
	a := b.ask("a-analyst", "POST", "/imports?name=list.txt", list, "Content-Type", "application/octet-stream")
	var i api.Import
	a.into(t, &i)
	if a.status != 200 || i.Rows != 2 || !i.Done || i.New != 1 {
		t.Errorf("the file became %d %s", a.status, a.body)
	}
	b.want(b.ask("a-analyst", "POST", "/imports?name=list.txt&as=novel", list), 400, "intake.format")
	b.want(b.ask("a-legal", "POST", "/imports?name=list.txt", list), 403, "access.permission")
	var page api.Page[api.Import]
	b.ask("a-legal", "GET", "/imports", "").into(t, &page)
	if len(page.Rows) != 1 || page.Rows[0].ID != i.ID {
		t.Errorf("imports are %+v", page)
	}
}

func TestHolds(t *testing.T) {
	b := open(t)
	hold := `{"location":"https://relay.example/u/x","scope":"account","case":"2026/7","reason":"a witness"}`
	b.want(b.ask("a-officer", "POST", "/holds", hold), 403, "access.permission")
	var h api.Hold
	a := b.ask("a-investigator", "POST", "/holds", hold)
	a.into(t, &h)
	if a.status != 200 || h.State != staydown.HoldActive || h.Scope != staydown.HoldAccount {
		t.Fatalf("placed %d %s", a.status, a.body)
	}
	path := "/holds/" + string(h.ID)
	b.want(b.ask("b-investigator", "POST", path+"/lift", ""), 404, "holds.not_found")
	var all api.Page[api.Hold]
	b.ask("b-investigator", "GET", "/holds", "").into(t, &all)
	if len(all.Rows) != 0 {
		t.Errorf("another authority reads %+v", all.Rows)
	}
	b.want(b.ask("a-investigator", "POST", path+"/review", ""), 200, "")
	b.want(b.ask("a-investigator", "GET", path+"/left", ""), 200, "")
	b.want(b.ask("a-investigator", "POST", path+"/lift", ""), 200, "")
	b.want(b.ask("a-investigator", "POST", path+"/lift", ""), 409, "hold.state")

	item := b.captured("https://relay.example/u/x/1", "text", strings.Repeat("ef", 32))
	queries := "/items/" + string(item) + "/queries"
	var q api.Query
	a = b.ask("a-officer", "POST", queries, `{"by":"phone"}`)
	a.into(t, &q)
	if a.status != 200 || q.State != staydown.QueryAsked || strings.Contains(a.body, "hold\":") {
		t.Fatalf("asked %d %s", a.status, a.body)
	}
	b.want(b.ask("a-officer", "POST", "/queries/"+string(q.ID)+"/decide", `{"act":"clear","reason":"the duty officer of B said so"}`), 200, "")
	b.want(b.ask("b-officer", "GET", queries, ""), 404, "access.circle")
	b.want(b.ask("a-officer", "GET", queries, ""), 200, "")
}

func TestReturns(t *testing.T) {
	b := open(t)
	gone := b.captured("https://relay.example/v/1", "text", strings.Repeat("ab", 32))
	back := b.captured("https://wire.example/v/9", "text", strings.Repeat("ab", 32))
	unit := b.unit["a"]
	var suspicion staydown.ID
	b.must(b.store.Act(t.Context(), access.System("test"), func(tx *store.Tx) error {
		suspicion = tx.NewID()
		if err := tx.AddReturn(staydown.Return{ID: suspicion, Item: back, Of: gone, Owner: unit, Circle: unit, State: staydown.ReturnCandidate, Kind: "reupload", Score: 99,
			Signals: []staydown.Signal{{Kind: "sha256", Score: 1, Detail: "equal bytes"}}, FoundAt: tx.Now()}); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "propose", Noun: "return", Subject: suspicion, Circle: unit})
	}))
	path := "/returns/" + string(suspicion)
	var list api.Page[api.Return]
	b.ask("a-officer", "GET", "/returns?state=candidate", "").into(t, &list)
	if len(list.Rows) != 1 || list.Rows[0].Item.ID != back || list.Rows[0].Of.ID != gone || len(list.Rows[0].Signals) != 1 {
		t.Fatalf("returns are %+v", list.Rows)
	}
	b.want(b.ask("a-officer", "GET", "/returns?state=perhaps", ""), 422, "request.invalid")
	b.want(b.ask("a-analyst", "POST", path+"/confirm", ""), 403, "access.permission")
	b.want(b.ask("b-officer", "POST", path+"/confirm", ""), 404, "access.circle")
	b.want(b.ask("a-officer", "POST", path+"/confirm", ""), 200, "")
	b.want(b.ask("a-officer", "POST", path+"/dismiss", `{"reason":"another clip"}`), 409, "return.state")
	var lines api.Page[api.Lineage]
	b.ask("a-officer", "GET", "/lineages", "").into(t, &lines)
	if len(lines.Rows) != 1 || lines.Rows[0].Count != 2 {
		t.Fatalf("lineages are %+v", lines.Rows)
	}
	var line api.Lineage
	b.ask("a-officer", "GET", "/lineages/"+string(lines.Rows[0].ID), "").into(t, &line)
	if len(line.Generations) != 2 || line.Generations[1].Item.ID != back {
		t.Errorf("the lineage is %+v", line)
	}
	b.want(b.ask("b-officer", "GET", "/lineages/"+string(line.ID), ""), 404, "access.circle")
}

func TestFigures(t *testing.T) {
	b := open(t)
	provider, _ := b.provider()
	b.ready(provider, 3)
	var f report.Figures
	a := b.ask("a-officer", "GET", "/figures", "")
	a.into(t, &f)
	if f.Items != 3 || f.Verdicts[staydown.TerroristContent] != 3 || f.At.IsZero() || f.OfficerMinutes != nil {
		t.Errorf("figures are %s", a.body)
	}
	unit := string(b.unit["a"]) // an authority alone is a circle of its own
	rows := b.ask("a-officer", "GET", "/campaigns/"+unit+"/rows", "")
	lines := strings.Split(strings.TrimSpace(rows.body), "\n")
	var r report.Row
	if err := json.Unmarshal([]byte(lines[0]), &r); err != nil || len(lines) != 3 || r.Location != "https://relay.example/v/000" || rows.header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("rows are %d %v %s", rows.status, rows.header, rows.body)
	}
	b.want(b.ask("b-officer", "GET", "/campaigns/"+unit+"/rows", ""), 404, "access.circle")
	b.want(b.ask("b-officer", "GET", "/campaigns/"+unit+"/figures", ""), 404, "access.circle")
	b.want(b.ask("a-admin", "GET", "/campaigns/"+unit+"/rows", ""), 403, "access.permission")
	entries, err := b.store.Latest(t.Context(), access.Caller{Actor: staydown.Actor{Authority: b.unit["a"]}}, 0, 2)
	b.must(err)
	if entries[0].Act != "refuse" || entries[1].Act != "export" {
		t.Errorf("the log ends with %s, %s", entries[1].Act, entries[0].Act)
	}
}

func TestGroupRefusesWhatNobodyViewed(t *testing.T) {
	b := open(t)
	sha := strings.Repeat("cd", 32)
	item := b.captured("https://relay.example/v/1", "text", sha)
	b.want(b.ask("a-officer", "POST", "/contexts", fmt.Sprintf(`{"items":[%q]}`, item)), 200, "")
	group := fmt.Sprintf(`{"sha256":%q,"items":[{"item":%q,"purpose":"spread"}],"verdict":"terrorist_content","ground":"c","public":true}`, sha, item)
	b.want(b.ask("a-officer", "POST", "/groups", group), 409, "assess.not_judged")
}

// Law: LED 25
func TestRefusalsAreLogged(t *testing.T) {
	b := open(t)
	before, _, err := b.store.LogCounts(t.Context())
	b.must(err)
	b.want(b.ask("a-admin", "GET", "/items", ""), 403, "access.permission")
	b.want(b.ask("a-admin", "POST", "/queues/new/take", "{}"), 403, "access.permission")
	entries, err := b.store.Latest(t.Context(), access.Caller{Actor: staydown.Actor{Authority: b.unit["a"]}}, 0, 1)
	b.must(err)
	after, _, err := b.store.LogCounts(t.Context())
	b.must(err)
	if after != before+2 || entries[0].Act != "refuse" || entries[0].Actor != b.person["a-admin"] {
		t.Errorf("%d events, the last %+v", after-before, entries[0])
	}
}
