package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
)

// Decide is the form of the decision rail.
type Decide struct {
	Path, DraftPath, PutBackPath string
	Since                        int64 // when the page was made, for the officer's own ledger of attention
	Purposes                     []Choice
	PurposeWhy                   string
	Grounds                      []Choice
	StopAs                       []Choice
	Public                       bool
	NeedsDanger                  bool
	Danger, Passage              string
	Clause, GroupList, Language  string
	Note                         string
	Acts                         []Act
}

// Choice is a value of a closed list, or one with words of its own.
type Choice struct {
	Value  string
	Key    string
	Chosen bool
	Words  string
}

// groundTerms is the choice beside the grounds of the law: the provider's terms only.
const groundTerms = "terms"

// stopVerdicts are what "stop" can mean; empty lets the purpose decide between protected and lawful.
var stopVerdicts = []string{"", string(staydown.Lawful), string(staydown.Protected), string(staydown.OutOfScope), string(staydown.OtherIllegal)}

// fillDecision offers the form to who may give a finding now, and says to everybody else why not.
func (v *visit) fillDecision(p *ItemPage, i staydown.Item, o assess.Opened, form url.Values) error {
	if o.Assessment == "" {
		p.Closed = closedWhy(i, o.Why, v.caller)
	} else {
		p.Decide = v.form(i, form)
	}
	checks, err := v.prechecks(i, o)
	p.Checks = checks
	return err
}

// closedWhy is the code of why there is nothing to decide for this reader.
func closedWhy(i staydown.Item, why string, c access.Caller) string {
	switch {
	case i.State == staydown.ItemAssessed:
		return "assessed"
	case i.State == staydown.ItemMerged:
		return "merged"
	case c.May(access.Assess) != nil:
		return "no_officer"
	case i.State == staydown.ItemSeen:
		return "being_captured"
	case why != "":
		return strings.TrimPrefix(why, "assess.")
	}
	return "not_open"
}

func (v *visit) form(i staydown.Item, form url.Values) *Decide {
	path := "/items/" + string(i.ID)
	d := &Decide{Path: path + "/assess", DraftPath: path + "/draft", PutBackPath: path + "/put-back", Since: time.Now().Unix(), // attention runs on the machine's clock
		PurposeWhy: form.Get("purpose_why"), Public: form.Get("public") == "yes", Danger: form.Get("danger"), Passage: form.Get("passage"), Clause: form.Get("clause"),
		GroupList: form.Get("group_list"), Language: form.Get("language"), Note: form.Get("note"), NeedsDanger: form.Get("ground") == string(staydown.Incites)}
	d.Purposes = choices(texts(staydown.Purposes), form.Get("purpose"))
	d.StopAs = choices(stopVerdicts, form.Get("stop_as"))
	for n, g := range append(texts(staydown.Grounds), groundTerms) {
		d.Grounds = append(d.Grounds, Choice{Value: g, Key: "Digit" + strconv.Itoa(n+1), Chosen: g == form.Get("ground")})
	}
	if d.Clause == "" && i.Provider != "" {
		if provider, err := v.Letters.Provider(v.ctx(), v.caller, i.Provider); err == nil {
			d.Clause = provider.Clause
		}
	}
	captured := i.State == staydown.ItemCaptured
	if captured {
		d.Acts = append(d.Acts, Act{Name: "refer", Key: "KeyR", Main: true})
	}
	d.Acts = append(d.Acts, Act{Name: "stop", Key: "KeyL"}, Act{Name: "second", Key: "KeyS"})
	return d
}

// finding reads the form as a finding. Which verdict an act means: "refer" is terrorist content with the ground chosen,
// or terms only; "stop" is what the officer chose, else protected or lawful by the purpose; "second" is unclear.
func (v *visit) finding() staydown.Assessment {
	a := staydown.Assessment{Purpose: staydown.Purpose(v.field("purpose")), PurposeWhy: v.field("purpose_why"), Public: v.field("public") == "yes", Danger: v.field("danger"),
		Passage: v.field("passage"), Clause: v.field("clause"), GroupList: v.field("group_list"), Language: v.field("language"), Note: v.field("note"), Seconds: v.attention()}
	ground := v.field("ground")
	switch v.field("act") {
	case "refer":
		a.Verdict, a.Ground = staydown.TerroristContent, staydown.Ground(ground)
		if ground == groundTerms {
			a.Verdict, a.Ground = staydown.TermsOnly, ""
		}
	case "stop":
		a.Verdict = staydown.Verdict(v.field("stop_as"))
		if a.Verdict == "" {
			a.Verdict = stopBy(a.Purpose)
		}
	case "second":
		a.Verdict = staydown.Unclear
	}
	return a
}

// stopBy is what a stopped posting is by its purpose. Law: TCO 1(3)
func stopBy(p staydown.Purpose) staydown.Verdict {
	if p == staydown.PurposeSpread || p == staydown.PurposeCannotTell || p == "" {
		return staydown.Lawful
	}
	return staydown.Protected
}

// attention is how long the page was open, in seconds; it feeds the officer's own ledger only.
func (v *visit) attention() int {
	since, err := strconv.ParseInt(v.field("since"), 10, 64)
	if err != nil {
		return 0
	}
	return int(min(max(time.Now().Unix()-since, 0), 4*3600))
}

