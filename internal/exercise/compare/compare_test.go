package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/exercise/practice"
	"github.com/staydown/staydown/internal/exercise/world"
)

// story is a small truth written by hand, and the rows of a desk that knows it
// all. Items by number: what each is follows from the world of seed 1.
type story struct {
	t      *testing.T
	world  *world.World
	events []practice.Event
}

var at = world.Release

func num(n int) *int { return &n }

func newStory(t *testing.T) *story {
	t.Helper()
	w, err := world.New(1, 200)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, world: w}
	s.add(practice.Event{Kind: practice.KindWorld, Key: w.Token()})
	for n, it := range w.Items {
		s.add(practice.Event{Kind: practice.KindPlanted, At: world.Start.Add(-time.Hour), Provider: w.Providers[it.Provider].Name, Item: num(n), URL: it.URL(), Class: string(it.Class),
			Ground: it.Ground, Purpose: string(it.Purpose), Held: it.Held, Family: num(it.Family), Transform: string(it.Transform)})
	}
	return s
}

func (s *story) add(e practice.Event) {
	e.N = int64(len(s.events) + 1)
	if e.At.IsZero() {
		e.At = at
	}
	s.events = append(s.events, e)
}

// refer lets a letter about one posting come in; line and letter bear its
// number.
func (s *story) refer(it world.Item, name, ground string) {
	s.add(practice.Event{Kind: practice.KindLetter, Provider: s.world.Providers[it.Provider].Name, Channel: "webhook", Message: "m" + name, Key: "m" + name,
		Letter: "L" + name, LetterKind: practice.Referral, Lines: []practice.LineAsked{{Line: "l" + name, URL: it.URL(), Item: num(it.Number), Ground: ground}}})
}

func (s *story) decide(kind string, it world.Item, name string, after time.Duration) {
	s.add(practice.Event{Kind: kind, At: at.Add(after), Provider: s.world.Providers[it.Provider].Name, Item: num(it.Number), Line: "l" + name, Letter: "L" + name, Cause: "provider", Reason: "no"})
	status := map[string]string{practice.KindRemoved: "removed", practice.KindLied: "removed", practice.KindRefused: "refused"}[kind]
	s.add(practice.Event{Kind: practice.KindAnswered, At: at.Add(after), Letter: "L" + name, Key: name, Answers: []practice.LineAnswer{{Line: "l" + name, Status: status}}})
}

func (s *story) truth() *practice.Truth {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), practice.TruthName)
	var out bytes.Buffer
	for _, e := range s.events {
		raw, err := json.Marshal(e)
		if err != nil {
			s.t.Fatal(err)
		}
		out.Write(append(raw, '\n'))
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
	truth, err := practice.ReadTruth(s.world, path)
	if err != nil {
		s.t.Fatal(err)
	}
	return truth
}

// pick returns the n-th planted posting that passes a test.
func (s *story) pick(n int, keep func(world.Item) bool) world.Item {
	s.t.Helper()
	for _, it := range s.world.Items {
		if keep(it) && !s.world.Accounts[it.Account].Closes {
			if n == 0 {
				return it
			}
			n--
		}
	}
	s.t.Fatal("the world has no such posting")
	return world.Item{}
}

func terrorist(it world.Item) bool { return it.Class == world.Terrorist && !it.Held }

// cast are the postings of the story, by what happens to them.
type cast struct {
	removed, lied, refused, silent, lawful, author, back, backCrop, held, terms world.Item
	again, againCrop                                                            world.Item
}

