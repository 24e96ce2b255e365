package portal

import (
	"net/http"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/web/page"
)

// CodePage asks for the code.
type CodePage struct {
	Brief    Brief
	Provider string
	Wrong    bool
	Left     int // tries
}

// code asks for the code that was mailed.
func (p *Portal) code(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Door.Waiting(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	if !s.ProvenAt.IsZero() {
		return page.Redirect(w, r, Root+"/letter")
	}
	return p.askCode(w, r, s, http.StatusOK, false)
}

func (p *Portal) askCode(w http.ResponseWriter, r *http.Request, s door.Session, status int, wrong bool) error {
	view, err := p.view(r, s.Letter, s.Provider)
	if err != nil {
		return err
	}
	shell := p.Site.Shell(w, r)
	shell.Title, shell.Narrow = page.Printer(r).T("door.code.title"), true
	return codeView.Render(w, status, shell, CodePage{Brief: p.brief(view), Provider: view.Provider.Name, Wrong: wrong, Left: door.CodeTries - s.CodeTries})
}

// prove takes the code. The registered contact has typed it in, having been told
// that this confirms receipt: the letter counts as received. Law: TCO 3(3)
func (p *Portal) prove(w http.ResponseWriter, r *http.Request) error {
	code, ok := sixDigits(r.PostFormValue("code"))
	if !ok { // no guess, a slip: it does not count as a try
		s, err := p.Door.Waiting(r.Context(), cookieOf(r))
		if err != nil {
			return err
		}
		return p.askCode(w, r, s, http.StatusUnprocessableEntity, true)
	}
	fresh, s, err := p.Door.Prove(r.Context(), cookieOf(r), code)
	if staydown.CodeOf(err) == "door.code" {
		s, err := p.Door.Waiting(r.Context(), cookieOf(r))
		if err != nil {
			return err
		}
		return p.askCode(w, r, s, http.StatusUnprocessableEntity, true)
	}
	if err != nil {
		return err
	}
	p.setCookie(w, fresh)
	if err := p.Letters.Acknowledge(r.Context(), s.Provider, s.Letter, "door"); err != nil {
		return err
	}
	return page.Redirect(w, r, Root+"/letter")
}

// sixDigits reads a code as people type it: with spaces or a dash in it.
func sixDigits(s string) (string, bool) {
	s = strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.TrimSpace(s))
	if len(s) != 6 || strings.Trim(s, "0123456789") != "" {
		return "", false
	}
	return s, true
}
