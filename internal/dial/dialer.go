package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

// Func opens a connection; it has the shape net/http and mail clients ask for.
type Func func(ctx context.Context, network, address string) (net.Conn, error)

// Dialer gives the dialling function of a purpose. Connections it opens are
// *Conn. A refusal is a *Refusal.
func (g *Guard) Dialer(p Purpose) Func {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		return g.dial(ctx, p, network, address)
	}
}

// target is a host:port taken apart.
type target struct {
	asked string // as given
	host  string
	port  uint16
	ip    netip.Addr // set when the host is an address
}

// parseTarget takes host:port apart; only TCP and numeric ports are known.
func parseTarget(p Purpose, network, address string) (target, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return target{}, &Refusal{p, address, GroundNetwork, network}
	}
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return target{}, &Refusal{p, address, GroundName, "not host:port"}
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil || port == 0 {
		return target{}, &Refusal{p, address, GroundPort, portText}
	}
	t := target{asked: address, host: host, port: uint16(port)}
	if ip, err := netip.ParseAddr(host); err == nil {
		t.ip = ip.Unmap().WithZone("")
	}
	return t, nil
}

// dial opens one connection.
func (g *Guard) dial(ctx context.Context, p Purpose, network, address string) (*Conn, error) {
	t, err := parseTarget(p, network, address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.policy.ConnectWithin)
	defer cancel()
	if pair, ok := g.byName[admitted{p, nameKey(t.host, strconv.Itoa(int(t.port)))}]; ok {
		return g.connectAdmitted(ctx, p, network, t, pair)
	}
	if t.ip.IsValid() {
		return g.connect(ctx, p, network, t, nil, []netip.Addr{t.ip})
	}
	answers, err := g.resolve(ctx, p, t)
	if err != nil {
		return nil, err
	}
	return g.connect(ctx, p, network, t, answers, answers)
}

// resolve asks for a name's addresses, after judging the name itself.
func (g *Guard) resolve(ctx context.Context, p Purpose, t target) ([]netip.Addr, error) {
	if g.listed(p) {
		return nil, &Refusal{p, t.asked, GroundList, t.host}
	}
	name, err := checkName(t.host)
	if err != nil {
		return nil, &Refusal{p, t.asked, GroundName, err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, g.policy.ResolveWithin)
	defer cancel()
	answers, err := g.policy.Resolve.LookupNetIP(ctx, "ip", name)
	if err != nil {
		return nil, fmt.Errorf("resolving %s: %w", name, err)
	}
	for i := range answers {
		answers[i] = answers[i].Unmap().WithZone("")
	}
	if len(answers) > maxAnswers {
		answers = answers[:maxAnswers]
	}
	if len(answers) == 0 {
		return nil, fmt.Errorf("resolving %s: %w", name, &net.DNSError{Err: "no address", Name: name, IsNotFound: true})
	}
	return answers, nil
}

// connect tries the addresses in turn until one answers. When none does, a
// refusal is told only if the guard refused them all: otherwise the network's
// own error says more.
func (g *Guard) connect(ctx context.Context, p Purpose, network string, t target, answers, try []netip.Addr) (*Conn, error) {
	var failed error
	for i, ip := range try {
		c, err := g.connectOne(ctx, p, network, t, netip.AddrPortFrom(ip, t.port), len(try)-i)
		if err == nil {
			c.facts.Answers = answers
			return c, nil
		}
		if failed == nil || errors.Is(failed, ErrRefused) {
			failed = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// connectOne dials one address. The judgement is made by the socket's control
// function, on the address the system was really given.
func (g *Guard) connectOne(ctx context.Context, p Purpose, network string, t target, pair netip.AddrPort, left int) (*Conn, error) {
	ctx, cancel := share(ctx, left)
	defer cancel()
	var exception bool
	d := net.Dialer{ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		real, err := netip.ParseAddrPort(address)
		if err != nil {
			return &Refusal{p, t.asked, GroundAddress, address}
		}
		if exception, err = g.check(p, t.asked, real); err != nil {
			return err
		}
		if exception {
			g.policy.Used(Use{p, t.asked, unmap(real)})
		}
		return nil
	}}
	return g.open(ctx, &d, network, t, pair, &exception)
}

// connectAdmitted dials the pair that a name was admitted with, and that pair
// only.
func (g *Guard) connectAdmitted(ctx context.Context, p Purpose, network string, t target, pair netip.AddrPort) (*Conn, error) {
	exception := true
	d := net.Dialer{ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		real, err := netip.ParseAddrPort(address)
		if err != nil || unmap(real) != pair {
			return &Refusal{p, t.asked, GroundList, address}
		}
		g.policy.Used(Use{p, t.asked, pair})
		return nil
	}}
	return g.open(ctx, &d, network, t, pair, &exception)
}

// open makes the connection and notes its facts.
func (g *Guard) open(ctx context.Context, d *net.Dialer, network string, t target, pair netip.AddrPort, exception *bool) (*Conn, error) {
	c, err := d.DialContext(ctx, network, pair.String())
	if err != nil {
		var r *Refusal
		if errors.As(err, &r) {
			return nil, r
		}
		return nil, fmt.Errorf("dialling %s: %w", t.asked, err)
	}
	return &Conn{Conn: c, facts: Facts{Asked: t.asked, Remote: pair, Admitted: *exception}}, nil
}

// share gives one of several addresses its part of the time that is left, so
// that a dead first address does not use up the time of the next.
func share(ctx context.Context, left int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok || left <= 1 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, max(time.Until(deadline)/time.Duration(left), 2*time.Second))
}
