package assess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
)

func TestSettle(t *testing.T) {
	c := staydown.Assessment{Turn: staydown.First, Verdict: staydown.TerroristContent, Ground: staydown.Recruits}
	with := func(turn staydown.Turn, v staydown.Verdict, g staydown.Ground) staydown.Assessment {
		return staydown.Assessment{Turn: turn, Verdict: v, Ground: g}
	}
	for name, x := range map[string]struct {
		a, first staydown.Assessment
		why      string
		closed   bool
		want     Outcome
	}{
		"first stands":      {a: c, want: Outcome{Own: "stand", By: ThisOne, Next: QueueNone}},
		"first asks second": {a: c, why: WhySample, want: Outcome{Own: "ask_second", Next: QueueSecond}},
		"second agrees": {a: with(staydown.Second, staydown.TerroristContent, staydown.Recruits), first: c,
			want: Outcome{Own: "stand", First: "agree", By: FirstOne, Next: QueueNone}},
		"another ground is another finding": {a: with(staydown.Second, staydown.TerroristContent, staydown.Incites), first: c,
			want: Outcome{Own: "stand", First: "disagree", Next: QueueThird}},
		"another verdict is another finding": {a: with(staydown.Second, staydown.Lawful, ""), first: c,
			want: Outcome{Own: "stand", First: "disagree", Next: QueueThird}},
		"both cannot tell": {a: with(staydown.Second, staydown.Unclear, ""), first: with(staydown.First, staydown.Unclear, ""),
			want: Outcome{Own: "stand", First: "agree", By: FirstOne, Next: QueueNone}},
		"third resolves, with the first": {a: with(staydown.Third, staydown.TerroristContent, staydown.Recruits), first: c,
			want: Outcome{Own: "stand", First: "resolve", By: ThisOne, Next: QueueNone}},
		"third resolves, against it": {a: with(staydown.Third, staydown.Protected, ""), first: c,
			want: Outcome{Own: "stand", First: "resolve", By: ThisOne, Next: QueueNone}},
		"a merged item is decided by nobody": {a: c, why: WhyGroundA, closed: true, want: Outcome{Own: "stand", Next: QueueNone}},
	} {
		if diff := cmp.Diff(x.want, Settle(x.a, x.first, x.why, !x.closed)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Every outcome has to be a lawful step of the machine of findings, from the state in which findings are when it comes.
func TestOutcomesAreLawful(t *testing.T) {
	for _, turn := range []staydown.Turn{staydown.First, staydown.Second, staydown.Third} {
		for _, why := range []string{"", WhyGroundA} {
			for _, v := range staydown.Verdicts {
				a := staydown.Assessment{Turn: turn, Verdict: v}
				o := Settle(a, staydown.Assessment{Verdict: staydown.Lawful}, why, true)
				if _, err := staydown.AssessmentTable.Next("assessment", staydown.AssessmentGiven, o.Own); err != nil {
					t.Errorf("%s %s: %v", turn, v, err)
				}
				from := map[staydown.Turn]staydown.AssessmentState{staydown.Second: staydown.AssessmentSecondAsked, staydown.Third: staydown.AssessmentDisagreed}[turn]
				if o.First != "" {
					if _, err := staydown.AssessmentTable.Next("assessment", from, o.First); err != nil {
						t.Errorf("%s %s: %v", turn, v, err)
					}
				}
				if (o.By == Nobody) == (o.Next == QueueNone) {
					t.Errorf("%s %s: decided by %q, next %q: an item is decided or waits, never both or neither", turn, v, o.By, o.Next)
				}
			}
		}
	}
}
