package referral_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/store"
)

// wire is a channel that answers as it is told.
type wire struct {
	mu         sync.Mutex
	idempotent bool
	answer     []connector.Result
	sent       []connector.Message
}

func (w *wire) Name() string { return "webhook" }
func (w *wire) Capabilities() connector.Capabilities {
	return connector.Capabilities{Idempotent: w.idempotent, MaxLines: 200}
}
func (w *wire) Send(_ context.Context, m connector.Message) (connector.Result, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, m)
	r := connector.Result{Outcome: connector.Accepted, Receipt: "r-1"}
	if len(w.answer) > 0 {
		r, w.answer = w.answer[0], w.answer[1:]
	}
	return r, nil
}

// room is one authority with its people, one provider, and decided items.
type room struct {
	t        *testing.T
	ctx      context.Context
	s        *store.Store
	d        *referral.Desk
	wire     *wire
	now      time.Time
	unit     staydown.Authority
	drafter  access.Caller
	approver access.Caller
	admin    access.Caller
	provider staydown.Provider
	items    []staydown.Item
}

func newRoom(t *testing.T, n int) *room {
	t.Helper()
	r := &room{t: t, ctx: t.Context(), wire: &wire{idempotent: true}, now: time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(r.ctx, t.TempDir(), func() time.Time { return r.now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r.s = s
	r.d = &referral.Desk{Store: s.Referral(), Connectors: map[string]connector.Connector{"webhook": r.wire, "email": r.wire},
		KnownGood: referral.DefaultKnownGood("library.example"), AnswerURL: func(id staydown.ID) string { return "https://desk.example/answers/" + string(id) }, MailDomain: "desk.example"}
	r.unit = staydown.Authority{ID: staydown.NewID(r.now), Name: "Unit North", Country: "BE", Kind: "police", Email: "unit@north.example", DeskCode: "BE"}
	r.drafter = r.person(staydown.RoleOfficer)
	r.approver = r.person(staydown.RoleLead)
	r.admin = access.Caller{Actor: staydown.Actor{Person: "admin", Authority: r.unit.ID}, Roles: []staydown.Role{staydown.RoleAdmin}}
	r.must(s.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		if err := tx.AddAuthority(r.unit); err != nil {
			return err
		}
		for _, c := range []access.Caller{r.drafter, r.approver} {
			if err := tx.AddPerson(staydown.Person{ID: c.Actor.Person, Owner: r.unit.ID, Login: string(c.Actor.Person), DeskCode: "BE-7", Roles: c.Roles}); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "set_up", Noun: "authority", Subject: r.unit.ID})
	}))
	r.provider, err = r.d.PutProvider(r.ctx, r.admin, staydown.Provider{Name: "Relay", Host: "relay.example", Hosts: []string{"library.example"}, Kind: "messaging", Channel: "webhook",
		Webhook: "https://relay.example/in", Email: "legal@relay.example", Language: "en", TZ: "Europe/Brussels", ContactHours: "09:00-17:00", Clause: "Terms 4.2"})
	r.must(err)
	for i := range n {
		r.items = append(r.items, r.item(fmt.Sprintf("https://relay.example/north/%d", 100+i), nil))
	}
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) person(role staydown.Role) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.NewID(r.now), Authority: r.unit.ID}, Roles: []staydown.Role{role}, Circles: []staydown.ID{r.unit.ID}}
}

// item makes a decided item that is ready for a letter; bend may spoil it.
func (r *room) item(url string, bend func(*staydown.Item, *staydown.Assessment, *staydown.Query)) staydown.Item {
	r.t.Helper()
	id, host := staydown.NewID(r.now), url[len("https://"):]
	for i := range host {
		if host[i] == '/' {
			host = host[:i]
			break
		}
	}
	a := staydown.Assessment{ID: staydown.NewID(r.now), Item: id, Circle: r.unit.ID, Owner: r.unit.ID, Officer: r.drafter.Actor.Person, Turn: staydown.First, State: staydown.AssessmentStanding,
		Verdict: staydown.TerroristContent, Ground: staydown.Recruits, Passage: "exercise passage", Purpose: staydown.PurposeSpread, Viewed: true, Context: true, Public: true}
	i := staydown.Item{ID: id, Circle: r.unit.ID, Owner: r.unit.ID, Location: url, Host: host, Provider: r.provider.ID, State: staydown.ItemAssessed, Kind: "post",
		Assessment: a.ID, Verdict: a.Verdict, Ground: a.Ground, SeenAt: r.now, CapturedAt: r.now, DecidedAt: r.now}
	q := staydown.Query{ID: staydown.NewID(r.now), Item: id, Owner: r.unit.ID, Circle: r.unit.ID, Location: url, State: staydown.QueryClear, AskedAt: r.now}
	if bend != nil {
		bend(&i, &a, &q)
	}
	r.must(r.s.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		for _, err := range []error{tx.AddItem(i), tx.AddAssessment(a), tx.AddQuery(q)} {
			if err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: id, Circle: r.unit.ID})
	}))
	return i
}

