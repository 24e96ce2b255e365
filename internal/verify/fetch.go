package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"

	"golang.org/x/net/publicsuffix"

	"github.com/staydown/staydown/internal/capture"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/verify/rules"
)

// Vantage is a place to look from. Its client comes from the guarded dialer and
// follows no redirect.
type Vantage struct {
	Name    string // "direct", or the proxy's name
	Country string // ISO 3166-1 alpha-2
	Client  *http.Client
}

// fetch asks for an address from one place and follows where it leads.
func (k *Looker) fetch(ctx context.Context, v Vantage, address string) rules.Look {
	ctx, cancel := context.WithTimeout(ctx, k.Limits.Whole)
	defer cancel()
	l := rules.Look{Asked: address, Reached: address}
	client, err := visitor(v.Client)
	if err != nil {
		l.Failure = capture.ReasonUnexplained
		return l
	}
	for range k.Limits.Redirects + 1 {
		next, failure := k.step(ctx, client, &l)
		if failure != nil {
			l.Failure = failure.Reason
			return l
		}
		if next == "" {
			return l
		}
		l.Reached = next
	}
	l.Failure = capture.ReasonRedirects
	return l
}

// visitor is a client that keeps cookies for one visit.
func visitor(c *http.Client) (*http.Client, error) {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, err
	}
	own := *c
	own.Jar = jar
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own, nil
}

// step asks for where the look has come to, and returns where it leads on.
func (k *Looker) step(ctx context.Context, client *http.Client, l *rules.Look) (string, *capture.Failure) {
	resp, err := k.ask(ctx, client, l.Reached)
	if err != nil {
		return "", capture.FailureOf(err)
	}
	defer resp.Body.Close()
	l.Status, l.Header = resp.StatusCode, resp.Header
	if to, ok := leadsTo(resp, l.Reached); ok {
		io.CopyN(io.Discard, resp.Body, 64<<10)
		if _, err := capture.CheckURL(to); err != nil {
			return "", &capture.Failure{Reason: capture.ReasonBadRedirect}
		}
		return to, nil
	}
	return "", k.read(resp, l)
}

// ask makes one request, in the name of the desk.
func (k *Looker) ask(ctx context.Context, client *http.Client, address string) (*http.Response, error) {
	u, err := capture.CheckURL(address)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", address, err)
	}
	req.Header.Set("User-Agent", k.Headers.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	req.Header.Set("Accept-Encoding", "gzip, deflate")
	if k.Headers.AcceptLanguage != "" {
		req.Header.Set("Accept-Language", k.Headers.AcceptLanguage)
	}
	return client.Do(req)
}

// leadsTo is where a redirect leads.
func leadsTo(resp *http.Response, from string) (string, bool) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", false
	}
	base, err := url.Parse(from)
	if err != nil || resp.Header.Get("Location") == "" {
		return "", false
	}
	to, err := base.Parse(resp.Header.Get("Location"))
	if err != nil {
		return "", false
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String(), true
}

// read reads what came: a page into memory, a file only for its hash.
func (k *Looker) read(resp *http.Response, l *rules.Look) *capture.Failure {
	body, err := capture.OpenBody(resp, k.Limits.Medium, k.Limits.Ratio)
	if err != nil {
		return capture.FailureOf(err)
	}
	head := make([]byte, 1024)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return capture.FailureOf(err)
	}
	head = head[:n]
	declared := resp.Header.Get("Content-Type")
	if !capture.IsPage(declared, evidence.Sniff(head)) {
		return k.readFile(io.MultiReader(bytes.NewReader(head), body), l)
	}
	rest, err := io.ReadAll(io.LimitReader(body, k.Limits.Page))
	if err != nil {
		return capture.FailureOf(err)
	}
	k.readPage(append(head, rest...), resp.Header, l)
	return nil
}

// readPage reads a page and judges what it holds.
func (k *Looker) readPage(b []byte, header http.Header, l *rules.Look) {
	sum := sha256.Sum256(b)
	reached := l.Reached
	*l = rules.NewLook(l.Asked, l.Reached, l.Status, header, b, "")
	l.SHA256 = hex.EncodeToString(sum[:])
	l.Held = string(capture.Judge(capture.Response{
		Asked: l.Asked, Reached: reached, Status: l.Status, Header: header, Page: l.Page, Reading: l.Reading, Bytes: int64(len(b)),
	}).Kind)
}

// readFile hashes a file.
func (k *Looker) readFile(r io.Reader, l *rules.Look) *capture.Failure {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return capture.FailureOf(err)
	}
	l.SHA256 = hex.EncodeToString(h.Sum(nil))
	l.Held = string(capture.Judge(capture.Response{Asked: l.Asked, Reached: l.Reached, Status: l.Status, Header: l.Header, Bytes: n}).Kind)
	return nil
}
