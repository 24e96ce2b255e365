package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// answers is a resolver that gives its lists one after the other, the last one
// for ever.
type answers struct {
	mu    sync.Mutex
	lists [][]netip.Addr
	asked []string
}

func (a *answers) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, host)
	list := a.lists[0]
	if len(a.lists) > 1 {
		a.lists = a.lists[1:]
	}
	return list, nil
}

func addrs(texts ...string) []netip.Addr {
	var out []netip.Addr
	for _, t := range texts {
		out = append(out, netip.MustParseAddr(t))
	}
	return out
}

// listen opens a listener that counts who came.
func listen(t *testing.T, address string) (netip.AddrPort, *sync.Map) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this machine cannot listen on %s: %v", address, err)
	}
	var came sync.Map
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Store(c.RemoteAddr().String(), true)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().(*net.TCPAddr).AddrPort(), &came
}

func nobody(t *testing.T, came *sync.Map) {
	t.Helper()
	came.Range(func(k, _ any) bool { t.Errorf("%v got through", k); return true })
}

func mustGuard(t *testing.T, p Policy) *Guard {
	t.Helper()
	g, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func refusedFor(t *testing.T, err error, want Ground) {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || !errors.Is(err, ErrRefused) {
		t.Fatalf("not refused: %v", err)
	}
	if r.Ground != want {
		t.Errorf("refused for %s (%s), want %s", r.Ground, r.Detail, want)
	}
}

func TestRefusedAddresses(t *testing.T) {
	g := mustGuard(t, Policy{Ports: map[Purpose][]uint16{Capture: {80, 443, 8080}}})
	for name, c := range map[string]struct {
		address string
		want    Ground
	}{
		"loopback":                 {"127.0.0.1:80", GroundAddress},
		"all loopback":             {"127.8.9.10:443", GroundAddress},
		"loopback six":             {"[::1]:80", GroundAddress},
		"unspecified":              {"0.0.0.0:80", GroundAddress},
		"unspecified six":          {"[::]:80", GroundAddress},
		"private ten":              {"10.1.2.3:80", GroundAddress},
		"private 172":              {"172.16.0.1:80", GroundAddress},
		"private 192":              {"192.168.1.1:443", GroundAddress},
		"unique local":             {"[fd00::1]:80", GroundAddress},
		"link-local, cloud keys":   {"169.254.169.254:80", GroundAddress},
		"cloud keys six":           {"[fd00:ec2::254]:80", GroundAddress},
		"cloud wire server":        {"168.63.129.16:80", GroundAddress},
		"link-local six":           {"[fe80::1]:80", GroundAddress},
		"with a zone":              {"[fe80::1%lo]:80", GroundAddress},
		"shared space":             {"100.64.0.1:80", GroundAddress},
		"shared space, cloud keys": {"100.100.100.200:80", GroundAddress},
		"multicast":                {"224.0.0.1:80", GroundAddress},
		"broadcast":                {"255.255.255.255:80", GroundAddress},
		"mapped loopback":          {"[::ffff:127.0.0.1]:80", GroundAddress},
		"mapped in hex":            {"[::ffff:7f00:1]:80", GroundAddress},
		"compatible loopback":      {"[::127.0.0.1]:80", GroundAddress},
		"NAT64 loopback":           {"[64:ff9b::7f00:1]:80", GroundAddress},
		"NAT64 public":             {"[64:ff9b::5db8:d822]:80", GroundAddress},
		"NAT64 local":              {"[64:ff9b:1::7f00:1]:80", GroundAddress},
		"6to4 loopback":            {"[2002:7f00:1::]:80", GroundAddress},
		"Teredo":                   {"[2001::1]:80", GroundAddress},
		"documentation":            {"192.0.2.1:80", GroundAddress},
		"port of a database":       {"93.184.216.34:5432", GroundPort},
		"port of SSH":              {"[2606:2800:220:1::1]:22", GroundPort},
		"port zero":                {"93.184.216.34:0", GroundPort},
		"named port":               {"93.184.216.34:http", GroundPort},
		"no port":                  {"93.184.216.34", GroundName},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := g.Dialer(Capture)(t.Context(), "tcp", c.address)
			refusedFor(t, err, c.want)
		})
	}
	t.Run("not TCP", func(t *testing.T) {
		for _, network := range []string{"udp", "unix", "ip", ""} {
			_, err := g.Dialer(Capture)(t.Context(), network, "93.184.216.34:80")
			refusedFor(t, err, GroundNetwork)
		}
	})
}

