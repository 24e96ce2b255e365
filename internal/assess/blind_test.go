package assess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
)

func TestVisibleInEveryState(t *testing.T) {
	for _, state := range staydown.AssessmentTable.States() {
		all := []staydown.Assessment{{ID: "x", Officer: "a", State: state}}
		see := func(officer staydown.ID, overseer bool) bool { return len(Visible(all, officer, overseer)) == 1 }
		if !see("a", false) {
			t.Errorf("%q: an officer does not see the own finding", state)
		}
		hidden := map[staydown.AssessmentState]bool{"": false, staydown.AssessmentDraft: true, staydown.AssessmentGiven: true, staydown.AssessmentSecondAsked: true}[state]
		if see("b", false) == hidden {
			t.Errorf("%q: a colleague sees it: %v", state, !hidden)
		}
		if see("o", true) == (state == staydown.AssessmentDraft) {
			t.Errorf("%q: the overseer sees it: %v", state, see("o", true))
		}
	}
}

func TestASecondOfficerCannotAnswerLookAndTakeBack(t *testing.T) {
	all := []staydown.Assessment{
		{ID: "first", Officer: "a", State: staydown.AssessmentSecondAsked},
		{ID: "second", Officer: "b", State: staydown.AssessmentGiven},
	}
	ids := func(list []staydown.Assessment) (out []staydown.ID) {
		for _, a := range list {
			out = append(out, a.ID)
		}
		return out
	}
	if diff := cmp.Diff([]staydown.ID{"second"}, ids(Visible(all, "b", false))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]staydown.ID{"first"}, ids(Visible(all, "a", false))); diff != "" {
		t.Error(diff)
	}
}

func TestSealedTakesTheFindingOutOfTheOpenPartOfAnEvent(t *testing.T) {
	e := sealed(staydown.Event{Data: map[string]any{"item": "i", "verdict": staydown.TerroristContent, "ground": staydown.Incites, "purpose": staydown.PurposeSpread, "why": WhyGroundA}})
	if diff := cmp.Diff(map[string]any{"item": "i"}, e.Data); diff != "" {
		t.Error(diff)
	}
	if want := `{"ground":"a","purpose":"spread","verdict":"terrorist_content","why":"ground_a"}`; e.Personal["finding"] != want {
		t.Errorf("committed to %s, want %s", e.Personal["finding"], want)
	}
	if e = sealed(staydown.Event{Data: map[string]any{"item": "i"}}); e.Personal != nil {
		t.Error("a commitment to nothing")
	}
}
