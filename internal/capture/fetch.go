package capture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// Headers are what every request says of itself. A capture does not pretend to
// be a person's browser.
type Headers struct {
	UserAgent      string // name, version and where to complain
	AcceptLanguage string
}

// fetched is one exchange under way: its facts, what was listened to, and the
// body that is still to be read.
type fetched struct {
	Exchange
	resp     *http.Response
	body     *body
	conn     *tap
	heard    *listener
	record   *recordBuilder // what heard writes the body into
	cancel   context.CancelFunc
	finished bool
}

// fetcher takes one step at a time over one route.
type fetcher struct {
	transport *http.Transport
	limits    Limits
	headers   Headers
	now       func() time.Time
	tempDir   string
}

// get asks for an address. Whatever happens, the exchange tells it; when the
// server answered, resp and body are set and finish must be called.
func (f *fetcher) get(ctx context.Context, jar http.CookieJar, address, role string, limit int64) *fetched {
	x := &fetched{Exchange: Exchange{URL: address, Role: role, Start: f.now()}}
	ctx, x.cancel = context.WithTimeout(ctx, f.limits.Exchange)
	err := f.send(ctx, jar, x, limit)
	if err != nil {
		x.Failure = FailureOf(err)
		f.finish(x)
	}
	return x
}

// send makes the request and waits for the header of the response.
func (f *fetcher) send(ctx context.Context, jar http.CookieJar, x *fetched, limit int64) error {
	u, err := CheckURL(x.URL)
	if err != nil {
		return err
	}
	var mu sync.Mutex // GotConn runs on goroutines of the transport
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		mu.Lock()
		defer mu.Unlock()
		if t, ok := i.Conn.(*tap); ok {
			f.attach(x, t, i.Reused, limit)
		}
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fail(ReasonBadURL, "%v", err)
	}
	f.dress(req, jar)
	resp, err := f.transport.RoundTrip(req)
	mu.Lock()
	defer mu.Unlock()
	if err != nil {
		return err
	}
	x.resp = resp
	x.Proto, x.Status = resp.Proto, resp.StatusCode
	x.Location = bounded(resp.Header.Get("Location"))
	if x.heard != nil {
		x.Header = headerLines(x.heard.headCopy(x.conn))
	}
	jar.SetCookies(u, resp.Cookies())
	x.body, err = openBody(resp, limit, f.limits.Ratio)
	return err
}

// dress puts the headers on a request.
func (f *fetcher) dress(req *http.Request, jar http.CookieJar) {
	req.Header.Set("User-Agent", f.headers.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	req.Header.Set("Accept-Encoding", "gzip, deflate")
	if f.headers.AcceptLanguage != "" {
		req.Header.Set("Accept-Language", f.headers.AcceptLanguage)
	}
	for _, c := range jar.Cookies(req.URL) {
		req.AddCookie(c)
	}
}

// attach starts listening to a connection. The transport may try a second one
// when the first had been closed at the other end; then only the second counts.
func (f *fetcher) attach(x *fetched, t *tap, reused bool, limit int64) {
	if x.conn != nil {
		x.conn.leave(x.heard)
		x.record.discard()
		x.Answers = nil
	}
	x.record = newRecord(f.tempDir)
	x.conn, x.heard = t, &listener{sink: x.record, left: limit + limit/8 + maxHead}
	x.connected(t, reused)
	t.listen(x.heard)
}

// headCopy gives the response's header as heard so far.
func (l *listener) headCopy(t *tap) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]byte(nil), l.head...)
}

// readAll reads a body into memory and notes its hash.
func (f *fetcher) readAll(x *fetched) []byte {
	b, err := io.ReadAll(x.body)
	if err != nil {
		x.Failure = FailureOf(err)
	}
	sum := sha256.Sum256(b)
	x.Bytes, x.SHA256 = int64(len(b)), hex.EncodeToString(sum[:])
	return b
}

// finish ends an exchange: the connection goes back to the pool when all was
// read, and is closed otherwise.
func (f *fetcher) finish(x *fetched) {
	if x.finished {
		return
	}
	x.finished = true
	if x.resp != nil {
		if x.Failure == nil {
			io.CopyN(io.Discard, x.resp.Body, 1) // meets the end, so that the connection can be used again
		}
		x.resp.Body.Close()
	}
	x.cancel()
	if x.conn != nil {
		x.conn.leave(x.heard)
	}
	x.End = f.now()
	x.Cut = cutOf(x)
}

// cutOf says why the record of an exchange is not whole, in the words of WARC
// 1.1 5.13.
func cutOf(x *fetched) string {
	switch {
	case x.heard != nil && x.heard.cut:
		return "length"
	case x.Failure == nil || x.resp == nil:
		return ""
	case x.Failure.Reason == ReasonTimeout:
		return "time"
	case x.Failure.Reason == ReasonTooLarge || x.Failure.Reason == ReasonBomb:
		return "length"
	}
	return "disconnect"
}

// maxURL bounds an address, in bytes.
const maxURL = 8192

// CheckURL refuses what is no web address, with a *Failure. Whether it may be
// dialled is for the guard to say.
func CheckURL(address string) (*url.URL, error) {
	if len(address) > maxURL {
		return nil, fail(ReasonBadURL, "longer than %d bytes", maxURL)
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, fail(ReasonBadURL, "%v", errors.Unwrap(err))
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fail(ReasonBadURL, "the scheme %q is not fetched", u.Scheme)
	case u.Hostname() == "":
		return nil, fail(ReasonBadURL, "no host")
	case u.User != nil:
		return nil, fail(ReasonBadURL, "it carries a user name")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}