func TestPublicAddressesPass(t *testing.T) {
	g := mustGuard(t, Policy{})
	for _, pair := range []string{"93.184.216.34:80", "93.184.216.34:443", "[2606:2800:220:1::1]:443"} {
		exception, err := g.check(Capture, pair, netip.MustParseAddrPort(pair))
		if err != nil || exception {
			t.Errorf("%s: exception %v, err %v", pair, exception, err)
		}
	}
	if _, err := g.check(Mail, "m", netip.MustParseAddrPort("93.184.216.34:25")); err != nil {
		t.Errorf("mail to port 25: %v", err)
	}
	if _, err := g.check(Mail, "m", netip.MustParseAddrPort("93.184.216.34:443")); err == nil {
		t.Error("mail may dial the web")
	}
}

func TestRefusedNames(t *testing.T) {
	r := &answers{lists: [][]netip.Addr{addrs("93.184.216.34")}}
	g := mustGuard(t, Policy{Resolve: r})
	for _, host := range []string{
		"localhost", "LOCALHOST", "localhost.", "x.localhost", "db", "printer.local", "git.corp",
		"metadata.google.internal", "relay.example", "2130706433", "0x7f000001", "127.1", "0177.0.0.1",
		"1.2.3.4.5", "a..b.com", "-", "a b.com", "a\r\nb.com", "x.onion", "1.0.0.127.in-addr.arpa",
	} {
		_, err := g.Dialer(Capture)(t.Context(), "tcp", net.JoinHostPort(host, "80"))
		refusedFor(t, err, GroundName)
	}
	if len(r.asked) != 0 {
		t.Errorf("names were resolved all the same: %q", r.asked)
	}
}

// A name that answers with an open address first and with the desk's own
// machine later must not get there.
func TestRebinding(t *testing.T) {
	open, _ := listen(t, "127.0.0.1:0")
	inside, came := listen(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), open.Port()).String())
	r := &answers{lists: [][]netip.Addr{addrs("127.0.0.1"), addrs("127.0.0.2"), addrs("::ffff:127.0.0.2", "127.0.0.2")}}
	g := mustGuard(t, Policy{
		Resolve: r,
		Ports:   map[Purpose][]uint16{Capture: {open.Port()}},
		Admit:   []Admission{{Purpose: Capture, Pair: open}},
	})
	address := net.JoinHostPort("rebind.staydown-check.org", inside.String()[len("127.0.0.2:"):])
	c, err := g.Dialer(Capture)(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	facts, ok := FactsOf(c)
	if !ok || !facts.Admitted || facts.Remote != open || facts.Asked != address || len(facts.Answers) != 1 {
		t.Errorf("facts: %+v", facts)
	}
	c.Close()
	for range 2 {
		_, err = g.Dialer(Capture)(t.Context(), "tcp", address)
		refusedFor(t, err, GroundAddress)
	}
	nobody(t, came)
}

