// Package desk is what officers work with: the queue, the item, the letter, the provider, the board of an action day
// and the log. Each page is a handler, a template and a page struct in files of the same name; what may be done on a
// page comes from the state tables of the core, never from a second list here.
//
// The pages hold no rules. They ask the capabilities through the narrow interfaces of deps.go, say what they answer in
// the reader's language, and hand forms to them. A page that is read changes nothing but the log of who read what, and
// the lease of the item on it.
package desk

import (
	"embed"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/assets"
	"github.com/staydown/staydown/internal/web/page"
)

//go:embed *.html
var templates embed.FS

// Desk is the pages of one installation, with what they stand on.
type Desk struct {
	Site     *page.Site
	Door     Door
	Findings Findings
	Letters  Letters
	Reading  Reading
	Keeper   Keeper
	Journal  Journal
	Vault    Vault
	Holds    Holds
	Returns  Returns
	Figures  Figures
	Banks    Banks // nil: no pages of banks

	// KnownGood are the publishers whose pages nobody refers without a second person.
	KnownGood referral.KnownGood
	// NoOversight puts the standing notice on every page: this desk has no overseer of its own.
	NoOversight bool

	boards  boards
	tally   tally
	recount recount
	asks    asks
	thumbs  thumbs
}

// Handler is the desk's whole surface, ready to be served.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	for pattern, h := range d.openPages() {
		mux.Handle(pattern, d.open(h))
	}
	for pattern, h := range d.closedPages() {
		mux.Handle(pattern, d.closed(h))
	}
	mux.Handle("/", d.Site.Handle(func(w http.ResponseWriter, r *http.Request) error { return page.NotFound(r) }))
	return d.Site.Wrap(mux)
}

// openPages are those on which nobody is signed in yet.
func (d *Desk) openPages() map[string]handler {
	return map[string]handler{
		"GET /sign-in": (*visit).signInPage, "POST /sign-in": (*visit).signIn,
		"GET /set-up/{secret}": (*visit).setUpPage, "POST /set-up/{secret}": (*visit).setUp,
		"GET /enrol/{token}": (*visit).enrolPage, "POST /enrol/{token}": (*visit).enrol,
		"GET /enter/{token}": (*visit).enterPage, "POST /enter/{token}": (*visit).enter,
		"POST /sign-out": (*visit).signOut,
	}
}

// closedPages are all others: a table, so that the test of refusals can walk it.
func (d *Desk) closedPages() map[string]handler {
	pages := map[string]handler{
		"GET /{$}":      (*visit).start,
		"GET /officers": (*visit).officersPage, "POST /officers": (*visit).switchOfficer,
		"GET /me": (*visit).mePage, "POST /me/keys": (*visit).setKeys,
		"GET /people": (*visit).peoplePage, "POST /people": (*visit).addPerson,
		"POST /people/{id}/roles": (*visit).setRoles, "POST /people/{id}/invite": (*visit).invite, "POST /people/{id}/revoke": (*visit).revoke,

		"GET /queue/{name}": (*visit).queuePage, "POST /queue/{name}/take": (*visit).take,
		"GET /items": (*visit).itemsPage, "GET /items/{id}": (*visit).itemPage,
		"GET /items/{id}/stills/{exhibit}": (*visit).still,
		"POST /items/{id}/assess":          (*visit).assess, "POST /items/{id}/draft": (*visit).saveDraft, "POST /items/{id}/stay": (*visit).stay,
		"POST /items/{id}/put-back": (*visit).putBack, "POST /assessments/{id}/take-back": (*visit).takeBack,
		"GET /items/{id}/reopen": (*visit).reopenPage, "POST /items/{id}/reopen": (*visit).reopen,
		"GET /items/{id}/hold": (*visit).holdPage, "POST /items/{id}/hold": (*visit).hold,
		"GET /items/{id}/urgent": (*visit).urgentPage, "POST /items/{id}/urgent": (*visit).urgent,
		"GET /items/{id}/alike": (*visit).alikePage, "POST /items/{id}/alike": (*visit).openContexts, "POST /items/{id}/alike/decide": (*visit).decideGroup,
		"GET /holds": (*visit).holdsPage, "POST /holds/{id}/lift": (*visit).liftHold, "POST /holds/{id}/review": (*visit).reviewHold,

		"GET /letters": (*visit).lettersPage, "GET /letters/ready": (*visit).readyPage, "POST /letters": (*visit).draftLetter,
		"GET /letters/{id}": (*visit).letterPage, "GET /letters/{id}/{act}": (*visit).letterActPage, "POST /letters/{id}/{act}": (*visit).letterAct,
		"POST /lines/{id}/remove": (*visit).removeLine,

		"GET /providers": (*visit).providersPage, "GET /providers/{id}": (*visit).providerPage,

		"GET /campaigns": (*visit).campaignsPage, "GET /campaigns/{id}": (*visit).boardPage,
		"GET /campaigns/{id}/providers": (*visit).boardProviders, "GET /campaigns/{id}/live": (*visit).boardLive,
		"GET /campaigns/{id}/{act}": (*visit).campaignActPage, "POST /campaigns/{id}/{act}": (*visit).campaignAct,

		"GET /returns": (*visit).returnsPage, "POST /returns/{id}/confirm": (*visit).confirmReturn, "POST /returns/{id}/dismiss": (*visit).dismissReturn,
		"GET /lineages/{id}": (*visit).lineagePage,

		"GET /log": (*visit).logPage, "GET /log/events/{id}": (*visit).proofPage, "GET /log/checkpoint": (*visit).checkpoint,
		"GET /log/verify": (*visit).verifyPage, "POST /log/verify": (*visit).startVerify, "GET /log/verify/progress": (*visit).verifyProgress,
	}
	maps.Copy(pages, d.bankPages())
	return pages
}

// start leads to where the work is: the newest campaign for who sees items, the people for who manages them.
func (v *visit) start() error {
	campaigns, err := v.Letters.Campaigns(v.ctx(), v.caller)
	if err == nil && len(campaigns) > 0 {
		return v.goTo("/campaigns/" + string(campaigns[0].ID))
	}
	if nav := v.nav(); len(nav) > 0 {
		return v.goTo(nav[0].Path)
	}
	return v.goTo("/me")
}

// now is the desk's clock.
func (d *Desk) now() time.Time {
	if d.Site.Now != nil {
		return d.Site.Now()
	}
	return time.Now()
}

// asError is errors.As, with the type inferred.
func asError[T error](err error, target *T) bool { return errors.As(err, target) }

// Views are all pages of the desk, for the test that checks each template against its struct.
func Views() []page.Checked {
	return []page.Checked{boardView, itemView, itemsView, queueView, alikeView, holdsView, lettersView, letterView, readyView, providersView, providerView, campaignsView,
		logView, proofView, verifyView, peopleView, meView, returnsView, lineageView, signInView, setUpView, enrolView, enterView, confirmView,
		banksView, bankView, contentView, quarantineView, matchView}
}