// tell plays a whole story and returns it with the rows of a desk that knows
// everything.
func tell(t *testing.T) (*story, cast, []Row) {
	t.Helper()
	s := newStory(t)
	w := s.world
	var c cast
	relay := func(it world.Item) bool {
		return terrorist(it) && w.Providers[it.Provider].Name == "relay" && w.Plan(it).Returns == 0
	}
	returning := func(transform world.Transform) func(world.Item) bool {
		return func(it world.Item) bool {
			return w.Plan(it).Returns > 0 && w.Item(w.Next(it.Number)).Transform == transform
		}
	}
	c.removed, c.refused, c.silent, c.author = s.pick(0, relay), s.pick(1, relay), s.pick(2, relay), s.pick(3, relay)
	c.lied = s.pick(0, func(it world.Item) bool { return w.Plan(it).Outcome == world.Lies })
	c.lawful = s.pick(0, func(it world.Item) bool { return it.Class == world.Lawful })
	c.held = s.pick(0, func(it world.Item) bool { return it.Held })
	c.terms = s.pick(0, func(it world.Item) bool { return it.Class == world.TermsOnly })
	c.back, c.backCrop = s.pick(0, returning(world.Flipped)), s.pick(0, returning(world.Cropped10))
	for name, it := range map[string]*world.Item{"removed": &c.removed, "lied": &c.lied, "refused": &c.refused, "silent": &c.silent, "author": &c.author, "back": &c.back, "crop": &c.backCrop} {
		s.refer(*it, name, it.Ground)
	}
	s.refer(c.terms, "terms", "terms")
	s.refer(c.lawful, "lawful", "a")
	hour := time.Hour
	s.decide(practice.KindRemoved, c.removed, "removed", hour)
	s.decide(practice.KindRemoved, c.terms, "terms", hour)
	s.decide(practice.KindLied, c.lied, "lied", hour)
	s.decide(practice.KindRefused, c.refused, "refused", hour)
	s.decide(practice.KindRefused, c.lawful, "lawful", hour)
	s.decide(practice.KindRemoved, c.back, "back", hour)
	s.decide(practice.KindRemoved, c.backCrop, "crop", hour)
	s.add(practice.Event{Kind: practice.KindRemoved, At: at.Add(hour), Item: num(c.silent.Number), Line: "lsilent", Letter: "Lsilent", Cause: "provider"})
	s.add(practice.Event{Kind: practice.KindAuthorDeleted, At: at.Add(2 * hour), Item: num(c.author.Number), Cause: "author"})
	c.again, c.againCrop = w.Item(w.Next(c.back.Number)), w.Item(w.Next(c.backCrop.Number))
	for _, it := range []world.Item{c.again, c.againCrop} {
		s.add(practice.Event{Kind: practice.KindReuploaded, At: at.Add(30 * hour), Provider: w.Providers[it.Provider].Name, Item: num(it.Number), Of: num(it.Origin), URL: it.URL(),
			Class: string(it.Class), Family: num(it.Family), Transform: string(it.Transform)})
		s.add(practice.Event{Kind: practice.KindFound, At: at.Add(40 * hour), Unit: "BE", URL: it.URL(), Item: num(it.Number), Of: num(it.Origin)})
	}
	return s, c, perfect(s, c)
}

// perfect are the rows of a desk that knows everything; what was referred has
// been looked at two days later.
func perfect(s *story, c cast) []Row {
	look := at.Add(48 * time.Hour)
	rows := make([]Row, 0, len(s.world.Items)+2)
	for _, it := range s.world.Items {
		rows = append(rows, Row{Item: "i", Location: it.URL(), Provider: s.world.Providers[it.Provider].Name, State: "assessed"})
	}
	set := func(it world.Item, letter, verdict, say, saw, cause string) {
		r := &rows[it.Number]
		r.Letter, r.Verdict, r.TheySay, r.WeSaw, r.WeSawCause, r.WeSawAt, r.Delivered = letter, verdict, say, saw, cause, look, true
	}
	set(c.removed, "Lremoved", "terrorist_content", "removed", "gone", "provider")
	set(c.terms, "Lterms", "terms_only", "removed", "gone", "provider")
	set(c.lied, "Llied", "terrorist_content", "removed", "up", "")
	set(c.refused, "Lrefused", "terrorist_content", "refused", "up", "")
	set(c.lawful, "Llawful", "terrorist_content", "refused", "up", "")
	set(c.silent, "Lsilent", "terrorist_content", "no_answer", "gone", "provider")
	set(c.author, "Lauthor", "terrorist_content", "asked", "gone", "author")
	set(c.back, "Lback", "terrorist_content", "removed", "gone", "unknown")
	set(c.backCrop, "Lcrop", "terrorist_content", "removed", "gone", "unknown")
	rows = append(rows, Row{Location: c.again.URL(), ReturnOf: c.back.URL()}, Row{Location: c.againCrop.URL(), ReturnOf: c.backCrop.URL()})
	return rows
}

func kinds(r Result) string {
	var out []string
	for _, d := range r.Differences {
		out = append(out, string(d.Kind))
	}
	return strings.Join(out, " ")
}

func TestADeskThatKnowsAllAgrees(t *testing.T) {
	s, c, rows := tell(t)
	r := Compare(s.world, s.truth(), rows, Figures{Assessed: 200, OfficerMinutes: num(600)})
	if !r.OK || kinds(r) != "wrong_referral" || r.Differences[0].URL != c.lawful.URL() {
		t.Fatalf("a desk that knows all: %v, %+v", r.OK, r.Differences)
	}
	desk, truth := r.Desk, r.Truth
	desk.Assessed, desk.DeliveryUnknown, desk.OfficerMinutes = nil, nil, nil
	if desk != truth {
		t.Errorf("the counts differ:\n%+v\n%+v", desk, truth)
	}
	want := Counts{Items: 202, LawfulStopped: 19, WronglyReferred: 1, TermsOnly: 1, Referred: 9, Delivered: 9, Gone: 6, GoneByAuthor: 1, Refused: 2, NoAnswer: 2, Returned: 2, Stopped: 4}
	if truth != want {
		t.Errorf("counted\n%+v, want\n%+v", truth, want)
	}
	for _, m := range r.Measures {
		if m.Recall() != 1 || m.Precision() != 1 {
			t.Errorf("%s: recall %v, precision %v", m.Name, m.Recall(), m.Precision())
		}
	}
	relay, drop := r.Providers[0], r.Providers[5]
	if relay.WeSaw < 3 || drop.Against != 1 || drop.Up != 1 || drop.Name != world.LiarName {
		t.Errorf("the table: %+v, %+v", relay, drop)
	}
}

