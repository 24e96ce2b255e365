package desk

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
)

// LettersPage is a list of letters, by their facts.
type LettersPage struct {
	Rows      []LetterRow
	Pages     page.Pages
	States    []Choice
	Providers []Choice
	Campaigns []Choice
	ReadyLink string // what waits for a letter; empty for who may not draft
}

// LetterRow is one letter.
type LetterRow struct {
	Link, Reference, Provider, Owner string
	State                            staydown.LetterState
	Mark                             Status
	Lines, Reminders                 int
	DraftedAt, SentAt, AnsweredAt    time.Time
}

var lettersView = page.NewView[LettersPage](templates, "letters.html")

const lettersPageSize = 50

func (v *visit) lettersPage() error {
	f := referral.Filter{Campaign: staydown.ID(v.field("campaign")), Provider: staydown.ID(v.field("provider")), State: staydown.LetterState(v.field("state")),
		After: staydown.ID(v.field("after")), Limit: lettersPageSize + 1}
	list, err := v.Letters.List(v.ctx(), v.caller, f)
	if err != nil {
		return err
	}
	p := LettersPage{States: choices(texts(staydown.LetterTable.States()[1:]), string(f.State))}
	if p.Providers, p.Campaigns, err = v.providersAndCampaigns(string(f.Provider), string(f.Campaign)); err != nil {
		return err
	}
	if v.caller.May(access.Draft) == nil {
		p.ReadyLink = "/letters/ready?campaign=" + string(f.Campaign)
	}
	more := len(list) > lettersPageSize
	if more {
		list = list[:lettersPageSize]
	}
	for _, l := range list {
		p.Rows = append(p.Rows, v.letterRow(l, p.Providers))
	}
	p.Pages = v.pagesAfter(f.After != "", more, len(list), func() string { return string(list[len(list)-1].ID) })
	return lettersView.Render(v.w, http.StatusOK, v.shell("letters", "letters.title"), p)
}

func (v *visit) letterRow(l staydown.Letter, providers []Choice) LetterRow {
	row := LetterRow{Link: "/letters/" + string(l.ID), Reference: l.Reference, Owner: v.authorityName(l.Owner), State: l.State, Mark: letterMark(l.State), Lines: l.Lines,
		Reminders: l.Reminders, DraftedAt: l.DraftedAt, SentAt: l.SentAt, AnsweredAt: l.AnsweredAt}
	if n := slices.IndexFunc(providers, func(c Choice) bool { return c.Value == string(l.Provider) }); n >= 0 {
		row.Provider = providers[n].Words
	}
	return row
}

// letterMark is the state whose colour and shape a letter's state has.
func letterMark(s staydown.LetterState) Status {
	state := page.StateUnknown
	switch s {
	case staydown.LetterAnswered, staydown.LetterClosed, staydown.LetterAcknowledged, staydown.LetterDelivered:
		state = page.StateGone
	case staydown.LetterFailed:
		state = page.StateUp
	case staydown.LetterDeliveryUnknown, staydown.LetterEscalated:
		state = page.StateWarn
	case staydown.LetterWithdrawn:
		state = page.StateHeld
	}
	return Status{State: state, Word: string(s)}
}

// ReadyPage is what waits for a letter of the reader's authority, per provider.
type ReadyPage struct {
	Campaign  string
	Campaigns []Choice
	Rows      []ReadyLine
	MayDraft  bool
}

// ReadyLine is one provider.
type ReadyLine struct {
	Provider, Name string
	N, Batch       int
}

var readyView = page.NewView[ReadyPage](templates, "ready.html")

func (v *visit) readyPage() error {
	p := ReadyPage{Campaign: v.field("campaign"), MayDraft: v.caller.May(access.Draft) == nil}
	rows, err := v.Letters.Ready(v.ctx(), v.caller, staydown.ID(p.Campaign))
	if err != nil {
		return err
	}
	if _, p.Campaigns, err = v.providersAndCampaigns("", p.Campaign); err != nil {
		return err
	}
	for _, r := range rows {
		line := ReadyLine{Provider: string(r.Provider), Name: r.Name, N: r.N, Batch: referral.MaxLines}
		if provider, err := v.Letters.Provider(v.ctx(), v.caller, r.Provider); err == nil && provider.Batch > 0 {
			line.Batch = min(provider.Batch, referral.MaxLines)
		}
		p.Rows = append(p.Rows, line)
	}
	return readyView.Render(v.w, http.StatusOK, v.shell("letters", "ready.title"), p)
}

// draftLetter puts what waits for one provider into a letter.
func (v *visit) draftLetter() error {
	if err := v.parse(); err != nil {
		return err
	}
	most, err := strconv.Atoi(v.field("max"))
	if err != nil || most < 1 || most > referral.MaxLines {
		most = referral.MaxLines
	}
	l, err := v.Letters.Draft(v.ctx(), v.caller, staydown.ID(v.field("campaign")), staydown.ID(v.field("provider")), most)
	if err != nil {
		return err
	}
	return v.done("/letters/"+string(l.ID), "drafted", l.Reference)
}
