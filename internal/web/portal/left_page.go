package portal

import (
	"net/http"

	"github.com/staydown/staydown/internal/web/page"
)

// LeftPage says that the visit is over.
type LeftPage struct{}

// leave ends the visit.
func (p *Portal) leave(w http.ResponseWriter, r *http.Request) error {
	if cookie := cookieOf(r); cookie != "" {
		if err := p.Door.End(r.Context(), cookie); err != nil {
			return err
		}
	}
	p.setCookie(w, "")
	return page.Redirect(w, r, Root+"/left")
}

// left says that the visit is over.
func (p *Portal) left(w http.ResponseWriter, r *http.Request) error {
	shell := p.Site.Shell(w, r)
	shell.Title, shell.Narrow = page.Printer(r).T("door.left.title"), true
	return leftView.Render(w, http.StatusOK, shell, LeftPage{})
}