// Among several answers only the open ones are tried.
func TestMixedAnswers(t *testing.T) {
	open, _ := listen(t, "127.0.0.1:0")
	r := &answers{lists: [][]netip.Addr{addrs("10.0.0.1", "169.254.169.254", "127.0.0.1")}}
	g := mustGuard(t, Policy{
		Resolve: r,
		Ports:   map[Purpose][]uint16{Capture: {open.Port()}},
		Admit:   []Admission{{Purpose: Capture, Pair: open}},
	})
	c, err := g.Dialer(Capture)(t.Context(), "tcp", net.JoinHostPort("mixed.staydown-check.org", portOf(open)))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestAdmissionHoldsForOnePurpose(t *testing.T) {
	pair, came := listen(t, "127.0.0.1:0")
	var used []Use
	g := mustGuard(t, Policy{
		Admit: []Admission{{Purpose: Mail, Pair: pair}},
		Used:  func(u Use) { used = append(used, u) },
	})
	for _, p := range []Purpose{Capture, Probe, Webhook, Proxy} {
		if _, err := g.Dialer(p)(t.Context(), "tcp", pair.String()); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", p, err)
		}
	}
	nobody(t, came)
	for _, address := range []string{pair.String(), "[::ffff:127.0.0.1]:" + portOf(pair)} {
		c, err := g.Dialer(Mail)(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	if len(used) != 2 || used[0] != (Use{Mail, pair.String(), pair}) {
		t.Errorf("reported: %+v", used)
	}
}

func TestExercise(t *testing.T) {
	pair, came := listen(t, "127.0.0.1:0")
	secret, secretCame := listen(t, "127.0.0.1:0")
	r := &answers{lists: [][]netip.Addr{addrs("93.184.216.34")}}
	var used []Use
	g := mustGuard(t, Policy{
		Only:    true,
		Resolve: r,
		Used:    func(u Use) { used = append(used, u) },
		Ports:   map[Purpose][]uint16{Capture: {80, 443, secret.Port()}},
		Admit: []Admission{
			{Purpose: Capture, Name: "Relay.example:443", Pair: pair},
			{Purpose: "control", Pair: secret},
		},
	})
	dial := g.Dialer(Capture)
	for _, address := range []string{
		"93.184.216.34:443",          // the public internet
		"www.staydown-check.org:443", // a public name
		"relay.example:80",           // the name, another port
		"sub.relay.example:443",      // a name below it
		pair.String(),                // the pair, without the name
		secret.String(),              // a pair of another purpose
		"[::1]:" + portOf(pair),      // another address of the same machine
		"[::ffff:7f00:1]:" + portOf(secret),
		"localhost:" + portOf(pair),
	} {
		_, err := dial(t.Context(), "tcp", address)
		refusedFor(t, err, GroundList)
	}
	nobody(t, came)
	nobody(t, secretCame)
	if len(r.asked) != 0 {
		t.Errorf("an exercise asked DNS for %q", r.asked)
	}
	for _, address := range []string{"relay.example:443", "RELAY.example.:443"} {
		c, err := dial(t.Context(), "tcp", address)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		c.Close()
	}
	if len(used) != 2 {
		t.Errorf("reported: %+v", used)
	}
}

func TestNetworkErrorIsNotARefusal(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	pair := l.Addr().(*net.TCPAddr).AddrPort()
	l.Close()
	g := mustGuard(t, Policy{Admit: []Admission{{Purpose: Capture, Pair: pair}}})
	_, err = g.Dialer(Capture)(t.Context(), "tcp", pair.String())
	if err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want the network's own error", err)
	}
}

func TestBadPolicies(t *testing.T) {
	pair := netip.MustParseAddrPort("127.0.0.1:25")
	for name, a := range map[string]Admission{
		"no pair":    {Purpose: Mail},
		"no port":    {Purpose: Mail, Pair: netip.MustParseAddrPort("127.0.0.1:0")},
		"no purpose": {Pair: pair},
		"bare name":  {Purpose: Mail, Name: "mail.example", Pair: pair},
		"empty name": {Purpose: Mail, Name: ":25", Pair: pair},
	} {
		if _, err := New(Policy{Admit: []Admission{a}}); err == nil {
			t.Errorf("%s: admitted", name)
		}
	}
}

func TestSlowResolverIsBounded(t *testing.T) {
	g := mustGuard(t, Policy{Resolve: deaf{}, ResolveWithin: time.Millisecond})
	_, err := g.Dialer(Capture)(t.Context(), "tcp", "slow.staydown-check.org:80")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// deaf is a resolver that never answers.
type deaf struct{}

func (deaf) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func portOf(p netip.AddrPort) string {
	_, port, _ := net.SplitHostPort(p.String())
	return port
}
