package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"image/color"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlnwa/gowarc"
)

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestWholeCapture(t *testing.T) {
	red, blue := picture(color.RGBA{200, 0, 0, 255}), picture(color.RGBA{0, 0, 200, 255})
	const body = `<!DOCTYPE html><html lang=en><title>Exercise post</title><meta property="og:image" content="/m/logo.png">
<main><article><h1>What was said</h1><p>Exercise sentence, not real.</p><img src=/m/red.png><img src="/m/same.png"><img src=/m/lost.png>
<a href=/m/page.jpg>x</a></article></main>`
	mux := http.NewServeMux()
	mux.HandleFunc("/c/x/1", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
		http.Redirect(w, r, "/c/x/2#top", http.StatusFound)
	})
	mux.HandleFunc("/c/x/2", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("seen"); err != nil || c.Value != "1" {
			t.Errorf("the cookie of the redirect did not come back: %v", err)
		}
		w.Header()["x-ODD-case"] = []string{"kept"}
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html")
		z := gzip.NewWriter(w)
		io.WriteString(z, body)
		z.Close()
	})
	mux.HandleFunc("/m/red.png", func(w http.ResponseWriter, r *http.Request) { w.Write(red) })
	mux.HandleFunc("/m/same.png", func(w http.ResponseWriter, r *http.Request) { w.Write(red) })
	mux.HandleFunc("/m/logo.png", func(w http.ResponseWriter, r *http.Request) { w.Write(blue) })
	mux.HandleFunc("/m/page.jpg", func(w http.ResponseWriter, r *http.Request) { html(w, "no picture") })
	b := openBench(t, mux, nil)
	s := b.capture(t, "https://example.com/c/x/1")

	if s.Outcome() != "content" || s.Reached != "https://example.com/c/x/2" || s.Status != 200 || s.Page.Name() != "What was said" {
		t.Errorf("%s %s %d %+v", s.Outcome(), s.Reached, s.Status, s.Judgement)
	}
	var kinds []string
	for _, e := range s.Exhibits {
		kinds = append(kinds, fmt.Sprint(e.Kind, " ", strings.TrimPrefix(e.URL, "https://example.com"), " ", e.Shown))
		if got := hashOf(b.bytesOf(t, e.SHA256)); got != e.SHA256 {
			t.Errorf("%s: the vault gives back other bytes", e.URL)
		}
	}
	if got, want := strings.Join(kinds, "; "), "page /c/x/2 false; media /m/logo.png false; media /m/red.png true; media /m/same.png true; warc /c/x/1 false"; got != want {
		t.Errorf("exhibits\n%s, want\n%s", got, want)
	}
	if s.Exhibits[0].SHA256 != hashOf([]byte(body)) {
		t.Error("the page was not kept as it reads")
	}
	if s.Exhibits[2].SHA256 != hashOf(red) || s.Exhibits[2].MediaType != "image/png" {
		t.Errorf("%+v", s.Exhibits[2])
	}
	checkFacts(t, s.Facts)
	checkRecords(t, readWARC(t, b.bytesOf(t, s.WARC.SHA256)), s)
	if b.used.Load() == 0 {
		t.Error("no use of an admission was reported")
	}
}