func TestEveryDifferenceIsNamed(t *testing.T) {
	early := at.Add(30 * time.Minute)
	for name, c := range map[string]struct {
		change func(s *story, c cast, rows []Row) []Row
		want   Kind
		ok     bool
	}{
		"a live posting called gone": {func(s *story, c cast, rows []Row) []Row { rows[c.refused.Number].WeSaw = "gone"; return rows }, CalledGone, false},
		"called gone too early":      {func(s *story, c cast, rows []Row) []Row { rows[c.removed.Number].WeSawAt = early; return rows }, CalledGone, false},
		"still up in our eyes":       {func(s *story, c cast, rows []Row) []Row { rows[c.removed.Number].WeSaw = "up"; return rows }, StillThere, false},
		"looked before it went": {func(s *story, c cast, rows []Row) []Row {
			rows[c.removed.Number].WeSaw, rows[c.removed.Number].WeSawAt = "up", early
			return rows
		}, WrongReferral, true},
		"cannot tell": {func(s *story, c cast, rows []Row) []Row { rows[c.removed.Number].WeSaw = "unknown"; return rows }, NotSeen, true},
		"cannot tell of many": {func(s *story, c cast, rows []Row) []Row {
			rows[c.removed.Number].WeSaw, rows[c.silent.Number].WeSaw = "unknown", "unknown"
			return rows
		}, NotSeen, false},
		"another answer": {func(s *story, c cast, rows []Row) []Row { rows[c.refused.Number].TheySay = "removed"; return rows }, Word, false},
		"an answer lost": {func(s *story, c cast, rows []Row) []Row { rows[c.removed.Number].TheySay = "asked"; return rows }, Word, false},
		"never came":     {func(s *story, c cast, rows []Row) []Row { rows[10].Letter, rows[10].Delivered = "X", true; return rows }, Lost, false},
		"came unknown":   {func(s *story, c cast, rows []Row) []Row { rows[c.removed.Number].Delivered = false; return rows }, Unsent, false},
		"doubled":        {func(s *story, c cast, rows []Row) []Row { s.refer(c.removed, "again", "a"); return rows }, Doubled, false},
		"the same twice": {func(s *story, c cast, rows []Row) []Row { s.refer(c.removed, "removed", "a"); return rows }, Doubled, false},
		"held":           {func(s *story, c cast, rows []Row) []Row { s.refer(c.held, "held", "a"); return rows }, HoldBreached, false},
		"terms": {func(s *story, c cast, rows []Row) []Row {
			rows[c.terms.Number].Verdict = "terrorist_content"
			return rows
		}, Terms, false},
		"another hand":    {func(s *story, c cast, rows []Row) []Row { rows[c.author.Number].WeSawCause = "provider"; return rows }, Cause, true},
		"a return missed": {func(s *story, c cast, rows []Row) []Row { rows[200].ReturnOf = ""; return rows }, MissedReturn, false},
		"a crop missed":   {func(s *story, c cast, rows []Row) []Row { rows[201].ReturnOf = ""; return rows }, MissedCrop, true},
		"a return made up": {func(s *story, c cast, rows []Row) []Row {
			rows[c.refused.Number].ReturnOf = c.removed.URL()
			return rows
		}, Invented, false},
		"another lineage": {func(s *story, c cast, rows []Row) []Row { rows[200].ReturnOf = c.lied.URL(); return rows }, OtherLineage, true},
		"nobody watched": {func(s *story, c cast, rows []Row) []Row {
			rows[200].ReturnOf, rows[c.back.Number].WeSaw = "", "unknown"
			return rows
		}, NotSeen, true},
		"back for an hour": {func(s *story, c cast, rows []Row) []Row {
			s.add(practice.Event{Kind: practice.KindAuthorDeleted, At: at.Add(41 * time.Hour), Item: num(c.again.Number), Cause: "author"})
			rows[200].ReturnOf = ""
			return rows
		}, WrongReferral, true},
		"an item missing":  {func(s *story, c cast, rows []Row) []Row { return rows[1:] }, Missing, false},
		"a return missing": {func(s *story, c cast, rows []Row) []Row { return rows[:201] }, Missing, false},
		"a stranger": {func(s *story, c cast, rows []Row) []Row {
			return append(rows, Row{Location: "https://relay.example/c/x/1"})
		}, Stranger, false},
		"two items at one place": {func(s *story, c cast, rows []Row) []Row {
			return append(rows, Row{Location: world.Spell(c.removed, 2)})
		}, Split, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, cast, rows := tell(t)
			rows = c.change(s, cast, rows)
			r := Compare(s.world, s.truth(), rows, Figures{})
			if r.OK != c.ok || !strings.Contains(" "+kinds(r)+" ", " "+string(c.want)+" ") {
				t.Errorf("OK %v, differences %s; want %v and %s", r.OK, kinds(r), c.ok, c.want)
			}
			if r.OK == c.ok && kinds(r) != "wrong_referral" && r.Differences[0].Kind != WrongReferral && r.Differences[0].Kind != HoldBreached {
				t.Errorf("told first: %s", r.Differences[0].Kind)
			}
		})
	}
}

