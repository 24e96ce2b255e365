package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

const day = "day" // the campaign, and its circle

func lead(unit string) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID("P-" + unit), Authority: staydown.ID(unit)},
		Roles: []staydown.Role{staydown.RoleLead}, Circles: []staydown.ID{day, staydown.ID(unit)}}
}

// stage is a store that tests fill item by item.
type stage struct {
	t   *testing.T
	s   *store.Store
	at  time.Time
	n   int
	all []string
}

func (g *stage) act(fns ...func(*store.Tx) error) {
	g.t.Helper()
	err := g.s.Act(g.t.Context(), access.System("test"), func(tx *store.Tx) error {
		for _, fn := range fns {
			if err := fn(tx); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "see", Noun: "item", Circle: day})
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

// fact is one item with what became of it.
type fact struct {
	provider, owner string
	verdict         staydown.Verdict
	state           staydown.ItemState
	letter          staydown.LetterState // of its line's letter; empty: in none
	say             staydown.LineState
	saw             staydown.Sight
	cause           string
	goneAfter       int // hours after the letter; 0: never
	upAfter         int // hours at which it was seen up
	lookedAfter     int
	query           staydown.QueryState
	queryAfter      int // hours after the letter
	lines           int // how many lines beyond the first ask about it
	secondState     staydown.LineState
	message         staydown.MessageState
	job             bool
	returnOf        staydown.ID
}

// add puts an item with everything that hangs on it.
func (g *stage) add(f fact) staydown.ID {
	g.t.Helper()
	g.n++
	id := staydown.ID(fmt.Sprintf("I%05d", g.n))
	hours := func(n int) time.Time { return g.at.Add(time.Duration(n) * time.Hour) }
	i := staydown.Item{ID: id, Circle: day, Owner: staydown.ID(f.owner), Campaign: day, Location: fmt.Sprintf("https://%s.example/%05d", f.provider, g.n),
		Provider: staydown.ID(f.provider), State: f.state, Verdict: f.verdict, Leads: 1, SeenAt: g.at.Add(-48 * time.Hour), TheySay: f.say, WeSaw: f.saw, WeSawCause: f.cause, ReturnOf: f.returnOf}
	if f.state == "" {
		i.State = staydown.ItemAssessed
	}
	if f.goneAfter > 0 {
		i.GoneAt = hours(f.goneAfter)
	}
	if f.lookedAfter > 0 {
		i.WeSawAt = hours(f.lookedAfter)
	}
	g.act(func(tx *store.Tx) error {
		var errs []error
		if f.letter != "" {
			i.Line = "L" + id
			for k := range f.lines + 1 {
				say := f.say
				if k > 0 {
					say = f.secondState
				}
				letter := staydown.ID(fmt.Sprintf("T%s-%d", id, k))
				t := staydown.Letter{ID: letter, Owner: i.Owner, Circle: day, Provider: i.Provider, State: f.letter, Reference: string(letter), Lines: 1}
				switch f.letter {
				case staydown.LetterDraft, staydown.LetterApproved:
				case staydown.LetterSent, staydown.LetterFailed, staydown.LetterDeliveryUnknown:
					t.SentAt = g.at
				default:
					t.SentAt, t.DeliveredAt = g.at, g.at
				}
				line := staydown.Line{ID: "L" + id, Letter: letter, Item: id, Owner: i.Owner, Circle: day, Provider: i.Provider, Location: i.Location, State: say}
				if k > 0 {
					line.ID += staydown.ID(fmt.Sprint(k))
				}
				if report.SaysRemoved(say) {
					line.AnsweredAt = hours(2)
				}
				errs = append(errs, tx.AddLetter(t), tx.AddLine(line))
				if f.message != "" {
					m := staydown.Message{ID: "M" + letter, Letter: letter, Owner: i.Owner, Circle: day, Kind: "referral", N: 1, State: f.message}
					errs = append(errs, tx.AddMessage(m))
					if f.job {
						errs = append(errs, tx.Job(staydown.Job{Kind: "send", Key: string(m.ID), Subject: m.ID}))
					}
				}
			}
		}
		if f.query != "" {
			errs = append(errs, tx.AddQuery(staydown.Query{ID: "Q" + id, Item: id, Circle: day, Location: i.Location, State: f.query, AskedAt: hours(f.queryAfter), AnsweredAt: hours(f.queryAfter)}))
		}
		for n, c := range []struct {
			after   int
			verdict staydown.Sight
		}{{f.upAfter, staydown.Up}, {f.goneAfter, staydown.Gone}, {f.lookedAfter, f.saw}} {
			if c.after > 0 {
				errs = append(errs, tx.AddCheck(staydown.Check{ID: staydown.ID(fmt.Sprintf("C%s-%d", id, n)), Item: id, Line: i.Line, Circle: day, N: n, State: staydown.CheckDone, At: hours(c.after), Verdict: c.verdict}))
			}
		}
		errs = append(errs, tx.AddLead(staydown.Lead{ID: "D" + id, Owner: i.Owner, Circle: day, Item: id, State: staydown.LeadTaken, Import: "", Place: string(id)}), tx.AddItem(i))
		return errors.Join(errs...)
	})
	return id
}

func newStage(t *testing.T, s *store.Store, c *storetest.Clock) *stage {
	g := &stage{t: t, s: s, at: c.At}
	g.act(func(tx *store.Tx) error {
		return errors.Join(
			tx.AddAuthority(staydown.Authority{ID: "be", Name: "Unit BE"}), tx.AddAuthority(staydown.Authority{ID: "fr", Name: "Unit FR"}), tx.AddAuthority(staydown.Authority{ID: "nl", Name: "Unit NL"}),
			tx.AddCampaign(staydown.Campaign{ID: day, Owner: "be", Name: "Exercise day", State: staydown.CampaignReleased, Units: []staydown.ID{"be", "fr"}}), tx.Join(day, "be"), tx.Join(day, "fr"),
			tx.AddProvider(staydown.Provider{ID: "relay", Name: "Relay", Host: "relay.example"}), tx.AddProvider(staydown.Provider{ID: "tube", Name: "Tube", Host: "tube.example"}))
	})
	return g
}

// Each figure counts what its name says, and nothing else.
func TestFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		g := newStage(t, s, c)
		tc, delivered := staydown.TerroristContent, staydown.LetterDelivered
		gone := g.add(fact{provider: "relay", owner: "be", verdict: tc, letter: delivered, say: staydown.LineRemoved, saw: staydown.Gone, cause: "provider", upAfter: 1, goneAfter: 5, lookedAfter: 30})
		g.add(fact{provider: "relay", owner: "be", verdict: tc, letter: staydown.LetterAnswered, say: staydown.LineAsked, saw: staydown.Gone, cause: "author", goneAfter: 5, lookedAfter: 6})
		g.add(fact{provider: "relay", owner: "fr", verdict: staydown.TermsOnly, letter: delivered, say: staydown.LineNoAnswer, saw: staydown.Gone, cause: "unknown", goneAfter: 5, lookedAfter: 6})
		g.add(fact{provider: "relay", owner: "fr", verdict: tc, letter: staydown.LetterClosed, say: staydown.LineRemoved, saw: staydown.Up, upAfter: 40, lookedAfter: 40})                          // a lie
		g.add(fact{provider: "tube", owner: "fr", verdict: tc, letter: delivered, say: staydown.LineDisabled, saw: staydown.Up, upAfter: 40, lookedAfter: 40})                                      // elsewhere only
		g.add(fact{provider: "tube", owner: "fr", verdict: tc, letter: delivered, say: staydown.LineRefused, saw: staydown.Up, upAfter: 40, lookedAfter: 40, lines: 1, secondState: "asked"})       // asked again, rightly
		g.add(fact{provider: "tube", owner: "fr", verdict: tc, letter: delivered, say: staydown.LineAsked, saw: staydown.Unseen, lookedAfter: 3, lines: 1, secondState: "asked", message: "taken"}) // doubled
		g.add(fact{provider: "tube", owner: "fr", verdict: tc, letter: delivered, say: staydown.LineAsked, saw: staydown.Changed, lookedAfter: 3, query: staydown.QueryHeld, queryAfter: -1})       // a hold breached
		g.add(fact{provider: "tube", owner: "fr", verdict: tc, letter: delivered, say: staydown.LineAsked, query: staydown.QueryHeld, queryAfter: 1})                                               // a hold placed too late
		g.add(fact{provider: "tube", owner: "be", verdict: tc, query: staydown.QueryHeld, queryAfter: -1})                                                                                          // stopped by a hold
		g.add(fact{provider: "tube", owner: "be", verdict: tc, letter: staydown.LetterDeliveryUnknown, say: staydown.LineAsked, message: staydown.MessageUnknown})
		g.add(fact{provider: "tube", owner: "be", verdict: tc, letter: staydown.LetterSent, say: staydown.LineAsked, message: staydown.MessageTrying})                 // lost
		g.add(fact{provider: "tube", owner: "be", verdict: tc, letter: staydown.LetterApproved, say: staydown.LineAsked, message: staydown.MessageWritten, job: true}) // on its way
		g.add(fact{provider: "", owner: "be", verdict: staydown.Lawful})
		g.add(fact{provider: "relay", owner: "be", verdict: staydown.Protected})
		g.add(fact{provider: "relay", owner: "be", verdict: staydown.Unclear})
		g.add(fact{provider: "relay", owner: "be", verdict: tc, letter: staydown.LetterWithdrawn, say: staydown.LineWithdrawn, saw: staydown.Gone, cause: "provider", goneAfter: 1, lookedAfter: 1})
		g.add(fact{provider: "relay", owner: "be", state: staydown.ItemSeen})
		g.add(fact{provider: "relay", owner: "be", state: staydown.ItemNotCaptured})
		g.add(fact{provider: "relay", owner: "be", state: staydown.ItemMerged})
		back := g.add(fact{provider: "tube", owner: "be", state: staydown.ItemCaptured, returnOf: gone})
		g.act(func(tx *store.Tx) error {
			errs := []error{
				tx.AddReturn(staydown.Return{ID: "R1", Item: back, Of: gone, Circle: day, State: staydown.ReturnConfirmed}),
				tx.AddReturn(staydown.Return{ID: "R2", Item: back, Of: "x", Circle: day, State: staydown.ReturnCandidate}),
			}
			for n := range 8 {
				errs = append(errs, tx.AddAssessment(staydown.Assessment{ID: staydown.ID(fmt.Sprintf("A%d", n)), Circle: day, Officer: staydown.ID(fmt.Sprintf("O%d", n)), State: staydown.AssessmentStanding, Seconds: 90}))
			}
			return errors.Join(errs...)
		})

		d := &report.Desk{Store: s.Report()}
		f, err := d.Figures(t.Context(), lead("be"), day)
		if err != nil {
			t.Fatal(err)
		}
		count := report.Count{LawfulStopped: 2, TermsOnly: 1, Referred: 12, Delivered: 10, Withdrawn: 1, SayRemoved: 3, Gone: 4, GoneByProvider: 2, GoneByAuthor: 1, GoneByUnknown: 1,
			Up: 3, Changed: 1, Unknown: 2, SaidRemovedUp: 1, Refused: 1, NoAnswer: 5}
		if d := cmp.Diff(count, f.Count); d != "" {
			t.Errorf("counts (-want +got):\n%s", d)
		}
		if d := cmp.Diff(report.Trouble{Stopped: 1, HoldsBreached: 1, Doubled: 1, DeliveryUnknown: 1, Lost: 1}, f.Trouble); d != "" {
			t.Errorf("trouble (-want +got):\n%s", d)
		}
		if f.Items != 20 || f.Leads != 21 || f.Captured != 18 || f.NotCaptured != 1 || f.Assessed != 17 || f.Verdicts[staydown.Lawful] != 1 || f.Returned != 1 || f.ReturnCandidates != 1 || !f.At.Equal(c.At) {
			t.Errorf("figures %+v", f)
		}
		if f.OfficerMinutes == nil || *f.OfficerMinutes != 12 {
			t.Errorf("minutes %v", f.OfficerMinutes)
		}
		if f.Letters[staydown.LetterDelivered] != 9 || f.Letters[staydown.LetterApproved] != 1 {
			t.Errorf("letters %v", f.Letters)
		}
		if len(f.Providers) != 3 || f.Providers[0].Name != "Relay" && f.Providers[1].Name != "Relay" {
			t.Fatalf("providers %+v", f.Providers)
		}
		for _, p := range f.Providers {
			switch p.ID {
			case "relay":
				if p.Delivered != 5 || p.Gone != 4 || p.SaidRemovedUp != 1 || p.Back != 1 || p.Letters != 5 || p.Seen.N != 5 || p.Seen.Gone != 4 {
					t.Errorf("relay %+v", p)
				}
			case "tube":
				if p.Delivered != 5 || p.Up != 2 || p.Back != 0 || p.Seen.Gone != 0 {
					t.Errorf("tube %+v", p)
				}
			case "":
				if p.Items != 1 || p.LawfulStopped != 1 {
					t.Errorf("no provider %+v", p)
				}
			}
		}
		if len(f.Units) != 2 || f.Units[0].Name != "Unit BE" || f.Units[0].Held != 1 || f.Units[0].Lawful != 2 || f.Units[0].Items+f.Units[1].Items != 20 || f.Units[1].Leads != 7 {
			t.Errorf("units %+v", f.Units)
		}
		if f.Seen.N != 8 || f.Seen.Gone != 4 || f.Said.Gone != 3 {
			t.Errorf("seen %+v, said %+v", f.Seen, f.Said)
		}
		again, err := d.Figures(t.Context(), lead("fr"), day)
		if err != nil || !cmp.Equal(f, again) {
			t.Errorf("asked again: %v\n%s", err, cmp.Diff(f, again))
		}
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var flat map[string]any
		if err := json.Unmarshal(b, &flat); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"items", "assessed", "lawful_stopped", "wrongly_referred", "terms_only", "referred", "delivered", "gone", "gone_by_author", "refused", "no_answer",
			"returned", "stopped", "holds_breached", "doubled", "delivery_unknown", "lost", "officer_minutes"} {
			if _, ok := flat[key]; !ok {
				t.Errorf("the exercise's line asks for %q", key)
			}
		}

		rows := map[string]report.Row{}
		var order []string
		err = d.Rows(t.Context(), lead("be"), day, func(r report.Row) error {
			rows[string(r.Item)] = r
			order = append(order, r.Location)
			return nil
		})
		if err != nil || len(rows) != 20 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i := 1; i < len(order); i++ {
			if order[i] <= order[i-1] {
				t.Errorf("%s behind %s", order[i], order[i-1])
			}
		}
		if r := rows[string(gone)]; r.Provider != "Relay" || !r.Delivered || r.TheySay != staydown.LineRemoved || r.WeSawCause != "provider" || r.GoneAt.IsZero() || r.Doubled || r.Letter == "" {
			t.Errorf("row %+v", r)
		}
		if r := rows[string(back)]; r.ReturnOf != rows[string(gone)].Location || r.Delivered || r.Letter != "" {
			t.Errorf("row %+v", r)
		}
		g.add(fact{provider: "relay", owner: "be", state: staydown.ItemSeen})
		if more, err := d.Figures(t.Context(), lead("be"), day); err != nil || more.Items != f.Items+1 {
			t.Errorf("after one more item: %d, %v", more.Items, err)
		}
		// Every figure is the count of its rows.
		var sum report.Count
		doubled := 0
		for _, r := range rows {
			if r.Delivered {
				sum.Delivered++
			}
			if r.Delivered && r.WeSaw == staydown.Gone {
				sum.Gone++
			}
			if r.Doubled {
				doubled++
			}
		}
		if sum.Delivered != f.Delivered || sum.Gone != f.Gone || doubled != f.Doubled {
			t.Errorf("the rows count %+v and %d doubled", sum, doubled)
		}
	})
}

