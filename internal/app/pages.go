package app

import (
	"net/http"

	"github.com/staydown/staydown/internal/web/desk"
)

// pages are the desk's pages for people.
func (a *App) pages() http.Handler {
	site := a.site(a.BaseURL)
	d := &desk.Desk{Site: &site, Door: a.Desks.SignIn, Findings: a.Desks.Assess, Letters: a.Desks.Referral, Reading: a.Desks.Consult, Keeper: a.Store, Journal: a.Audit,
		Vault: a.Desks.Vault, Holds: a.Desks.Conflict, Returns: a.Desks.Watch, Banks: a.Desks.Banks, Figures: a.Desks.Report, KnownGood: a.Desks.good, NoOversight: true}
	return d.Handler()
}