func checkFacts(t *testing.T, f Facts) {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var again Facts
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if again.Likeness == nil || again.Likeness.Name != "what was said" || len(again.Likeness.Media) != 3 || again.Likeness.Sketch.Words != 8 {
		t.Errorf("likeness: %+v", again.Likeness)
	}
	if len(f.Exchanges) != 7 {
		t.Fatalf("%d exchanges", len(f.Exchanges))
	}
	first, second := f.Exchanges[0], f.Exchanges[1]
	if first.Role != "redirect" || first.Status != 302 || first.Location != "/c/x/2#top" || first.Reused {
		t.Errorf("%+v", first)
	}
	if !second.Reused || second.Proto != "HTTP/1.1" || second.Start != noon || second.SHA256 == "" {
		t.Errorf("%+v", second)
	}
	if first.TLS == nil || !strings.HasPrefix(first.TLS.Version, "TLS 1.3") || first.TLS.Server != "example.com" || len(first.TLS.Chain) != 1 ||
		len(first.TLS.Chain[0].SHA256) != 64 || first.TLS.Chain[0].Issuer == "" || first.TLS.Chain[0].NotAfter.IsZero() {
		t.Errorf("TLS: %+v", first.TLS)
	}
	found := false
	for _, l := range second.Header {
		found = found || l == Line{"x-ODD-case", "kept"}
	}
	if !found {
		t.Errorf("the header's spelling was lost: %+v", second.Header)
	}
	lost := map[string]string{}
	for _, m := range f.Media {
		if m.Failure != nil {
			lost[m.URL] = m.Failure.Reason
		}
	}
	if len(lost) != 2 || lost["https://example.com/m/lost.png"] != "http_404" || lost["https://example.com/m/page.jpg"] != "not_media" {
		t.Errorf("lost media: %v", lost)
	}
	if len(f.Kept()) == 0 {
		t.Error("nothing for a later capture to refer to")
	}
}

func checkRecords(t *testing.T, records []warcRecord, s Shot) {
	t.Helper()
	info := find(t, records, "warcinfo", "")
	if records[0].kind != "warcinfo" || !strings.Contains(info.block, "software: staydown test\r\n") {
		t.Errorf("it begins with %+v", records[0])
	}
	response := find(t, records, "response", s.Reached)
	if !strings.HasPrefix(response.block, "HTTP/1.1 200 OK\r\n") || !strings.Contains(response.block, "x-ODD-case: kept\r\n") {
		t.Errorf("the response begins %.200q", response.block)
	}
	_, payload, _ := strings.Cut(response.block, "\r\n\r\n")
	if response.header[gowarc.WarcPayloadDigest] != "sha256:"+hashOf([]byte(payload)) {
		t.Errorf("payload digest %s", response.header[gowarc.WarcPayloadDigest])
	}
	if response.header[gowarc.WarcIPAddress] != "127.0.0.1" || response.header[gowarc.WarcDate] != "2019-11-21T12:00:00.000Z" || response.header[gowarc.WarcWarcinfoID] != info.header[gowarc.WarcRecordID] {
		t.Errorf("%v", response.header)
	}
	request := find(t, records, "request", s.Reached)
	if !strings.HasPrefix(request.block, "GET /c/x/2 HTTP/1.1\r\nHost: example.com\r\n") || !strings.Contains(request.block, "User-Agent: Staydown/test (exercise)\r\n") {
		t.Errorf("the request was %q", request.block)
	}
	if request.header[gowarc.WarcConcurrentTo] != response.header[gowarc.WarcRecordID] {
		t.Errorf("the request belongs to %s", request.header[gowarc.WarcConcurrentTo])
	}
	find(t, records, "response", "https://example.com/c/x/1")
	find(t, records, "response", "https://example.com/m/red.png")
	same := find(t, records, "revisit", "https://example.com/m/same.png")
	if same.header[gowarc.WarcRefersToTargetURI] != "https://example.com/m/red.png" || same.header[gowarc.WarcProfile] != gowarc.ProfileIdenticalPayloadDigestV1_1 {
		t.Errorf("%v", same.header)
	}
	chain := find(t, records, "resource", "urn:tls-chain:example.com")
	if block, _ := pem.Decode([]byte(chain.block)); block == nil || hashOf(block.Bytes) != s.Facts.Exchanges[0].TLS.Chain[0].SHA256 {
		t.Error("the certificate kept is not the one told of")
	}
	var facts Facts
	if err := json.Unmarshal([]byte(find(t, records, "metadata", s.Asked).block), &facts); err != nil || facts.Tool != "staydown test" || facts.Why != "a test" {
		t.Errorf("metadata: %+v %v", facts, err)
	}
}

