package portal

import (
	"context"
	"embed"
	"log/slog"
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/assets"
	"github.com/staydown/staydown/internal/web/page"
)

//go:embed *.html
var templates embed.FS

// The pages of the door.
var (
	landingView = page.NewView[LandingPage](templates, "landing.html")
	codeView    = page.NewView[CodePage](templates, "code.html")
	letterView  = page.NewView[LetterPage](templates, "letter.html")
	previewView = page.NewView[PreviewPage](templates, "preview.html")
	leftView    = page.NewView[LeftPage](templates, "left.html")
)

// Views are all pages of the door, for the test that checks each template against
// its struct.
func Views() []page.Checked {
	return []page.Checked{landingView, codeView, letterView, previewView, leftView}
}

// Letters is what the door does with letters; referral.Desk does it.
type Letters interface {
	ProviderLetter(ctx context.Context, letter staydown.ID) (referral.LetterView, error)
	Acknowledge(ctx context.Context, provider, letter staydown.ID, via string) error
	Answer(ctx context.Context, provider, letter staydown.ID, via, key string, lines []referral.LineAnswer) (int, error)
}

// CodeMail is a code on its way to the contact that the register names.
type CodeMail struct {
	Sender    staydown.Authority // the authority whose letter it is, and from whose address the code comes
	Provider  staydown.Provider
	Reference string
	Code      string
}

// Portal is the door's pages. Take them from [Portal.Handler].
type Portal struct {
	// Site says under which names the door answers, its clock and its log. Its
	// navigation, Referer policy and bounds are the door's own.
	Site    page.Site
	Door    *door.Desk
	Letters Letters
	// SendCode mails a code. An error means that it did not leave.
	SendCode func(ctx context.Context, c CodeMail) error
}

// Root is the path below which the door's pages lie.
const Root = "/p"

// Handler serves the door and the files its pages need.
func (p *Portal) Handler() http.Handler {
	site := p.Site
	site.Nav, site.Referrer = nil, "no-referrer"
	p.Site = site
	mux := http.NewServeMux()
	for pattern, handler := range map[string]page.HandlerFunc{
		"GET " + tokenPath:  p.landing,
		"POST " + tokenPath: p.knock,
		"GET /p/code":       p.code,
		"POST /p/code":      p.prove,
		"GET /p/letter":     p.letter,
		"GET /p/letter.csv": p.sheet,
		"POST /p/preview":   p.preview,
		"POST /p/confirm":   p.confirm,
		"POST /p/leave":     p.leave,
		"GET /p/left":       p.left,
		"/":                 notFound,
	} {
		mux.Handle(pattern, p.Site.Handle(told(handler)))
	}
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	return hideToken(p.Site.Wrap(mux))
}

func (p *Portal) log() *slog.Logger {
	if p.Site.Log != nil {
		return p.Site.Log
	}
	return slog.Default()
}

func notFound(_ http.ResponseWriter, r *http.Request) error { return page.NotFound(r) }
