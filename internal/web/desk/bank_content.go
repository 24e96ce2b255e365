package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/web/page"
)

// ContentPage is one known thing: what it is recognised by, who says what of it, and what was done with it. Nothing of it
// is fetched from anywhere; the keeper's own address of it is text.
type ContentPage struct {
	Row                ContentRow
	BankLink, BankName string
	Facts              []page.Fact
	Signals            []SignalLine
	MoreSignals        int // not listed
	Opinion            staydown.Opinion
	Opinions           []OpinionLine
	Given              []Choice // what this reader's authority may say
	MayOpine, MayKeep  bool
	Stones             []StoneLine
	Done               []DoneLine
	Acts               []Act
	Note               string
	Labels             []LabelLine
	Off                bool // switched off by its keeper
	Trouble            *Trouble
}

// SignalLine is one signal of a content, or of a question.
type SignalLine struct {
	Kind, Value, Turn string
	Quality           string // empty: unknown, or not of a picture
	Frame             int
	At                time.Duration
	Video             bool
	Live              bool
	Skipped           *ReasonLine
}

// OpinionLine is what a source says.
type OpinionLine struct {
	Who, Via, Category string
	Mine               bool
	Opinion            staydown.Opinion
	Tags               []string
	At                 time.Time
}

// StoneLine is a tombstone: a signal that was withdrawn, and whether it was lifted.
type StoneLine struct {
	Kind, Value, Why, Who string
	At, LiftedAt          time.Time
	Lifted                string // by whom
}

// DoneLine is an act on the content, with its proof in the log.
type DoneLine struct {
	Act, Link string
	At        time.Time
}

var contentView = page.NewView[ContentPage](templates, "bank_content.html")

// signalsShown bounds the list of signals: a video has one for every frame.
const signalsShown = 200

func (v *visit) contentPage() error { return v.showContent(http.StatusOK, nil) }

