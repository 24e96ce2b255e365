package connectortest

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/mail"
	"regexp"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/staydown/staydown/internal/connector"
)

// SMTP is a practice mail server. It offers STARTTLS unless started plain, and
// keeps every mail it takes, repeats included: mail has no idempotency.
type SMTP struct {
	*state
	listener net.Listener
	other    net.Listener
	roots    *x509.CertPool
	replies  map[string]*smtp.SMTPError // by verb: MAIL, RCPT
}

// NewSMTP starts a mail server that offers STARTTLS and stops when the test is
// over.
func NewSMTP(t testing.TB) *SMTP { return newSMTP(t, true) }

// NewPlainSMTP starts a mail server without TLS.
func NewPlainSMTP(t testing.TB) *SMTP { return newSMTP(t, false) }

func newSMTP(t testing.TB, secure bool) *SMTP {
	t.Helper()
	p := &SMTP{state: newState(), listener: listen(t), other: listen(t), replies: make(map[string]*smtp.SMTPError)}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{p: p, conn: c}, nil }))
	server.Domain = ServerName
	server.MaxMessageBytes = 64 << 20
	server.ErrorLog = log.New(io.Discard, "", 0)
	config, roots := p.serverTLS(t)
	p.roots = roots
	if secure {
		server.TLSConfig = config
	}
	go func() { _ = server.Serve(gate{p.listener, p.state}) }()
	go p.watchOther()
	t.Cleanup(func() {
		close(p.quit)
		_ = server.Close()
		_ = p.other.Close()
	})
	return p
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (p *SMTP) watchOther() {
	for {
		conn, err := p.other.Accept()
		if err != nil {
			return
		}
		p.seenElsewhere()
		_ = conn.Close()
	}
}

// gate keeps the callers of a Silent server waiting without a greeting.
type gate struct {
	net.Listener
	s *state
}

func (g gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil || g.s.now() != Silent {
			return conn, err
		}
		go func() { g.s.hold(); _ = conn.Close() }()
	}
}

// Dial connects to the server, whatever address is asked for.
func (p *SMTP) Dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, p.listener.Addr().String())
}

// Roots trusts the server's certificate.
func (p *SMTP) Roots() *x509.CertPool { return p.roots }

// Address implements [Provider].
func (p *SMTP) Address(m *connector.Message) { m.To.Email = "legal@relay.example" }

// Reply makes the server answer a verb, MAIL or RCPT, with a code; zero undoes it.
func (p *SMTP) Reply(verb string, code int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.replies, verb)
	if code != 0 {
		p.replies[verb] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: text}
	}
}

func (p *SMTP) reply(verb string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.replies[verb]; e != nil {
		return e
	}
	return nil
}

type session struct {
	p    *SMTP
	conn *smtp.Conn
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.p.now() == Busy {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted, try later"}
	}
	return s.p.reply("MAIL")
}

func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	if s.p.now() == Redirect {
		return &smtp.SMTPError{Code: 551, EnhancedCode: smtp.EnhancedCode{5, 1, 6},
			Message: fmt.Sprintf("User not local; please try <legal@[%s]>", s.p.other.Addr())}
	}
	return s.p.reply("RCPT")
}

func (s *session) Data(r io.Reader) error {
	behaviour := s.p.now()
	if behaviour == Midway {
		_, _ = io.ReadFull(r, make([]byte, 64))
		return s.hangUp()
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch behaviour {
	case Refuse:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Blocked for " + link(body)}
	case Break:
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Disk full"}
	case Slow:
		s.p.hold()
		return errors.New("over")
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(body))
	if err != nil {
		return err
	}
	s.p.take(parsed.Header.Get("Message-Id"), body)
	switch behaviour {
	case LoseAnswer:
		return s.hangUp()
	case Malform:
		_, _ = io.WriteString(s.conn.Conn(), "hello there\r\n")
		return s.hangUp()
	case TooLong:
		s.p.pour(s.conn.Conn().Write, bytes.Repeat([]byte("250-"+string(bytes.Repeat([]byte{'x'}, 500))+"\r\n"), 100))
		return s.hangUp()
	}
	return nil
}

func (s *session) hangUp() error {
	cut(s.conn.Conn())
	return errors.New("hung up")
}

// link finds the door's link in a mail's text, as filters do that answer with it.
// Quoted-printable may break the line; the token is put together again.
func link(body []byte) string {
	joined := bytes.ReplaceAll(body, []byte("=\r\n"), nil)
	return string(regexp.MustCompile(`https://\S+/p/\w+`).Find(joined))
}

// Stop ends the server before the test does.
func (p *SMTP) Stop() { _ = p.listener.Close() }
