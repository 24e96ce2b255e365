package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"code.dny.dev/ssrf"
)

// Guard opens connections under a Policy. It is safe for concurrent use and
// never changes after New.
type Guard struct {
	policy  Policy
	byName  map[admitted]netip.AddrPort // Purpose and name to pair
	byPair  map[admitted]bool           // Purpose and pair
	ports   map[Purpose][]uint16
	network *ssrf.Guardian // judges addresses; ports are judged by us, per purpose
	tls     *tls.Config
}

// admitted is the key of an admission: a purpose, and a name or a pair.
type admitted struct {
	purpose Purpose
	what    string
}

// wireServer is the address at which Azure machines find their platform; it
// lies in public space, so no registry lists it.
var wireServer = netip.MustParsePrefix("168.63.129.16/32")

// New builds a guard. It fails when an admission is not an exact pair, or names
// no host and port.
func New(policy Policy) (*Guard, error) {
	policy = policy.withDefaults()
	g := &Guard{
		policy: policy,
		byName: map[admitted]netip.AddrPort{},
		byPair: map[admitted]bool{},
		ports:  policy.Ports,
	}
	for _, a := range policy.Admit {
		if err := g.admit(a); err != nil {
			return nil, err
		}
	}
	g.network = guardian(policy.Deny)
	g.tls = tlsConfig(policy)
	return g, nil
}

// admit enters one admission.
func (g *Guard) admit(a Admission) error {
	if !a.Pair.IsValid() || a.Pair.Port() == 0 || a.Purpose == "" {
		return fmt.Errorf("admitting %q for %q: an exact address and port and a purpose are needed", a.Pair, a.Purpose)
	}
	pair := unmap(a.Pair)
	if a.Name == "" {
		g.byPair[admitted{a.Purpose, pair.String()}] = true
		return nil
	}
	host, port, err := net.SplitHostPort(a.Name)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("admitting %q for %s: a host and a port are needed", a.Name, a.Purpose)
	}
	g.byName[admitted{a.Purpose, nameKey(host, port)}] = pair
	return nil
}

// nameKey is the spelling under which names are admitted and asked for.
func nameKey(host, port string) string {
	return net.JoinHostPort(strings.ToLower(strings.TrimSuffix(host, ".")), port)
}

// guardian judges networks, without ports. The machine's own addresses are
// denied too: a service that a firewall hides from the world would be open to
// a dial from inside.
func guardian(deny []netip.Prefix) *ssrf.Guardian {
	deny = append(slices.Clone(deny), wireServer)
	deny = append(deny, ownAddresses()...)
	var v4, v6 []netip.Prefix
	for _, p := range deny {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(v4...), ssrf.WithDeniedV6Prefixes(v6...))
}

// ownAddresses are the addresses of this machine's interfaces. Failing to read
// them leaves the registry's list, which covers all but public ones.
func ownAddresses() []netip.Prefix {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var out []netip.Prefix
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		ip := p.Addr().Unmap().WithZone("")
		out = append(out, netip.PrefixFrom(ip, ip.BitLen()))
	}
	return out
}

// tlsConfig is the TLS side of a policy.
func tlsConfig(p Policy) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(256)}
	if len(p.Roots) == 0 && !p.Only {
		return c // nil RootCAs means the system's
	}
	pool := x509.NewCertPool()
	if !p.Only {
		if system, err := x509.SystemCertPool(); err == nil {
			pool = system
		}
	}
	for _, root := range p.Roots {
		pool.AddCert(root)
	}
	c.RootCAs = pool
	return c
}

// TLS is a fresh copy of the TLS configuration: TLS 1.2 or newer, certificates
// always verified, the policy's extra roots trusted.
func (g *Guard) TLS() *tls.Config { return g.tls.Clone() }

// listed tells whether only listed pairs are open to a purpose: in an exercise
// always, and for proxies, since a proxy sees everything that is asked.
func (g *Guard) listed(p Purpose) bool { return g.policy.Only || p == Proxy }

// check judges one exact address for a purpose. It is the last word before a
// connection is made.
func (g *Guard) check(p Purpose, asked string, pair netip.AddrPort) (byAdmission bool, err error) {
	pair = unmap(pair)
	if g.byPair[admitted{p, pair.String()}] {
		return true, nil
	}
	if g.listed(p) {
		return false, &Refusal{p, asked, GroundList, pair.String()}
	}
	if err := g.checkPort(p, asked, pair.Port()); err != nil {
		return false, err
	}
	if err := g.network.SafeAddr(pair.Addr()); err != nil {
		if !errors.Is(err, ssrf.ErrProhibitedIP) {
			return false, fmt.Errorf("judging %s: %w", pair, err)
		}
		return false, &Refusal{p, asked, GroundAddress, pair.Addr().String()}
	}
	return false, nil
}

// checkPort judges a port for a purpose.
func (g *Guard) checkPort(p Purpose, asked string, port uint16) error {
	ports, ok := g.ports[p]
	if !ok {
		ports = usualPorts(p)
	}
	if slices.Contains(ports, port) {
		return nil
	}
	return &Refusal{p, asked, GroundPort, fmt.Sprint(port)}
}

// unmap turns an IPv4 address in IPv6 clothes (::ffff:127.0.0.1) into itself
// and drops a zone, so that one address has one spelling.
func unmap(pair netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(pair.Addr().Unmap().WithZone(""), pair.Port())
}
