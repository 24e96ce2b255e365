package page

import (
	"net/http"
	"net/url"
	"time"

	"github.com/staydown/staydown/internal/locale"
)

// Shell is what stands around a page's own content. [Site.Shell] fills what the request decides; the handler adds the
// title, the section and, on pages of a signed-in person, who that is.
type Shell struct {
	Title   string // plain text, in the reader's language
	Section string // the NavItem that is current; may be empty
	Narrow  bool   // one narrow column: forms, messages
	Wall    bool   // big print for a wall

	Lang     locale.Lang
	Theme    string
	Nav      []NavItem
	Exercise bool
	Now      time.Time // the desk's clock when the page was made
	Stopped  bool      // that clock stands still
	Here     string    // this page's address, for the switches
	Query    []Pair    // its query, kept by the switches
	Flash    *Flash

	Person   *Person  // nil when nobody is signed in
	Lease    *Lease   // a leased item, with its countdown in the head
	Undo     *Undo    // a decision that can still be taken back
	Live     string   // a stream of live numbers
	Keys     []KeyUse // the keys of this page, for the list that "?" opens
	KeysOff  bool     // the person has switched the shortcuts off
	Notices  []Notice // warnings that stand on every page, such as "no independent oversight"
	SkipKeys bool     // pages without any shortcut show no hint
}

// Pair is one parameter of a query.
type Pair struct{ Name, Value string }

// Person is who is signed in, as the head of the page shows it.
type Person struct {
	Name      string
	Authority string // whose desk it is
	Code      string // the desk code that referrals carry instead of a name
}

// Lease is an item that is the reader's for a while.
type Lease struct {
	Item   string    // its path
	Until  time.Time // when it lapses
	Left   time.Duration
	Extend string // where desk.js asks for more while the page has the focus; empty on other pages
}

// Undo offers to take back a decision, for the sixty seconds in which it is a draft.
type Undo struct {
	Path  string // the form's target
	Until time.Time
	Left  time.Duration
}

// KeyUse is a line of the list of keys: the physical key and the catalogue key of what it does.
type KeyUse struct{ Code, Does string }

// Notice is a standing warning: a catalogue key under "notice." and whether it is grave.
type Notice struct {
	Key   string
	Grave bool
}

// Shell fills the frame for a request. It takes the waiting message out of its cookie, so a handler asks once and
// only when it will render.
func (s *Site) Shell(w http.ResponseWriter, r *http.Request) Shell {
	p := PreferencesOf(r)
	shell := Shell{Lang: p.Lang, Theme: p.Theme, Nav: s.Nav, Exercise: s.Exercise, Now: s.now(), Stopped: s.ClockStopped,
		Flash: s.takeFlash(w, r), Here: localPath(&url.URL{Path: r.URL.Path})}
	if r.Method == http.MethodGet {
		for name, values := range r.URL.Query() {
			for _, value := range values {
				shell.Query = append(shell.Query, Pair{name, value})
			}
		}
	}
	return shell
}

// Switch is the address of this page with one preference changed, for the links in the head.
func (s Shell) Switch(name, value string) string {
	query := url.Values{}
	for _, p := range s.Query {
		query.Add(p.Name, p.Value)
	}
	query.Set(name, value)
	return s.Here + "?" + query.Encode()
}

// Others are the languages the reader may switch to.
func (s Shell) Others() []locale.Lang {
	var others []locale.Lang
	for _, l := range locale.Langs {
		if l != s.Lang {
			others = append(others, l)
		}
	}
	return others
}

// NowStamp is the desk's clock for desk.js, which counts from it and not from the reader's machine.
func (s Shell) NowStamp() string { return s.Now.UTC().Format(time.RFC3339) }

// Stamp writes a moment for desk.js.
func (l Lease) Stamp() string { return l.Until.UTC().Format(time.RFC3339) }

// Stamp writes a moment for desk.js.
func (u Undo) Stamp() string { return u.Until.UTC().Format(time.RFC3339) }
