package staydown

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files and the diagrams in docs/design/lifecycle.md anew")

// machine is a table without its type of state.
type machine struct {
	noun   string
	start  []string // acts that lead in
	states []string
	acts   []Act
	next   func(from string, act Act) (string, error)
	steps  [][3]string
}

func machineOf[S ~string](noun string, t Table[S]) machine {
	m := machine{noun: noun, acts: t.Acts(), next: func(from string, act Act) (string, error) {
		to, err := t.Next(noun, S(from), act)
		return string(to), err
	}}
	for _, s := range t.States() {
		m.states = append(m.states, string(s))
	}
	for _, s := range t {
		m.steps = append(m.steps, [3]string{string(s.From), string(s.Act), string(s.To)})
	}
	return m
}

func machines() []machine {
	return []machine{
		machineOf("lead", LeadTable), machineOf("item", ItemTable), machineOf("assessment", AssessmentTable), machineOf("query", QueryTable),
		machineOf("hold", HoldTable), machineOf("letter", LetterTable), machineOf("line", LineTable), machineOf("check", CheckTable),
		machineOf("return", ReturnTable), machineOf("campaign", CampaignTable),
	}
}

// TestEveryStateAndAct tries every act in every state of every machine and compares the whole with a file that people read.
func TestEveryStateAndAct(t *testing.T) {
	var b strings.Builder
	for _, m := range machines() {
		fmt.Fprintf(&b, "# %s\n", m.noun)
		for _, s := range m.states {
			for _, a := range m.acts {
				to, err := m.next(s, a)
				switch {
				case err == nil:
					fmt.Fprintf(&b, "%s\t%s\t%s\n", orNew(s), a, to)
				case KindOf(err) != Refused || CodeOf(err) != m.noun+".state":
					t.Errorf("%s %s in %q: %v", m.noun, a, s, err)
				case to != s:
					t.Errorf("%s %s in %q: refused, and yet it moved to %q", m.noun, a, s, to)
				default:
					fmt.Fprintf(&b, "%s\t%s\t-\n", orNew(s), a)
				}
			}
		}
	}
	golden(t, "testdata/machines.tsv", b.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; look at the change and run go test . -update", file)
	}
}

// TestNothingIsADeadEndByMistake: every state but the ends people named is left by some act, and every state is reached.
func TestNothingIsADeadEndByMistake(t *testing.T) {
	ends := map[string][]string{
		"lead": {"rejected", "withdrawn"}, "item": {"merged"}, "assessment": {"standing", "agreed", "resolved"}, "hold": {"lifted"},
		"letter": {"withdrawn"}, "line": {"withdrawn"}, "check": {"done", "dropped"}, "return": {"confirmed"}, "campaign": {"closed"},
	}
	for _, m := range machines() {
		reached := map[string]bool{"": true}
		left := map[string]bool{}
		for _, s := range m.steps {
			reached[s[2]] = true
			left[s[0]] = true
		}
		for _, s := range m.states {
			if !reached[s] {
				t.Errorf("%s: nothing leads to %s", m.noun, s)
			}
			end := false
			for _, e := range ends[m.noun] {
				end = end || e == s
			}
			if left[s] == end && !(m.noun == "assessment" && s == "standing") {
				t.Errorf("%s: %s is left by an act: %v, an end: %v", m.noun, s, left[s], end)
			}
		}
	}
}

// TestThePaperShowsTheTables draws the diagrams of docs/design/lifecycle.md from the tables.
func TestThePaperShowsTheTables(t *testing.T) {
	const file = "docs/design/lifecycle.md"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, m := range machines() {
		from, to := "<!-- "+m.noun+" -->\n", "<!-- end "+m.noun+" -->"
		i, j := strings.Index(text, from), strings.Index(text, to)
		if i < 0 || j < i {
			t.Fatalf("%s has no place for %s", file, m.noun)
		}
		text = text[:i+len(from)] + diagram(m) + text[j:]
	}
	golden(t, file, text)
}

func diagram(m machine) string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	type edge struct{ from, to string }
	acts := map[edge][]string{}
	var order []edge
	for _, s := range m.steps {
		e := edge{s[0], s[2]}
		if acts[e] == nil {
			order = append(order, e)
		}
		acts[e] = append(acts[e], s[1])
	}
	for _, e := range order {
		from := e.from
		if from == "" {
			from = "[*]"
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", from, e.to, strings.Join(acts[e], ", "))
	}
	b.WriteString("```\n")
	return b.String()
}

