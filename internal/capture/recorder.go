package capture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
	"github.com/staydown/staydown/internal/evidence"
)

// Recorder captures locations over one route into one vault. Its fields are set
// once; it is safe for concurrent use.
type Recorder struct {
	Vault   *evidence.Vault
	Route   Route
	Limits  Limits
	Headers Headers
	Tool    string           // name and version, as it will stand in evidence
	Now     func() time.Time // the desk's clock
	TempDir string           // for what does not fit into memory; "" is the system's

	transport *http.Transport
}

// NewRecorder makes a recorder ready to use.
func NewRecorder(r Recorder) *Recorder {
	r.Limits = r.Limits.withDefaults()
	r.transport = r.Route.tapped()
	return &r
}

// Close lets go of idle connections.
func (r *Recorder) Close() { r.transport.CloseIdleConnections() }

// Record captures one location. What the world does wrong is in the Shot; an
// error means that we could not keep what came (the vault, the disk) or were
// stopped.
func (r *Recorder) Record(ctx context.Context, ask Ask) (Shot, error) {
	whole, cancel := context.WithTimeout(ctx, r.Limits.Whole)
	defer cancel()
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return Shot{}, fmt.Errorf("capturing: %w", err)
	}
	t := &taking{
		Recorder: r, jar: jar, ask: ask,
		fetcher: fetcher{r.transport, r.Limits, r.Headers, r.Now, r.TempDir},
		shot:    Shot{Asked: ask.URL, Reached: ask.URL, StartedAt: r.Now()},
	}
	t.run(whole)
	if ctx.Err() != nil && t.err == nil {
		t.err = ctx.Err()
	}
	shot, err := t.finish(ask)
	if err != nil {
		return Shot{}, fmt.Errorf("capturing: %w", err)
	}
	return shot, nil
}

// taking is one capture under way.
type taking struct {
	*Recorder
	fetcher fetcher
	jar     http.CookieJar
	ask     Ask
	shot    Shot
	reading sign.Reading
	header  http.Header // of the response that is judged
	bytes   int64       // of its body
	archive *archive
	err     error // ours; ends the capture
}

// run follows redirects to the end and takes what is there.
func (t *taking) run(ctx context.Context) {
	address := t.ask.URL
	for hop := 0; ; hop++ {
		next := t.step(ctx, address)
		if next == "" || t.err != nil {
			break
		}
		if hop == t.Limits.Redirects {
			t.failed(fail(ReasonRedirects, "more than %d", t.Limits.Redirects))
			return
		}
		address = next
	}
	if t.err == nil && t.shot.Judgement.Reason == "" {
		t.judge()
		t.media(ctx)
	}
}

// failed ends a capture for a reason that lies outside.
func (t *taking) failed(f *Failure) {
	t.shot.Judgement = Judgement{Kind: Kind(f.Reason), Reason: f.Reason, Why: f.Detail, Retry: f.Retry}
}

// step asks for one address, keeps what comes, and returns where it leads on.
func (t *taking) step(ctx context.Context, address string) string {
	t.shot.Reached = address
	x := t.fetcher.get(ctx, t.jar, address, "page", max(t.Limits.Page, t.Limits.Medium))
	if x.resp != nil {
		t.shot.Status, t.header = x.Status, x.resp.Header
	}
	next := ""
	switch {
	case x.Failure != nil:
		t.failed(x.Failure)
	case isRedirect(x.Status) && x.Location != "":
		next = t.redirect(x)
	default:
		next = t.take(ctx, x)
	}
	t.fetcher.finish(x)
	t.note(x)
	return next
}