func TestMessagesThatNeverLeft(t *testing.T) {
	s, _, rows := tell(t)
	if r := Compare(s.world, s.truth(), rows, Figures{Lost: 2}); r.OK || r.Desk.Lost != 2 || kinds(r) != "wrong_referral lost" {
		t.Errorf("two messages never left: %v, %s", r.OK, kinds(r))
	}
}

func TestTelling(t *testing.T) {
	s, c, rows := tell(t)
	rows[c.refused.Number].WeSaw = "gone"
	r := Compare(s.world, s.truth(), rows, Figures{OfficerMinutes: num(77)})
	var out bytes.Buffer
	pen := Pen{Out: &out, Limit: 1, Red: func(s string) string { return "<red>" + s + "</red>" }}
	if err := pen.Tell(r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<red>drop says removed of 1 that are still up</red>", "wrong referral  " + c.lawful.URL(), "and 1 more", "differs from the truth: 1 difference", "77"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the end does not say %q:\n%s", want, out.String())
		}
	}
	raw, err := json.Marshal(r.Line(90*time.Second, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal(raw, &line); err != nil {
		t.Fatal(err)
	}
	truth := line["truth"].(map[string]any)
	for _, key := range []string{"items", "lawful_stopped", "wrongly_referred", "terms_only", "referred", "delivered", "gone", "gone_by_author", "refused", "no_answer", "returned", "stopped", "holds_breached", "doubled", "lost"} {
		if line[key] == nil || truth[key] == nil {
			t.Errorf("the last line lacks %s: %v, %v", key, line[key], truth[key])
		}
	}
	for _, key := range []string{"assessed", "delivery_unknown", "officer_minutes", "recall", "precision", "wall_s", "max_rss_bytes"} {
		if line[key] == nil {
			t.Errorf("the last line lacks %s", key)
		}
	}
	if line["equal"] != false || line["wall_s"] != 90.0 {
		t.Errorf("equal %v, wall %v", line["equal"], line["wall_s"])
	}
}

func TestRun(t *testing.T) {
	s, c, rows := tell(t)
	dir := t.TempDir()
	var truth, out bytes.Buffer
	for _, e := range s.events {
		raw, _ := json.Marshal(e)
		truth.Write(append(raw, '\n'))
	}
	if err := os.WriteFile(filepath.Join(dir, practice.TruthName), truth.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		raw, _ := json.Marshal(r)
		out.Write(append(raw, '\n'))
	}
	r, err := Run(&out, []byte(`{"assessed":7,"officer_minutes":9,"other":true}`), dir, 1, len(s.world.Items))
	if err != nil || !r.OK || *r.Desk.Assessed != 7 || r.Differences[0].URL != c.lawful.URL() {
		t.Errorf("%v, %+v", err, r)
	}
	if _, err := Run(&out, nil, dir, 2, len(s.world.Items)); !errors.Is(err, practice.ErrTruth) {
		t.Errorf("the truth of another world: %v", err)
	}
	if _, err := Run(&out, nil, t.TempDir(), 1, 200); !errors.Is(err, ErrNoTruth) {
		t.Errorf("no truth: %v", err)
	}
}

func TestRowsAreReadLineByLine(t *testing.T) {
	rows, err := ReadRows(strings.NewReader("{\"location\":\"https://a.example/\",\"delivered\":true}\n\n{\"location\":\"b\",\"extra\":1}\n"))
	if err != nil || len(rows) != 2 || !rows[0].Delivered {
		t.Errorf("read %+v, %v", rows, err)
	}
	if _, err := ReadRows(strings.NewReader("{]")); err == nil {
		t.Error("nonsense was read")
	}
}

func FuzzReadRows(f *testing.F) {
	f.Add([]byte("{\"location\":\"a\"}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) { ReadRows(bytes.NewReader(raw)) })
}