func (r *room) draft() staydown.Letter {
	r.t.Helper()
	l, err := r.d.Draft(r.ctx, r.drafter, "", r.provider.ID, 0)
	r.must(err)
	return l
}

// work carries out everything of a kind that is due, one round.
func (r *room) work(kind string, h func(context.Context, staydown.Job) error) int {
	r.t.Helper()
	jobs, err := r.s.TakeJobs(r.ctx, []string{kind}, 100, string(staydown.NewID(r.now)), time.Minute)
	r.must(err)
	for _, j := range jobs {
		r.must(h(r.ctx, j))
	}
	return len(jobs)
}

func (r *room) letter(id staydown.ID) referral.LetterView {
	r.t.Helper()
	v, err := r.d.Letter(r.ctx, r.drafter, id)
	r.must(err)
	return v
}

func TestFromDraftToAnswer(t *testing.T) {
	r := newRoom(t, 3)
	ready, err := r.d.Ready(r.ctx, r.drafter, "")
	r.must(err)
	if len(ready) != 1 || ready[0].N != 3 {
		t.Fatalf("ready: %+v", ready)
	}
	l := r.draft()
	if l.Reference != "BE-2019-00001" || l.Lines != 3 {
		t.Errorf("draft %+v", l)
	}
	if _, err := r.d.Draft(r.ctx, r.drafter, "", r.provider.ID, 0); staydown.CodeOf(err) != "letter.empty" {
		t.Errorf("the same items drafted twice: %v", err)
	}
	lead := r.drafter
	lead.Roles = []staydown.Role{staydown.RoleLead}
	if _, err := r.d.Approve(r.ctx, lead, l.ID); staydown.CodeOf(err) != "letter.same_officer" {
		t.Errorf("the drafter approved: %v", err)
	}
	if _, err := r.d.Approve(r.ctx, r.drafter, l.ID); staydown.CodeOf(err) != "access.permission" {
		t.Errorf("an officer approved: %v", err)
	}
	_, err = r.d.Approve(r.ctx, r.approver, l.ID)
	r.must(err)
	if n := r.work("send", r.d.HandleSend); n != 1 {
		t.Fatalf("%d sends", n)
	}
	v := r.letter(l.ID)
	if v.Letter.State != staydown.LetterAcknowledged || v.Messages[0].State != staydown.MessageTaken || len(r.wire.sent) != 1 {
		t.Fatalf("after sending: %s, %+v", v.Letter.State, v.Messages)
	}
	m := r.wire.sent[0]
	if m.ID != string(v.Messages[0].ID) || len(m.Lines) != 3 || m.Sender.Authority != "Unit North" {
		t.Errorf("message %+v", m)
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}

	said := []referral.LineAnswer{{Line: v.Lines[0].ID, Status: staydown.LineRemoved}, {Line: v.Lines[1].ID, Status: staydown.LineRefused, Reason: "news"}}
	if _, err := r.d.Answer(r.ctx, r.provider.ID, l.ID, "api", "k1", said); err != nil {
		t.Fatal(err)
	}
	if n, err := r.d.Answer(r.ctx, r.provider.ID, l.ID, "api", "k1", said); err != nil || n != 2 {
		t.Errorf("the same key again: %d %v", n, err)
	}
	if s := r.letter(l.ID).Letter.State; s != staydown.LetterAcknowledged {
		t.Errorf("answered in part: %s", s)
	}
	if _, err := r.d.Answer(r.ctx, "somebody", l.ID, "api", "k2", said); staydown.KindOf(err) != staydown.NotFound {
		t.Errorf("another provider answered: %v", err)
	}
	_, err = r.d.Answer(r.ctx, r.provider.ID, l.ID, "door", "k3", []referral.LineAnswer{{Line: v.Lines[2].ID, Status: staydown.LineDisabled, Countries: []string{"DE"}}})
	r.must(err)
	if s := r.letter(l.ID).Letter.State; s != staydown.LetterClosed {
		t.Errorf("all answered: %s", s)
	}

	r.must(r.d.Withdraw(r.ctx, r.approver, l.ID, "wrong speaker"))
	r.work("send", r.d.HandleSend)
	if got := r.wire.sent[len(r.wire.sent)-1]; got.Kind != connector.Withdrawal || len(got.Lines) != 3 {
		t.Errorf("withdrawal: %+v", got)
	}
	i, err := r.s.Item(r.ctx, r.items[0].ID)
	r.must(err)
	if i.Line != "" || i.TheySay != "" {
		t.Errorf("a withdrawn item is still in a letter: %+v", i)
	}
}

