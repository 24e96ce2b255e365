package connectortest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/staydown/staydown/internal/connector"
)

// HTTPS is a practice provider that takes letters over HTTPS and acts once per
// Idempotency-Key.
type HTTPS struct {
	*state
	server *httptest.Server
	other  *httptest.Server
	roots  *x509.CertPool
	seen   http.Header
}

// NewHTTPS starts a provider that stops when the test is over.
func NewHTTPS(t testing.TB) *HTTPS {
	p := &HTTPS{state: newState()}
	config, roots := p.serverTLS(t)
	p.roots = roots
	p.server = serve(p.answer, config)
	p.other = serve(func(http.ResponseWriter, *http.Request) { p.seenElsewhere() }, config.Clone())
	t.Cleanup(func() {
		close(p.quit)
		p.server.Close()
		p.other.Close()
	})
	return p
}

func serve(handler http.HandlerFunc, config *tls.Config) *httptest.Server {
	s := httptest.NewUnstartedServer(handler)
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	return s
}

// URL is where the provider takes letters.
func (p *HTTPS) URL() string { return p.server.URL + "/legal/referrals" }

// Address implements [Provider].
func (p *HTTPS) Address(m *connector.Message) { m.To.Webhook = p.URL() }

// Client returns a client that trusts the provider's certificate. Like any client
// of the standard library it would follow redirects and keep cookies.
func (p *HTTPS) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: p.roots},
		DialContext:     (&net.Dialer{}).DialContext,
	}}
}

// Header returns the header of the last letter that arrived whole.
func (p *HTTPS) Header() http.Header {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.Clone()
}

func (p *HTTPS) answer(w http.ResponseWriter, r *http.Request) {
	behaviour := p.now()
	if behaviour == Midway {
		_, _ = io.ReadFull(r.Body, make([]byte, 64))
		hangUp(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.seen = r.Header.Clone()
	p.mu.Unlock()
	switch behaviour {
	case Refuse:
		http.Error(w, "not for us: "+string(body)+" https://door.unit-a.example/p/"+Token, http.StatusUnprocessableEntity)
	case Busy:
		w.Header().Set("Retry-After", strconv.Itoa(Wait))
		http.Error(w, "later", http.StatusTooManyRequests)
	case Break:
		http.Error(w, "broken", http.StatusInternalServerError)
	case Redirect:
		http.Redirect(w, r, p.other.URL+"/new?"+Token, http.StatusTemporaryRedirect)
	case Slow:
		p.hold()
	default:
		p.accept(w, r, behaviour, body)
	}
}

// accept takes the letter and answers as far as the behaviour lets it.
func (p *HTTPS) accept(w http.ResponseWriter, r *http.Request, behaviour Behaviour, body []byte) {
	key := r.Header.Get("Idempotency-Key")
	if !p.takenBefore(key) {
		p.take(key, body)
	}
	switch behaviour {
	case LoseAnswer:
		hangUp(w)
		return
	case Malform:
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, "<html>Please sign in to this network</html>")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	if behaviour == TooLong {
		fmt.Fprint(w, `{"receipt":"`)
		chunk := make([]byte, 64<<10)
		for i := range chunk {
			chunk[i] = 'r'
		}
		p.pour(w.Write, chunk)
		return
	}
	fmt.Fprintf(w, `{"receipt":"R-%s","received_at":"2019-11-22T08:31:00Z"}`, key)
}

// hangUp ends the connection without another word, as a crash does.
func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	cut(conn)
}

// cut resets a connection instead of closing it in good order.
func cut(conn net.Conn) {
	if c, ok := conn.(*tls.Conn); ok {
		conn = c.NetConn()
	}
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	_ = conn.Close()
}

// Stop ends the server before the test does.
func (p *HTTPS) Stop() { p.server.Close() }
