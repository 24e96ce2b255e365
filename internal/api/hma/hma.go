package hma

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

// Options are what the surface stands before.
type Options struct {
	Banks *bank.Desk
	// Bearer tells for whom a token acts; an Error of kind Refused for one that opens nothing.
	Bearer func(ctx context.Context, token string) (access.Caller, error)
	// Note records a refusal of a signed-in caller. Law: LED 25
	Note  func(context.Context, access.Caller, staydown.Event) error
	Trust Trust
	Fetch Fetcher
	// MostFile bounds an upload and a download, in bytes; 0: 100 MiB.
	MostFile int64
	Log      *slog.Logger
}

// usualFile is HMA's MAX_REMOTE_FILE_SIZE.
const usualFile = 100 << 20

// Surface answers HMA's clients.
type Surface struct {
	Options
	tide  tide
	hands chan struct{} // so many files are read and hashed at once
}

// New makes the surface.
func New(o Options) *Surface {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MostFile <= 0 {
		o.MostFile = usualFile
	}
	s := &Surface{Options: o, hands: make(chan struct{}, max(8, 2*runtime.GOMAXPROCS(0)))}
	s.tide.follow = func(ctx context.Context) error { return o.Banks.Index().Follow(ctx, o.Banks.Store) }
	s.tide.now = time.Now
	return s
}

// keyed is where paths begin that carry their key.
const keyed = "hma"

// Has reports whether the surface answers a path. Empty parts count for nothing:
// Coop's base ends in a slash, so that it asks for //c/banks.
func Has(path string) bool {
	p := parts(path)
	switch {
	case len(p) == 0:
		return false
	case len(p) == 1:
		return p[0] == "status" || p[0] == "site-map"
	}
	return p[0] == "h" || p[0] == "m" || p[0] == "c" || p[0] == keyed || p[0] == "status" && p[1] == "live" && len(p) == 2
}

func parts(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
}

// call is one request on its way.
type call struct {
	*http.Request
	w      http.ResponseWriter
	caller access.Caller
	args   []string // what stands for the * of the path
}

// answer is what comes back: a status and a body in JSON; nil: none.
type answer struct {
	status int
	body   any
}

func ok(body any) (answer, error) { return answer{http.StatusOK, body}, nil }

// bodyTime is how long a request may take to arrive, on the machine's clock.
const bodyTime = 5 * time.Minute

// ServeHTTP answers a request for which Has is true.
func (s *Surface) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	path := parts(r.URL.Path)
	key := ""
	if len(path) > 0 && path[0] == keyed {
		path = path[1:]
		if len(path) > 0 {
			key, path = path[0], path[1:]
		}
		r = redacted(r, path)
	}
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			s.Log.ErrorContext(r.Context(), "hma: a handler broke off", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			s.write(w, answer{http.StatusInternalServerError, message{"Internal Server Error"}})
		}
	}()
	if s.open(w, r, path) {
		return
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // not every writer can; the server's own bounds stand then
	a, err := s.answer(w, r, path, key)
	if err != nil {
		a = s.refuse(r.Context(), err)
	}
	s.write(w, a)
}

// redacted is the request without its key, for everything that may write a path down.
func redacted(r *http.Request, rest []string) *http.Request {
	c := r.Clone(r.Context())
	c.URL.Path, c.URL.RawPath = "/"+keyed+"/[key]/"+strings.Join(rest, "/"), ""
	c.RequestURI = c.URL.RequestURI()
	return c
}

// open answers what anybody may ask.
func (s *Surface) open(w http.ResponseWriter, r *http.Request, path []string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || len(path) == 0 {
		return false
	}
	switch strings.Join(path, "/") {
	case "status":
		s.status(w, r)
	case "status/live":
		plain(w, http.StatusOK, alive)
	case "site-map":
		s.write(w, answer{http.StatusOK, siteMap()})
	default:
		return false
	}
	return true
}

func (s *Surface) answer(w http.ResponseWriter, r *http.Request, path []string, key string) (answer, error) {
	c, err := s.who(r, key)
	if err != nil {
		return answer{}, err
	}
	route, args, err := find(r.Method, path)
	if err != nil {
		return answer{}, err
	}
	a, err := route.do(s, &call{Request: r, w: w, caller: c, args: args})
	if err != nil {
		return a, s.note(r.Context(), c, err)
	}
	return a, nil
}
