package exercise

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/staydown/staydown"
)

// desk speaks the desk's JSON API as one person: officers of an exercise have no other way in.
type desk struct {
	base  string
	token string
	http  *http.Client
}

// newHTTP makes a client that reaches one loopback address and nothing else.
func newHTTP(address string) *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, address)
		},
		MaxIdleConnsPerHost: 16,
	}}
}

func (d desk) get(ctx context.Context, path string, out any) error {
	return d.do(ctx, http.MethodGet, path, "", nil, out)
}

func (d desk) post(ctx context.Context, path string, in, out any) error {
	body := []byte("{}")
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	return d.do(ctx, http.MethodPost, path, "application/json", body, out)
}

// do asks once; what the desk refuses comes back as the Error it sent.
func (d desk) do(ctx context.Context, method, path, kind string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, d.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := d.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 256<<20))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode >= 300 {
		var p struct {
			Error staydown.Error `json:"error"`
		}
		if json.Unmarshal(b, &p) == nil && p.Error.Code != "" {
			return &p.Error
		}
		return fmt.Errorf("%s %s: %s: %.300s", method, path, res.Status, b)
	}
	if out == nil || len(b) == 0 {
		return nil
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = b
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// providers is the control door of the practice providers.
type providers struct {
	base  string
	token string
	http  *http.Client
}

func openProviders(f File) (providers, error) {
	u, err := url.Parse(f.Control)
	if err != nil {
		return providers{}, fmt.Errorf("reading the providers file: %w", err)
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return providers{}, fmt.Errorf("the practice providers must be on loopback, not at %s", u.Host)
	}
	return providers{f.Control, f.ControlToken, newHTTP(u.Host)}, nil
}

func (p providers) get(ctx context.Context, path string, out any) error {
	return desk{p.base, p.token, p.http}.get(ctx, path, out)
}

func (p providers) post(ctx context.Context, path string, in, out any) error {
	return desk{p.base, p.token, p.http}.post(ctx, path, in, out)
}

// step is what the providers did up to a time.
type step struct {
	Next  string `json:"next"`
	Did   int    `json:"did"`
	Finds int    `json:"finds"`
}

// advance lets the providers do what is due.
func (p providers) advance(ctx context.Context, now time.Time) (step, time.Time, error) {
	var s step
	if err := p.post(ctx, "/now", map[string]any{"now": now}, &s); err != nil {
		return s, time.Time{}, fmt.Errorf("letting the providers act: %w", err)
	}
	if s.Next == "" {
		return s, time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, s.Next)
	return s, at, err
}
