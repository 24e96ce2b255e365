package desk

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/law"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
)

// LetterPage is one notice: what leaves, how far it has come, what the provider says and what we saw, line by line.
type LetterPage struct {
	ID, Reference, Provider, ProviderLink string
	Sender, Instrument, Channel           string
	Binding                               bool
	Mark                                  Status
	Acts                                  []Act
	Checks                                []page.Check
	Overridable                           []Override
	Overrides                             []OverrideLine
	Timeline                              []TimelineLine
	Lines                                 []LetterLine
	Draft                                 bool // lines may still be taken out
	Statement, StatementLang              string
	There                                 time.Time // now, for the clock at the recipient
	Zone, Hours                           string
	JSONBody                              string // what leaves, as a system reads it
	Messages                              []MessageLine
	Answers                               []AnswerLine
	WithdrawnWhy                          string
	Trouble                               *Trouble
}

// Override is a finding that a second person may override, with a reason.
type Override struct {
	Check int
	Text  string
}

// OverrideLine is one that was.
type OverrideLine struct {
	Check  int
	Who    string
	Reason string
	At     time.Time
}

// TimelineLine is one step of the letter's way.
type TimelineLine struct {
	At   time.Time
	Act  string // "event.letter.<Act>"
	Who  string
	Ours bool
	Stop bool
}

// LetterLine is one location with its two statuses.
type LetterLine struct {
	ID, Address, ItemLink         string
	Kind, Ground, Clause, Explain string
	Say, Saw                      Status
	Reason                        string
	Countries                     []string
	AnsweredAt, SawAt, GoneAt     time.Time
}

// MessageLine is one thing that was put on a wire.
type MessageLine struct {
	ID, Kind, Channel, Recipient, Receipt, Detail string
	State                                         staydown.MessageState
	Tries                                         int
	WrittenAt, SettledAt                          time.Time
}

// AnswerLine is one answer as it came in.
type AnswerLine struct {
	Via string
	At  time.Time
}

var letterView = page.NewView[LetterPage](templates, "letter.html")

func (v *visit) letterPage() error { return v.showLetter(http.StatusOK, nil) }

