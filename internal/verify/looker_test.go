package verify

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/capture"
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/verify/rules"
)

const (
	title = "What was said in the exercise"
	text  = "Exercise sentence one, not real. The lamp stood by the river all day. A second sentence follows the first."
)

func posting(path string) string {
	return `<title>` + title + ` · Example</title><main><article><h1>` + title + `</h1><time>x</time><p>` + text + `</p><img src="/m` + path + `.png"></article></main>`
}

func notice(sentence string) string {
	return `<title>Example</title><header>Example, the platform</header><main><p>` + sentence + `</p></main>`
}

// platform answers as a platform does, each country its own way.
type platform struct {
	mu    sync.Mutex
	shows map[string]http.HandlerFunc // by country and path
	asked []string
}

func (p *platform) in(country string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, country+" "+r.URL.Path)
		h := p.shows[country+" "+r.URL.Path]
		if h == nil {
			h = p.shows[r.URL.Path]
		}
		p.mu.Unlock()
		if h == nil {
			h = say(404, notice("Page not found"))
		}
		h(w, r)
	})
}

// say answers with a page.
func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// openLooker makes a looker that sees the platform from several countries.
func openLooker(t *testing.T, p *platform, countries ...string) *Looker {
	t.Helper()
	var vantages []Vantage
	for i, country := range countries {
		s := httptest.NewTLSServer(p.in(country))
		t.Cleanup(s.Close)
		pair := netip.MustParseAddrPort(s.Listener.Addr().String())
		g, err := dial.New(dial.Policy{Only: true, Roots: []*x509.Certificate{s.Certificate()},
			Admit: []dial.Admission{{Purpose: dial.Probe, Name: "example.com:443", Pair: pair}}})
		if err != nil {
			t.Fatal(err)
		}
		name := "direct"
		if i > 0 {
			name = "direct-" + strings.ToLower(country)
		}
		vantages = append(vantages, Vantage{name, country, g.Client(dial.Probe, dial.Options{})})
	}
	return NewLooker(vantages, capture.Headers{UserAgent: "Staydown/test"}, func() time.Time { return sent })
}

// known is what a capture of a posting keeps.
func known(path string) *page.Likeness {
	p := page.Read([]byte(posting(path)), "text/html", "https://example.com"+path)
	l := &page.Likeness{Name: page.Fold(p.Name()), Sketch: page.SketchOf(p.Main)}
	for _, m := range p.Media {
		l.Media = append(l.Media, page.Seen{URL: m.URL, SHA256: "aa", Shown: m.Shown})
	}
	return l
}

func TestLook(t *testing.T) {
	home := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }
	login := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/login?next="+r.URL.Path, http.StatusFound)
	}
	for name, c := range map[string]struct {
		shows     map[string]http.HandlerFunc
		countries []string
		want      string
		places    int
	}{
		"up":             {map[string]http.HandlerFunc{"/p/1": say(200, posting("/p/1")), "/m/p/1.png": say(200, "x")}, nil, "up content", 1},
		"gone":           {nil, nil, "gone 404", 2},
		"gone here only": {map[string]http.HandlerFunc{"DE /p/1": say(200, posting("/p/1")), "DE /m/p/1.png": say(200, "x")}, nil, "up disabled BE", 2},
		"shut here":      {map[string]http.HandlerFunc{"BE /p/1": say(451, notice("Not available in your country")), "/p/1": say(200, posting("/p/1")), "/m/p/1.png": say(200, "x")}, nil, "up disabled BE", 2},
		"shut in two":    {map[string]http.HandlerFunc{"BE /p/1": say(200, notice("Not available in your country")), "DE /p/1": say(200, notice("Not available in your country")), "/p/1": say(200, posting("/p/1")), "/m/p/1.png": say(200, "x")}, nil, "up disabled BE,DE", 3},
		"shut in all":    {map[string]http.HandlerFunc{"/p/1": say(200, notice("Not available in your country"))}, nil, "unknown geo_block", 3},
		"by law":         {map[string]http.HandlerFunc{"/p/1": say(451, notice("Unavailable."))}, nil, "gone 451 provider", 3},
		"disabled as they say": {map[string]http.HandlerFunc{"FR /p/1": say(200, notice("Not available in your country")), "/p/1": say(200, posting("/p/1")), "/m/p/1.png": say(200, "x")},
			[]string{"FR"}, "up disabled FR", 2},
		"author":            {map[string]http.HandlerFunc{"/p/1": say(200, notice("This post was deleted by its author."))}, nil, "gone tombstone author", 2},
		"led home":          {map[string]http.HandlerFunc{"/p/1": home, "/p/1x": home, "/": say(200, notice("Welcome to the platform, and its front page"))}, nil, "changed redirect", 1},
		"login":             {map[string]http.HandlerFunc{"/p/1": login, "/login": say(200, notice("Log in to continue"))}, nil, "unknown login_wall", 2},
		"out of order":      {map[string]http.HandlerFunc{"/p/1": say(503, "503")}, nil, "unknown 503", 2},
		"picture taken out": {map[string]http.HandlerFunc{"/p/1": say(200, posting("/p/1"))}, nil, "changed media_gone", 1},
		"loop":              {map[string]http.HandlerFunc{"/p/1": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/p/1", 302) }}, nil, "unknown too_many_redirects", 2},
		"led inside":        {map[string]http.HandlerFunc{"/p/1": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://127.0.0.1:22/", 302) }}, nil, "unknown blocked_by_guard", 2},
	} {
		p := &platform{shows: c.shows}
		k := openLooker(t, p, "BE", "DE", "FR")
		k.Vantages = k.Vantages[:3]
		s := k.Look(t.Context(), "https://example.com/p/1", known("/p/1"), c.countries)
		got := fmt.Sprint(s.Verdict, " ", s.Signal)
		if s.Cause != "" && s.Cause != rules.CauseUnknown {
			got += " " + s.Cause
		}
		if len(s.Disabled) > 0 {
			got += " " + strings.Join(s.Disabled, ",")
		}
		if got != c.want || len(s.Sightings) != c.places {
			t.Errorf("%s: %s from %d places, want %s from %d (%s)", name, got, len(s.Sightings), c.want, c.places, s.Why)
		}
		if s.At != sent || len(s.Places()) != len(s.Sightings) || s.Places()[0].From != "direct" || s.Places()[0].Rule == "" {
			t.Errorf("%s: %+v", name, s.Places())
		}
	}
}

// A platform that leads everything that is gone to its front page is caught by
// the neighbour that never was.
func TestHomeRedirectNeedsItsControl(t *testing.T) {
	p := &platform{shows: map[string]http.HandlerFunc{"/": say(200, notice("Welcome to the platform, and its front page"))}}
	for _, path := range []string{"/p/1", strings.TrimPrefix(Neighbour("https://example.com/p/1"), "https://example.com")} {
		p.shows[path] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }
	}
	s := openLooker(t, p, "BE", "DE").Look(t.Context(), "https://example.com/p/1", known("/p/1"), nil)
	if s.Verdict != staydown.Gone || s.Signal != "redirect" {
		t.Errorf("%+v", s.Whole)
	}
}

func TestSameFile(t *testing.T) {
	file := func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("%PDF-1.7 exercise")) }
	p := &platform{shows: map[string]http.HandlerFunc{"/d.pdf": file}}
	k := openLooker(t, p, "BE")
	same := &page.Likeness{File: "f0a7c1b2"}
	if s := k.Look(t.Context(), "https://example.com/d.pdf", same, nil); s.Verdict != staydown.Changed {
		t.Errorf("%+v", s.Whole)
	}
	l := k.fetch(t.Context(), k.Vantages[0], "https://example.com/d.pdf")
	if s := k.Look(t.Context(), "https://example.com/d.pdf", &page.Likeness{File: l.SHA256}, nil); s.Verdict != staydown.Up {
		t.Errorf("%+v", s.Whole)
	}
}