func TestFiguresKeepSilentAboutFew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		g := newStage(t, s, c)
		g.act(func(tx *store.Tx) error {
			var errs []error
			for n := range 9 { // of seven people
				errs = append(errs, tx.AddAssessment(staydown.Assessment{ID: staydown.ID(fmt.Sprintf("A%d", n)), Circle: day, Officer: staydown.ID(fmt.Sprintf("O%d", n%7)), State: staydown.AssessmentStanding, Seconds: 90}))
			}
			return errors.Join(errs...)
		})
		d := &report.Desk{Store: s.Report()}
		f, err := d.Figures(t.Context(), lead("be"), day)
		if err != nil || f.OfficerMinutes != nil || f.Items != 0 || len(f.Units) != 2 {
			t.Errorf("%+v, %v", f, err)
		}
		if f, err := d.Figures(t.Context(), lead("be"), ""); err != nil || len(f.Units) != 1 {
			t.Errorf("of the own authority: %+v, %v", f, err)
		}
		if _, err := d.Figures(t.Context(), access.Caller{Roles: []staydown.Role{staydown.RoleLead}, Circles: []staydown.ID{"nl"}}, day); staydown.KindOf(err) != staydown.NotFound {
			t.Errorf("another circle: %v", err)
		}
		admin := lead("be")
		admin.Roles = []staydown.Role{staydown.RoleAdmin}
		if err := d.Rows(t.Context(), admin, day, func(report.Row) error { return nil }); staydown.CodeOf(err) != "access.permission" {
			t.Errorf("without permission: %v", err)
		}
	})
}