func (v *visit) showContent(status int, t *Trouble) error {
	b, err := v.Banks.Bank(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	w, err := v.Banks.Content(v.ctx(), v.caller, b.ID, v.id("content"))
	if err != nil {
		return err
	}
	p := ContentPage{Row: v.contentRow(w.BankContent), BankLink: "/banks/" + string(b.ID), BankName: b.Name, Facts: v.contentFacts(w), Opinion: w.Opinion(), Note: w.Note, Labels: labelFields(w.Labels),
		Off: w.DisableUntil == staydown.DisabledNow, MayOpine: v.caller.May(access.Confirm) == nil, MayKeep: v.keeps(b.Owner, access.KeepBanks) && w.State != staydown.ContentWithdrawn,
		Acts: v.contentActs(b, w.BankContent), Trouble: t}
	p.Signals, p.MoreSignals = signalLines(w.Signals)
	v.fillVoices(&p, w)
	return contentView.Render(v.w, status, v.shell("banks", "bank_content.title", p.Row.Number, b.Name), p)
}

// The labels of the facts about a content.
const (
	factSource    = "bank_content.fact.source"
	factAdded     = "bank_content.fact.added"
	factExpires   = "bank_content.fact.expires"
	factKeeperID  = "bank_content.fact.keeper_id"
	factKeeperURI = "bank_content.fact.keeper_uri"
	factKeeperOwn = "bank_content.fact.keeper_json"
	factStanding  = "bank_content.fact.standing"
	factAside     = "bank_content.fact.aside"
	factWithdrawn = "bank_content.fact.withdrawn"
	factReleased  = "bank_content.fact.released"
)

func (v *visit) contentFacts(w bank.Whole) []page.Fact {
	source := w.Source
	if source == staydown.SourceOwn {
		source = v.words.T("bank.source.own")
	}
	aside, withdrawn := "", ""
	if w.State == staydown.ContentQuarantined {
		aside = w.QuarantineWhy
	}
	if w.State == staydown.ContentWithdrawn {
		withdrawn = by(moment(v, w.WithdrawnAt), v.who(w.WithdrawnBy), w.WithdrawnWhy)
	}
	standing := ""
	if w.Standing != staydown.StandingNone {
		standing = by(v.word("bank_standing", string(w.Standing)), moment(v, w.StandingAt), v.who(w.StandingBy), w.StandingWhy)
	}
	return facts(page.Fact{Label: factStanding, Text: standing, Kind: "text"}, page.Fact{Label: factAside, Text: aside, Kind: "text"}, page.Fact{Label: factWithdrawn, Text: withdrawn, Kind: "text"},
		page.Fact{Label: factSource, Text: by(source, w.SourceKey)}, page.Fact{Label: factAdded, Text: by(moment(v, w.AddedAt), v.who(w.AddedBy))}, page.Fact{Label: factExpires, Text: moment(v, w.ExpiresAt)},
		page.Fact{Label: factReleased, Text: moment(v, w.ReleasedAt)}, page.Fact{Label: factKeeperID, Text: w.ContentID, Kind: "code"}, page.Fact{Label: factKeeperURI, Text: w.ContentURI, Kind: "url"},
		page.Fact{Label: factKeeperOwn, Text: w.Extra, Kind: "code"})
}

// by puts what is known of an act into one line.
func by(parts ...string) string {
	line := ""
	for _, p := range parts {
		if p != "" && line != "" {
			line += " · "
		}
		line += p
	}
	return line
}

func signalLines(all []staydown.BankSignal) (lines []SignalLine, more int) {
	for _, s := range all[:min(len(all), signalsShown)] {
		line := signalLine(s.Kind, s.Value, s.Quality, s.Frame, s.AtMS, s.Turn)
		line.Live = s.Live
		lines = append(lines, line)
	}
	return lines, max(len(all)-signalsShown, 0)
}

func signalLine(kind, value string, quality, frame int, at int64, turn string) SignalLine {
	s := SignalLine{Kind: kind, Value: value, Turn: turn, Frame: frame, At: time.Duration(at) * time.Millisecond, Video: kind == staydown.SignalFrame || frame > 0 || at > 0}
	if quality != staydown.UnknownQuality && (kind == staydown.SignalPDQ || kind == staydown.SignalFrame) {
		s.Quality = strconv.Itoa(quality)
	}
	return s
}

func (v *visit) fillVoices(p *ContentPage, w bank.Whole) {
	mine := ""
	for _, o := range w.Opinions {
		p.Opinions = append(p.Opinions, v.opinionLine(o))
		if o.Via == staydown.SourceOwn && o.Source == string(v.caller.Actor.Authority) {
			mine = string(o.Opinion)
		}
	}
	p.Given = choices(texts([]staydown.Opinion{staydown.OpinionPositive, staydown.OpinionSeed, staydown.OpinionNegative}), mine)
	for _, s := range w.Stones {
		p.Stones = append(p.Stones, StoneLine{Kind: s.Kind, Value: s.Value, Why: s.Why, Who: or(v.who(s.By), s.Source), At: s.At, LiftedAt: s.LiftedAt, Lifted: v.who(s.LiftedBy)})
	}
	for _, d := range w.Proofs {
		line := DoneLine{Act: "bank_content." + string(d.Act), At: d.At}
		if v.caller.May(access.ReadLog) == nil {
			line.Link = "/log/events/" + string(d.Event)
		}
		p.Done = append(p.Done, line)
	}
}

// opinionLine names the source: an authority of this desk by its name, any other as the exchange calls it.
func (v *visit) opinionLine(o staydown.BankOpinion) OpinionLine {
	line := OpinionLine{Who: o.Source, Via: o.Via, Category: o.Category, Mine: o.Mine, Opinion: o.Opinion, Tags: o.Tags, At: o.At}
	if o.Via == staydown.SourceOwn {
		line.Who, line.Via = v.authorityName(staydown.ID(o.Source)), ""
	}
	return line
}

// contentDoing is an act of a person on a content, with the permission it asks for and how it is done.
type contentDoing struct {
	act   staydown.Act
	may   access.Permission
	grave bool
	do    contentDeed
}

type contentDeed func(d Banks, ctx context.Context, c access.Caller, of, id staydown.ID, why string) error

var contentDoings = []contentDoing{
	{"confirm", access.Confirm, false, Banks.Confirm},
	{"reject", access.Confirm, false, Banks.Reject},
	{"quarantine", access.Confirm, false, Banks.Quarantine},
	{"release", access.Confirm, false, Banks.Release},
	{"withdraw", access.KeepBanks, true, Banks.Withdraw},
	{"add_again", access.KeepBanks, false, Banks.AddAgain},
}

// contentActs are those that the table of contents, the reader's role and the bank's keeper let through.
func (v *visit) contentActs(b staydown.Bank, c staydown.BankContent) []Act {
	allowed := staydown.ContentTable.Allowed(c.State)
	var acts []Act
	for _, d := range contentDoings {
		if slices.Contains(allowed, d.act) && v.keeps(b.Owner, d.may) {
			acts = append(acts, Act{Name: "bank_" + string(d.act), Path: contentPath(c) + "/" + string(d.act), Grave: d.grave})
		}
	}
	return acts
}

func (v *visit) contentActPage() error { return v.showContentAct(http.StatusOK, nil) }

func (v *visit) showContentAct(status int, t *Trouble) error {
	b, err := v.Banks.Bank(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	w, err := v.Banks.Content(v.ctx(), v.caller, b.ID, v.id("content"))
	if err != nil {
		return err
	}
	name := "bank_" + v.r.PathValue("act")
	acts := v.contentActs(b, w.BankContent)
	n := slices.IndexFunc(acts, func(a Act) bool { return a.Name == name })
	if n < 0 {
		return staydown.Errorf(staydown.Refused, "bank.act", "this cannot be done with it now, or not by you")
	}
	p := ConfirmPage{Act: name, Path: acts[n].Path, Back: contentPath(w.BankContent), Reason: "required", Given: v.field("reason"), Grave: acts[n].Grave, Trouble: t,
		Facts: facts(page.Fact{Label: "bank.name", Text: b.Name, Kind: "code"}, page.Fact{Label: "bank_content.number", Text: strconv.FormatInt(w.Number, 10)}, page.Fact{Label: "bank.note", Text: w.Note, Kind: "text"},
			page.Fact{Label: "filter.state", Text: v.word("content_state", string(w.State))}, page.Fact{Label: factAside, Text: w.QuarantineWhy, Kind: "text"})}
	if from := v.field("from"); from == "quarantine" {
		p.Back, p.Fields = "/quarantine", []Field{{Name: "from", Kind: "hidden", Value: "quarantine"}}
	}
	return v.confirm(status, "banks", p)
}

func (v *visit) contentAct() error {
	if err := v.parse(); err != nil {
		return err
	}
	name := v.r.PathValue("act")
	n := slices.IndexFunc(contentDoings, func(d contentDoing) bool { return string(d.act) == name })
	if n < 0 {
		return page.NotFound(v.r)
	}
	if err := contentDoings[n].do(v.Banks, v.ctx(), v.caller, v.id("id"), v.id("content"), v.field("reason")); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showContentAct(http.StatusUnprocessableEntity, t) })
	}
	to := "/banks/" + string(v.id("id")) + "/contents/" + string(v.id("content"))
	if v.field("from") == "quarantine" {
		to = "/quarantine"
	}
	return v.done(to, "bank_"+name)
}

