package dial

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// maxProxyHead bounds the header of a proxy's answer, in bytes.
const maxProxyHead = 16 << 10

// Via is a named proxy through which a look is taken from another country. It
// speaks CONNECT (RFC 9110 9.3.6). The proxy itself must be admitted for the
// purpose Proxy; names are resolved behind it, not here.
type Via struct {
	Name     string // as the desk calls it, for example "direct-de"
	Country  string // ISO 3166-1 alpha-2
	Address  string // host:port
	User     string // for Basic authentication, when not empty
	Password string
}

// Through gives the dialling function of a purpose that goes through a proxy.
// What is asked for must still be a public name or address on a usual port, or
// be admitted by name; a proxy's refusal is a *ProxyError.
func (g *Guard) Through(p Purpose, via Via) Func {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		t, err := parseTarget(p, network, address)
		if err != nil {
			return nil, err
		}
		asked, err := g.checkBehind(p, t)
		if err != nil {
			return nil, err
		}
		c, err := g.dial(ctx, Proxy, network, via.Address)
		if err != nil {
			return nil, fmt.Errorf("reaching proxy %s: %w", via.Name, err)
		}
		if err := g.tunnel(ctx, c, via, asked); err != nil {
			c.Close()
			return nil, err
		}
		c.facts.Asked, c.facts.Via = t.asked, via.Name
		return c, nil
	}
}

// checkBehind judges a target that a proxy will resolve: by name, since no
// address is known, and by address when it is one. It returns the host:port to
// ask the proxy for, in a spelling that was checked.
func (g *Guard) checkBehind(p Purpose, t target) (string, error) {
	port := strconv.Itoa(int(t.port))
	if key := nameKey(t.host, port); g.isNamed(p, key) {
		return key, nil
	}
	if t.ip.IsValid() {
		pair := netip.AddrPortFrom(t.ip, t.port)
		_, err := g.check(p, t.asked, pair)
		return pair.String(), err
	}
	if g.listed(p) {
		return "", &Refusal{p, t.asked, GroundList, t.host}
	}
	if err := g.checkPort(p, t.asked, t.port); err != nil {
		return "", err
	}
	name, err := checkName(t.host)
	if err != nil {
		return "", &Refusal{p, t.asked, GroundName, err.Error()}
	}
	return net.JoinHostPort(name, port), nil
}

// isNamed tells whether a host:port is admitted by name.
func (g *Guard) isNamed(p Purpose, key string) bool {
	_, ok := g.byName[admitted{p, key}]
	return ok
}

// tunnel asks the proxy to connect c to the target.
func (g *Guard) tunnel(ctx context.Context, c *Conn, via Via, asked string) error {
	deadline := time.Now().Add(g.policy.ConnectWithin)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	if err := c.SetDeadline(deadline); err != nil {
		return fmt.Errorf("asking proxy %s: %w", via.Name, err)
	}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := c.Write(connectRequest(via, asked)); err != nil {
		return fmt.Errorf("asking proxy %s: %w", via.Name, err)
	}
	status, err := readConnectAnswer(c)
	if err != nil {
		return fmt.Errorf("asking proxy %s: %w", via.Name, err)
	}
	if status != http.StatusOK {
		return &ProxyError{Proxy: via.Name, Asked: asked, Status: status}
	}
	if !stop() {
		return ctx.Err()
	}
	return c.SetDeadline(time.Time{})
}

// connectRequest is the CONNECT request for a target that checkBehind spelled.
func connectRequest(via Via, asked string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", asked, asked)
	if via.User != "" {
		pair := base64.StdEncoding.EncodeToString([]byte(via.User + ":" + via.Password))
		fmt.Fprintf(&b, "Proxy-Authorization: Basic %s\r\n", pair)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// readConnectAnswer reads exactly the header of the proxy's answer, byte by
// byte so that nothing of what the target says is swallowed, and returns its
// status.
func readConnectAnswer(c io.Reader) (int, error) {
	head := make([]byte, 0, 256)
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if len(head) == maxProxyHead {
			return 0, errors.New("the answer has no end")
		}
		if _, err := io.ReadFull(c, one); err != nil {
			return 0, fmt.Errorf("reading the answer: %w", err)
		}
		head = append(head, one[0])
	}
	answer, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(head)), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return 0, fmt.Errorf("reading the answer: %w", err)
	}
	return answer.StatusCode, nil
}
