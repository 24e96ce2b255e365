package staydown

import "time"

// Verdict is what a person finds.
type Verdict string

// The verdicts.
const (
	TerroristContent Verdict = "terrorist_content" // Law: TCO 2(7)
	TermsOnly        Verdict = "terms_only"        // against the provider's terms, never an order
	OtherIllegal     Verdict = "other_illegal"     // passed to another body
	Protected        Verdict = "protected"         // Law: TCO 1(3)
	Lawful           Verdict = "lawful"            // nothing against it
	OutOfScope       Verdict = "out_of_scope"      // not public, not hosted, not ours
	Unclear          Verdict = "unclear"           // a third officer looks, or nothing is done
)

// Actionable reports whether a verdict can lead to a letter.
func (v Verdict) Actionable() bool { return v == TerroristContent || v == TermsOnly }

// Verdicts in the order in which the desk offers them.
var Verdicts = []Verdict{TerroristContent, TermsOnly, OtherIllegal, Protected, Lawful, OutOfScope, Unclear}

// Ground is a letter of TCO 2(7).
type Ground string

// The grounds. Law: TCO 2(7)
const (
	Incites   Ground = "a" // incites, causing a danger
	Solicits  Ground = "b" // solicits to commit or contribute
	Recruits  Ground = "c" // solicits to participate in a group
	Instructs Ground = "d" // instructs on weapons or methods
	Threatens Ground = "e" // threatens to commit
)

// Grounds in the order of the Regulation.
var Grounds = []Ground{Incites, Solicits, Recruits, Instructs, Threatens}

// Purpose is the answer to the test of TCO 1(3); there is no default.
type Purpose string

// The purposes of a posting.
const (
	PurposeSpread     Purpose = "spread"      // to spread it
	PurposeEducation  Purpose = "education"   // educational
	PurposeJournalism Purpose = "journalism"  // journalistic
	PurposeArt        Purpose = "art"         // artistic
	PurposeResearch   Purpose = "research"    // research
	PurposePrevention Purpose = "prevention"  // preventing or countering terrorism
	PurposeDebate     Purpose = "debate"      // polemic or controversial views in public debate
	PurposeCannotTell Purpose = "cannot_tell" // then the verdict cannot be actionable
)

// Purposes in the order in which the desk offers them.
var Purposes = []Purpose{PurposeSpread, PurposeEducation, PurposeJournalism, PurposeArt, PurposeResearch, PurposePrevention, PurposeDebate, PurposeCannotTell}

// AssessmentState is how far one officer's finding has come.
type AssessmentState string

// The states of an assessment.
const (
	AssessmentDraft       AssessmentState = "draft"        // being written
	AssessmentGiven       AssessmentState = "given"        // can be taken back for sixty seconds
	AssessmentStanding    AssessmentState = "standing"     // decides the item
	AssessmentSecondAsked AssessmentState = "second_asked" // waits for a blind second officer
	AssessmentAgreed      AssessmentState = "agreed"       // the second found the same
	AssessmentDisagreed   AssessmentState = "disagreed"    // a third officer resolves
	AssessmentResolved    AssessmentState = "resolved"     // the third decided
)

// AssessmentTable is the machine of a finding. A second or third officer's own finding is an assessment too: it goes
// draft, given, standing, while the first one moves to agreed, disagreed, resolved.
var AssessmentTable = Table[AssessmentState]{
	{"", "begin", AssessmentDraft},
	{AssessmentDraft, "give", AssessmentGiven},
	{AssessmentGiven, "take_back", AssessmentDraft},
	{AssessmentGiven, "stand", AssessmentStanding},
	{AssessmentGiven, "ask_second", AssessmentSecondAsked},
	{AssessmentStanding, "ask_second", AssessmentSecondAsked},
	{AssessmentSecondAsked, "agree", AssessmentAgreed},
	{AssessmentSecondAsked, "disagree", AssessmentDisagreed},
	{AssessmentDisagreed, "resolve", AssessmentResolved},
}

// TakeBackWithin is how long a given decision remains a draft.
const TakeBackWithin = 60 * time.Second

// Turn is whose look it is.
type Turn string

// The turns.
const (
	First  Turn = "first"
	Second Turn = "second"
	Third  Turn = "third"
)

// Assessment is one officer's finding on one item.
type Assessment struct {
	ID         ID              `db:"id"`
	Item       ID              `db:"item"`
	Circle     ID              `db:"circle"`
	Owner      ID              `db:"owner"` // the officer's authority
	Officer    ID              `db:"officer"`
	Turn       Turn            `db:"turn"`
	Answers    ID              `db:"answers"` // the first assessment, for a second or third look
	State      AssessmentState `db:"state"`
	Verdict    Verdict         `db:"verdict"`
	Ground     Ground          `db:"ground"`
	Passage    string          `db:"passage"` // quoted text or time-code
	Danger     string          `db:"danger"`  // for ground (a), reasoned
	Purpose    Purpose         `db:"purpose"`
	PurposeWhy string          `db:"purpose_why"`
	Clause     string          `db:"clause"` // of the provider's terms, with version
	GroupList  string          `db:"group_list"`
	Language   string          `db:"language"`   // read in, and by whom
	Public     bool            `db:"public"`     // publicly available
	Viewed     bool            `db:"viewed"`     // the captured exhibit was opened by this officer
	Context    bool            `db:"context"`    // the context of this posting was opened
	Batch      ID              `db:"batch"`      // of a decision over rows with the same SHA-256
	SecondWhy  string          `db:"second_why"` // why a second officer was asked
	Note       string          `db:"note"`
	BeganAt    time.Time       `db:"began_at"`
	GivenAt    time.Time       `db:"given_at"`
	SettledAt  time.Time       `db:"settled_at"`
	Seconds    int             `db:"seconds"` // of attention, feeds the officer's own exposure ledger
}