func TestWhatStopsALetter(t *testing.T) {
	for name, c := range map[string]struct {
		url   string
		bend  func(*staydown.Item, *staydown.Assessment, *staydown.Query)
		check int
		never bool
	}{
		"not viewed": {"https://relay.example/north/771", func(_ *staydown.Item, a *staydown.Assessment, _ *staydown.Query) { a.Viewed = false }, 1, true},
		"no purpose": {"https://relay.example/north/771", func(_ *staydown.Item, a *staydown.Assessment, _ *staydown.Query) { a.Purpose = "" }, 2, true},
		"host root":  {"https://relay.example/", nil, 3, false},
		"known good": {"https://library.example/north/771", nil, 4, false},
		"invite":     {"https://relay.example/joinchat/AAAA1234", nil, 11, true},
		"session":    {"https://relay.example/north/771?session=abc", nil, 11, true},
		"silence": {"https://relay.example/north/771", func(_ *staydown.Item, _ *staydown.Assessment, q *staydown.Query) {
			q.State, q.DecidedBy = staydown.QueryNoAnswer, "p"
		}, 0, false},
		"nothing at all": {"https://relay.example/north/771", nil, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, 0)
			r.item(c.url, c.bend)
			l := r.draft()
			_, err := r.d.Approve(r.ctx, r.approver, l.ID)
			if c.check == 0 {
				r.must(err)
				return
			}
			if staydown.CodeOf(err) != "letter.check" {
				t.Fatalf("approved in spite of check %d: %v", c.check, err)
			}
			found, err := r.d.Checks(r.ctx, r.approver, l.ID)
			r.must(err)
			for _, f := range found {
				if !f.OK && !f.Warning && f.Check != c.check && name != "invite" { // an invite reaches a whole room, too
					t.Errorf("check %d stands too: %s", f.Check, f.Text)
				}
			}
			if err := r.d.Override(r.ctx, r.drafter, l.ID, c.check, "x"); err == nil {
				t.Error("the drafter overrode")
			}
			err = r.d.Override(r.ctx, r.approver, l.ID, c.check, "seen by two")
			if c.never {
				if staydown.CodeOf(err) != "letter.never" {
					t.Errorf("overridden: %v", err)
				}
				return
			}
			r.must(err)
			_, err = r.d.Approve(r.ctx, r.approver, l.ID)
			r.must(err)
		})
	}
}

func TestHeldItemsAreNotDrafted(t *testing.T) {
	r := newRoom(t, 0)
	r.item("https://relay.example/north/771", func(_ *staydown.Item, _ *staydown.Assessment, q *staydown.Query) { q.State = staydown.QueryHeld })
	if _, err := r.d.Draft(r.ctx, r.drafter, "", r.provider.ID, 0); staydown.CodeOf(err) != "letter.empty" {
		t.Errorf("a held item was drafted: %v", err)
	}
}

func TestAHoldAfterApprovalSendsTheLetterBack(t *testing.T) {
	r := newRoom(t, 2)
	l := r.draft()
	_, err := r.d.Approve(r.ctx, r.approver, l.ID)
	r.must(err)
	r.must(r.s.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		qs, err := tx.LatestQueries([]staydown.ID{r.items[0].ID})
		if err != nil {
			return err
		}
		q := qs[r.items[0].ID]
		e, err := q.Answer("hold", tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutQuery(q); err != nil {
			return err
		}
		return tx.Event(e)
	}))
	r.work("send", r.d.HandleSend)
	if v := r.letter(l.ID); v.Letter.State != staydown.LetterDraft || len(r.wire.sent) != 0 {
		t.Errorf("state %s, %d sent", v.Letter.State, len(r.wire.sent))
	}
}

