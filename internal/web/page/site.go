package page

import (
	"log/slog"
	"net/http"
	"time"
)

// Site is one set of pages served on one kind of host: the desk, the provider's door, the public pages.
type Site struct {
	// Hosts are the names under which the site may be asked, as "name" (any port) or "name:port". Empty means the
	// loopback names only: a desk on a real name must say which. It keeps a page from outside from reaching the desk by
	// pointing its own name at this machine.
	Hosts []string
	// Origins are further origins whose forms may post here ("https://desk.example"), such as the outside of a
	// reverse proxy that hides it. Normally none.
	Origins []string
	// Nav are the sections in the head of every page.
	Nav []NavItem
	// Exercise shows the banner that nothing is real.
	Exercise bool
	// ClockStopped says that the desk's clock stands still; countdowns then do not run.
	ClockStopped bool
	// Referrer is the Referrer-Policy; empty means "same-origin". The provider's door sets "no-referrer".
	Referrer string
	// MaxBody bounds a request body in bytes; zero means 1 MiB. A handler that takes files says so with [Upload].
	MaxBody int64
	// Secure marks the cookies for TLS only and asks browsers to stay on it.
	Secure bool
	// Now is the desk's clock; in an exercise it is simulated.
	Now func() time.Time
	// Log gets what a user does not see, whole.
	Log *slog.Logger
}

// NavItem is a section in the head: the catalogue key "nav.<Section>" and where it leads.
type NavItem struct{ Section, Path string }

// HandlerFunc is a handler that may fail. What it returns becomes a page that says what, where and what to do; see
// [Site.Handle].
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// Handle turns a failing handler into an http.Handler. It must not have written anything when it returns an error;
// [View.Render] writes only what is complete.
func (s *Site) Handle(h HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.Fail(w, r, err)
		}
	})
}

// Wrap puts around a site's handlers what all of them need, from the outside in: a panic becomes an error page, the
// security headers, the Host check, the origin check, the bound on bodies, and the reader's language and theme.
func (s *Site) Wrap(next http.Handler) http.Handler {
	h := s.preferences(next)
	h = s.bounded(h)
	h = s.sameOrigin(h)
	h = s.ownHost(h)
	h = s.headers(h)
	return s.recovered(h)
}

func (s *Site) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Site) log() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.Default()
}
