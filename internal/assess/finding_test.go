package assess

import (
	"strings"
	"testing"

	"github.com/staydown/staydown"
)

func sound() staydown.Assessment {
	return staydown.Assessment{Verdict: staydown.TerroristContent, Ground: staydown.Incites, Passage: "join the exercise brigade", Danger: "calls on named persons",
		Purpose: staydown.PurposeSpread, Public: true, Viewed: true, Context: true, Language: "English, read by the officer"}
}

func TestCheck(t *testing.T) {
	const text = "Training marker: join the exercise brigade"
	for name, c := range map[string]struct {
		change   func(*staydown.Assessment)
		missing  bool // nothing was captured
		text     string
		where    string // "" means sound
		codeOnly string
	}{
		"sound":                       {text: text},
		"no text to compare":          {change: func(a *staydown.Assessment) { a.Passage = "anything" }},
		"a quotation that is not":     {change: func(a *staydown.Assessment) { a.Passage = "leave the brigade" }, text: text, where: "passage"},
		"a time-code instead":         {change: func(a *staydown.Assessment) { a.Passage = "00:10-00:12" }, text: text},
		"in the picture instead":      {change: func(a *staydown.Assessment) { a.Passage = "image: the banner" }, text: text},
		"no verdict":                  {change: func(a *staydown.Assessment) { a.Verdict = "" }, where: "verdict"},
		"no purpose":                  {change: func(a *staydown.Assessment) { a.Purpose = "" }, where: "purpose"},
		"a protected purpose":         {change: func(a *staydown.Assessment) { a.Purpose = staydown.PurposeJournalism }, where: "purpose"},
		"no ground":                   {change: func(a *staydown.Assessment) { a.Ground = "" }, where: "ground"},
		"no danger for (a)":           {change: func(a *staydown.Assessment) { a.Danger = "" }, where: "danger"},
		"not public":                  {change: func(a *staydown.Assessment) { a.Public = false }, where: "public"},
		"not viewed":                  {change: func(a *staydown.Assessment) { a.Viewed = false }, where: "viewed"},
		"context not opened":          {change: func(a *staydown.Assessment) { a.Context = false }, where: "context"},
		"terms without clause":        {change: func(a *staydown.Assessment) { a.Verdict = staydown.TermsOnly }, where: "clause"},
		"read by a machine alone":     {change: func(a *staydown.Assessment) { a.Language = "machine translation" }, where: "language"},
		"too long":                    {change: func(a *staydown.Assessment) { a.Note = strings.Repeat("x", maxText+1) }, where: "note"},
		"not captured, terrorist":     {missing: true, where: "verdict"},
		"not captured, lawful":        {change: func(a *staydown.Assessment) { a.Verdict = staydown.Lawful }, missing: true, where: "verdict"},
		"not captured, out of scope":  {change: func(a *staydown.Assessment) { a.Verdict = staydown.OutOfScope }, missing: true},
		"not captured, unclear":       {change: func(a *staydown.Assessment) { a.Verdict = staydown.Unclear }, missing: true},
		"lawful quotes what it likes": {change: func(a *staydown.Assessment) { a.Verdict, a.Passage = staydown.Lawful, "of my own" }, text: text},
	} {
		a := sound()
		if c.change != nil {
			c.change(&a)
		}
		err := Check(a, !c.missing, c.text)
		if c.where == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		e, ok := err.(*staydown.Error)
		if !ok || e.Kind != staydown.Invalid || e.Where != c.where {
			t.Errorf("%s: %v, want invalid at %s", name, err, c.where)
		}
	}
}

func TestWriteKeepsWhatIsTheDesksOwn(t *testing.T) {
	draft := staydown.Assessment{ID: "d", Item: "i", Officer: "b", Turn: staydown.Second, Answers: "f", State: staydown.AssessmentDraft, BeganAt: noon}
	in := sound()
	in.ID, in.Officer, in.State, in.Turn, in.Batch, in.Seconds = "other", "other", staydown.AssessmentStanding, staydown.Third, "batch", 1<<30
	a := write(draft, in)
	if a.ID != "d" || a.Officer != "b" || a.State != staydown.AssessmentDraft || a.Turn != staydown.Second || a.Answers != "f" || a.Batch != "" {
		t.Errorf("the caller wrote over the desk's own: %+v", a)
	}
	if a.Viewed || a.Context {
		t.Error("the caller said what was opened; the desk has to know by itself")
	}
	if a.Seconds != maxSeconds {
		t.Errorf("seconds %d", a.Seconds)
	}
	in.Verdict = staydown.Lawful
	if a = write(draft, in); a.Ground != "" || a.Danger != "" {
		t.Errorf("a lawful posting has ground %q, danger %q", a.Ground, a.Danger)
	}
}
