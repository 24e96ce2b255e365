package dial

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"time"
)

// Resolver turns a host name into addresses; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Policy is what a Guard is built from. The zero Policy admits the public
// internet on ports 80 and 443 and nothing else.
type Policy struct {
	// Admit lists what may be reached besides the public internet.
	Admit []Admission

	// Only turns the guard into an exercise's: what Admit does not list is not
	// dialled, and no name is ever resolved.
	Only bool

	// Ports replaces the usual ports of a purpose (80 and 443; mail 25, 465
	// and 587).
	Ports map[Purpose][]uint16

	// Deny lists further networks that are never dialled.
	Deny []netip.Prefix

	// Resolve answers for names; nil asks the system.
	Resolve Resolver

	// Used is told of every dial that an admission let through, before the
	// connection is made. It must not block, and is called by several goroutines
	// at once.
	Used func(Use)

	// Roots are certificate authorities trusted besides the system's; with Only
	// they are the only ones trusted.
	Roots []*x509.Certificate

	// ResolveWithin, ConnectWithin and HandshakeWithin bound the three steps of
	// opening a connection; zero means 5, 10 and 10 seconds of the machine's
	// clock.
	ResolveWithin, ConnectWithin, HandshakeWithin time.Duration
}

// maxAnswers bounds how many addresses of one DNS answer are kept and tried.
const maxAnswers = 8

// usualPorts are the ports of a purpose when Policy.Ports does not say.
func usualPorts(p Purpose) []uint16 {
	if p == Mail {
		return []uint16{25, 465, 587}
	}
	return []uint16{80, 443}
}

// withDefaults fills what the caller left open.
func (p Policy) withDefaults() Policy {
	if p.Resolve == nil {
		p.Resolve = net.DefaultResolver
	}
	if p.Used == nil {
		p.Used = func(Use) {}
	}
	p.ResolveWithin = orElse(p.ResolveWithin, 5*time.Second)
	p.ConnectWithin = orElse(p.ConnectWithin, 10*time.Second)
	p.HandshakeWithin = orElse(p.HandshakeWithin, 10*time.Second)
	return p
}

// orElse is d, or the default when d is not set.
func orElse(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}
