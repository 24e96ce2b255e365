package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/web/page"
)

// visit is one request of one person: who asks, in which language, and where the answer goes.
type visit struct {
	*Desk
	w      http.ResponseWriter
	r      *http.Request
	words  *locale.Printer
	caller access.Caller
	person staydown.Person
	names  map[staydown.ID]string // asked for once a visit: lists name the same few again and again
}

// handler is a page or an act of the desk.
type handler func(*visit) error

// sessionCookie holds the secret of a session. It is sent to this site only and no script can read it.
const sessionCookie = "staydown_session"

// open is a page that needs nobody to be signed in.
func (d *Desk) open(h handler) http.Handler {
	return d.Site.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return h(&visit{Desk: d, w: w, r: r, words: page.Printer(r)})
	})
}

// closed is a page that needs somebody to be signed in. Who is not, is sent to sign in and comes back afterwards.
func (d *Desk) closed(h handler) http.Handler {
	return d.open(func(v *visit) error {
		var err error
		v.caller, v.person, err = d.Door.Session(v.r.Context(), v.cookie())
		if staydown.KindOf(err) == staydown.Refused {
			return v.askToSignIn()
		}
		if err != nil {
			return err
		}
		return h(v)
	})
}

// askToSignIn sends a reader of a page to sign in; a form or a script is told instead, since it could not come back.
func (v *visit) askToSignIn() error {
	if v.r.Method != http.MethodGet || v.r.Header.Get("HX-Request") != "" || strings.HasPrefix(v.r.Header.Get("Accept"), "application/json") {
		return page.Problem{Status: http.StatusUnauthorized, Code: "signin.required"}
	}
	to := "/sign-in"
	if next := v.r.URL.RequestURI(); next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	return v.goTo(to)
}

func (v *visit) cookie() string {
	c, err := v.r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// id reads an identifier from the path.
func (v *visit) id(name string) staydown.ID { return staydown.ID(v.r.PathValue(name)) }

// field reads a field of a form or of the query, without the white space around it.
func (v *visit) field(name string) string { return strings.TrimSpace(v.r.FormValue(name)) }

// parse reads the form; after it, field cannot fail silently on a body that is too long.
func (v *visit) parse() error {
	if err := v.r.ParseForm(); err != nil {
		return formError(err)
	}
	return nil
}

// formError tells a form that cannot be read from one that is too long.
func formError(err error) error {
	var long *http.MaxBytesError
	if asError(err, &long) {
		return err
	}
	return page.Problem{Status: http.StatusBadRequest, Code: "form"}
}

// shell is the frame of a page of this visit; title is a key of the catalogue, or a text with its arguments.
func (v *visit) shell(section, title string, args ...any) page.Shell {
	s := v.Site.Shell(v.w, v.r)
	s.Section, s.Title = section, v.words.T(title, args...)
	if v.person.ID == "" {
		s.Nav = nil
		return s
	}
	s.Nav = v.nav()
	s.Person = &page.Person{Name: v.person.Name, Code: v.person.DeskCode, Authority: v.authorityName(v.person.Owner)}
	s.KeysOff = keysOff(v.r)
	s.Undo = v.undo()
	if v.NoOversight {
		s.Notices = append(s.Notices, page.Notice{Key: "no_oversight"})
	}
	return s
}

// nav offers the sections that this person's roles open.
func (v *visit) nav() []page.NavItem {
	var items []page.NavItem
	for _, s := range []struct {
		may access.Permission
		nav page.NavItem
	}{
		{access.See, page.NavItem{Section: "queue", Path: "/queue/new"}},
		{access.See, page.NavItem{Section: "letters", Path: "/letters"}},
		{access.See, page.NavItem{Section: "campaigns", Path: "/campaigns"}},
		{access.See, page.NavItem{Section: "returns", Path: "/returns"}},
		{access.PlaceHold, page.NavItem{Section: "holds", Path: "/holds"}},
		{access.See, page.NavItem{Section: "providers", Path: "/providers"}},
		{access.See, page.NavItem{Section: "banks", Path: "/banks"}},
		{access.ReadLog, page.NavItem{Section: "log", Path: "/log"}},
		{access.Manage, page.NavItem{Section: "people", Path: "/people"}},
	} {
		if v.caller.May(s.may) == nil && (v.Banks != nil || s.nav.Section != "banks") {
			items = append(items, s.nav)
		}
	}
	return items
}

// authorityName is how an authority is called on a page; its identifier when it cannot be read.
func (v *visit) authorityName(id staydown.ID) string {
	return v.named(id, func() string {
		a, err := v.Keeper.Authority(v.ctx(), id)
		if err != nil {
			return string(id)
		}
		return a.Name
	})
}

// named asks for a name once.
func (v *visit) named(id staydown.ID, ask func() string) string {
	if id == "" {
		return ""
	}
	name, known := v.names[id]
	if !known {
		if v.names == nil {
			v.names = map[staydown.ID]string{}
		}
		name = ask()
		v.names[id] = name
	}
	return name
}

// who is how a person is called: by name inside the own authority, by desk code outside of it, so that no page of one
// authority lists the officers of another.
func (v *visit) who(id staydown.ID) string {
	return v.named(id, func() string {
		p, err := v.Keeper.Person(v.ctx(), id)
		switch {
		case err != nil:
			return ""
		case p.Owner == v.caller.Actor.Authority:
			return p.Name
		case p.DeskCode != "":
			return p.DeskCode
		}
		return v.authorityName(p.Owner)
	})
}

// goTo answers with a page of this site.
func (v *visit) goTo(path string) error { return page.Redirect(v.w, v.r, path) }

// done leaves a message for the next page and goes there.
func (v *visit) done(path, key string, args ...string) error {
	v.Site.SetFlash(v.w, page.Flash{Key: key, Args: args})
	return v.goTo(path)
}

// undoCookie remembers the decision just given, for the minute in which it can be taken back. It names it only; who may
// take it back is asked where that happens.
const undoCookie = "staydown_undo"

func (v *visit) offerUndo(a staydown.Assessment) {
	until := a.GivenAt.Add(staydown.TakeBackWithin)
	http.SetCookie(v.w, &http.Cookie{Name: undoCookie, Value: string(a.ID) + "." + until.UTC().Format("20060102T150405Z"), Path: "/",
		MaxAge: int(staydown.TakeBackWithin / time.Second), HttpOnly: true, Secure: v.Site.Secure, SameSite: http.SameSiteLaxMode})
}

func (v *visit) forgetUndo() {
	http.SetCookie(v.w, &http.Cookie{Name: undoCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: v.Site.Secure, SameSite: http.SameSiteLaxMode})
}

func (v *visit) undo() *page.Undo {
	c, err := v.r.Cookie(undoCookie)
	if err != nil {
		return nil
	}
	id, stamp, _ := strings.Cut(c.Value, ".")
	until, err := time.Parse("20060102T150405Z", stamp)
	left := until.Sub(v.now())
	if err != nil || left <= 0 || left > staydown.TakeBackWithin || !isID(id) {
		return nil
	}
	return &page.Undo{Path: "/assessments/" + id + "/take-back", Until: until, Left: left}
}

// isID tells whether a text can be an identifier: short, letters and digits only.
func isID(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	})
}

// keysCookie switches the shortcuts off.
const keysCookie = "staydown_keys"

func keysOff(r *http.Request) bool {
	c, err := r.Cookie(keysCookie)
	return err == nil && c.Value == "off"
}
