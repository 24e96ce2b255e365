package portal

import (
	"net/http"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/law"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
)

// Brief is what may be shown of a letter to whoever has its link.
type Brief struct {
	Sender, Country, Reference string
	Clock                      Clock
}

// Clock is when a letter left and by when its sender expects an answer, which a
// voluntary referral asks for and does not demand.
type Clock struct {
	Sent, Due time.Time
	Zone      string // of the provider
	Over      bool   // the time has passed
}

// LandingPage is what a link shows.
type LandingPage struct{ Brief Brief }

// landing shows sender, reference and clock. Law: a mail scanner that opens it
// must prove no receipt (TCO 3(3)): it changes nothing.
func (p *Portal) landing(w http.ResponseWriter, r *http.Request) error {
	pass, err := p.Door.Look(r.Context(), tokenOf(r))
	if err != nil {
		return err
	}
	view, err := p.view(r, pass.Letter, pass.Provider)
	if err != nil {
		return err
	}
	shell := p.Site.Shell(w, r)
	shell.Title, shell.Narrow = page.Printer(r).T("door.landing.title"), true
	shell.Here, shell.Query = "", nil // the switches lead to this address, whatever it is
	return landingView.Render(w, http.StatusOK, shell, LandingPage{p.brief(view)})
}

// view loads a letter and makes sure that it is the provider's.
func (p *Portal) view(r *http.Request, letter, provider staydown.ID) (referral.LetterView, error) {
	v, err := p.Letters.ProviderLetter(r.Context(), letter)
	if err != nil {
		return v, err
	}
	if v.Letter.Provider != provider {
		return referral.LetterView{}, page.NotFound(r)
	}
	return v, nil
}

func (p *Portal) brief(v referral.LetterView) Brief {
	clock := Clock{Sent: v.Letter.SentAt, Due: v.Letter.RemindAt, Zone: v.Provider.TZ}
	now := p.Door.Store.Now()
	if i, err := law.Get(v.Letter.Instrument); err == nil && !clock.Due.After(now) {
		clock.Due = i.GiveUp(v.Letter.SentAt)
	}
	clock.Over = !clock.Due.After(now)
	return Brief{Sender: v.Sender.Name, Country: v.Sender.Country, Reference: v.Letter.Reference, Clock: clock}
}

// knock swaps the token for a cookie and mails a code to the registered contact.
func (p *Portal) knock(w http.ResponseWriter, r *http.Request) error {
	token := tokenOf(r)
	pass, err := p.Door.Look(r.Context(), token)
	if err != nil {
		return err
	}
	if s, err := p.Door.Enter(r.Context(), cookieOf(r)); err == nil && s.Letter == pass.Letter {
		return page.Redirect(w, r, Root+"/letter")
	}
	view, err := p.view(r, pass.Letter, pass.Provider)
	if err != nil {
		return err
	}
	if !strings.Contains(view.Provider.Email, "@") {
		return page.Problem{Status: http.StatusConflict, Code: "door.no_contact"}
	}
	cookie, code, _, err := p.Door.Knock(r.Context(), token)
	if err != nil {
		return err
	}
	err = p.SendCode(r.Context(), CodeMail{Sender: view.Sender, Provider: view.Provider, Reference: view.Letter.Reference, Code: code})
	if err != nil {
		p.log().Error("a code for the door could not be mailed", "letter", view.Letter.ID, "provider", view.Provider.ID, "err", err)
		if err := p.Door.Forget(r.Context(), cookie); err != nil {
			return err
		}
		return page.Problem{Status: http.StatusServiceUnavailable, Code: "door.mail"}
	}
	p.setCookie(w, cookie)
	return page.Redirect(w, r, Root+"/code")
}

const cookieName = "staydown_door"

func cookieOf(r *http.Request) string {
	if c, err := r.Cookie(cookieName); err == nil {
		return c.Value
	}
	return ""
}

// setCookie gives the visitor a session; empty takes it away. It ends with the
// browser, and never later than the session itself.
func (p *Portal) setCookie(w http.ResponseWriter, value string) {
	c := &http.Cookie{Name: cookieName, Value: value, Path: Root, HttpOnly: true, Secure: p.Site.Secure, SameSite: http.SameSiteStrictMode,
		MaxAge: int(door.SessionLife / time.Second)}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