func TestComplete(t *testing.T) {
	full := Assessment{Verdict: TerroristContent, Ground: Incites, Passage: "p", Danger: "d", Purpose: PurposeSpread, Viewed: true, Context: true, Public: true}
	if err := full.Complete(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*Assessment){
		"verdict": func(a *Assessment) { a.Verdict = "" }, "purpose": func(a *Assessment) { a.Purpose = "" }, "ground": func(a *Assessment) { a.Ground = "" },
		"passage": func(a *Assessment) { a.Passage = "" }, "danger": func(a *Assessment) { a.Danger = "" }, "viewed": func(a *Assessment) { a.Viewed = false },
		"context": func(a *Assessment) { a.Context = false }, "public": func(a *Assessment) { a.Public = false },
	} {
		a := full
		spoil(&a)
		err, ok := a.Complete().(*Error)
		if !ok || err.Where != field {
			t.Errorf("without %s: %v", field, err)
		}
	}
	for _, p := range Purposes {
		a := full
		a.Purpose = p
		if err := a.Complete(); (err == nil) != (p == PurposeSpread) {
			t.Errorf("purpose %s: %v", p, err)
		}
	}
	if err := (Assessment{Verdict: Lawful, Purpose: PurposeDebate}).Complete(); err != nil {
		t.Errorf("lawful needs no more: %v", err)
	}
	if err := (Assessment{Verdict: TermsOnly, Purpose: PurposeSpread, Viewed: true, Context: true, Public: true}).Complete(); CodeOf(err) != "assessment.clause" {
		t.Errorf("terms without a clause: %v", err)
	}
}

func TestIdentifiersSortByTime(t *testing.T) {
	at := At(testTime)
	a, b := NewID(at), NewID(at.Add(1e6))
	if !a.Valid() || !b.Valid() || a >= b || len(a) != 26 {
		t.Errorf("%s %s", a, b)
	}
	for _, bad := range []ID{"", "x", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01arz3ndektsv4rrffq69g5fav"} {
		if bad.Valid() {
			t.Errorf("%q is valid", bad)
		}
	}
}

func TestExitCodesAndStatuses(t *testing.T) {
	for k, want := range map[Kind][2]int{Usage: {2, 400}, Invalid: {3, 422}, NotFound: {4, 404}, Refused: {5, 409}, Failed: {6, 422}, Internal: {1, 500}} {
		err := Errorf(k, "x", "y")
		if ExitCode(err) != want[0] || HTTPStatus(err) != want[1] {
			t.Errorf("%s: %d %d", k, ExitCode(err), HTTPStatus(err))
		}
	}
	if ExitCode(nil) != 0 || ExitCode(fmt.Errorf("x: %w", Errorf(Refused, "x", "y"))) != 5 || ExitCode(fmt.Errorf("x")) != 1 {
		t.Error("nil, wrapped or plain")
	}
}

func TestLetterIsApprovedByAnother(t *testing.T) {
	good := []Finding{{Check: 1, OK: true}, {Check: 7, Warning: true}}
	for name, c := range map[string]struct {
		by        ID
		findings  []Finding
		overrides []Override
		code      string
	}{
		"by another":     {"b", good, nil, ""},
		"by the drafter": {"a", good, nil, "letter.same_officer"},
		"a check":        {"b", append([]Finding{{Check: 1}}, good...), nil, "letter.check"},
		"an override":    {"b", []Finding{{Check: 4, Override: true}}, []Override{{Check: 4, By: "b", Reason: "r"}}, ""},
		"a never":        {"b", []Finding{{Check: 5}}, []Override{{Check: 5, By: "b", Reason: "r"}}, "letter.check"},
	} {
		l := Letter{State: LetterDraft, DraftedBy: "a", Overrides: c.overrides}
		_, err := l.Approve(c.by, testTime, c.findings)
		if c.code == "" && (err != nil || l.State != LetterApproved) || c.code != "" && (CodeOf(err) != c.code || l.State != LetterDraft) {
			t.Errorf("%s: %v, %s", name, err, l.State)
		}
	}
}

func TestTakeBackWithinAMinute(t *testing.T) {
	a := Assessment{State: AssessmentDraft, Verdict: Lawful, Purpose: PurposeDebate}
	if _, err := a.Give(testTime); err != nil {
		t.Fatal(err)
	}
	late := a
	if _, err := late.TakeBack(testTime.Add(61e9)); CodeOf(err) != "assessment.too_late" {
		t.Errorf("taken back late: %v", err)
	}
	if _, err := a.TakeBack(testTime.Add(60e9)); err != nil || a.State != AssessmentDraft {
		t.Errorf("%v %s", err, a.State)
	}
}
