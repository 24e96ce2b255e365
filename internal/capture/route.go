package capture

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Route is a way out: directly or through a named proxy. Its transport comes
// from the guarded dialer.
type Route struct {
	Name      string // "direct", or the proxy's name
	Country   string // where it comes out, ISO 3166-1 alpha-2
	Transport *http.Transport
}

// tapped makes a transport like the route's whose connections can be listened
// to. It speaks HTTP/1.1 only, since what is listened to must be what is kept.
func (r Route) tapped() *http.Transport {
	t := r.Transport.Clone()
	dial, config, within := t.DialContext, t.TLSClientConfig, t.TLSHandshakeTimeout
	t.ForceAttemptHTTP2 = false
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	t.DisableCompression = true
	t.MaxResponseHeaderBytes = maxHead
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &tap{Conn: c}, nil
	}
	t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return handshake(ctx, c, config, address, within)
	}
	return t
}

// handshake makes a connection secret and verifies who is at its other end.
func handshake(ctx context.Context, c net.Conn, config *tls.Config, address string, within time.Duration) (*tap, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		c.Close()
		return nil, fail(ReasonBadURL, "%s has no port", address)
	}
	config = config.Clone()
	config.ServerName = host
	config.NextProtos = []string{"http/1.1"}
	ctx, cancel := context.WithTimeout(ctx, orElse(within, 10*time.Second))
	defer cancel()
	secret := tls.Client(c, config)
	if err := secret.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, err
	}
	state := secret.ConnectionState()
	return &tap{Conn: secret, tls: &state}, nil
}
