package portal

import (
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/law"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
)

// LetterPage is a letter with its lines and a form to answer them.
type LetterPage struct {
	Brief     Brief
	Statement string // who asks and what it is, in the reader's language where there are words in it
	Desk      string // desk code
	Withdrawn bool
	Why       string // of the withdrawal
	Open      bool   // some line may be answered
	Lines     []LetterLine
}

// LetterLine is one address with what the provider said of it. Our own sight of it
// is not shown: it would tell from where we look.
type LetterLine struct {
	ID, Address, Kind, Ground, Clause, Why string
	State                                  staydown.LineState
	Mark                                   string // for the mark: gone, up, unknown, warn
	Choices                                []staydown.LineState
	Countries                              []string
	Reason                                 string
}

// Answered reports whether the provider has said anything of the line.
func (l LetterLine) Answered() bool { return l.Mark != page.StateUnknown }

// letter shows the lines to a visitor who has proven who they are.
func (p *Portal) letter(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Door.Enter(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	v, err := p.view(r, s.Letter, s.Provider)
	if err != nil {
		return err
	}
	shell := p.Site.Shell(w, r)
	shell.Title = page.Printer(r).T("door.letter.title", v.Letter.Reference)
	return letterView.Render(w, http.StatusOK, shell, p.letterPage(r, v))
}

func (p *Portal) letterPage(r *http.Request, v referral.LetterView) LetterPage {
	out := LetterPage{Brief: p.brief(v), Desk: v.Letter.DeskCode, Withdrawn: v.Letter.State == staydown.LetterWithdrawn, Why: v.Letter.WithdrawnWhy}
	if i, err := law.Get(v.Letter.Instrument); err == nil {
		out.Statement = i.Text(string(page.PreferencesOf(r).Lang), v.Sender)
	}
	for _, l := range linesOf(v) {
		line := LetterLine{ID: string(l.ID), Address: l.Location, Kind: l.Kind, Ground: l.Ground, Clause: l.Clause, Why: l.Explanation,
			State: l.State, Mark: markOf(l.State), Choices: sayable(l), Countries: l.Countries, Reason: l.Reason}
		out.Open = out.Open || len(line.Choices) > 0
		out.Lines = append(out.Lines, line)
	}
	return out
}

// linesOf are the lines that left: one taken out of the draft never did.
func linesOf(v referral.LetterView) []staydown.Line {
	var out []staydown.Line
	for _, l := range v.Lines {
		if l.State != staydown.LineWithdrawn || v.Letter.State == staydown.LetterWithdrawn {
			out = append(out, l)
		}
	}
	return out
}

func markOf(s staydown.LineState) string {
	switch s {
	case staydown.LineRemoved, staydown.LineDisabled, staydown.LineAlreadyGone:
		return page.StateGone
	case staydown.LineRefused:
		return page.StateUp
	case staydown.LineNeedMore, staydown.LineWrongAddressee:
		return page.StateWarn
	}
	return page.StateUnknown
}
