package rules

import (
	"net/url"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// Look is what came back when a location was asked for from one place.
type Look struct {
	Asked       string
	Reached     string // after redirects
	Status      int
	Header      map[string][]string // in canonical spelling
	ContentType string
	Body        []byte // of a page; nil for a file
	Page        *page.Page
	Reading     sign.Reading
	SHA256      string // of the body
	Held        string // what capture's judgement says it holds: content, login_wall, captcha, ...
	Failure     string // why nothing came back, in capture's words; empty otherwise
}

// Verdict is what a look means.
type Verdict struct {
	Verdict staydown.Sight
	Signal  string // what showed it: 404, tombstone, login_wall, ...
	Cause   string // provider | author | timer | host | unknown
	Rule    string // which rule said so, with its version
	Why     string // in words, for the person who asks

	// Hidden: from here it is not shown, which by itself may hold for this
	// country only. When places in two countries say so, it is gone.
	Hidden bool

	// Control asks for a look at a neighbouring address that surely does not
	// exist: if the site treats this one the same way, it is gone.
	Control bool
}

// The causes of an absence. A cause is named only where the platform shows it.
const (
	CauseProvider = "provider"
	CauseAuthor   = "author"
	CauseTimer    = "timer"
	CauseHost     = "host"
	CauseUnknown  = "unknown"
)

// unknown is a verdict for what cannot be told.
func unknown(signal, why string) Verdict {
	return Verdict{Verdict: staydown.Unseen, Signal: signal, Cause: CauseUnknown, Why: why}
}

// gone is a verdict for what is not there.
func gone(signal, cause, why string) Verdict {
	return Verdict{Verdict: staydown.Gone, Signal: signal, Cause: cause, Why: why}
}

// up is a verdict for what is there.
func up(signal, why string) Verdict {
	return Verdict{Verdict: staydown.Up, Signal: signal, Cause: "", Why: why}
}

// changed is a verdict for a location that shows something else.
func changed(signal, why string) Verdict {
	return Verdict{Verdict: staydown.Changed, Signal: signal, Cause: "", Why: why}
}

// header returns the first value of a header.
func (l Look) header(name string) string {
	if v := l.Header[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// moved tells whether the look ended at another path or host than it began.
func (l Look) moved() bool {
	a, errA := url.Parse(l.Asked)
	b, errB := url.Parse(l.Reached)
	if errA != nil || errB != nil {
		return l.Asked != l.Reached
	}
	return trim(a.Hostname()) != trim(b.Hostname()) || strings.Trim(a.Path, "/") != strings.Trim(b.Path, "/")
}

// trim takes off the prefixes under which sites serve the same thing.
func trim(host string) string {
	host = strings.ToLower(host)
	for _, prefix := range []string{"www.", "m.", "mobile."} {
		host = strings.TrimPrefix(host, prefix)
	}
	return host
}

// causeOf is the cause that a sentence names.
func causeOf(k sign.Kind) string {
	switch k {
	case sign.Provider:
		return CauseProvider
	case sign.Author:
		return CauseAuthor
	case sign.Timer:
		return CauseTimer
	case sign.Host:
		return CauseHost
	}
	return CauseUnknown
}
