package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Problem is the one shape of every error.
type Problem struct {
	Err    staydown.Error `json:"error"`
	status int
	retry  bool // asks for a token
}

// Error gives the text of the error.
func (p *Problem) Error() string { return p.Err.Error() }

// GetStatus gives the HTTP status of the error.
func (p *Problem) GetStatus() int { return p.status }

// GetHeaders tells a program without a token how to ask.
func (p *Problem) GetHeaders() http.Header {
	if p.retry {
		return http.Header{"Www-Authenticate": {`Bearer realm="staydown"`}}
	}
	return nil
}

// problem puts an error that a user may see into the shape of the wire.
func problem(e *staydown.Error) *Problem {
	p := &Problem{Err: *e, status: staydown.HTTPStatus(e)}
	switch {
	case strings.HasPrefix(e.Code, "access."):
		if e.Kind == staydown.Refused {
			p.status = http.StatusForbidden
		}
	case e.Code == "lookup.rate":
		p.status = http.StatusTooManyRequests
	case e.Code == "signin.required":
		p.status, p.retry = http.StatusUnauthorized, true
	}
	return p
}

// fail turns what a desk returned into what the program gets.
func (a *API) fail(ctx context.Context, err error) error { return a.asProblem(ctx, err) }

func (a *API) asProblem(ctx context.Context, err error) *Problem {
	var e *staydown.Error
	if !errors.As(err, &e) {
		return a.internal(ctx, err)
	}
	return problem(e)
}

// noteRefusal logs that somebody asked for what they have no permission for, where
// the desk refused before a change began. It returns the error to answer with.
// Law: LED 25
func (a *API) noteRefusal(ctx context.Context, c access.Caller, err error) error {
	var e *staydown.Error
	if !errors.As(err, &e) || e.Kind != staydown.Refused || !strings.HasPrefix(e.Code, "access.") || !c.SignedIn() {
		return err
	}
	note := staydown.Event{Act: "refuse", Noun: "request", Circle: c.Actor.Authority, Data: map[string]any{"code": e.Code}}
	if nerr := a.Consult.Note(ctx, c, note); nerr != nil {
		return nerr
	}
	return err
}

// internal logs an error whole and gives its reference.
func (a *API) internal(ctx context.Context, err error) *Problem {
	ref := rand.Text()[:10]
	if ctx.Err() == nil {
		a.Log.ErrorContext(ctx, "api", "reference", ref, "err", err)
	}
	return problem(staydown.Errorf(staydown.Internal, "internal", "something went wrong here; tell the operator the reference %s", ref))
}

// plain writes an error where no route was found or a handler broke off.
func (a *API) plain(w http.ResponseWriter, status int, p *Problem) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(p)
}

func noRoute(r *http.Request) *Problem {
	return problem(staydown.Errorf(staydown.NotFound, "request.route", "nothing answers %s here; see %s/openapi.json", r.Method, Prefix))
}

// oneErrorShape makes huma's own refusals (of input that does not fit its schema,
// of bodies too large) look like ours. huma keeps this in variables of its package.
func oneErrorShape() {
	shapeOnce.Do(func() {
		huma.DefaultArrayNullable = false // an empty list is [], never null
		huma.NewError = func(status int, text string, errs ...error) huma.StatusError {
			e := staydown.Error{Kind: kindOf(status), Code: "request." + string(kindOf(status)), Text: text}
			if status == http.StatusRequestEntityTooLarge {
				e.Code = "request.too_large"
			}
			for _, err := range errs {
				var d huma.ErrorDetailer
				if errors.As(err, &d) { // the first place is enough; the value is not echoed
					e.Text, e.Where = d.ErrorDetail().Message, d.ErrorDetail().Location
					break
				}
			}
			return &Problem{Err: e, status: status}
		}
	})
}

func kindOf(status int) staydown.Kind {
	switch {
	case status == http.StatusUnprocessableEntity:
		return staydown.Invalid
	case status == http.StatusNotFound:
		return staydown.NotFound
	case status < 500:
		return staydown.Usage
	}
	return staydown.Internal
}
