package desk

import (
	"net/http"
	"net/url"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/web/page"
)

// ItemPage is one item under an officer's eyes.
type ItemPage struct {
	ID, Kind, Address string
	Title             string
	Language          string // BCP 47; empty when unknown
	State             staydown.ItemState
	Turn              staydown.Turn // whose look it is; empty when this reader gives none
	Priority          int
	Reasons           []string // codes, said as "reason.<code>", or an officer's own words
	Description       string   // what the handing-in unit says, before one looks
	Viewer            Viewer
	Text              string
	Seen              SeenBefore
	Known             []KnownLine // in banks
	AlikeLink         string      // others wait with the same bytes
	Alike             int
	Posting, Kept     []page.Fact
	Statuses          Statuses
	Decide            *Decide // nil when this reader has nothing to decide here
	Closed            string  // why not: a code, said as "closed.<code>"
	Checks            []page.Check
	Findings          []FindingLine
	Queries           []QueryLine
	History           []HistoryLine
	Leads             []LeadLine
	LetterLink        string
	LogLink           string
	ReopenLink        string
	HoldLink          string
	Trouble           *Trouble
}

// Viewer is what may be seen of the content: stills that are re-encoded on the way, never the original.
type Viewer struct {
	Still string   // address of the still; empty when there is none
	Strip []string // addresses of further stills
	As    string   // the variant the reader asked for; empty: nothing is shown yet
	Why   string   // why there is no still: a code, said as "no_still.<code>"
}

// SeenBefore is the nearest known content. Its verdict stays hidden until the item is decided.
type SeenBefore struct {
	Alike    int
	Kind     string // sha256, pdq, text
	Distance int
	Nearest  string
	Link     string
	Pictures []string // this one and the nearest
	Verdict  staydown.Verdict
}

// Statuses are the two: what the provider says, what we saw.
type Statuses struct {
	Say    Status
	Saw    Status
	SawAt  time.Time
	Cause  string
	Places []staydown.Place
}

// FindingLine is a finding that this reader may read.
type FindingLine struct {
	Turn    staydown.Turn
	State   staydown.AssessmentState
	Verdict staydown.Verdict
	Ground  staydown.Ground
	Purpose staydown.Purpose
	Who     string
	Passage string
	Note    string
	At      time.Time
}

// HistoryLine is an event of the item.
type HistoryLine struct {
	At   time.Time
	Act  string
	Who  string
	Note string
}

// LeadLine is what the reader's own unit handed in.
type LeadLine struct {
	Source, Grade, Reference, Note string
	At                             time.Time
}

// The labels of the facts about a posting and about what was kept.
const (
	factAccount   = "item.fact.account"
	factTitle     = "item.fact.title"
	factPublisher = "item.fact.publisher"
	factProvider  = "item.fact.provider"
	factPosted    = "item.fact.posted"
	factCaptured  = "item.fact.captured"
	factReached   = "item.fact.reached"
	factExhibits  = "item.fact.exhibits"
	factSHA256    = "item.fact.sha256"
	factTool      = "item.fact.tool"
	factFailed    = "item.fact.failed"
)

var itemView = page.NewView[ItemPage](templates, "item.html")

func (v *visit) itemPage() error { return v.showItem(http.StatusOK, nil, nil) }

// showItem shows the item of the path. form is what was just sent and not accepted; nil takes the draft.
func (v *visit) showItem(status int, form url.Values, t *Trouble) error {
	id := v.id("id")
	item, err := v.Keeper.Item(v.ctx(), id)
	if err != nil {
		return err
	}
	if err := v.caller.Sees(item.Circle); err != nil {
		return err
	}
	var opened assess.Opened
	if v.caller.May(access.View) == nil {
		opened, err = v.Findings.OpenHidden(v.ctx(), v.caller, id)
	} else {
		_, err = v.Reading.Item(v.ctx(), v.caller, id) // logged, and refused to who may not see items
	}
	if err != nil {
		return err
	}
	p := v.about(item, opened)
	p.Trouble = t
	for _, fill := range []func(*ItemPage, staydown.Item, assess.Opened) error{v.fillLeads, v.fillKept, v.fillSeen, v.fillKnown, v.fillStatuses, v.fillFindings, v.fillHistory} {
		if err := fill(&p, item, opened); err != nil {
			return err
		}
	}
	if form == nil {
		form, _ = url.ParseQuery(opened.Draft) // a draft of another program reads as an empty form
	}
	if p.Queries, err = v.queries(id); err != nil {
		return err
	}
	if err := v.fillDecision(&p, item, opened, form); err != nil {
		return err
	}
	shell := v.shell("queue", "item.page_title", item.Host)
	shell.Keys = itemKeys
	if !opened.Until.IsZero() {
		shell.Lease = &page.Lease{Item: "/items/" + p.ID, Until: opened.Until, Left: opened.Until.Sub(v.now()), Extend: "/items/" + p.ID + "/stay"}
	}
	return itemView.Render(v.w, status, shell, p)
}

