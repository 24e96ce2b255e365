package practice

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/staydown/staydown/internal/exercise/world"
)

// The mail side: one server takes mail for every provider's contact point.
// emersion/go-smtp is used because a real SMTP dialogue is the point; nothing
// of the mail itself is parsed by the code under test.

const maxMail = 8 << 20 // bytes

func (h *House) serveMail(ip string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		return "", fmt.Errorf("listening for mail: %w", err)
	}
	s := smtp.NewServer(postOffice{h})
	s.Domain = "mail.exercise.example"
	s.MaxMessageBytes = maxMail
	s.MaxRecipients = 10
	s.ReadTimeout, s.WriteTimeout = time.Minute, time.Minute
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{h.cert}, MinVersion: tls.VersionTLS12}
	s.ErrorLog = quiet{}
	h.mail = mailServer{s, l}
	h.group.Go(func() {
		if err := s.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			h.log.Error("the mail server stopped", "error", err)
		}
	})
	return l.Addr().String(), nil
}

// mailServer closes its listener too: a server closed before it began to
// serve would begin all the same.
type mailServer struct {
	*smtp.Server
	listener net.Listener
}

func (m mailServer) Close() error { return errors.Join(m.Server.Close(), m.listener.Close()) }

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type postOffice struct{ h *House }

func (p postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{h: p.h}, nil }

type mailSession struct {
	h  *House
	to world.Provider
	ok bool
}

func (s *mailSession) Reset()                               { s.ok = false }
func (s *mailSession) Logout() error                        { return nil }
func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt knows the contact points and nobody else.
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	for _, p := range s.h.world.Providers {
		if strings.EqualFold(strings.Trim(to, "<>"), p.Email) {
			s.to, s.ok = p, true
			return nil
		}
	}
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox here"}
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxMail+1))
	if err != nil {
		return err
	}
	if len(raw) > maxMail {
		return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "message too large"}
	}
	m, err := parseMail(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "the message cannot be read"}
	}
	if m.letter == nil {
		return s.otherMail(m)
	}
	return s.letter(m)
}

var codeLine = regexp.MustCompile(`(?m)^\s*Code:\s*([0-9]{6})\s*$`)

// otherMail is a code for the door, or a notice.
func (s *mailSession) otherMail(m mail) error {
	if code := codeLine.FindStringSubmatch(m.text); code != nil {
		s.h.handOver(s.to.Name, code[1])
	}
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	return temporary(s.h.commit(Event{Kind: KindMail, At: s.h.now, Provider: s.to.Name, Channel: "email", Message: m.id}))
}

func (s *mailSession) letter(m mail) error {
	s.h.mu.RLock()
	trusted := s.h.desk.SMIME
	s.h.mu.RUnlock()
	signed, err := m.checkSignature(trusted)
	if err != nil {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "the signature does not hold"}
	}
	wire, err := ParseLetter(m.letter)
	if err != nil || m.id == "" {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "the attached letter cannot be read"}
	}
	v, err := s.h.receive(incoming{wire: wire, provider: s.to, channel: world.ByEmail, key: m.id, door: m.door, signed: signed})
	if err != nil {
		return temporary(err)
	}
	switch v.status {
	case http.StatusAccepted:
		return nil
	case http.StatusGone:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 2, 1}, Message: v.text}
	default:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: v.text}
	}
}

func temporary(err error) error {
	if err == nil {
		return nil
	}
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "local error, try again"}
}
