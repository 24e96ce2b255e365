package page

import (
	"context"
	"net/http"

	"github.com/staydown/staydown/internal/locale"
)

// Preferences are what a reader chose about the look of every page. They are kept in cookies of their own, not in the
// session: the sign-in page and the door have a language too.
type Preferences struct {
	Lang  locale.Lang
	Theme string // "light", "dark", or empty for what the system says
}

type preferencesKey struct{}

// PreferencesOf gives the reader's preferences; outside [Site.Wrap] they are read from the request itself.
func PreferencesOf(r *http.Request) Preferences {
	if p, ok := r.Context().Value(preferencesKey{}).(Preferences); ok {
		return p
	}
	return readPreferences(r)
}

// Printer is the printer of the reader's language.
func Printer(r *http.Request) *locale.Printer { return locale.For(PreferencesOf(r).Lang) }

const (
	langCookie  = "staydown_lang"
	themeCookie = "staydown_theme"
)

func readPreferences(r *http.Request) Preferences {
	p := Preferences{Lang: locale.Negotiate(r.Header.Get("Accept-Language"))}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := locale.Parse(c.Value); ok {
			p.Lang = l
		}
	}
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		p.Theme = c.Value
	}
	return p
}

// preferences reads the reader's choice, and takes a new one from ?lang= and ?theme= of a page that is read: the
// choice goes into a cookie and the address is asked again without it, so that it is not handed on in links.
func (s *Site) preferences(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && s.choose(w, r) {
			return
		}
		ctx := context.WithValue(r.Context(), preferencesKey{}, readPreferences(r))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// choose sets the cookies of a choice in the query and redirects; false when there is none.
func (s *Site) choose(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	if !query.Has("lang") && !query.Has("theme") {
		return false
	}
	if l, ok := locale.Parse(query.Get("lang")); ok {
		s.remember(w, langCookie, string(l))
	}
	switch theme := query.Get("theme"); theme {
	case "light", "dark", "auto":
		s.remember(w, themeCookie, theme)
	}
	query.Del("lang")
	query.Del("theme")
	to := *r.URL
	to.RawQuery = query.Encode()
	http.Redirect(w, r, localPath(&to), http.StatusSeeOther)
	return true
}

func (s *Site) remember(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
}