// The bytes kept are those that went over the wire: chunks, line ends and all,
// without interim answers.
func TestBytesAsReceived(t *testing.T) {
	const final = "HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nX-B: 2\r\nx-a:1\r\n\r\n5\r\nhello\r\n6; ext\r\n world\r\n0\r\n\r\n"
	addr := rawSite(t, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"+final, nil)
	b := benchFor(t, nil, addr, nil)
	s := b.capture(t, "http://plain.example/")
	if s.Outcome() != "content" || s.Page.Text != "hello world" {
		t.Errorf("%s %+v", s.Outcome(), s.Page)
	}
	r := find(t, readWARC(t, b.bytesOf(t, s.WARC.SHA256)), "response", "http://plain.example/")
	if r.block != final {
		t.Errorf("kept %q", r.block)
	}
}

func TestFiles(t *testing.T) {
	red := picture(color.RGBA{200, 0, 0, 255})
	mux := http.NewServeMux()
	mux.HandleFunc("/p.png", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html") // a lie
		w.Write(red)
	})
	mux.HandleFunc("/d.pdf", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "%PDF-1.7 exercise") })
	mux.HandleFunc("/n.txt", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "plain words") })
	mux.HandleFunc("/odd.html", func(w http.ResponseWriter, r *http.Request) { html(w, "\x01\x02\x03<p>words<svg></svg>") })
	mux.HandleFunc("/empty", func(w http.ResponseWriter, r *http.Request) {})
	b := openBench(t, mux, nil)
	for path, want := range map[string]string{
		"/p.png": "content media image/png", "/d.pdf": "content file application/pdf", "/n.txt": "content page text/plain",
		"/odd.html": "content page application/octet-stream",
	} {
		s := b.capture(t, "https://example.com"+path)
		if got := fmt.Sprint(s.Outcome(), " ", s.Exhibits[0].Kind, " ", s.Exhibits[0].MediaType); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if path == "/p.png" && s.Facts.Likeness.File != hashOf(red) {
			t.Errorf("likeness %+v", s.Facts.Likeness)
		}
	}
	if s := b.capture(t, "https://example.com/p.png"); s.Judgement.Kind != File || !s.Judgement.IsContent() {
		t.Errorf("%+v", s.Judgement)
	}
	if s := b.capture(t, "https://example.com/empty"); s.Outcome() != "empty" || !s.Judgement.Retry {
		t.Errorf("%+v", s.Judgement)
	}
}

func TestInlinePicture(t *testing.T) {
	b := openBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		html(w, `<main><p>words<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><img src="data:text/html,<script>"></main>`)
	}), nil)
	s := b.capture(t, "https://example.com/")
	if len(s.Exhibits) != 3 || s.Exhibits[1].MediaType != "image/gif" || s.Exhibits[1].URL != "data:inline-0" || !s.Exhibits[1].Shown {
		t.Errorf("%+v", s.Exhibits)
	}
}

