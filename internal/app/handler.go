package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/api"
	"github.com/staydown/staydown/internal/connector/email"
	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/portal"
)

// Handler is everything the desk answers: the pages, the API for programs, the provider's door, and HMA's addresses where they
// were opened.
func (a *App) Handler() http.Handler {
	if a.few {
		return a.withHMA(onlyLookups(a.api()))
	}
	return a.withHMA(a.desk())
}

// desk is everything but HMA's addresses.
func (a *App) desk() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", a.api())
	door := a.door()
	mux.Handle("/p/", door)
	mux.Handle("/", a.pages())
	if a.DoorURL == "" {
		return mux
	}
	// The door has a host of its own: nothing else is there, and it is nowhere else.
	own, err := url.Parse(a.DoorURL)
	if err != nil {
		return mux
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hostOnly(r.Host) == own.Hostname() {
			door.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/p/") {
			http.NotFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func hostOnly(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		return h
	}
	return hostport
}

func (a *App) api() http.Handler {
	d := &a.Desks
	return api.New(api.Options{SignIn: d.SignIn, Consult: d.Consult, Intake: d.Intake, Assess: d.Assess, Deconflict: d.Conflict, Referral: d.Referral,
		Watch: d.Watch, Report: d.Report, Banks: d.Banks,
		Audit: a.Audit, Health: a.health, Log: a.Log})
}

func (a *App) health(ctx context.Context) (api.Health, error) {
	h := api.Health{Status: "ok", Version: Version(), Database: a.Store.Engine(), Now: a.Clock.Now(), Exercise: a.Mode == Exercising}
	counts, err := a.Store.JobCounts(ctx)
	if err != nil {
		return h, err
	}
	for _, c := range counts {
		if c.State == "dead" {
			h.Dead += c.N
		} else {
			h.Waiting += c.N
		}
	}
	if h.Dead > 0 {
		h.Status = "degraded"
	}
	return h, nil
}

// site says under which names pages answer.
func (a *App) site(base string) page.Site {
	s := page.Site{Exercise: a.Mode == Exercising, ClockStopped: a.Clock.Simulated(), Now: a.Clock.Now, Log: a.Log}
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		s.Secure = u.Scheme == "https"
		if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
			s.Hosts = []string{u.Hostname()}
		}
	}
	return s
}

func (a *App) door() http.Handler {
	p := &portal.Portal{Site: a.site(a.doorURL()), Door: a.Desks.Door, Letters: a.Desks.Referral, SendCode: a.sendCode}
	return p.Handler()
}

// sendCode mails the code that opens the door, from the address of the authority whose letter it is.
func (a *App) sendCode(ctx context.Context, c portal.CodeMail) error {
	if a.Desks.mail == nil {
		return fmt.Errorf("mailing a code: this desk has no mail server")
	}
	return a.Desks.mail.SendCode(ctx, email.Code{Authority: c.Sender.Name, From: c.Sender.Email, To: c.Provider.Email, Reference: c.Reference, Digits: c.Code,
		Language: c.Provider.Language, MailID: fmt.Sprintf("code-%d@%s", time.Now().UnixNano(), a.domain()), SentAt: a.Clock.Now()})
}
