package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/deconflict"
	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/watch"
)

// Prefix is where every route begins.
const Prefix = "/api/v1"

// Version is that of the API as its document states it. It changes when a program
// that worked could stop working.
const Version = "1.0.0"

// Options are the desks that the API stands before.
type Options struct {
	SignIn     *signin.Desk
	Consult    *consult.Desk
	Intake     *intake.Desk
	Assess     *assess.Desk
	Deconflict *deconflict.Desk
	Referral   *referral.Desk
	Watch      *watch.Desk
	Report     *report.Desk
	Banks      *bank.Desk
	Audit      *audit.Log
	Health     func(context.Context) (Health, error)
	Log        *slog.Logger
}

// API answers programs.
type API struct {
	Options
	mux  *http.ServeMux
	huma huma.API
}

// bodyMost is how large a request may be, where a route does not say otherwise.
const bodyMost = 1 << 20

// bodyTime is how long a request may take to arrive, on the machine's clock.
const bodyTime = time.Minute

// New makes the API with all its routes.
func New(o Options) *API {
	oneErrorShape()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &API{Options: o, mux: http.NewServeMux()}
	a.huma = humago.NewWithPrefix(a.mux, Prefix, config())
	a.leads()
	a.items()
	a.queues()
	a.findings()
	a.holds()
	a.letters()
	a.answers()
	a.returns()
	a.campaigns()
	a.figures()
	a.banks()
	a.lookups()
	a.register()
	a.log()
	a.health()
	a.mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) { a.plain(w, http.StatusNotFound, noRoute(r)) })
	return a
}

func config() huma.Config {
	c := huma.DefaultConfig("Staydown", Version)
	c.Info.Description = "An Internet Referral Unit's desk, for programs."
	c.DocsPath, c.SchemasPath = "", "" // the page would load scripts from elsewhere
	c.CreateHooks = nil                // no $schema links in answers
	c.RejectUnknownQueryParameters = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":    {Type: "http", Scheme: "bearer", Description: "A person's token, as the desk or staydown admin issues it."},
		"provider": {Type: "http", Scheme: "bearer", Description: "The key of a provider's system."},
	}
	return c
}

// schemaName names a shape in the document: shapes of the desks carry the desk's
// name, so that a shape of this package may share theirs.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if desk, ok := strings.CutPrefix(t.PkgPath(), "github.com/staydown/staydown/internal/"); ok && desk != "api" && t.Name() != "" {
		return strings.ToUpper(desk[:1]) + desk[1:] + name
	}
	return name
}

// ServeHTTP answers a request under Prefix.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			a.plain(w, http.StatusInternalServerError, a.internal(r.Context(), fmt.Errorf("a handler broke off: %v\n%s", p, debug.Stack())))
		}
	}()
	a.mux.ServeHTTP(w, r)
}

// Document is the OpenAPI document, as JSON.
func (a *API) Document() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// none is the input of a route that takes nothing.
type none struct{}

// ByID is the input of a route about one thing.
type ByID struct {
	ID string `path:"id" minLength:"26" maxLength:"26" pattern:"^[0-9A-Z]{26}$" doc:"Identifier."`
}

// reply is an answer with a body.
type reply[T any] struct {
	Body T
}

// done is the answer of an act that has nothing more to say.
type done struct {
	Body struct {
		Done bool `json:"done"`
	}
}

func ok() *done {
	d := &done{}
	d.Body.Done = true
	return d
}

// route says where a route is and what it is for.
type route struct {
	method, path string
	id           string // stable name of the operation, for generated clients
	summary      string
	tag          string
	body         int64 // largest request; 0: bodyMost
	logged       bool  // the desk behind it logs a refusal for want of permission itself
}

func (r route) operation(security string) huma.Operation {
	op := huma.Operation{OperationID: r.id, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag}, MaxBodyBytes: bodyMost, BodyReadTimeout: bodyTime}
	if r.body > 0 {
		op.MaxBodyBytes = r.body
	}
	if security != "" {
		op.Security = []map[string][]string{{security: {}}}
	}
	return op
}

// forPeople adds a route for the tokens of people. fn is told who asks; what they
// may do is decided by the desk it calls.
func forPeople[I, O any](a *API, r route, fn func(context.Context, access.Caller, *I) (*O, error)) {
	op := r.operation("token")
	op.Middlewares = huma.Middlewares{a.person}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		c := callerOf(ctx)
		out, err := fn(ctx, c, in)
		if err == nil {
			return out, nil
		}
		if !r.logged {
			err = a.noteRefusal(ctx, c, err)
		}
		return nil, a.fail(ctx, err)
	})
}

// forAll adds a route that needs nobody to be known.
func forAll[I, O any](a *API, r route, fn func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, r.operation(""), func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, a.fail(ctx, err)
		}
		return out, nil
	})
}

var shapeOnce sync.Once