func (v *visit) giveOpinion() error {
	if err := v.parse(); err != nil {
		return err
	}
	o := bank.Voice{Opinion: staydown.Opinion(v.field("opinion"))}
	if err := v.Banks.Opine(v.ctx(), v.caller, v.id("id"), v.id("content"), o); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showContent(http.StatusUnprocessableEntity, t) })
	}
	return v.done("/banks/"+string(v.id("id"))+"/contents/"+string(v.id("content")), "saved")
}

func (v *visit) editContent() error {
	if err := v.parse(); err != nil {
		return err
	}
	note := v.field("note")
	e := bank.Edit{Note: &note}
	labels, err := v.labels()
	if err == nil {
		e.Labels = &labels
		err = v.switchContent(&e)
	}
	if err == nil {
		_, err = v.Banks.Edit(v.ctx(), v.caller, v.id("id"), v.id("content"), e)
	}
	if err != nil {
		return v.again(err, func(t *Trouble) error { return v.showContent(http.StatusUnprocessableEntity, t) })
	}
	return v.done("/banks/"+string(v.id("id"))+"/contents/"+string(v.id("content")), "saved")
}

// switchContent turns a content off or on where the form says otherwise than it is; a moment until which it is off stays.
func (v *visit) switchContent(e *bank.Edit) error {
	w, err := v.Banks.Content(v.ctx(), v.caller, v.id("id"), v.id("content"))
	if err != nil {
		return err
	}
	off := v.field("off") == "yes"
	if off == (w.DisableUntil == staydown.DisabledNow) {
		return nil
	}
	until := int64(staydown.EnabledNow)
	if off {
		until = staydown.DisabledNow
	}
	e.DisableUntil = &until
	return nil
}
