package api

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

// AssessmentForm is what an officer finds.
type AssessmentForm struct {
	Verdict    staydown.Verdict `json:"verdict" enum:"terrorist_content,terms_only,other_illegal,protected,lawful,out_of_scope,unclear"`
	Ground     staydown.Ground  `json:"ground,omitempty" enum:"a,b,c,d,e" doc:"Of Article 2(7) of Regulation (EU) 2021/784."`
	Passage    string           `json:"passage,omitempty" maxLength:"16384" doc:"Quoted text, or a time-code."`
	Danger     string           `json:"danger,omitempty" maxLength:"16384" doc:"For ground a, reasoned."`
	Purpose    staydown.Purpose `json:"purpose" enum:"spread,education,journalism,art,research,prevention,debate,cannot_tell" doc:"Of this very posting; there is no default."`
	PurposeWhy string           `json:"purpose_why,omitempty" maxLength:"16384"`
	Clause     string           `json:"clause,omitempty" maxLength:"400" doc:"Of the provider's terms, with version."`
	GroupList  string           `json:"group_list,omitempty" maxLength:"400" doc:"The list relied on, with body and date."`
	Language   string           `json:"language,omitempty" maxLength:"400" doc:"Read in, and by whom."`
	Public     bool             `json:"public,omitempty" doc:"It is publicly available."`
	Note       string           `json:"note,omitempty" maxLength:"16384"`
	Seconds    int              `json:"seconds,omitempty" minimum:"0" maximum:"86400" doc:"Of attention; feeds the officer's own exposure ledger only."`
}

func (f AssessmentForm) finding() staydown.Assessment {
	return staydown.Assessment{Verdict: f.Verdict, Ground: f.Ground, Passage: f.Passage, Danger: f.Danger, Purpose: f.Purpose, PurposeWhy: f.PurposeWhy,
		Clause: f.Clause, GroupList: f.GroupList, Language: f.Language, Public: f.Public, Note: f.Note, Seconds: f.Seconds}
}

// Assessment is one officer's finding on the wire.
type Assessment struct {
	ID        staydown.ID              `json:"id"`
	Item      staydown.ID              `json:"item"`
	Officer   staydown.ID              `json:"officer"`
	Turn      staydown.Turn            `json:"turn"`
	State     staydown.AssessmentState `json:"state"`
	SecondWhy string                   `json:"second_why,omitempty" doc:"Why a second officer was asked."`
	Batch     staydown.ID              `json:"batch,omitempty" doc:"Of a decision over equal bytes."`
	BeganAt   time.Time                `json:"began_at,omitzero"`
	GivenAt   time.Time                `json:"given_at,omitzero" doc:"It can be taken back for 60 seconds."`
	SettledAt time.Time                `json:"settled_at,omitzero"`
	Viewed    bool                     `json:"viewed"`
	Context   bool                     `json:"context"`
	AssessmentForm
}

func findingOf(x staydown.Assessment) Assessment {
	return Assessment{ID: x.ID, Item: x.Item, Officer: x.Officer, Turn: x.Turn, State: x.State, SecondWhy: x.SecondWhy, Batch: x.Batch, BeganAt: x.BeganAt, GivenAt: x.GivenAt,
		SettledAt: x.SettledAt, Viewed: x.Viewed, Context: x.Context, AssessmentForm: AssessmentForm{Verdict: x.Verdict, Ground: x.Ground, Passage: x.Passage,
			Danger: x.Danger, Purpose: x.Purpose, PurposeWhy: x.PurposeWhy, Clause: x.Clause, GroupList: x.GroupList, Language: x.Language, Public: x.Public, Note: x.Note, Seconds: x.Seconds}}
}

type giveIn struct {
	ByID
	Body AssessmentForm
}

// GroupItem is one posting of a group.
type GroupItem struct {
	Item       staydown.ID      `json:"item"`
	Purpose    staydown.Purpose `json:"purpose" enum:"spread,education,journalism,art,research,prevention,debate,cannot_tell"`
	PurposeWhy string           `json:"purpose_why,omitempty" maxLength:"16384"`
	Clause     string           `json:"clause,omitempty" maxLength:"400" doc:"Of this posting's provider, instead of the group's."`
}

type groupIn struct {
	Body struct {
		SHA256    string           `json:"sha256" minLength:"64" maxLength:"64" doc:"The bytes that all of them carry."`
		Items     []GroupItem      `json:"items" minItems:"1" maxItems:"200"`
		Verdict   staydown.Verdict `json:"verdict"`
		Ground    staydown.Ground  `json:"ground,omitempty"`
		Danger    string           `json:"danger,omitempty" maxLength:"16384"`
		Clause    string           `json:"clause,omitempty" maxLength:"400"`
		GroupList string           `json:"group_list,omitempty" maxLength:"400"`
		Public    bool             `json:"public,omitempty"`
		Note      string           `json:"note,omitempty" maxLength:"16384"`
		Seconds   int              `json:"seconds,omitempty" minimum:"0" maximum:"86400"`
	}
}

// Assessments are the findings of a group, or those on an item that the caller may
// read.
type Assessments struct {
	Assessments []Assessment `json:"assessments"`
}

// findings adds how officers decide. A finding settles sixty seconds after it was
// given; who may still be asked for a blind look is not shown the first.
func (a *API) findings() {
	const tag = "findings"
	forPeople(a, route{method: "POST", path: "/items/{id}/assessments", id: "give-finding", summary: "Give a finding on an item that was opened", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *giveIn) (*reply[Assessment], error) {
		x, err := a.Assess.Give(ctx, c, staydown.ID(in.ID), in.Body.finding())
		return &reply[Assessment]{findingOf(x)}, err
	})
	forPeople(a, route{method: "GET", path: "/items/{id}/assessments", id: "list-findings", summary: "Findings on an item that the caller may read", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[Assessments], error) {
		list, err := a.Assess.AssessmentsOf(ctx, c, staydown.ID(in.ID))
		wire := func(x staydown.Assessment) Assessment {
			if x.Officer != c.Actor.Person {
				x.Seconds = 0 // nobody else's to see
			}
			return findingOf(x)
		}
		return &reply[Assessments]{Assessments{each(list, wire)}}, err
	})
	forPeople(a, route{method: "POST", path: "/assessments/{id}/take-back", id: "take-finding-back", summary: "Make a finding a draft again, within 60 seconds", tag: tag, logged: true}, func(ctx context.Context, c access.Caller, in *ByID) (*done, error) {
		return ok(), a.Assess.TakeBack(ctx, c, staydown.ID(in.ID))
	})
	forPeople(a, route{method: "POST", path: "/groups", id: "give-group", summary: "Decide many postings of the same bytes, purpose and context each their own", tag: tag, body: 4 << 20, logged: true}, func(ctx context.Context, c access.Caller, in *groupIn) (*reply[Assessments], error) {
		b := in.Body
		g := assess.Group{SHA256: b.SHA256, Verdict: b.Verdict, Ground: b.Ground, Danger: b.Danger, Clause: b.Clause, GroupList: b.GroupList, Public: b.Public, Note: b.Note, Seconds: b.Seconds,
			Items: each(b.Items, func(i GroupItem) assess.GroupItem { return assess.GroupItem(i) })}
		list, err := a.Assess.GiveGroup(ctx, c, g)
		return &reply[Assessments]{Assessments{each(list, findingOf)}}, err
	})
}