func TestAnInterruptedMailIsDeliveryUnknown(t *testing.T) {
	r := newRoom(t, 1)
	r.wire.idempotent = false
	l := r.draft()
	_, err := r.d.Approve(r.ctx, r.approver, l.ID)
	r.must(err)
	// The process dies between the provider's acceptance and our commit: the job is taken, the try noted, nothing settled.
	m := r.letter(l.ID).Messages[0]
	r.must(r.s.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		m.State, m.Tries = staydown.MessageTrying, 1
		if err := tx.PutMessage(m); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "try", Noun: "message", Subject: m.ID})
	}))
	r.wire.answer = []connector.Result{{Outcome: connector.Delivered}}
	r.work("send", r.d.HandleSend)
	v := r.letter(l.ID)
	if v.Letter.State != staydown.LetterDeliveryUnknown || v.Messages[0].State != staydown.MessageUnknown || r.wire.sent[0].ID != string(m.ID) {
		t.Errorf("letter %s, message %s", v.Letter.State, v.Messages[0].State)
	}
}

// A hold that comes between two tries stops the letter as one before the first would; it can be sent again afterwards.
func TestAHoldBetweenTriesStopsTheLetter(t *testing.T) {
	r := newRoom(t, 2)
	r.wire.answer = []connector.Result{{Outcome: connector.Retry}, {Outcome: connector.Delivered}}
	l := r.draft()
	_, err := r.d.Approve(r.ctx, r.approver, l.ID)
	r.must(err)
	r.work("send", r.d.HandleSend)
	held := func(state staydown.QueryState) {
		r.must(r.s.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			q := staydown.Query{ID: tx.NewID(), Item: r.items[0].ID, Owner: r.items[0].Owner, Circle: r.items[0].Circle, Location: r.items[0].Location, State: state, AskedAt: tx.Now(), AnsweredAt: tx.Now()}
			if err := tx.AddQuery(q); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "hold", Noun: "query", Subject: q.ID, Circle: q.Circle})
		}))
	}
	r.now = r.now.Add(time.Hour)
	held(staydown.QueryHeld)
	r.work("send", r.d.HandleSend)
	v := r.letter(l.ID)
	if len(r.wire.sent) != 1 || v.Letter.State != staydown.LetterFailed || v.Messages[0].State != staydown.MessageRefused || !strings.Contains(v.Messages[0].Detail, "check 5") {
		t.Fatalf("%d sent, letter %s, message %+v", len(r.wire.sent), v.Letter.State, v.Messages[0])
	}
	r.now = r.now.Add(time.Hour)
	r.must(r.d.Resend(r.ctx, r.approver, l.ID))
	r.work("send", r.d.HandleSend)
	if len(r.wire.sent) != 1 {
		t.Error("sent again while it was held")
	}
	r.must(r.s.Act(r.ctx, access.System("test"), func(tx *store.Tx) error { // the investigation is over
		qs, err := tx.LatestQueries([]staydown.ID{r.items[0].ID})
		if err != nil {
			return err
		}
		q := qs[r.items[0].ID]
		q.State = staydown.QueryClear
		if err := tx.PutQuery(q); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "clear", Noun: "query", Subject: q.ID})
	}))
	r.must(r.d.Resend(r.ctx, r.approver, l.ID))
	r.work("send", r.d.HandleSend)
	if v := r.letter(l.ID); len(r.wire.sent) != 2 || v.Letter.State != staydown.LetterDelivered {
		t.Errorf("%d sent, letter %s", len(r.wire.sent), v.Letter.State)
	}
}

// A line that breaks after the whole mail was sent leaves the desk in doubt. The mail goes out again under the same identity,
// because it may not have come at all, and the doubt stays on record; a server that never answers is not written to for ever.
func TestAMailInDoubtGoesOutAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answers []connector.Result
		sent    int
	}{
		"the line breaks once": {[]connector.Result{{Outcome: connector.Unknown}, {Outcome: connector.Delivered}}, 2},
		"the server is silent": {[]connector.Result{{Outcome: connector.Unknown}, {Outcome: connector.Unknown}, {Outcome: connector.Unknown}, {Outcome: connector.Unknown}, {Outcome: connector.Delivered}}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, 1)
			r.wire.idempotent, r.wire.answer = false, c.answers
			l := r.draft()
			_, err := r.d.Approve(r.ctx, r.approver, l.ID)
			r.must(err)
			for range 6 {
				r.work("send", r.d.HandleSend)
				r.now = r.now.Add(61 * time.Minute)
			}
			v := r.letter(l.ID)
			if v.Letter.State != staydown.LetterDeliveryUnknown || v.Messages[0].State != staydown.MessageUnknown {
				t.Errorf("letter %s, message %s", v.Letter.State, v.Messages[0].State)
			}
			if len(r.wire.sent) != c.sent {
				t.Errorf("sent %d times", len(r.wire.sent))
			}
			for _, m := range r.wire.sent {
				if m.MailID != r.wire.sent[0].MailID {
					t.Errorf("another Message-ID: %s, %s", m.MailID, r.wire.sent[0].MailID)
				}
			}
		})
	}
}

