package page

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jba/templatecheck"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/locale"
)

type plain struct{ Words string }

var plainView = NewView[plain](fstest.MapFS{"plain.html": {Data: []byte(`{{define "body"}}<p>{{bdi .Words}}</p>{{end}}`)}}, "plain.html")

// newSite is a site with one page, one form, one that fails and one that panics.
func newSite(t *testing.T, change func(*Site)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	s := &Site{Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return time.Date(2019, 11, 23, 14, 20, 0, 0, time.UTC) },
		Nav: []NavItem{{Section: "queue", Path: "/"}}}
	if change != nil {
		change(s)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", s.Handle(func(w http.ResponseWriter, r *http.Request) error {
		shell := s.Shell(w, r)
		shell.Title = "Plain"
		return plainView.Render(w, http.StatusOK, shell, plain{"x"})
	}))
	mux.Handle("POST /form", s.Handle(func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return err
		}
		s.SetFlash(w, Flash{Key: "saved"})
		return Redirect(w, r, "/")
	}))
	mux.Handle("POST /upload", s.Handle(func(w http.ResponseWriter, r *http.Request) error {
		Upload(w, r, 3<<20)
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			return err
		}
		w.Header().Set("X-Read", http.StatusText(int(n)))
		return nil
	}))
	mux.Handle("GET /broken", s.Handle(func(w http.ResponseWriter, r *http.Request) error { return errors.New("the key is hunter2") }))
	mux.Handle("GET /told", s.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return fmt.Errorf("approving: %w", staydown.Errorf(staydown.Refused, "letter.unheard_of", "ask a colleague <b>").At("letter 7"))
	}))
	mux.Handle("GET /forbidden", s.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return staydown.Errorf(staydown.Refused, "access.permission", "this needs the permission approve")
	}))
	mux.Handle("GET /panic", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("hunter2") }))
	mux.Handle("/", s.Handle(func(w http.ResponseWriter, r *http.Request) error { return NotFound(r) }))
	return s.Wrap(mux), &log
}

// ask sends a request to the loopback name, with headers in pairs.
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, path := range []string{"/", "/missing", "/broken", "/panic", "/?lang=ar"} {
		w := ask(h, "GET", path, "")
		for name, want := range map[string]string{
			"Content-Security-Policy": Policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow, noarchive",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if w.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS without TLS", path)
		}
	}
	h, _ = newSite(t, func(s *Site) { s.Secure, s.Referrer = true, "no-referrer" })
	w := ask(h, "GET", "/?lang=ar", "")
	if w.Header().Get("Strict-Transport-Security") == "" || w.Header().Get("Referrer-Policy") != "no-referrer" || !strings.Contains(w.Header().Get("Set-Cookie"), "Secure") {
		t.Errorf("a secure site answers with %v", w.Header())
	}
}

