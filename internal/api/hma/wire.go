package hma

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// message is the one shape of every error, and of answers that have nothing to say.
type message struct {
	Message string `json:"message"`
}

// problem is an error in HMA's words.
type problem struct {
	status int
	text   string
}

func (p problem) Error() string { return p.text }

func bad(text string) problem { return problem{http.StatusBadRequest, text} }

// ratio is a share between 0 and 1. It is written with a point ("1.0", never "1"):
// clients take the two for different types.
type ratio float64

// MarshalJSON writes a float as Python does.
func (r ratio) MarshalJSON() ([]byte, error) {
	s := strconv.FormatFloat(float64(r), 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return []byte(s), nil
}

// write writes an answer as HMA lays it out: two spaces, keys in order, a line end.
func (s *Surface) write(w http.ResponseWriter, a answer) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(a.body); err != nil {
		s.Log.Error("hma: writing an answer", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if a.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="staydown"`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(a.status)
	w.Write(b.Bytes())
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	io.WriteString(w, text)
}

// refuse turns an error into what the client gets.
func (s *Surface) refuse(ctx context.Context, err error) answer {
	var p problem
	if errors.As(err, &p) {
		return answer{p.status, message{p.text}}
	}
	var e *staydown.Error
	if !errors.As(err, &e) {
		ref := rand.Text()[:10]
		if ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "hma", "reference", ref, "err", err)
		}
		return answer{http.StatusInternalServerError, message{"Internal Server Error; tell the operator the reference " + ref}}
	}
	return answer{statusOf(e), message{textOf(e)}}
}

func statusOf(e *staydown.Error) int {
	switch {
	case e.Code == "lookup.too_large":
		return http.StatusRequestEntityTooLarge
	case e.Kind == staydown.Invalid, e.Kind == staydown.Usage:
		return http.StatusBadRequest
	case e.Kind == staydown.NotFound:
		return http.StatusNotFound
	case e.Kind == staydown.Refused:
		return http.StatusForbidden
	}
	return http.StatusInternalServerError
}

// textOf says an error in the words that clients look for.
func textOf(e *staydown.Error) string {
	switch e.Code {
	case "bank.name":
		return "Bank names must be UPPER_WITH_UNDERSCORE"
	case "bank.name_taken":
		return "Bank already exists"
	case "lookup.too_large":
		return "Content too large"
	case "bank.signal":
		return "invalid signal: " + e.Text
	case "access.scope", "access.permission":
		return "missing role: " + e.Text
	}
	return e.Text
}

// note records that a signed-in caller asked for what they have no permission for,
// where the desk refused before a change began. Law: LED 25
func (s *Surface) note(ctx context.Context, c access.Caller, err error) error {
	var e *staydown.Error
	if s.Note == nil || !errors.As(err, &e) || e.Kind != staydown.Refused || !strings.HasPrefix(e.Code, "access.") || !c.SignedIn() {
		return err
	}
	if nerr := s.Note(ctx, c, staydown.Event{Act: "refuse", Noun: "request", Circle: c.Actor.Authority, Data: map[string]any{"code": e.Code}}); nerr != nil {
		return nerr
	}
	return err
}

// mostJSON bounds a body that is no file, in bytes.
const mostJSON = 1 << 20

// fields are the members of a JSON object, each read as leniently as HMA does.
type fields map[string]json.RawMessage

// object reads the body as a JSON object. A body that is not there is an empty one.
func (q *call) object() (fields, error) {
	data, err := io.ReadAll(http.MaxBytesReader(q.w, q.Body, mostJSON))
	if err != nil {
		return nil, unread(err)
	}
	return objectOf(data)
}

func objectOf(data []byte) (fields, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return fields{}, nil
	}
	var f fields
	if err := json.Unmarshal(data, &f); err != nil || f == nil {
		return nil, bad("The browser (or proxy) sent a request that this server could not understand: the body is no JSON object")
	}
	return f, nil
}

// unread tells a body that is too large from one that broke off.
func unread(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return tooLarge
	}
	return bad("the request broke off: " + err.Error())
}

var tooLarge = problem{http.StatusRequestEntityTooLarge, "Content too large"}

// has reports whether a member is there and not null.
func (f fields) has(name string) bool {
	v, ok := f[name]
	return ok && string(v) != "null"
}

// text reads a member that is a string; "" where it is not there.
func (f fields) text(name string) (string, error) {
	if !f.has(name) {
		return "", nil
	}
	var s string
	if err := json.Unmarshal(f[name], &s); err != nil {
		return "", bad("Field '" + name + "' must be a string")
	}
	return s, nil
}

// truth reads a member that is true or false, or says so ("true", "0", 1); nil
// where it is not there.
func (f fields) truth(name string) (*bool, error) {
	r, err := f.share(name)
	if err != nil || r == nil {
		return nil, err
	}
	if *r != 0 && *r != 1 {
		return nil, bad("Field '" + name + "' must be true or false")
	}
	b := *r == 1
	return &b, nil
}

// share reads a member that is a number, or says one ("0.5", "true"); nil where it
// is not there.
func (f fields) share(name string) (*float64, error) {
	if !f.has(name) {
		return nil, nil
	}
	raw := string(f[name])
	var s string
	if json.Unmarshal(f[name], &s) == nil {
		raw = strings.TrimSpace(s)
	}
	switch strings.ToLower(raw) {
	case "true":
		raw = "1"
	case "false":
		raw = "0"
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return nil, bad("Field '" + name + "' must be a number")
	}
	return &n, nil
}

// whole reads a member that is a whole number; nil where it is not there.
func (f fields) whole(name string) (*int64, error) {
	if !f.has(name) {
		return nil, nil
	}
	raw := strings.Trim(string(f[name]), `"`)
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return nil, bad("Field '" + name + "' must be a whole number")
	}
	return &n, nil
}

// yes reads a flag of the query.
func (q *call) yes(name string) bool {
	v := strings.ToLower(q.URL.Query().Get(name))
	return v == "true" || v == "1" || v == "yes"
}

// listOf splits a list of names at its commas.
func listOf(s string) (out []string) {
	for _, x := range strings.Split(s, ",") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

func isMultipart(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "multipart/form-data"
}