func TestRefusedBusyAndReminded(t *testing.T) {
	r := newRoom(t, 1)
	r.wire.answer = []connector.Result{{Outcome: connector.Retry, After: 30 * time.Minute}, {Outcome: connector.Delivered}}
	l := r.draft()
	_, err := r.d.Approve(r.ctx, r.approver, l.ID)
	r.must(err)
	r.work("send", r.d.HandleSend)
	if n := r.work("send", r.d.HandleSend); n != 0 {
		t.Error("sent before the time the provider asked for")
	}
	r.now = r.now.Add(31 * time.Minute)
	r.work("send", r.d.HandleSend)
	if s := r.letter(l.ID).Letter.State; s != staydown.LetterDelivered {
		t.Fatalf("state %s", s)
	}
	if r.wire.sent[0].ID != r.wire.sent[1].ID {
		t.Error("a retry changed its identity")
	}
	for day := range 20 {
		r.now = r.now.Add(24 * time.Hour)
		r.work("remind", r.d.HandleRemind)
		r.work("send", r.d.HandleSend)
		_ = day
	}
	v := r.letter(l.ID)
	if v.Letter.State != staydown.LetterClosed || v.Lines[0].State != staydown.LineNoAnswer || v.Letter.Reminders != 2 || len(r.wire.sent) != 4 {
		t.Errorf("letter %s, line %s, %d reminders, %d messages", v.Letter.State, v.Lines[0].State, v.Letter.Reminders, len(r.wire.sent))
	}
	if _, err := r.d.Answer(r.ctx, r.provider.ID, l.ID, "door", "late", []referral.LineAnswer{{Line: v.Lines[0].ID, Status: staydown.LineRemoved}}); err != nil {
		t.Errorf("a late answer: %v", err)
	}
}

func TestAnotherAuthoritysLetter(t *testing.T) {
	r := newRoom(t, 1)
	l := r.draft()
	stranger := r.person(staydown.RoleLead)
	stranger.Actor.Authority, stranger.Circles = "other", []staydown.ID{"other"}
	if _, err := r.d.Letter(r.ctx, stranger, l.ID); staydown.KindOf(err) != staydown.NotFound {
		t.Errorf("another circle read it: %v", err)
	}
	if _, err := r.d.Approve(r.ctx, stranger, l.ID); staydown.KindOf(err) != staydown.NotFound {
		t.Errorf("another circle approved it: %v", err)
	}
	partner := r.person(staydown.RoleLead)
	partner.Actor.Authority = "partner" // in the same circle
	if _, err := r.d.Approve(r.ctx, partner, l.ID); staydown.CodeOf(err) != "letter.not_yours" {
		t.Errorf("a partner approved it: %v", err)
	}
}

func TestCampaign(t *testing.T) {
	r := newRoom(t, 0)
	camp, err := r.d.NewCampaign(r.ctx, r.approver, staydown.Campaign{Name: "Exercise", OpensAt: r.now, ReleaseAt: r.now.Add(3 * time.Hour)})
	r.must(err)
	c := r.approver
	c.Circles = append(c.Circles, camp.ID)
	if err := r.d.Move(r.ctx, c, camp.ID, "release"); staydown.KindOf(err) != staydown.Refused {
		t.Errorf("released early: %v", err)
	}
	r.must(r.d.Move(r.ctx, c, camp.ID, "open"))
	r.now = r.now.Add(4 * time.Hour)
	r.must(r.d.Move(r.ctx, c, camp.ID, "release"))
	r.must(r.d.Freeze(r.ctx, c, camp.ID, true))
	got, err := r.d.Campaign(r.ctx, c, camp.ID)
	r.must(err)
	if got.MaySend(r.now) {
		t.Error("a frozen campaign sends")
	}
}