// The policy admits nothing inline, so no page may have any.
func TestNothingIsInline(t *testing.T) {
	h, _ := newSite(t, nil)
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script(?:>|\s+[^>]*?>[^<])`)
	for _, path := range []string{"/", "/missing", "/broken"} {
		if found := inline.FindString(ask(h, "GET", path, "").Body.String()); found != "" {
			t.Errorf("%s has %q", path, found)
		}
	}
}

func TestOnlyOwnHostsAreAnswered(t *testing.T) {
	h, _ := newSite(t, nil)
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost": 200, "LOCALHOST:9": 200, "[::1]:8080": 200, "localhost.": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "evil.example:8080": 421, "": 421,
	} {
		if w := ask(h, "GET", "/", "", "Host", host); w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
	h, _ = newSite(t, func(s *Site) { s.Hosts = []string{"desk.example", "other.example:8443"} })
	for host, want := range map[string]int{"desk.example": 200, "desk.example:443": 200, "other.example:8443": 200, "other.example": 421, "localhost": 421} {
		if w := ask(h, "GET", "/", "", "Host", host); w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, c := range []struct {
		headers []string
		want    int
	}{
		{[]string{"Sec-Fetch-Site", "same-origin"}, 303},
		{[]string{"Origin", "http://127.0.0.1:8080"}, 303},
		{nil, 303}, // no browser: no cookie of a victim either
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
	} {
		if w := ask(h, "POST", "/form", "a=b", c.headers...); w.Code != c.want {
			t.Errorf("%v: %d, want %d", c.headers, w.Code, c.want)
		}
	}
	h, _ = newSite(t, func(s *Site) { s.Origins = []string{"https://outside.example"} })
	if w := ask(h, "POST", "/form", "a=b", "Origin", "https://outside.example"); w.Code != 303 {
		t.Errorf("a trusted origin: %d", w.Code)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	h, _ := newSite(t, nil)
	if w := ask(h, "POST", "/form", "a="+strings.Repeat("x", 1<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of a megabyte: %d", w.Code)
	}
	if w := ask(h, "POST", "/upload", strings.Repeat("x", 2<<20)); w.Code != http.StatusOK {
		t.Errorf("an upload of two megabytes: %d", w.Code)
	}
	if w := ask(h, "POST", "/upload", strings.Repeat("x", 4<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("an upload of four megabytes: %d", w.Code)
	}
}

func TestLanguageAndThemeAreRememberedAndLeaveTheAddress(t *testing.T) {
	h, _ := newSite(t, nil)
	w := ask(h, "GET", "/?lang=ar&theme=dark&q=a+b", "")
	if w.Code != 303 || w.Header().Get("Location") != "/?q=a+b" {
		t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	cookies := strings.Join(w.Header().Values("Set-Cookie"), "; ")
	if !strings.Contains(cookies, "staydown_lang=ar") || !strings.Contains(cookies, "staydown_theme=dark") || !strings.Contains(cookies, "HttpOnly") {
		t.Errorf("cookies %s", cookies)
	}
	w = ask(h, "GET", "/", "", "Cookie", "staydown_lang=ar; staydown_theme=dark")
	if body := w.Body.String(); !strings.Contains(body, `lang="ar" dir="rtl" data-theme="dark"`) {
		t.Errorf("not Arabic and dark: %.300s", body)
	}
	for _, foul := range []string{"staydown_lang=xx; staydown_theme=x\"onload=1", "staydown_lang=; staydown_theme="} {
		if body := ask(h, "GET", "/", "", "Cookie", foul).Body.String(); !strings.Contains(body, `lang="en" dir="ltr" data-now`) {
			t.Errorf("%s: %.200s", foul, body)
		}
	}
	if body := ask(h, "GET", "/", "", "Accept-Language", "ar-EG").Body.String(); !strings.Contains(body, `dir="rtl"`) {
		t.Error("the browser's language is not heard")
	}
	// The way back is always a path of this site.
	if to := ask(h, "GET", "//evil.example/%5c?lang=ar", "").Header().Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
		t.Errorf("redirected to %s", to)
	}
}

func TestAFlashIsShownOnceInTheReadersWords(t *testing.T) {
	h, _ := newSite(t, nil)
	w := ask(h, "POST", "/form", "a=b")
	cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	w = ask(h, "GET", "/", "", "Cookie", cookie)
	if !strings.Contains(w.Body.String(), "Saved.") || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the message: %v, cookie %s", strings.Contains(w.Body.String(), "Saved."), w.Header().Get("Set-Cookie"))
	}
	if w = ask(h, "GET", "/", "", "Cookie", cookie, "Cookie", "staydown_lang=ar"); !strings.Contains(w.Body.String(), "حُفظ.") {
		t.Error("not in Arabic")
	}
	for _, foul := range []string{"staydown_flash=%%%", "staydown_flash=eyJrIjoiPHNjcmlwdD4ifQ", "staydown_flash=eyJrIjoic2F2ZWQiLCJhIjpbIjEiLCIyIiwiMyIsIjQiLCI1Il19"} {
		if body := ask(h, "GET", "/", "", "Cookie", foul).Body.String(); strings.Contains(body, `class="flash`) {
			t.Errorf("%s is shown", foul)
		}
	}
}

