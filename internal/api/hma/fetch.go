package hma

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/dial"
)

// Fetcher gets what url= points at. The zero Fetcher gets nothing.
type Fetcher struct {
	// Client dials through the guard, which keeps it off private addresses, and
	// follows no redirect by itself.
	Client *http.Client
	// Hosts are the only ones that may be asked: a name, a name with a port, or
	// ".name" for all below it. Empty: whatever the guard lets through.
	Hosts []string
	// Agent says who fetches.
	Agent string
}

// The bounds of one fetch.
const (
	mostRedirects = 5
	mostAddress   = 8 << 10 // bytes of an address
	fetchTime     = 2 * time.Minute
)

var (
	noURL      = bad("Missing 'url' request parameter")
	invalidURL = bad("Invalid URL")
	notThere   = bad("Invalid URL: this server does not fetch from there")
)

// open gets a body of at most so many bytes, and its media type. Every hop is
// checked anew, by the list and by the guard.
func (f Fetcher) open(ctx context.Context, address string, most int64) (io.ReadCloser, string, error) {
	if f.Client == nil {
		return nil, "", notThere
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	for range mostRedirects + 1 {
		u, err := f.check(address)
		if err != nil {
			cancel()
			return nil, "", err
		}
		resp, err := f.get(ctx, u)
		if err != nil {
			cancel()
			return nil, "", err
		}
		next := resp.Header.Get("Location")
		if resp.StatusCode/100 == 3 && next != "" {
			resp.Body.Close()
			to, err := u.Parse(next)
			if err != nil {
				cancel()
				return nil, "", invalidURL
			}
			address = to.String()
			continue
		}
		if err := sound(resp, most); err != nil {
			resp.Body.Close()
			cancel()
			return nil, "", err
		}
		return body{resp.Body, cancel}, strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Type"))), nil
	}
	cancel()
	return nil, "", bad("Invalid URL: too many redirects")
}

// body ends its request's time when it is closed.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

func (f Fetcher) get(ctx context.Context, u *url.URL) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, invalidURL
	}
	r.Header.Set("User-Agent", f.Agent)
	r.Header.Set("Accept-Encoding", "identity")
	resp, err := f.Client.Do(r)
	switch {
	case errors.Is(err, dial.ErrRefused):
		return nil, notThere // not why: an answer must not map what is behind the guard
	case err != nil:
		return nil, bad("the URL cannot be fetched")
	}
	return resp, nil
}

func sound(resp *http.Response, most int64) error {
	if resp.StatusCode != http.StatusOK {
		return bad("the URL cannot be fetched: its server answered " + resp.Status)
	}
	if resp.ContentLength > most {
		return tooLarge
	}
	return nil
}

// check reads an address and refuses one that is not on the list.
func (f Fetcher) check(address string) (*url.URL, error) {
	if address == "" {
		return nil, noURL
	}
	if len(address) > mostAddress {
		return nil, invalidURL
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, invalidURL
	}
	if len(f.Hosts) > 0 && !slices.ContainsFunc(f.Hosts, func(h string) bool { return listed(h, u) }) {
		return nil, notThere
	}
	return u, nil
}

// listed reports whether an entry of the list lets an address through.
func listed(entry string, u *url.URL) bool {
	entry = strings.ToLower(entry)
	host, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if port != "" && port != "80" && port != "443" || strings.Contains(entry, ":") {
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return entry == host+":"+port
	}
	if suffix, ok := strings.CutPrefix(entry, "."); ok {
		return strings.HasSuffix(host, "."+suffix)
	}
	return host == entry
}