func (v *visit) showLetter(status int, t *Trouble) error {
	view, err := v.Letters.Letter(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	p := v.letterFrom(view)
	p.Trouble = t
	if view.Letter.State == staydown.LetterDraft || view.Letter.State == staydown.LetterApproved {
		findings, err := v.Letters.Checks(v.ctx(), v.caller, view.Letter.ID)
		if err != nil {
			return err
		}
		p.addChecks(view.Letter, findings, v)
	} else {
		p.addChecks(view.Letter, view.Letter.Checks, v)
	}
	p.Acts = v.letterActs(view)
	if err := v.preview(&p, view); err != nil {
		return err
	}
	return letterView.Render(v.w, status, v.shell("letters", "letter.title", view.Letter.Reference), p)
}

func (v *visit) letterFrom(view referral.LetterView) LetterPage {
	l := view.Letter
	p := LetterPage{ID: string(l.ID), Reference: l.Reference, Provider: view.Provider.Name, ProviderLink: "/providers/" + string(view.Provider.ID), Sender: view.Sender.Name,
		Instrument: l.Instrument, Channel: l.Channel, Mark: letterMark(l.State), Draft: l.State == staydown.LetterDraft && l.Owner == v.caller.Actor.Authority,
		There: v.now(), Zone: view.Provider.TZ, Hours: view.Provider.ContactHours, WithdrawnWhy: l.WithdrawnWhy}
	for _, ln := range view.Lines {
		p.Lines = append(p.Lines, LetterLine{ID: string(ln.ID), Address: ln.Location, ItemLink: "/items/" + string(ln.Item), Kind: ln.Kind, Ground: ln.Ground, Clause: ln.Clause,
			Explain: ln.Explanation, Say: saying(ln.State), Saw: sighting(ln.WeSaw), Reason: ln.Reason, Countries: ln.Countries, AnsweredAt: ln.AnsweredAt, SawAt: ln.WeSawAt, GoneAt: ln.GoneAt})
	}
	for _, m := range view.Messages {
		p.Messages = append(p.Messages, MessageLine{ID: string(m.ID), Kind: m.Kind, Channel: m.Channel, Recipient: m.Recipient, Receipt: m.Receipt, Detail: m.Detail, State: m.State,
			Tries: m.Tries, WrittenAt: m.WrittenAt, SettledAt: m.SettledAt})
	}
	for _, a := range view.Answers {
		p.Answers = append(p.Answers, AnswerLine{Via: a.Via, At: a.At})
	}
	for _, o := range l.Overrides {
		p.Overrides = append(p.Overrides, OverrideLine{Check: o.Check, Who: v.who(o.By), Reason: o.Reason, At: o.At})
	}
	p.Timeline = v.timeline(l)
	return p
}

// timeline is the letter's way, from the moments it carries.
func (v *visit) timeline(l staydown.Letter) []TimelineLine {
	steps := []TimelineLine{
		{At: l.DraftedAt, Act: "draft", Who: v.who(l.DraftedBy), Ours: true}, {At: l.ApprovedAt, Act: "approve", Who: v.who(l.ApprovedBy), Ours: true},
		{At: l.SentAt, Act: "send", Ours: true}, {At: l.DeliveredAt, Act: "deliver"}, {At: l.AcknowledgedAt, Act: "acknowledge"}, {At: l.AnsweredAt, Act: "answer"},
		{At: l.ClosedAt, Act: "close", Ours: true}, {At: l.WithdrawnAt, Act: "withdraw", Ours: true, Stop: true},
	}
	steps = slices.DeleteFunc(steps, func(t TimelineLine) bool { return t.At.IsZero() })
	slices.SortStableFunc(steps, func(a, b TimelineLine) int { return a.At.Compare(b.At) })
	return steps
}

// addChecks shows the eleven findings. Whether a finding may be overridden, and by whom, is the core's to say: this page
// offers the form to who may approve.
func (p *LetterPage) addChecks(l staydown.Letter, findings []staydown.Finding, v *visit) {
	c := v.caller
	blocking := map[int]bool{}
	for _, f := range l.Blocking(findings) {
		blocking[f.Check] = true
	}
	for _, f := range findings {
		check := page.Check{Name: strconv.Itoa(f.Check), State: checkState(f), Saw: true}
		if !f.OK {
			check.Why = v.whyNot(f)
			if !f.Warning && !blocking[f.Check] {
				check.State = page.StateWarn // overridden
			}
		}
		p.Checks = append(p.Checks, check)
		if p.Draft && f.Override && blocking[f.Check] && c.May(access.Approve) == nil && c.Actor.Person != l.DraftedBy && c.Actor.Authority == l.Owner {
			p.Overridable = append(p.Overridable, Override{Check: f.Check, Text: f.Text})
		}
	}
}

// act of a letter: the name on the button, the transition of the table that has to be open for it, and the permission.
var letterActs = []struct {
	name  string
	table staydown.Act
	may   access.Permission
	main  bool
	grave bool
}{
	{"approve", "approve", access.Approve, true, false},
	{"return", "return", access.Approve, false, false},
	{"resend", "send", access.Approve, true, false},
	{"close", "close", access.Approve, false, false},
	{"withdraw", "withdraw", access.Withdraw, false, true},
	{"discard", "approve", access.Draft, false, false},
}

// letterActs are those that the table of letters, the reader's roles and the ownership of the letter let through.
func (v *visit) letterActs(view referral.LetterView) []Act {
	l := view.Letter
	if l.Owner != v.caller.Actor.Authority {
		return nil
	}
	open := staydown.LetterTable.Allowed(l.State)
	var acts []Act
	for _, a := range letterActs {
		switch {
		case !slices.Contains(open, a.table), v.caller.May(a.may) != nil:
		case a.name == "approve" && l.DraftedBy == v.caller.Actor.Person:
		case a.name == "resend" && l.State != staydown.LetterFailed: // an approved letter leaves by itself at its hour
		default:
			acts = append(acts, Act{Name: a.name, Path: "/letters/" + string(l.ID) + "/" + a.name, Main: a.main, Grave: a.grave})
		}
	}
	return acts
}

// preview shows what leaves: the statement and the lines, in the very form that a system reads; a mail carries the same
// as its attachment, and its text for people has the addresses made harmless. Message identity and time of writing are
// fixed at approval.
func (v *visit) preview(p *LetterPage, view referral.LetterView) error {
	instrument, err := law.Get(view.Letter.Instrument)
	if err != nil {
		return err
	}
	p.Binding, p.Statement, p.StatementLang = instrument.Binding, instrument.Text(view.Provider.Language, view.Sender), view.Provider.Language
	m := v.Letters.Preview(view)
	p.Statement = m.Statement
	body, err := m.Encode()
	if err != nil {
		return err
	}
	p.JSONBody = indented(body)
	return nil
}

// letterActPage asks once more before an act on a letter.
func (v *visit) letterActPage() error { return v.showLetterAct(http.StatusOK, nil) }

func (v *visit) showLetterAct(status int, t *Trouble) error {
	view, err := v.Letters.Letter(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	name := v.r.PathValue("act")
	acts := v.letterActs(view)
	n := slices.IndexFunc(acts, func(a Act) bool { return a.Name == name })
	if n < 0 {
		return staydown.Errorf(staydown.Refused, "letter.act", "this letter cannot be dealt with in that way now, or not by you")
	}
	back := "/letters/" + string(view.Letter.ID)
	p := ConfirmPage{Act: "letter_" + name, Path: acts[n].Path, Back: back, Grave: acts[n].Grave, Given: v.field("reason"), Trouble: t,
		Facts: facts(page.Fact{Label: "letter.reference", Text: view.Letter.Reference, Kind: "code"}, page.Fact{Label: "letter.to", Text: view.Provider.Name},
			page.Fact{Label: "letter.from", Text: view.Sender.Name}, page.Fact{Label: "letter.lines", Text: v.words.Number(view.Letter.Lines)},
			page.Fact{Label: "letter.by", Text: view.Letter.Channel})}
	switch name {
	case "withdraw":
		p.Reason = "required"
	case "return", "close", "discard":
		p.Reason = "optional"
	}
	return v.confirm(status, "letters", p)
}

func (v *visit) letterAct() error {
	if err := v.parse(); err != nil {
		return err
	}
	id, name, why := v.id("id"), v.r.PathValue("act"), v.field("reason")
	if name == "override" {
		return v.override(id)
	}
	var err error
	switch name {
	case "approve":
		_, err = v.Letters.Approve(v.ctx(), v.caller, id)
	case "return":
		err = v.Letters.Return(v.ctx(), v.caller, id, why)
	case "resend":
		err = v.Letters.Resend(v.ctx(), v.caller, id)
	case "close":
		err = v.Letters.Close(v.ctx(), v.caller, id, why)
	case "withdraw":
		err = v.Letters.Withdraw(v.ctx(), v.caller, id, why)
	case "discard":
		err = v.Letters.Discard(v.ctx(), v.caller, id, why)
	default:
		return page.NotFound(v.r)
	}
	if err != nil {
		return v.again(err, func(t *Trouble) error { return v.showLetterAct(http.StatusConflict, t) })
	}
	return v.done("/letters/"+string(id), "letter_"+name)
}

// override lets a second person send in spite of a finding, with a reason that the overseer sees.
func (v *visit) override(id staydown.ID) error {
	check, err := strconv.Atoi(v.field("check"))
	if err != nil {
		return page.Problem{Status: http.StatusBadRequest, Code: "form", Where: "check"}
	}
	if err := v.Letters.Override(v.ctx(), v.caller, id, check, v.field("reason")); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showLetter(http.StatusConflict, t) })
	}
	return v.done("/letters/"+string(id), "overridden")
}

// removeLine takes one location out of a draft.
func (v *visit) removeLine() error {
	if err := v.parse(); err != nil {
		return err
	}
	letter := v.field("letter")
	if err := v.Letters.RemoveLine(v.ctx(), v.caller, v.id("id")); err != nil {
		return err
	}
	if !isID(letter) {
		return v.done("/letters", "line_removed")
	}
	return v.done("/letters/"+letter, "line_removed")
}

// indented writes JSON over several lines, for reading.
func indented(body []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body)
	}
	return out.String()
}
