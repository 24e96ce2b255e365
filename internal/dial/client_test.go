package dial

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func pairOf(t *testing.T, rawURL string) netip.AddrPort {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	return netip.MustParseAddrPort(u.Host)
}

// get fetches a URL and returns the answer with its body read.
func get(ctx context.Context, c *http.Client, rawURL string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, rawURL, nil)
	if err != nil {
		return nil, "", err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

// A page we are allowed to see sends us to places we are not.
func TestRedirectInside(t *testing.T) {
	visited := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer inside.Close()
	port := portOf(pairOf(t, inside.URL))
	var target string
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target, http.StatusFound)
	}))
	defer outside.Close()
	outsidePair := pairOf(t, outside.URL)
	g := mustGuard(t, Policy{
		Ports: map[Purpose][]uint16{Capture: {80, 443, outsidePair.Port(), pairOf(t, inside.URL).Port()}},
		Admit: []Admission{{Purpose: Capture, Name: "open.example:80", Pair: outsidePair}},
	})
	client := g.Client(Capture, Options{})
	follower := &http.Client{Transport: client.Transport} // as a careless caller would
	for _, target = range []string{
		inside.URL + "/", "http://[::ffff:127.0.0.1]:" + port, "http://[::1]:" + port, "http://localhost:" + port,
		"http://2130706433:" + port, "http://0x7f.1:" + port, "http://127.1:" + port, outside.URL, "http://169.254.169.254/latest/",
	} {
		resp, _, err := get(t.Context(), client, "http://open.example/")
		if err != nil || resp.StatusCode != http.StatusFound {
			t.Fatalf("the client followed or failed: %v %v", resp, err)
		}
		if _, _, err := get(t.Context(), follower, "http://open.example/"); !errors.Is(err, ErrRefused) {
			t.Errorf("redirect to %s: %v", target, err)
		}
	}
	if visited {
		t.Error("the inside was reached")
	}
}

func TestEnvironmentProxyIsIgnored(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	if mustGuard(t, Policy{}).Transport(Capture, Options{}).Proxy != nil {
		t.Error("the transport asks the environment for a proxy")
	}
}

// tlsSite is an HTTPS server whose certificate is for example.com.
func tlsSite(t *testing.T) (*httptest.Server, *x509.Certificate) {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "host "+r.Host)
	}))
	t.Cleanup(s.Close)
	return s, s.Certificate()
}

func TestTLSWithExtraRoot(t *testing.T) {
	site, root := tlsSite(t)
	admit := []Admission{{Purpose: Capture, Name: "example.com:443", Pair: pairOf(t, site.URL)}}
	trusting := mustGuard(t, Policy{Only: true, Admit: admit, Roots: []*x509.Certificate{root}})
	client := trusting.Client(Capture, Options{})
	var facts []Facts
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		f, ok := FactsOf(i.Conn)
		if !ok {
			t.Error("no facts behind TLS")
		}
		facts = append(facts, f)
	}})
	for range 2 {
		resp, body, err := get(ctx, client, "https://example.com/")
		if err != nil || body != "host example.com" || resp.Proto != "HTTP/1.1" {
			t.Fatalf("%v %q %v", resp, body, err)
		}
	}
	if len(facts) != 2 || facts[0].Remote != pairOf(t, site.URL) || facts[0].Asked != "example.com:443" {
		t.Errorf("facts: %+v", facts)
	}
	for name, p := range map[string]Policy{
		"system roots": {Admit: admit},
		"no roots":     {Only: true, Admit: admit},
	} {
		if _, _, err := get(t.Context(), mustGuard(t, p).Client(Capture, Options{}), "https://example.com/"); err == nil {
			t.Errorf("%s: an unknown authority was trusted", name)
		}
	}
}

func TestHeaderIsBounded(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
	}))
	defer s.Close()
	g := mustGuard(t, Policy{Admit: []Admission{{Purpose: Capture, Pair: pairOf(t, s.URL)}}})
	if _, _, err := get(t.Context(), g.Client(Capture, Options{}), s.URL); err == nil {
		t.Error("a header of 1 MiB was read")
	}
}

// proxyServer is a CONNECT proxy that leads everything to one pair.
func proxyServer(t *testing.T, to netip.AddrPort, answer string) (netip.AddrPort, *[]string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			req, err := http.ReadRequest(bufio.NewReader(c))
			if err != nil {
				c.Close()
				continue
			}
			asked = append(asked, req.Method+" "+req.Host+" "+req.Header.Get("Proxy-Authorization"))
			io.WriteString(c, answer)
			if !strings.Contains(answer, " 200 ") {
				c.Close()
				continue
			}
			up, err := net.Dial("tcp", to.String())
			if err != nil {
				c.Close()
				continue
			}
			go func() { io.Copy(up, c); up.Close() }()
			go func() { io.Copy(c, up); c.Close() }()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().(*net.TCPAddr).AddrPort(), &asked
}