func TestProblemsSayWhatWhereAndWhatToDo(t *testing.T) {
	h, log := newSite(t, nil)
	w := ask(h, "GET", "/missing/<b>", "")
	if body := w.Body.String(); w.Code != 404 || !strings.Contains(body, "There is nothing here") || !strings.Contains(body, "&lt;b&gt;") || !strings.Contains(body, "Check the address") {
		t.Errorf("%d: %s", w.Code, body)
	}
	for _, path := range []string{"/broken", "/panic"} {
		log.Reset()
		w := ask(h, "GET", path, "")
		reference := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(w.Body.String())
		if w.Code != 500 || reference == "" || strings.Contains(w.Body.String(), "hunter2") {
			t.Errorf("%s: %d, reference %q, tells %v", path, w.Code, reference, strings.Contains(w.Body.String(), "hunter2"))
		}
		if !strings.Contains(log.String(), reference) || !strings.Contains(log.String(), "hunter2") {
			t.Errorf("%s: the log has %s", path, log)
		}
	}
	w = ask(h, "GET", "/told", "")
	if body := w.Body.String(); w.Code != 409 || !strings.Contains(body, "ask a colleague &lt;b&gt;") || !strings.Contains(body, "letter 7") || strings.Contains(body, "approving") {
		t.Errorf("%d: %s", w.Code, body)
	}
	if w = ask(h, "GET", "/forbidden", ""); w.Code != 403 {
		t.Errorf("a missing permission is %d", w.Code)
	}
	if w = ask(h, "GET", "/told", "", "Accept", "application/json"); !strings.Contains(w.Body.String(), `"kind":"refused","code":"letter.unheard_of"`) {
		t.Errorf("JSON: %s", w.Body)
	}
	w = ask(h, "GET", "/broken", "", "Accept", "application/json")
	if w.Header().Get("Content-Type") != "application/json; charset=utf-8" || !strings.Contains(w.Body.String(), `"code":"internal"`) || strings.Contains(w.Body.String(), "hunter2") {
		t.Errorf("JSON: %s", w.Body)
	}
}

func TestLocalTakesPathsOfThisSiteOnly(t *testing.T) {
	for asked, want := range map[string]string{
		"/items/1?a=b": "/items/1?a=b", "": "/", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/", "javascript:alert(1)": "/",
		"items": "/", "/\r\nX: y": "/", "/%5cevil.example": "/%5cevil.example", "/a//b": "/a//b",
	} {
		got := Local(asked, "/")
		if got != want {
			t.Errorf("Local(%q) = %q, want %q", asked, got, want)
		}
		if u, err := url.Parse(got); err != nil || u.Host != "" {
			t.Errorf("Local(%q) leaves the site: %q", asked, got)
		}
	}
}

func TestTemplatesFitTheirStructs(t *testing.T) {
	for _, v := range []Checked{problemView, plainView} {
		for _, l := range locale.Langs {
			if err := templatecheck.CheckHTML(v.Template(l), v.Zero()); err != nil {
				t.Errorf("%s, %s: %v", v.Name(), l, err)
			}
		}
	}
}

func TestAPageIsSentWholeOrNotAtAll(t *testing.T) {
	v := NewView[struct{ F func() string }](fstest.MapFS{"p.html": {Data: []byte(`{{define "body"}}before {{call .F}}{{end}}`)}}, "p.html")
	w := httptest.NewRecorder()
	err := v.Render(w, 200, Shell{Lang: locale.English}, struct{ F func() string }{func() string { panic("half way") }})
	if err == nil || w.Body.Len() != 0 {
		t.Errorf("error %v, %d bytes sent", err, w.Body.Len())
	}
}