func TestFailures(t *testing.T) {
	inside := rawSite(t, "HTTP/1.1 200 OK\r\n\r\nsecret", nil)
	mux := http.NewServeMux()
	redirect := func(path, to string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
	}
	redirect("/inside", "http://"+inside.String()+"/")
	redirect("/keys", "http://169.254.169.254/latest/meta-data/")
	redirect("/file", "file:///etc/passwd")
	redirect("/user", "https://a:b@example.com/")
	redirect("/loop", "/loop")
	for _, status := range []int{400, 401, 403, 404, 410, 429, 451, 500, 503} {
		mux.HandleFunc(fmt.Sprintf("/s%d", status), func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, article("A page all the same"))
		})
	}
	mux.HandleFunc("/brotli", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		w.Write([]byte{1, 2, 3})
	})
	mux.HandleFunc("/notgzip", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "plain")
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		html(w, "<p>"+strings.Repeat("words ", 1<<16))
	})
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z, _ := gzip.NewWriterLevel(w, gzip.BestCompression)
		defer z.Close()
		z.Write([]byte("<p>"))
		for range 64 {
			if _, err := z.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/header", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) })
	mux.HandleFunc("/silent", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, "<p>x")
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	})
	patient := openBench(t, mux, func(r *Recorder) { r.Limits = Limits{Page: 200 << 10, Medium: 100 << 20} })
	hasty := openBench(t, mux, func(r *Recorder) { r.Limits = Limits{Exchange: 300 * time.Millisecond} })
	for path, want := range map[string]struct {
		outcome string
		retry   bool
	}{
		"https://example.com/inside":  {"blocked_by_guard", false},
		"https://example.com/keys":    {"blocked_by_guard", false},
		"https://nowhere.example/":    {"blocked_by_guard", false},
		"https://example.com/file":    {"bad_redirect", false},
		"https://example.com/user":    {"bad_redirect", false},
		"https://example.com/loop":    {"too_many_redirects", false},
		"ftp://example.com/":          {"bad_url", false},
		"https:///x":                  {"bad_url", false},
		"https://u:p@example.com/":    {"bad_url", false},
		"javascript:alert(1)":         {"bad_url", false},
		"https://example.com/%zz":     {"bad_url", false},
		"https://example.com/s400":    {"http_400", false},
		"https://example.com/s401":    {"http_401", false},
		"https://example.com/s403":    {"http_403", true},
		"https://example.com/s404":    {"http_404", false},
		"https://example.com/s410":    {"http_410", false},
		"https://example.com/s429":    {"http_429", true},
		"https://example.com/s451":    {"http_451", false},
		"https://example.com/s500":    {"http_500", true},
		"https://example.com/s503":    {"http_503", true},
		"https://example.com/brotli":  {"unsupported_encoding", false},
		"https://example.com/notgzip": {"bad_response", false},
		"https://example.com/long":    {"too_large", false},
		"https://example.com/bomb":    {"too_large", false},
		"https://example.com/header":  {"bad_response", false},
		"https://example.com/silent":  {"timeout", true},
		"https://example.com/drip":    {"timeout", true},
	} {
		b := patient
		if want.outcome == "timeout" {
			b = hasty
		}
		s := b.capture(t, path)
		if s.Outcome() != want.outcome || s.Judgement.Retry != want.retry {
			t.Errorf("%s: %+v, want %+v", path, s.Judgement, want)
		}
		if s.Facts.Likeness != nil {
			t.Errorf("%s: a likeness of no content", path)
		}
		if s.WARC.SHA256 != "" {
			readWARC(t, b.bytesOf(t, s.WARC.SHA256))
		}
	}
}

