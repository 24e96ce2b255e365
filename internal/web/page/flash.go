package page

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Flash is a message shown once, on the next page: a key of the catalogue ("flash.<Key>") with its arguments. The
// words themselves never travel, so nobody can make the desk say something by planting a cookie.
type Flash struct {
	Key  string   `json:"k"`
	Args []string `json:"a,omitempty"`
	Bad  bool     `json:"b,omitempty"` // something did not happen
}

const (
	flashCookie  = "staydown_flash"
	maxFlashArgs = 4
	maxFlashArg  = 200 // bytes
)

// SetFlash leaves a message for the next page.
func (s *Site) SetFlash(w http.ResponseWriter, f Flash) {
	if len(f.Args) > maxFlashArgs {
		f.Args = f.Args[:maxFlashArgs]
	}
	for i, a := range f.Args {
		if len(a) > maxFlashArg {
			a = a[:maxFlashArg]
			for !utf8.ValidString(a) {
				a = a[:len(a)-1]
			}
			f.Args[i] = a
		}
	}
	body, err := json.Marshal(f)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(body), Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
}

// takeFlash reads the message and removes it. What cannot be read is dropped.
func (s *Site) takeFlash(w http.ResponseWriter, r *http.Request) *Flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
	body, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var f Flash
	if json.Unmarshal(body, &f) != nil || len(f.Args) > maxFlashArgs || !Printer(r).Has("flash."+f.Key) {
		return nil
	}
	return &f
}

// Redirect sends the reader to a page of this site after a form has done its work (303, so that reloading repeats
// nothing).
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// localPath writes an address as a path of this site, never as one of another: "//host" would be.
func localPath(u *url.URL) string {
	path := "/" + strings.TrimLeft(strings.ReplaceAll(u.EscapedPath(), `\`, "%5C"), "/")
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}

// Local reads a path that came with a request ("where to go after signing in") and gives it back only when it is one
// of this site, else fallback.
func Local(asked, fallback string) string {
	u, err := url.Parse(asked)
	if err != nil || asked == "" || u.Host != "" || u.Scheme != "" || u.Opaque != "" || !strings.HasPrefix(asked, "/") || strings.ContainsAny(asked, "\\\r\n\t") {
		return fallback
	}
	return localPath(u)
}