// assess gives the finding. What is missing is said above the form, with everything kept that was typed.
func (v *visit) assess() error {
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.caller.May(access.Assess); err != nil {
		return err
	}
	i, err := v.seenItem()
	if err != nil {
		return err
	}
	id := i.ID
	if !slices.Contains([]string{"refer", "stop", "second"}, v.field("act")) {
		return page.Problem{Status: http.StatusBadRequest, Code: "form", Where: "act"}
	}
	given, err := v.Findings.Give(v.ctx(), v.caller, id, v.finding())
	if err != nil {
		return v.again(err, func(t *Trouble) error {
			_ = v.keepForm(id) // the form is on the page as well; a draft that cannot be kept is no reason to lose it
			return v.showItem(http.StatusUnprocessableEntity, v.r.PostForm, t)
		})
	}
	v.offerUndo(given)
	return v.done("/queue/"+string(assess.QueueOf(given.Turn)), "given", v.words.T("verdict."+string(given.Verdict)))
}

// draftFields are the fields of the form that a draft keeps.
var draftFields = []string{"purpose", "purpose_why", "ground", "public", "danger", "passage", "clause", "group_list", "language", "note", "stop_as"}

func (v *visit) keepForm(id staydown.ID) error {
	kept := url.Values{}
	for _, name := range draftFields {
		if value := v.field(name); value != "" {
			kept.Set(name, value)
		}
	}
	return v.Findings.SaveDraft(v.ctx(), v.caller, id, kept.Encode())
}

// saveDraft is what desk.js sends while one types.
func (v *visit) saveDraft() error {
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.keepForm(v.id("id")); err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

// stay is what desk.js sends while the page has the focus; it answers until when the item is held now.
func (v *visit) stay() error {
	until, err := v.Findings.Stay(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(v.w).Encode(map[string]string{"until": until.UTC().Format(time.RFC3339)})
}

func (v *visit) putBack() error {
	if err := v.Findings.PutBack(v.ctx(), v.caller, v.id("id")); err != nil {
		return err
	}
	return v.done("/queue/new", "put_back")
}

func (v *visit) takeBack() error {
	err := v.Findings.TakeBack(v.ctx(), v.caller, v.id("id"))
	v.forgetUndo()
	if err != nil {
		return err
	}
	return v.done("/queue/"+assess.Mine, "taken_back")
}

// prechecks runs the checks before anything leaves over this one posting, as far as they can be answered before there is
// a letter. They are the very rules that the letter will meet.
func (v *visit) prechecks(i staydown.Item, o assess.Opened) ([]page.Check, error) {
	if i.Line != "" || i.Verdict != "" && !i.Verdict.Actionable() {
		return nil, nil // it is in a letter, whose page has the checks, or it goes nowhere
	}
	query, err := v.Keeper.QueryOfItem(v.ctx(), i.ID)
	if err != nil && staydown.KindOf(err) != staydown.NotFound {
		return nil, err
	}
	f := referral.Facts{Letter: staydown.Letter{Owner: v.caller.Actor.Authority, DraftedBy: v.caller.Actor.Person}, Now: v.now()}
	if f.Sender, err = v.Keeper.Authority(v.ctx(), v.caller.Actor.Authority); err != nil {
		return nil, err
	}
	if i.Provider != "" {
		if f.Provider, err = v.Letters.Provider(v.ctx(), v.caller, i.Provider); err != nil {
			return nil, err
		}
	}
	standing := staydown.Assessment{ID: "-", Owner: v.caller.Actor.Authority, Officer: v.caller.Actor.Person, Viewed: o.Viewed}
	decided := i.State == staydown.ItemAssessed
	if decided {
		if standing, err = v.standing(i); err != nil {
			return nil, err
		}
	}
	f.Lines = []referral.LineFacts{{Line: staydown.Line{ID: "-", Owner: v.caller.Actor.Authority, Item: i.ID, Location: i.Location}, Item: i, Assessment: standing, Query: query}}
	var out []page.Check
	for _, finding := range referral.Check(f, v.KnownGood) {
		if finding.Check == 10 { // who drafts and who approves is a matter of the letter
			continue
		}
		c := page.Check{Name: strconv.Itoa(finding.Check), State: checkState(finding), Saw: true}
		if !finding.OK {
			c.Why = v.whyNot(finding)
		}
		owed := !decided && (finding.Check == 2 || finding.Check == 5 && query.ID == "")
		if owed {
			c.State, c.Saw, c.Why = page.StateUnknown, false, ""
		}
		out = append(out, c)
	}
	return out, nil
}

// standing is the finding that decided an item, where this reader may read it.
func (v *visit) standing(i staydown.Item) (staydown.Assessment, error) {
	all, err := v.Findings.AssessmentsOf(v.ctx(), v.caller, i.ID)
	if err != nil {
		return staydown.Assessment{}, err
	}
	for _, a := range all {
		if a.ID == i.Assessment {
			return a, nil
		}
	}
	return staydown.Assessment{}, nil
}

// whyNot says why a check stands against something: in English in the core's own words, which name the lines; in another
// language in ours.
func (v *visit) whyNot(f staydown.Finding) string {
	if v.words.Lang() == locale.English {
		return f.Text
	}
	return v.words.T("check_bad." + strconv.Itoa(f.Check))
}

// checkState is the state whose mark a finding of the checks has.
func checkState(f staydown.Finding) string {
	switch {
	case f.OK:
		return page.StateGone
	case f.Warning:
		return page.StateWarn
	}
	return page.StateUp
}