// Complete tells what is missing before the finding can be given, as an Error with the field in Where; nil when complete.
// Law: TCO 2(7), 1(3)
func (a Assessment) Complete() error {
	miss := func(field, text string) error {
		return Errorf(Invalid, "assessment."+field, "%s", text).At(field)
	}
	switch {
	case a.Verdict == "":
		return miss("verdict", "choose a verdict")
	case !oneOf(a.Verdict, Verdicts):
		return miss("verdict", "this verdict does not exist")
	case a.Purpose == "":
		return miss("purpose", "answer the purpose test for this posting; it has no default")
	case !oneOf(a.Purpose, Purposes):
		return miss("purpose", "this purpose does not exist")
	}
	if !a.Verdict.Actionable() {
		return nil
	}
	switch {
	case a.Purpose != PurposeSpread:
		return miss("purpose", "a posting that serves a protected purpose, or whose purpose cannot be told, cannot be referred")
	case !a.Viewed && a.Batch == "":
		return miss("viewed", "open the captured exhibit first")
	case !a.Context:
		return miss("context", "open the context of this posting first: publisher, caption and purpose are its own")
	case !a.Public:
		return miss("public", "what is not public is out of scope")
	case a.Verdict == TermsOnly && a.Clause == "":
		return miss("clause", "name the clause of the provider's terms")
	case a.Verdict == TerroristContent && !oneOf(a.Ground, Grounds):
		return miss("ground", "choose a ground of Article 2(7)")
	case a.Verdict == TerroristContent && a.Passage == "":
		return miss("passage", "quote the passage or give its time-code")
	case a.Ground == Incites && a.Danger == "":
		return miss("danger", "reason the danger that ground (a) asks for")
	}
	return nil
}

// SameFinding reports whether two officers found the same: verdict and, for terrorist content, ground.
func (a Assessment) SameFinding(b Assessment) bool {
	return a.Verdict == b.Verdict && (a.Verdict != TerroristContent || a.Ground == b.Ground)
}

// Give files the finding; it can be taken back for sixty seconds.
func (a *Assessment) Give(now time.Time) (Event, error) {
	if err := a.Complete(); err != nil {
		return Event{}, err
	}
	return a.act("give", now, nil)
}

// TakeBack makes the finding a draft again.
func (a *Assessment) TakeBack(now time.Time) (Event, error) {
	if a.State == AssessmentGiven && now.After(a.GivenAt.Add(TakeBackWithin)) {
		return Event{}, Errorf(Refused, "assessment.too_late", "a decision can be taken back for 60 seconds; ask for it to be reopened")
	}
	return a.act("take_back", now, nil)
}

// Stand lets the finding decide.
func (a *Assessment) Stand(now time.Time) (Event, error) { return a.act("stand", now, nil) }

// AskSecond sends the item to a second officer, who does not see this finding.
func (a *Assessment) AskSecond(why string, now time.Time) (Event, error) {
	a.SecondWhy = why
	return a.act("ask_second", now, map[string]any{"why": why})
}

// Agree, Disagree and Resolve note what the later officer's finding means for this one.
func (a *Assessment) Agree(with Assessment, now time.Time) (Event, error) {
	return a.act("agree", now, map[string]any{"second": with.ID})
}

// Disagree notes that the second officer found something else.
func (a *Assessment) Disagree(with Assessment, now time.Time) (Event, error) {
	return a.act("disagree", now, map[string]any{"second": with.ID})
}

// Resolve notes that a third officer decided.
func (a *Assessment) Resolve(by Assessment, now time.Time) (Event, error) {
	return a.act("resolve", now, map[string]any{"third": by.ID, "verdict": by.Verdict})
}

func (a *Assessment) act(act Act, now time.Time, data map[string]any) (Event, error) {
	to, err := AssessmentTable.Next("assessment", a.State, act)
	if err != nil {
		return Event{}, err
	}
	a.State = to
	switch act {
	case "give":
		a.GivenAt = now
	case "take_back":
		a.GivenAt = time.Time{}
	default:
		a.SettledAt = now
	}
	if data == nil {
		data = map[string]any{}
	}
	data["item"], data["turn"] = a.Item, a.Turn
	if act == "give" {
		data["verdict"], data["ground"], data["purpose"] = a.Verdict, a.Ground, a.Purpose
	}
	return Event{Act: act, Noun: "assessment", Subject: a.ID, Circle: a.Circle, Data: data}, nil
}

func oneOf[T comparable](x T, list []T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