// redirect reads the little that a redirect says, and where it leads.
func (t *taking) redirect(x *fetched) string {
	x.Role = "redirect"
	x.body.limit = 1 << 20
	t.fetcher.readAll(x)
	base, err := url.Parse(x.URL)
	if err != nil {
		return ""
	}
	to, err := base.Parse(x.Location)
	if err != nil {
		t.failed(fail(ReasonBadRedirect, "to %q", x.Location))
		return ""
	}
	if _, err := CheckURL(to.String()); err != nil {
		t.failed(fail(ReasonBadRedirect, "%v", err))
		return ""
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String()
}

// take keeps the response that holds the content, if any does.
func (t *taking) take(ctx context.Context, x *fetched) string {
	head := make([]byte, 1024)
	n, err := io.ReadFull(x.body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		x.Failure = FailureOf(err)
		t.failed(x.Failure)
		return ""
	}
	head = head[:n]
	declared := x.resp.Header.Get("Content-Type")
	switch sniffed := evidence.Sniff(head); {
	case IsPage(declared, sniffed):
		return t.takePage(ctx, x, head, declared, sniffed)
	default:
		t.takeFile(ctx, x, head, sniffed)
		return ""
	}
}

// IsPage tells whether bytes are to be read as a page: by their look, and by the
// server's word only where their look says nothing.
func IsPage(declared, sniffed string) bool {
	switch sniffed {
	case "text/html", "text/plain", "text/xml":
		return true
	case "application/octet-stream", "image/svg+xml":
		return strings.Contains(strings.ToLower(declared), "html")
	}
	return false
}

// takePage keeps a page and reads it. A page that only says "go there" leads on.
func (t *taking) takePage(ctx context.Context, x *fetched, head []byte, declared, sniffed string) string {
	x.body.limit = t.Limits.Page
	rest := t.fetcher.readAll(x)
	if x.Failure != nil {
		t.failed(x.Failure)
		return ""
	}
	b := append(head, rest...)
	sum := sha256.Sum256(b)
	x.Bytes, x.SHA256 = int64(len(b)), hex.EncodeToString(sum[:])
	t.bytes = x.Bytes
	if sniffed == "text/html" || strings.Contains(strings.ToLower(declared), "html") {
		t.shot.Page = page.Read(b, declared, x.URL)
	} else {
		t.shot.Page = page.FromText(b, declared)
	}
	if to := t.shot.Page.Refresh; to != "" && to != x.URL && len(t.shot.Page.Main) < 200 && x.Status == http.StatusOK {
		x.Role, x.Location = "redirect", to
		return to
	}
	t.keep(ctx, "page", x.URL, bytes.NewReader(b), int64(len(b)), false)
	return ""
}

// takeFile keeps a location that is a file by itself.
func (t *taking) takeFile(ctx context.Context, x *fetched, head []byte, sniffed string) {
	kind := "file"
	if isMedia(sniffed) {
		kind = "media"
	}
	x.body.limit = t.Limits.Medium
	k, f := t.stream(ctx, x, io.MultiReader(bytes.NewReader(head), x.body), t.Limits.Medium)
	if f != nil {
		t.failed(f)
		return
	}
	t.bytes = k.Bytes
	if k.Bytes > 0 {
		t.shot.Exhibits = append(t.shot.Exhibits, Exhibit{Kind: kind, URL: x.URL, Shown: true, Kept: k})
	}
}

// isMedia tells whether a media type is a picture, a clip or a sound.
func isMedia(mediaType string) bool {
	for _, family := range []string{"image/", "video/", "audio/"} {
		if strings.HasPrefix(mediaType, family) {
			return true
		}
	}
	return mediaType == "application/ogg"
}

// stream puts a body into the vault as it comes. A failure of the vault ends the
// capture, one of the network is returned.
func (t *taking) stream(ctx context.Context, x *fetched, r io.Reader, limit int64) (evidence.Kept, *Failure) {
	w := &watched{r: r}
	k, err := t.Vault.Keep(ctx, w, limit)
	switch {
	case w.err != nil:
		x.Failure = FailureOf(w.err)
	case errors.Is(err, evidence.ErrTooLarge):
		x.Failure = fail(ReasonTooLarge, "more than %d bytes", limit)
	case err != nil && ctx.Err() != nil:
		x.Failure = FailureOf(ctx.Err())
	case err != nil:
		t.err = err
		x.Failure = fail(ReasonStopped, "it could not be kept")
	}
	x.Bytes, x.SHA256 = k.Bytes, k.SHA256
	return k, x.Failure
}

// watched remembers the error of a reader, to tell the network's from the
// vault's.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// keep puts bytes at hand into the vault.
func (t *taking) keep(ctx context.Context, kind, address string, r io.Reader, limit int64, shown bool) (evidence.Kept, bool) {
	k, err := t.Vault.Keep(context.WithoutCancel(ctx), r, limit)
	if err != nil {
		t.err = err
		return evidence.Kept{}, false
	}
	t.shot.Exhibits = append(t.shot.Exhibits, Exhibit{Kind: kind, URL: address, Shown: shown, Kept: k})
	return k, true
}

// note writes an exchange down: into the WARC, if anything was received, and
// into the facts.
func (t *taking) note(x *fetched) {
	if x.heard != nil && x.heard.whole && t.archive == nil {
		t.archive = newArchive(context.Background(), t.Vault, t.TempDir, t.Tool, t.Headers, t.shot.StartedAt)
		for digest, e := range t.ask.Earlier {
			t.archive.earlier[digest] = e
		}
	}
	if t.archive != nil {
		t.archive.add(x)
	} else if x.record != nil {
		x.record.discard()
	}
	e := x.Exchange
	if e.TLS != nil {
		for _, before := range t.shot.Facts.Exchanges {
			if before.TLS != nil && before.TLS.Server == e.TLS.Server {
				e.TLS = nil // told once per name, as in the WARC
			}
		}
	}
	t.shot.Facts.Exchanges = append(t.shot.Facts.Exchanges, e)
}

// judge says what was found.
func (t *taking) judge() {
	if t.shot.Page != nil {
		t.reading = sign.Standard().Read(t.shot.Page)
	}
	t.shot.Judgement = Judge(Response{
		Asked: t.shot.Asked, Reached: t.shot.Reached, Status: t.shot.Status, Header: t.header,
		Page: t.shot.Page, Reading: t.reading, Bytes: t.bytes,
	})
}

// media fetches what the page shows.
func (t *taking) media(ctx context.Context) {
	if t.shot.Page == nil || !t.shot.Judgement.IsContent() {
		return
	}
	left := t.Limits.AllMedia
	for i, m := range t.shot.Page.Media {
		if i == t.Limits.Media || left <= 0 || t.err != nil {
			break
		}
		fact := MediaFact{URL: m.URL, From: m.From, Shown: m.Shown}
		var k evidence.Kept
		if strings.HasPrefix(strings.ToLower(m.URL), "data:") {
			k, fact.Failure = t.inline(ctx, m, i)
			fact.URL = inlineURL(i)
		} else {
			k, fact.Failure = t.medium(ctx, m, min(left, t.Limits.Medium))
		}
		left -= k.Bytes
		fact.SHA256 = k.SHA256
		t.shot.Facts.Media = append(t.shot.Facts.Media, fact)
	}
}

// medium fetches one medium, following redirects.
func (t *taking) medium(ctx context.Context, m page.Media, limit int64) (evidence.Kept, *Failure) {
	address := m.URL
	for range t.Limits.Redirects + 1 {
		x := t.fetcher.get(ctx, t.jar, address, "media", limit)
		next, k := t.mediumStep(ctx, x, m, limit)
		t.fetcher.finish(x)
		t.note(x)
		if next == "" {
			return k, x.Failure
		}
		address = next
	}
	return evidence.Kept{}, fail(ReasonRedirects, "more than %d", t.Limits.Redirects)
}

// mediumStep keeps a medium, or says where it is.
func (t *taking) mediumStep(ctx context.Context, x *fetched, m page.Media, limit int64) (string, evidence.Kept) {
	switch {
	case x.Failure != nil:
		return "", evidence.Kept{}
	case isRedirect(x.Status) && x.Location != "":
		before := t.shot.Judgement
		next := t.redirect(x)
		t.shot.Judgement = before // a lost medium does not undo the page
		if next == "" && x.Failure == nil {
			x.Failure = fail(ReasonBadRedirect, "to %q", x.Location)
		}
		return next, evidence.Kept{}
	case x.Status != http.StatusOK:
		x.Failure = &Failure{Reason: "http_" + itoa(x.Status), Retry: x.Status >= 500 || x.Status == http.StatusTooManyRequests}
		return "", evidence.Kept{}
	}
	k, f := t.stream(ctx, x, x.body, limit)
	if f != nil {
		return "", evidence.Kept{}
	}
	if !isMedia(k.MediaType) {
		x.Failure = fail("not_media", "it is %s", k.MediaType)
		return "", k
	}
	t.shot.Exhibits = append(t.shot.Exhibits, Exhibit{Kind: "media", URL: m.URL, Shown: m.Shown, Kept: k})
	return "", k
}

// inline keeps a picture that is written into the page itself.
func (t *taking) inline(ctx context.Context, m page.Media, i int) (evidence.Kept, *Failure) {
	head, data, ok := strings.Cut(m.URL, ",")
	if !ok || !strings.HasSuffix(strings.ToLower(head), ";base64") {
		return evidence.Kept{}, fail("not_media", "a data: address that is not in base64")
	}
	b, err := base64.StdEncoding.DecodeString(strings.TrimRight(data, "\r\n "))
	if err != nil || !isMedia(evidence.Sniff(b)) {
		return evidence.Kept{}, fail("not_media", "a data: address that holds no picture")
	}
	k, _ := t.keep(ctx, "media", inlineURL(i), bytes.NewReader(b), int64(len(b)), m.Shown)
	return k, nil
}

// inlineURL names a picture that has no address of its own.
func inlineURL(i int) string { return "data:inline-" + itoa(i) }

// finish closes the WARC and puts the shot together.
func (t *taking) finish(ask Ask) (Shot, error) {
	s := &t.shot
	s.EndedAt = t.Now()
	f := &s.Facts
	f.Format, f.Asked, f.Reached = FactsFormat, s.Asked, s.Reached
	f.Tool, f.Vantage, f.Country, f.Why = t.Tool, t.Route.Name, t.Route.Country, ask.Why
	f.Judgement = s.Judgement
	f.Likeness = likenessOf(*s, t.reading)
	if t.archive != nil {
		t.archive.fail(t.err)
		t.archive.metadata(s.Asked, s.EndedAt, f)
		k, err := t.archive.close()
		if err != nil {
			return Shot{}, err
		}
		s.WARC = k
		s.Exhibits = append(s.Exhibits, Exhibit{Kind: "warc", URL: s.Asked, Kept: k})
	}
	return *s, t.err
}