// itemKeys are the keys of the item's page, for the list that "?" opens.
var itemKeys = []page.KeyUse{{Code: "KeyV", Does: "item.show"}, {Code: "KeyB", Does: "item.blur"}, {Code: "KeyG", Does: "item.grey"}, {Code: "KeyC", Does: "item.compare"},
	{Code: "Digit1", Does: "ground.a"}, {Code: "Digit2", Does: "ground.b"}, {Code: "Digit3", Does: "ground.c"}, {Code: "Digit4", Does: "ground.d"}, {Code: "Digit5", Does: "ground.e"},
	{Code: "Digit6", Does: "ground.terms"}, {Code: "KeyR", Does: "act.refer"}, {Code: "KeyL", Does: "act.stop"}, {Code: "KeyS", Does: "act.second"}, {Code: "KeyH", Does: "act.hold"},
	{Code: "KeyU", Does: "act.urgent"}, {Code: "KeyP", Does: "act.put_back"}, {Code: "KeyZ", Does: "frame.undo.take"}}

// about is what stands in the item's own row.
func (v *visit) about(i staydown.Item, o assess.Opened) ItemPage {
	p := ItemPage{ID: string(i.ID), Kind: i.Kind, Address: i.Location, Title: i.Title, Language: i.Language, State: i.State, Turn: o.Turn, Priority: i.Priority, Reasons: i.PriorityWhy, Text: o.Text}
	if p.Kind == "" {
		p.Kind = "page"
	}
	if o.Title != "" {
		p.Title = o.Title
	}
	if v.caller.May(access.ReadLog) == nil {
		p.LogLink = "/log?subject=" + p.ID
	}
	if i.State == staydown.ItemAssessed && v.caller.May(access.Withdraw) == nil {
		p.ReopenLink = "/items/" + p.ID + "/reopen"
	}
	if v.caller.May(access.PlaceHold) == nil {
		p.HoldLink = "/items/" + p.ID + "/hold"
	}
	return p
}

// fillLeads shows what the reader's own authority handed in: leads stay their unit's own.
func (v *visit) fillLeads(p *ItemPage, i staydown.Item, o assess.Opened) error {
	leads, err := v.Keeper.LeadsOfItem(v.ctx(), i.ID, v.caller.Actor.Authority)
	if err != nil {
		return err
	}
	var posted time.Time
	for _, l := range leads {
		p.Leads = append(p.Leads, LeadLine{Source: l.Source, Grade: l.Reliability + l.Credibility, Reference: l.Reference, Note: l.Note, At: l.ReceivedAt})
		if p.Description == "" {
			p.Description = l.Note
		}
		if posted.IsZero() {
			posted = l.PostedAt
		}
	}
	account := o.Author
	if account == "" {
		account = i.Account
	}
	p.Posting = facts(
		page.Fact{Label: factAccount, Text: account}, page.Fact{Label: factTitle, Text: p.Title, Kind: "text"},
		page.Fact{Label: factPublisher, Text: v.publisher(i.Host)}, page.Fact{Label: factProvider, Text: v.providerName(i.Provider, i.Host)},
		page.Fact{Label: factPosted, Text: moment(v, posted)})
	return nil
}

// facts leaves out those that say nothing.
func facts(all ...page.Fact) []page.Fact {
	var known []page.Fact
	for _, f := range all {
		if f.Text != "" {
			known = append(known, f)
		}
	}
	return known
}

// moment writes a time for a fact, or nothing.
func moment(v *visit, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.words.Exact(t)
}

func (v *visit) publisher(host string) string {
	if v.KnownGood.Has(host) {
		return v.words.T("item.known_good")
	}
	return v.words.T("item.not_known_good")
}

func (v *visit) providerName(id staydown.ID, host string) string {
	if id == "" {
		return host
	}
	p, err := v.Letters.Provider(v.ctx(), v.caller, id)
	if err != nil {
		return host
	}
	return p.Name
}

// fillKept shows what lies in the vault, and the stills of it.
func (v *visit) fillKept(p *ItemPage, i staydown.Item, o assess.Opened) error {
	p.Viewer = v.viewer(i, o.Exhibits)
	capture, err := v.Keeper.CaptureOfItem(v.ctx(), i.ID)
	if staydown.KindOf(err) == staydown.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	failed := ""
	if i.State == staydown.ItemNotCaptured {
		failed = v.word("capture", i.Reason)
	}
	kept := 0
	for range o.Exhibits {
		kept++
	}
	exhibits := ""
	if kept > 0 {
		exhibits = v.words.N("item.exhibits", kept)
	}
	p.Kept = facts(
		page.Fact{Label: factFailed, Text: failed}, page.Fact{Label: factCaptured, Text: moment(v, i.CapturedAt)},
		page.Fact{Label: factReached, Text: reached(capture), Kind: "url"}, page.Fact{Label: factExhibits, Text: exhibits},
		page.Fact{Label: factSHA256, Text: i.MediaSHA256, Kind: "code"}, page.Fact{Label: factTool, Text: capture.Tool})
	return nil
}

