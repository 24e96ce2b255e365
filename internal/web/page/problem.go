package page

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/locale"
)

// Problem is an error that a user may see. Its words come from the catalogue under "problem.<Code>.what" and
// "problem.<Code>.do"; Text is said instead where the catalogue has none.
type Problem struct {
	Status int    // the HTTP status
	Code   string // stable; clients and translators key on it
	Text   string // what happened, in English, for codes of other packages
	Where  string // the field, line or address it is about
}

// Error gives the code and the place, for logs.
func (p Problem) Error() string {
	return strings.TrimSpace(p.Code + " " + p.Text + " " + p.Where)
}

// NotFound is the problem of an address that leads nowhere.
func NotFound(r *http.Request) Problem {
	return Problem{Status: http.StatusNotFound, Code: "not_found", Where: r.URL.Path}
}

// problemPage is the struct of problem.html.
type problemPage struct {
	Problem
	Reference string // only of an internal error
	Known     bool   // the catalogue says what happened better than Text does
	Advised   bool   // the catalogue says what to do
	What, Do  string // the keys of both
}

// Fail answers with an error page, or with JSON for a caller that asked for it. What is neither a [Problem] nor a
// [staydown.Error] is internal: logged whole under a reference number, and shown as that number only.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	shown := problemPage{Problem: Problem{Status: http.StatusInternalServerError, Code: "internal"}}
	var problem Problem
	var told *staydown.Error
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &problem):
		shown.Problem = problem
	case errors.As(err, &told) && told.Kind != staydown.Internal:
		shown.Problem = Problem{Status: statusOf(told), Code: told.Code, Text: told.Text, Where: told.Where}
	case errors.As(err, &tooBig):
		shown.Problem = Problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large"}
	case r.Context().Err() != nil:
		return // the reader has gone; there is nobody to tell
	default:
		shown.Reference = newReference()
		s.log().Error("request failed", "reference", shown.Reference, "method", r.Method, "path", r.URL.Path, "err", err)
	}
	shown.What, shown.Do = "problem."+shown.Code+".what", "problem."+shown.Code+".do"
	shown.Known, shown.Advised = Better(Printer(r), shown.Code, shown.Text), Printer(r).Has(shown.Do)
	if wantsJSON(r) {
		s.failJSON(w, r, shown)
		return
	}
	frame := s.Shell(w, r)
	frame.Title, frame.Narrow = Printer(r).T("problem.title"), true
	if err := problemView.Render(w, shown.Status, frame, shown); err != nil {
		s.log().Error("the error page failed", "err", err)
		http.Error(w, "Internal error. Reference "+shown.Reference, http.StatusInternalServerError)
	}
}

// Better tells whether the catalogue's words for a code are to be shown rather than the error's own text: always in a
// language the text is not written in, and where there is no text. In English the text is the more exact of the two.
func Better(p *locale.Printer, code, text string) bool {
	return p.Has("problem."+code+".what") && (text == "" || p.Lang() != locale.English)
}

// statusOf is the HTTP status of an error of the vocabulary. A missing permission is 403, not a conflict of states.
func statusOf(e *staydown.Error) int {
	if strings.HasPrefix(e.Code, "access.") && e.Kind == staydown.Refused {
		return http.StatusForbidden
	}
	return staydown.HTTPStatus(e)
}

// failJSON is the shape that the API and the command line use for errors.
func (s *Site) failJSON(w http.ResponseWriter, r *http.Request, shown problemPage) {
	text := shown.Text
	if shown.Known || text == "" {
		text = Printer(r).T(shown.What)
	}
	var body struct {
		Error struct {
			Kind      string `json:"kind"`
			Code      string `json:"code"`
			Text      string `json:"text"`
			Where     string `json:"where,omitempty"`
			Reference string `json:"reference,omitempty"`
		} `json:"error"`
	}
	body.Error.Kind, body.Error.Code, body.Error.Text, body.Error.Where, body.Error.Reference = string(kindOf(shown.Status)), shown.Code, text, shown.Where, shown.Reference
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(shown.Status)
	json.NewEncoder(w).Encode(body)
}

// kindOf is the family of an error, from its status.
func kindOf(status int) staydown.Kind {
	switch status {
	case http.StatusBadRequest:
		return staydown.Usage
	case http.StatusNotFound:
		return staydown.NotFound
	case http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return staydown.Invalid
	case http.StatusInternalServerError:
		return staydown.Internal
	}
	return staydown.Refused
}

// wantsJSON: desk.js and API clients say so; a browser that opens a page does not.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.HasPrefix(accept, "application/json")
}

// newReference is a number that can be read aloud: eight letters and digits of Crockford's alphabet, in two groups.
func newReference() string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var raw [8]byte
	rand.Read(raw[:]) // never fails since Go 1.24
	for i, b := range raw {
		raw[i] = alphabet[b%32]
	}
	return string(raw[:4]) + "-" + string(raw[4:])
}