func TestThroughProxy(t *testing.T) {
	site, root := tlsSite(t)
	pair, asked := proxyServer(t, pairOf(t, site.URL), "HTTP/1.1 200 Connection established\r\nX-P: 1\r\n\r\n")
	r := &answers{lists: [][]netip.Addr{addrs("93.184.216.34")}}
	g := mustGuard(t, Policy{
		Resolve: r,
		Roots:   []*x509.Certificate{root},
		Admit:   []Admission{{Purpose: Proxy, Pair: pair}},
	})
	via := Via{Name: "direct-de", Country: "DE", Address: pair.String(), User: "desk", Password: "pw"}
	client := g.Client(Probe, Options{Via: &via})
	var facts Facts
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		facts, _ = FactsOf(i.Conn)
	}})
	_, body, err := get(ctx, client, "https://EXAMPLE.com/")
	if err != nil || body != "host EXAMPLE.com" {
		t.Fatalf("%q %v", body, err)
	}
	if facts.Via != "direct-de" || facts.Remote != pair || facts.Asked != "EXAMPLE.com:443" || facts.Answers != nil {
		t.Errorf("facts: %+v", facts)
	}
	if len(r.asked) != 0 {
		t.Errorf("a name behind a proxy was resolved here: %q", r.asked)
	}
	if len(*asked) != 1 || (*asked)[0] != "CONNECT example.com:443 Basic ZGVzazpwdw==" {
		t.Errorf("the proxy was asked %q", *asked)
	}
	for _, target := range []string{
		"http://127.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://localhost/", "http://127.1/", "http://2130706433/",
		"http://db/", "http://metadata.google.internal/", "http://example.com:5432/", "http://169.254.169.254/",
	} {
		if _, _, err := get(t.Context(), client, target); !errors.Is(err, ErrRefused) {
			t.Errorf("%s went to the proxy: %v", target, err)
		}
	}
}

func TestProxyMustBeAdmitted(t *testing.T) {
	pair, asked := proxyServer(t, netip.AddrPort{}, "HTTP/1.1 200 OK\r\n\r\n")
	g := mustGuard(t, Policy{Admit: []Admission{{Purpose: Probe, Pair: pair}}})
	_, err := g.Through(Probe, Via{Name: "x", Address: pair.String()})(t.Context(), "tcp", "example.com:443")
	refusedFor(t, err, GroundList)
	_, err = g.Through(Probe, Via{Name: "x", Address: "93.184.216.34:443"})(t.Context(), "tcp", "example.com:443")
	refusedFor(t, err, GroundList)
	if len(*asked) != 0 {
		t.Errorf("the proxy was asked %q", *asked)
	}
}

func TestProxyRefuses(t *testing.T) {
	for _, answer := range []string{"HTTP/1.1 403 no\r\n\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 200 OK\r\n" + strings.Repeat("x: y\r\n", 1<<14), ""} {
		pair, _ := proxyServer(t, netip.AddrPort{}, answer)
		g := mustGuard(t, Policy{Admit: []Admission{{Purpose: Proxy, Pair: pair}}})
		_, err := g.Through(Probe, Via{Name: "x", Address: pair.String()})(t.Context(), "tcp", "example.com:443")
		if err == nil || errors.Is(err, ErrRefused) {
			t.Errorf("%.20q: %v", answer, err)
		}
		var p *ProxyError
		if got := errors.As(err, &p); got != strings.Contains(answer, "403") {
			t.Errorf("%.20q: %v", answer, err)
		}
	}
}

// In an exercise a proxy leads to the listed names only.
func TestExerciseThroughProxy(t *testing.T) {
	site, root := tlsSite(t)
	pair, asked := proxyServer(t, pairOf(t, site.URL), "HTTP/1.1 200 OK\r\n\r\n")
	g := mustGuard(t, Policy{
		Only:  true,
		Roots: []*x509.Certificate{root},
		Admit: []Admission{
			{Purpose: Proxy, Pair: pair},
			{Purpose: Probe, Name: "example.com:443", Pair: pairOf(t, site.URL)},
		},
	})
	client := g.Client(Probe, Options{Via: &Via{Name: "direct-de", Address: pair.String()}})
	if _, _, err := get(t.Context(), client, "https://example.com/"); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"https://www.staydown-check.org/", "https://93.184.216.34/", site.URL} {
		_, _, err := get(t.Context(), client, target)
		refusedFor(t, err, GroundList)
	}
	if len(*asked) != 1 {
		t.Errorf("the proxy was asked %q", *asked)
	}
}