// reached is where the capture ended, when that is not where it was asked to go.
func reached(c staydown.Capture) string {
	if c.Reached == c.Asked {
		return ""
	}
	return c.Reached
}

// word says a value of a closed list as plain text, or the value itself.
func (v *visit) word(list, value string) string {
	if key := list + "." + value; v.words.Has(key) {
		return v.words.T(key)
	}
	return value
}

// fillSeen shows the nearest known content, and how many others wait with the same bytes.
func (v *visit) fillSeen(p *ItemPage, i staydown.Item, o assess.Opened) error {
	if v.caller.May(access.Assess) == nil && i.MediaSHA256 != "" {
		rows, err := v.Findings.Alike(v.ctx(), v.caller, i.ID)
		if err != nil {
			return err
		}
		if p.Alike = len(rows); p.Alike > 1 || p.Alike == 1 && rows[0].Item != i.ID {
			p.AlikeLink = "/items/" + p.ID + "/alike"
		}
	}
	if len(o.Candidates) == 0 {
		return nil
	}
	best := o.Candidates[0]
	for _, c := range o.Candidates[1:] {
		if nearer(c, best) {
			best = c
		}
	}
	p.Seen = SeenBefore{Alike: ofKind(o.Candidates, best.Kind), Kind: best.Kind, Distance: best.Distance, Nearest: best.Location, Link: "/items/" + string(best.Item), Verdict: best.Verdict}
	exhibits, err := v.Keeper.ExhibitsOfItem(v.ctx(), best.Item)
	if err != nil {
		return err
	}
	other := ""
	for _, e := range exhibits {
		if isPicture(e.MediaType) && v.caller.Sees(e.Circle) == nil {
			other = stillPath(best.Item, e.ID)
			break
		}
	}
	if p.Viewer.Still != "" && other != "" {
		p.Seen.Pictures = []string{p.Viewer.Still, other}
	}
	return nil
}

// ofKind counts the postings that are alike in one way: the same bytes are another matter than a like picture or text.
func ofKind(all []assess.Candidate, kind string) int {
	n := 0
	for _, c := range all {
		if c.Kind == kind {
			n++
		}
	}
	return n
}

// nearer orders candidates: the same bytes before a like picture before a like text, then by distance.
func nearer(a, b assess.Candidate) bool {
	rank := map[string]int{"sha256": 0, "pdq": 1, "text": 2}
	if rank[a.Kind] != rank[b.Kind] {
		return rank[a.Kind] < rank[b.Kind]
	}
	return a.Distance < b.Distance
}

// fillStatuses shows the two statuses side by side.
func (v *visit) fillStatuses(p *ItemPage, i staydown.Item, _ assess.Opened) error {
	p.Statuses = Statuses{Say: saying(i.TheySay), Saw: sighting(i.WeSaw), SawAt: i.WeSawAt}
	if i.WeSaw == staydown.Gone {
		p.Statuses.Cause = i.WeSawCause
	}
	if i.Line != "" {
		letters, err := v.Keeper.LettersOfItems(v.ctx(), []staydown.ID{i.ID})
		if err != nil {
			return err
		}
		if letter := letters[i.ID]; letter != "" {
			p.LetterLink = "/letters/" + string(letter)
		}
	}
	check, err := v.Keeper.CheckOfItem(v.ctx(), i.ID)
	if staydown.KindOf(err) == staydown.NotFound {
		return nil
	}
	p.Statuses.Places = check.Places
	return err
}

// fillFindings shows the findings that this reader may read: a second officer who has not answered sees none.
func (v *visit) fillFindings(p *ItemPage, i staydown.Item, _ assess.Opened) error {
	all, err := v.Findings.AssessmentsOf(v.ctx(), v.caller, i.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.State == staydown.AssessmentDraft {
			continue
		}
		p.Findings = append(p.Findings, FindingLine{Turn: a.Turn, State: a.State, Verdict: a.Verdict, Ground: a.Ground, Purpose: a.Purpose, Who: v.who(a.Officer),
			Passage: a.Passage, Note: a.Note, At: a.GivenAt})
	}
	return nil
}

// fillHistory shows what happened to the item. Acts on findings are not among it.
func (v *visit) fillHistory(p *ItemPage, i staydown.Item, _ assess.Opened) error {
	list, err := v.Reading.History(v.ctx(), v.caller, i.ID)
	if err != nil {
		return err
	}
	for _, h := range list {
		p.History = append(p.History, HistoryLine{At: h.At, Act: h.Noun + "." + string(h.Act), Who: v.who(h.Actor), Note: v.noteOf(h.Leaf)})
	}
	return nil
}