func TestNetworkFailures(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr()
	l.Close()
	for name, c := range map[string]struct {
		addr    net.Addr
		address string
		want    string
	}{
		"nobody listens": {closed, "http://plain.example/", "refused"},
		"not HTTP":       {rawSite(t, "SSH-2.0-OpenSSH\r\n", nil), "http://plain.example/", "bad_response"},
		"ends at once":   {rawSite(t, "", nil), "http://plain.example/", "connection_broken"},
		"cut short":      {rawSite(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<p>some", nil), "http://plain.example/", "connection_broken"},
		"bad chunks":     {rawSite(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", nil), "http://plain.example/", "bad_response"},
	} {
		b := benchFor(t, nil, c.addr, nil)
		s := b.capture(t, c.address)
		if s.Outcome() != c.want {
			t.Errorf("%s: %+v, want %s", name, s.Judgement, c.want)
		}
		if name == "cut short" {
			r := find(t, readWARC(t, b.bytesOf(t, s.WARC.SHA256)), "response", c.address)
			if r.header[gowarc.WarcTruncated] != "disconnect" || !strings.HasSuffix(r.block, "<p>some") {
				t.Errorf("%+v", r)
			}
		}
	}
}

func TestUntrustedCertificate(t *testing.T) {
	b := openBench(t, http.NotFoundHandler(), func(r *Recorder) { r.Route.Transport.TLSClientConfig.RootCAs = nil })
	if s := b.capture(t, "https://example.com/"); s.Outcome() != "tls" || s.Judgement.Retry {
		t.Errorf("%+v", s.Judgement)
	}
}

func TestMetaRefreshIsARedirect(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/a", func(w http.ResponseWriter, r *http.Request) { html(w, `<meta http-equiv=refresh content="0;url=/b">`) })
	mux.HandleFunc("/b", func(w http.ResponseWriter, r *http.Request) { html(w, article("There")) })
	s := openBench(t, mux, nil).capture(t, "https://example.com/a")
	if s.Reached != "https://example.com/b" || s.Facts.Exchanges[0].Role != "redirect" || s.Outcome() != "content" {
		t.Errorf("%s %+v", s.Reached, s.Judgement)
	}
}

func TestMediaAreBounded(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for i := range 30 {
			fmt.Fprintf(&b, "<img src=/m/%d.png>", i)
		}
		html(w, article("x")+b.String())
	})
	mux.HandleFunc("/m/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/m/1.png" {
			w.Write(append(picture(color.White), make([]byte, 200<<10)...))
			return
		}
		w.Write(picture(color.White))
	})
	b := openBench(t, mux, func(r *Recorder) { r.Limits = Limits{Medium: 100 << 10, Media: 5} })
	s := b.capture(t, "https://example.com/")
	if len(s.Facts.Media) != 5 || s.Facts.Media[1].Failure == nil || s.Facts.Media[1].Failure.Reason != "too_large" || s.Facts.Media[2].Failure != nil {
		t.Errorf("%+v", s.Facts.Media)
	}
	readWARC(t, b.bytesOf(t, s.WARC.SHA256))
}

// A second capture of the same thing refers to the first.
func TestRevisit(t *testing.T) {
	b := openBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { html(w, article("The same")) }), nil)
	first := b.capture(t, "https://example.com/")
	second, err := b.Record(t.Context(), Ask{URL: "https://example.com/", Earlier: first.Facts.Kept()})
	if err != nil {
		t.Fatal(err)
	}
	r := find(t, readWARC(t, b.bytesOf(t, second.WARC.SHA256)), "revisit", "https://example.com/")
	if id := strings.Trim(r.header[gowarc.WarcRefersTo], "<>"); id != first.Facts.Exchanges[0].Record {
		t.Errorf("refers to %s, not %s", id, first.Facts.Exchanges[0].Record)
	}
}

// Many captures share connections; each WARC holds its own exchange only.
func TestCapturesDoNotMix(t *testing.T) {
	b := openBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/m/") {
			w.Write(append(picture(color.White), r.URL.Path...))
			return
		}
		html(w, article("Page "+r.URL.Path)+"<img src=/m"+r.URL.Path+">")
	}), nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 6 {
				address := fmt.Sprintf("https://example.com/%d-%d", i, j)
				s, err := b.Record(t.Context(), Ask{URL: address})
				if err != nil {
					t.Error(err)
					return
				}
				path := strings.TrimPrefix(address, "https://example.com")
				for _, r := range readWARC(t, b.bytesOf(t, s.WARC.SHA256)) {
					if r.kind == "response" && !strings.Contains(r.block, path) || r.kind == "request" && !strings.Contains(r.block, path) {
						t.Errorf("%s: a record of another capture: %.80q", address, r.block)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestStoppedCapture(t *testing.T) {
	b := openBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := b.Record(ctx, Ask{URL: "https://example.com/"}); err == nil {
		t.Error("a capture that was stopped claims a result")
	}
}

func BenchmarkRecord(b *testing.B) {
	red := picture(color.RGBA{200, 0, 0, 255})
	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".png") {
			w.Write(append(bytes.Clone(red), r.URL.Path...))
			return
		}
		html(w, article("Page "+r.URL.Path)+"<main><img src="+r.URL.Path+".png></main>")
	})
	bench := openBench(b, site, nil)
	i := 0
	for b.Loop() {
		i++
		if s, err := bench.Record(b.Context(), Ask{URL: fmt.Sprintf("https://example.com/%d", i)}); err != nil || s.Outcome() != "content" {
			b.Fatal(err, s.Outcome())
		}
	}
}
