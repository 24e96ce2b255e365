package assess

import (
	"testing"

	"github.com/staydown/staydown"
)

func TestRestsOn(t *testing.T) {
	terror := staydown.Assessment{ID: "t", Verdict: staydown.TerroristContent, Ground: staydown.Recruits}
	lawful := staydown.Assessment{ID: "l", Verdict: staydown.Lawful}
	for name, c := range map[string]struct {
		verdict staydown.Verdict
		ground  staydown.Ground
		judged  []staydown.Assessment
		want    staydown.ID
		code    string
	}{
		"the same finding":                  {staydown.TerroristContent, staydown.Recruits, []staydown.Assessment{lawful, terror}, "t", ""},
		"nothing was judged":                {staydown.TerroristContent, staydown.Recruits, nil, "", "assess.not_judged"},
		"nothing was judged, lawful":        {staydown.Lawful, "", nil, "", "assess.not_judged"},
		"another ground":                    {staydown.TerroristContent, staydown.Incites, []staydown.Assessment{terror}, "", "assess.other_finding"},
		"found lawful, now terror":          {staydown.TerroristContent, staydown.Recruits, []staydown.Assessment{lawful}, "", "assess.other_finding"},
		"found terror, now terms":           {staydown.TermsOnly, "", []staydown.Assessment{terror}, "", "assess.other_finding"},
		"the clip in a news report is fine": {staydown.Protected, "", []staydown.Assessment{terror}, "t", ""},
	} {
		got, err := Group{Verdict: c.verdict, Ground: c.ground}.RestsOn(c.judged)
		if got.ID != c.want || c.code != "" && staydown.CodeOf(err) != c.code || c.code == "" && err != nil {
			t.Errorf("%s: %q %v, want %q %q", name, got.ID, err, c.want, c.code)
		}
	}
}

func TestAGroupIsOneToTwoHundredDifferentItems(t *testing.T) {
	many := make([]GroupItem, AtOnce+1)
	for i := range many {
		many[i].Item = staydown.ID(rune('0' + i))
	}
	for name, c := range map[string]struct {
		g  Group
		ok bool
	}{
		"none":     {Group{SHA256: "s"}, false},
		"one":      {Group{SHA256: "s", Items: many[:1]}, true},
		"most":     {Group{SHA256: "s", Items: many[:AtOnce]}, true},
		"too many": {Group{SHA256: "s", Items: many}, false},
		"twice":    {Group{SHA256: "s", Items: []GroupItem{{Item: "a"}, {Item: "b"}, {Item: "a"}}}, false},
		"no bytes": {Group{Items: many[:1]}, false},
	} {
		if err := c.g.check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecondsOfAGroupAreSharedOutAndNotMultiplied(t *testing.T) {
	g := Group{Seconds: 100, Items: make([]GroupItem, 7)}
	sum := 0
	for n := range g.Items {
		sum += g.share(n)
	}
	if sum != 100 {
		t.Errorf("shared %d of 100 seconds", sum)
	}
}

func TestAGroupCarriesOverTheContentOnly(t *testing.T) {
	basis := staydown.Assessment{ID: "t", Verdict: staydown.TerroristContent, Ground: staydown.Incites, Passage: "join", Danger: "as reasoned", Purpose: staydown.PurposeSpread,
		PurposeWhy: "the first posting's", Language: "English", Clause: "Terms 4.2 of another provider", Public: true, Viewed: true, Context: true}
	g := Group{SHA256: "s", Verdict: staydown.TerroristContent, Ground: staydown.Incites, Public: true, Items: make([]GroupItem, 1)}
	a := g.finding(staydown.Assessment{ID: "d"}, basis, GroupItem{Purpose: staydown.PurposeSpread, PurposeWhy: "its own"}, "batch", 3)
	if a.Passage != "join" || a.Danger != "as reasoned" || a.Language != "English" {
		t.Errorf("the finding on the content is not carried over: %+v", a)
	}
	if a.PurposeWhy != "its own" || a.Clause != "" || a.Viewed || a.Context || a.Batch != "batch" {
		t.Errorf("what belongs to the posting was carried over: %+v", a)
	}
	if a = g.finding(staydown.Assessment{ID: "d"}, basis, GroupItem{}, "batch", 3); a.Purpose != "" {
		t.Error("the purpose has a default")
	}
}
