package portal

import (
	"context"
	"net/http"
	"strings"
)

// tokenPath stands in for the address of a letter's link while a request is
// served. Error pages, redirects and logs see it instead of the token.
const tokenPath = Root + "/token"

// reserved are the names below [Root] that are pages and no tokens.
var reserved = map[string]bool{"code": true, "letter": true, "letter.csv": true, "preview": true, "confirm": true, "leave": true, "left": true}

type tokenKey struct{}

// tokenOf is the token that a request's address carried, or "".
func tokenOf(r *http.Request) string {
	token, _ := r.Context().Value(tokenKey{}).(string)
	return token
}

// hideToken takes the token out of a request's address, before anything else sees
// it, and puts it back into a redirect that leads to the same page.
func hideToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.URL.Path, Root+"/")
		if !ok || token == "" || reserved[token] {
			next.ServeHTTP(w, r)
			return
		}
		real := r.URL.EscapedPath()
		hidden := r.Clone(context.WithValue(r.Context(), tokenKey{}, token))
		hidden.URL.Path, hidden.URL.RawPath = tokenPath, ""
		hidden.RequestURI = hidden.URL.RequestURI()
		next.ServeHTTP(&sameAddress{ResponseWriter: w, real: real}, hidden)
	})
}

// sameAddress turns a redirect to tokenPath into one to the address it stands for.
type sameAddress struct {
	http.ResponseWriter
	real string
}

// WriteHeader implements [http.ResponseWriter].
func (w *sameAddress) WriteHeader(status int) {
	to := w.Header().Get("Location")
	if rest, ok := strings.CutPrefix(to, tokenPath); ok && (rest == "" || rest[0] == '?') {
		w.Header().Set("Location", w.real+rest)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *sameAddress) Unwrap() http.ResponseWriter { return w.ResponseWriter }
