package dial

import (
	"net/http"
	"time"
)

// Options shape an HTTP client. Zero values mean 8 connections to one host,
// 64 KiB of response header, 30 seconds for the header to come, 90 seconds of
// idleness.
type Options struct {
	Via          *Via          // through this proxy, direct when nil
	PerHost      int           // connections to one host at the same time
	MaxHeader    int64         // bytes of response header
	HeaderWithin time.Duration // from the request's end to the response's header
	IdleFor      time.Duration // how long an unused connection is kept
}

// Transport builds a pooled HTTP/1.1 transport on the guard. It never looks at
// the environment's proxy settings, and does not decompress by itself, so that
// a reader can bound what comes out.
//
// HTTP/1.1 is spoken on purpose: what a server sent can then be kept byte by
// byte.
func (g *Guard) Transport(p Purpose, o Options) *http.Transport {
	dial := g.Dialer(p)
	if o.Via != nil {
		dial = g.Through(p, *o.Via)
	}
	return &http.Transport{
		DialContext:            dial,
		TLSClientConfig:        g.TLS(),
		TLSHandshakeTimeout:    g.policy.HandshakeWithin,
		MaxConnsPerHost:        orElseInt(o.PerHost, 8),
		MaxIdleConnsPerHost:    orElseInt(o.PerHost, 8),
		MaxIdleConns:           256,
		IdleConnTimeout:        orElse(o.IdleFor, 90*time.Second),
		ResponseHeaderTimeout:  orElse(o.HeaderWithin, 30*time.Second),
		MaxResponseHeaderBytes: int64(orElseInt(int(o.MaxHeader), 64<<10)),
		DisableCompression:     true,
	}
}

// Client is an HTTP client on Transport. It follows no redirect: the answer is
// handed back as it came, and whoever follows one dials again through the
// guard.
func (g *Guard) Client(p Purpose, o Options) *http.Client {
	return &http.Client{
		Transport:     g.Transport(p, o),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// orElseInt is n, or the default when n is not set.
func orElseInt(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}
