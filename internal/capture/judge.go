package capture

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// Kind is what a response holds.
type Kind string

const (
	Content   Kind = "content"         // a page with content of its own
	File      Kind = "file"            // bytes that are no page: a picture, a clip, a document
	LoginWall Kind = "login_wall"      // the content is for those who sign in
	Captcha   Kind = "captcha"         // a test whether a person is there
	Blocked   Kind = "blocked"         // we are refused, or an access provider stands between
	GeoBlock  Kind = "geo_block"       // not shown in the country we came from
	ErrorPage Kind = "error_page"      // an error that passes
	Soft404   Kind = "soft_404"        // a page that says the thing is not there, with a status that does not
	HomePage  Kind = "redirected_home" // we were led to the front page
	Empty     Kind = "empty"           // nothing to see
	NotOK     Kind = "http_error"      // a status that says there is no content
)

// Response is what Judge looks at.
type Response struct {
	Asked   string // the address asked for
	Reached string // the address that answered, after redirects
	Status  int
	Header  http.Header
	Page    *page.Page // nil when the bytes are no text
	Reading sign.Reading
	Bytes   int64 // of the body
}

// Judgement is what a response holds and why that is thought.
type Judgement struct {
	Kind   Kind   `json:"kind"`
	Why    string `json:"why"`
	Reason string `json:"reason"` // content, or the reason there is none
	Retry  bool   `json:"retry"`  // another try later makes sense
	Doubt  string `json:"doubt,omitempty"`
}

// IsContent tells whether the response holds what was asked for.
func (j Judgement) IsContent() bool { return j.Kind == Content || j.Kind == File }

// Judge says what a response holds. In doubt it is content: a person will see
// it, while what is not kept is lost.
func Judge(r Response) Judgement {
	for _, rule := range []func(Response) (Judgement, bool){byStatus, byForm, byWords, byRedirect, byEmptiness} {
		if j, ok := rule(r); ok {
			if j.Reason == "" {
				j.Reason = string(j.Kind)
			}
			return j
		}
	}
	j := Judgement{Kind: Content, Reason: string(Content), Why: "a page with content of its own"}
	if r.Page == nil {
		j.Kind, j.Why = File, "bytes that are no page"
	}
	if r.Reading.Kind != "" {
		j.Doubt = "says " + string(r.Reading.Kind) + ": " + r.Reading.Sentence
	}
	return j
}

// byStatus judges what the status says, before anything else.
func byStatus(r Response) (Judgement, bool) {
	j := Judgement{Kind: NotOK, Reason: "http_" + itoa(r.Status), Why: "the server's status"}
	switch s := r.Status; {
	case s >= 200 && s < 300 && s != http.StatusNoContent && s != http.StatusResetContent:
		return Judgement{}, false
	case s == http.StatusUnauthorized, s == http.StatusProxyAuthRequired:
		j.Kind = LoginWall
	case s == http.StatusUnavailableForLegalReasons:
		j.Kind = GeoBlock
	case challenged(r):
		return Judgement{Kind: Captcha, Why: "a test for robots, with status " + itoa(s), Retry: true}, true
	case s == http.StatusForbidden:
		j.Kind, j.Retry = Blocked, true
		if r.Reading.Kind == sign.Geo {
			j.Kind, j.Retry = GeoBlock, false
		} else if r.Reading.Kind == sign.Login {
			j.Kind, j.Retry = LoginWall, false
		}
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500:
		j.Kind, j.Retry = ErrorPage, true
	}
	return j, true
}

// byForm judges by what a page is made of, whatever language it speaks.
func byForm(r Response) (Judgement, bool) {
	if r.Page == nil {
		return Judgement{}, false
	}
	switch {
	case challenged(r):
		return Judgement{Kind: Captcha, Why: "a test for robots", Retry: true}, true
	case leadsToLogin(r):
		return Judgement{Kind: LoginWall, Why: "we were led to " + pathOf(r.Reached)}, true
	case r.Page.Password && !substantial(r.Page):
		return Judgement{Kind: LoginWall, Why: "a password is asked for, and there is little else"}, true
	}
	return Judgement{}, false
}

