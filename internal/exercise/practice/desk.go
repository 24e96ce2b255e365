package practice

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Desk is the installation under test, as POST /connect introduces it.
type Desk struct {
	Address  string            `json:"address"`   // where to dial, whatever host a URL names: "127.0.0.1:8080"
	DoorBase string            `json:"door_base"` // links to the door must begin with it; empty: any
	Bearer   map[string]string `json:"bearer"`    // provider name -> key for answers by API
	Keys     []PublicKey       `json:"keys"`      // of the desk's JWS; none: unsigned letters are taken
	SMIME    string            `json:"smime"`     // PEM of the desk's signers or their issuers; empty: unsigned mails are taken
	JWKS     []json.RawMessage `json:"jwks"`      // the same as key sets (RFC 7517), one for each authority
}

// unpack takes the key sets apart: Ed25519 keys sign webhook letters, and
// certificates (x5c) sign mails.
func (d Desk) unpack() (Desk, error) {
	for _, raw := range d.JWKS {
		var set struct {
			Keys []struct {
				Kty, Crv, Kid, X string
				X5C              []string `json:"x5c"`
			} `json:"keys"`
		}
		if err := json.Unmarshal(raw, &set); err != nil {
			return d, fmt.Errorf("reading the desk's keys: %w", err)
		}
		for _, k := range set.Keys {
			if k.Kty == "OKP" && k.Crv == "Ed25519" {
				d.Keys = append(d.Keys, PublicKey{Kid: k.Kid, X: k.X})
			}
			for _, cert := range k.X5C {
				der, err := base64.StdEncoding.DecodeString(cert)
				if err != nil {
					return d, fmt.Errorf("reading the desk's certificates: %w", err)
				}
				d.SMIME += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
			}
		}
	}
	d.JWKS = nil
	return d, nil
}

// maxReply bounds what is read of a desk's reply.
const maxReply = 16 << 20

// client reaches the desk and nothing else: every dial goes to its loopback
// address.
func (d Desk) client() (*http.Client, error) {
	host, _, err := net.SplitHostPort(d.Address)
	if err != nil {
		return nil, fmt.Errorf("reaching the desk at %q: %w", d.Address, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("reaching the desk at %q: not a loopback address", d.Address)
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Client{
		Timeout: time.Minute,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, d.Address)
			},
			MaxIdleConnsPerHost: 4,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// plainURL turns an address in a letter into one that can be dialled: the desk
// of an exercise listens without TLS on loopback, under whatever name it
// prints.
func plainURL(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("not an address: %.200q", raw)
	}
	u.Scheme = "http"
	return u.String(), nil
}

// readAll reads a bounded reply and closes it.
func readAll(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	return io.ReadAll(io.LimitReader(res.Body, maxReply))
}