// The looks of a check over pages as a person's browser never sees them: what
// comes back is unknown, and the looker survives.
func TestHostileAnswers(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(strings.Repeat("<p>x", 1000))); err != nil {
					return
				}
			}
		},
		"header": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) },
		"silent": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		k := openLooker(t, &platform{shows: map[string]http.HandlerFunc{"/p/1": h}}, "BE")
		k.Limits.Page, k.Limits.Medium, k.Limits.Whole = 1<<20, 1<<20, 500*time.Millisecond
		if s := k.Look(t.Context(), "https://example.com/p/1", known("/p/1"), nil); s.Verdict == staydown.Gone || s.Verdict == staydown.Up {
			t.Errorf("%s: %+v", name, s.Whole)
		}
	}
}

// A platform rule that says "up" of what never was is not believed.
func TestRuleThatAged(t *testing.T) {
	f, err := rules.ReadFile([]byte(`{"format":"staydown-rules/1","platform":"example","version":"1","source":"s","hosts":["example.com"],
"kinds":[{"name":"post","path":"^/p/([0-9]+)$","probe":"https://example.com/api/$1","missing":"https://example.com/api/0","signals":[
{"verdict":"up","signal":"api","when":{"status":[200]}},{"verdict":"gone","signal":"api_404","when":{"status":[404]}}],"examples":[]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	p := &platform{shows: map[string]http.HandlerFunc{"/api/1": say(200, "{}"), "/p/1": say(404, notice("Page not found"))}}
	k := openLooker(t, p, "BE")
	k.Rules = rules.BookOf(f)
	if s := k.Look(t.Context(), "https://example.com/p/1", nil, nil); s.Verdict != staydown.Up || s.Sightings[0].Rule != "example/post@1" {
		t.Errorf("a sound rule: %+v", s)
	}
	if s := k.Look(t.Context(), "https://example.com/p/2", nil, nil); s.Verdict != staydown.Gone || s.Signal != "api_404" {
		t.Errorf("gone by rule: %+v", s.Whole)
	}
	p.shows["/api/0"] = say(200, "{}")
	k.controls = map[string]control{}
	if s := k.Look(t.Context(), "https://example.com/p/1", nil, nil); s.Verdict != staydown.Gone || s.Signal != "404" {
		t.Errorf("an aged rule: %+v", s.Whole)
	}
}

func BenchmarkLook(b *testing.B) {
	p := &platform{shows: map[string]http.HandlerFunc{"/p/1": say(200, notice("This post was deleted by its author."))}}
	s := httptest.NewTLSServer(p.in("BE"))
	defer s.Close()
	g, err := dial.New(dial.Policy{Only: true, Roots: []*x509.Certificate{s.Certificate()},
		Admit: []dial.Admission{{Purpose: dial.Probe, Name: "example.com:443", Pair: netip.MustParseAddrPort(s.Listener.Addr().String())}}})
	if err != nil {
		b.Fatal(err)
	}
	v := Vantage{"direct", "BE", g.Client(dial.Probe, dial.Options{})}
	k := NewLooker([]Vantage{v, {"direct-de", "DE", v.Client}}, capture.Headers{}, time.Now)
	was := known("/p/1")
	for b.Loop() {
		if s := k.Look(b.Context(), "https://example.com/p/1", was, nil); s.Verdict != staydown.Gone {
			b.Fatal()
		}
	}
}