// challenged tells whether a page tests for robots instead of showing anything:
// by the headers of those who sell such tests, by their scripts on a page with
// nothing else, or by its words.
func challenged(r Response) bool {
	if r.Header.Get("Cf-Mitigated") == "challenge" || r.Header.Get("X-Amzn-Waf-Action") != "" {
		return true
	}
	if r.Page == nil || substantial(r.Page) {
		return false
	}
	if r.Reading.Kind == sign.Captcha {
		return true
	}
	for _, e := range r.Page.Embeds {
		for _, seller := range challengers {
			if strings.Contains(e, seller) {
				return true
			}
		}
	}
	return false
}

// challengers are addresses of scripts that test for robots.
var challengers = []string{
	"challenges.cloudflare.com/", "/cdn-cgi/challenge-platform/", "google.com/recaptcha/", "recaptcha.net/recaptcha/", "hcaptcha.com/",
	"awswaf.com/", "captcha-delivery.com/", "perimeterx.net/", "px-cdn.net/", "_Incapsula_Resource", "arkoselabs.com/", "slardar",
}

// leadsToLogin tells whether a redirect ended at a page for signing in.
func leadsToLogin(r Response) bool {
	return r.Reached != r.Asked && loginPath(r.Reached) && !loginPath(r.Asked)
}

// loginPath tells whether an address is one for signing in.
func loginPath(address string) bool {
	for _, part := range strings.FieldsFunc(strings.ToLower(pathOf(address)), func(c rune) bool { return c == '/' || c == '.' || c == '_' || c == '-' }) {
		switch part {
		case "login", "signin", "signup", "logon", "auth", "authwall", "checkpoint", "consent", "anmelden", "connexion":
			return true
		}
	}
	return false
}

// byWords judges by what the page says of itself.
func byWords(r Response) (Judgement, bool) {
	if r.Page == nil || r.Reading.Kind == "" || substantial(r.Page) {
		return Judgement{}, false
	}
	j := Judgement{Why: "its " + r.Reading.Where + " says: " + r.Reading.Sentence}
	switch r.Reading.Kind {
	case sign.Login:
		j.Kind = LoginWall
	case sign.Captcha:
		j.Kind, j.Retry = Captcha, true
	case sign.Blocked:
		j.Kind, j.Retry = Blocked, true
	case sign.Geo:
		j.Kind = GeoBlock
	case sign.Busy:
		j.Kind, j.Retry = ErrorPage, true
	default:
		j.Kind = Soft404
	}
	return j, true
}

// byRedirect judges where we were led: a front page is not the thing.
func byRedirect(r Response) (Judgement, bool) {
	asked, reached := strings.Trim(pathOf(r.Asked), "/"), strings.Trim(pathOf(r.Reached), "/")
	if asked == "" || r.Reached == r.Asked {
		return Judgement{}, false
	}
	switch {
	case reached == "", isLanguage(reached), reached == "home", reached == "index.html", reached == "explore":
		return Judgement{Kind: HomePage, Why: "we were led to " + bounded(r.Reached)}, true
	}
	return Judgement{}, false
}

// isLanguage tells whether a path is nothing but a choice of language.
func isLanguage(path string) bool {
	return len(path) == 2 || len(path) == 5 && (path[2] == '-' || path[2] == '_')
}

// byEmptiness judges what shows nothing.
func byEmptiness(r Response) (Judgement, bool) {
	switch {
	case r.Bytes == 0:
		return Judgement{Kind: Empty, Why: "no bytes", Retry: true}, true
	case r.Page != nil && r.Page.Text == "" && len(r.Page.Media) == 0:
		return Judgement{Kind: Empty, Why: "nothing to see without running its scripts", Retry: false}, true
	}
	return Judgement{}, false
}

// substantial tells whether a page shows enough of its own that a sentence on it
// is part of what it says, not a notice put in its place: much text, or a date
// of publication, or a clip or picture in its main part.
//
// Postings that announce that "the old channel was removed" are the daily bread
// of this trade, and short; those that replace them have no date and no media.
func substantial(p *page.Page) bool {
	if p.Dated || len(p.Main) > 1200 {
		return true
	}
	for _, m := range p.Media {
		if m.Shown || m.From == "og:video" {
			return true
		}
	}
	return false
}

// pathOf is the path of an address, or "".
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}
