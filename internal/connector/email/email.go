package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// Name is the channel's name in the register of providers.
const Name = "email"

// Certificates gives the certificate and key with which an authority, given by
// its identifier in this installation, signs mail.
type Certificates interface {
	Certificate(authority string) (tls.Certificate, error)
}

// Options is what the wire needs.
type Options struct {
	// Host and Port are the desk's own mail server, which takes mail for
	// everyone. Port is 587 when zero.
	Host string
	Port int
	// Dial opens connections through the guard.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Hello is the name the desk gives itself; the machine's when empty.
	Hello string
	// Username and Password sign in, where the server wants it. They are never
	// sent without TLS, but to the machine itself.
	Username, Password string
	// Roots are the authorities that may vouch for the server; the machine's
	// when nil. TLS is used wherever the server offers it (STARTTLS), and a
	// server that offers it with a wrong certificate gets no mail.
	Roots *x509.CertPool
	// RequireTLS refuses servers that do not offer it.
	RequireTLS   bool
	Certificates Certificates
	// Now is the desk's clock.
	Now func() time.Time
	// Timeout bounds one try, on the machine's clock; one minute when zero.
	Timeout time.Duration
}

// Email is the wire. Make one with [New].
type Email struct {
	options Options
}

var _ connector.Connector = (*Email)(nil)

// New makes the wire. It panics when an option it cannot do without is missing.
func New(o Options) *Email {
	if o.Host == "" || o.Dial == nil || o.Certificates == nil || o.Now == nil {
		panic("email: needs Host, Dial, Certificates and Now")
	}
	if o.Port == 0 {
		o.Port = 587
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	return &Email{options: o}
}

// Name implements [connector.Connector].
func (e *Email) Name() string { return Name }

// Capabilities implements [connector.Connector].
func (e *Email) Capabilities() connector.Capabilities {
	return connector.Capabilities{MaxLines: connector.MaxLines}
}

// Send implements [connector.Connector].
func (e *Email) Send(ctx context.Context, m connector.Message) (connector.Result, error) {
	raw, err := e.Render(m)
	if err != nil {
		return connector.Result{}, err
	}
	return e.transmit(ctx, envelope{from: m.Sender.Email, to: m.To.Email, raw: raw, words: m.Detail}), nil
}

// Render returns the mail of a message as it leaves, complete and signed. Two
// renderings differ in boundaries and in the signature, in nothing else.
func (e *Email) Render(m connector.Message) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	letter, err := m.Encode()
	if err != nil {
		return nil, err
	}
	pair, err := e.options.Certificates.Certificate(m.Sender.ID)
	if err != nil {
		return nil, fmt.Errorf("signing letter %s: %w", m.Letter, err)
	}
	mail, err := compose(heading{
		name: m.Sender.Authority, from: m.Sender.Email, to: m.To.Email,
		subject: subject(m), id: m.MailID, follows: m.InReplyTo, at: m.SentAt, language: speak(m.Language).code,
	}, text(m))
	if err != nil {
		return nil, fmt.Errorf("writing letter %s: %w", m.Letter, err)
	}
	raw, err := sign(mail, letter, pair)
	if err != nil {
		return nil, fmt.Errorf("signing letter %s: %w", m.Letter, err)
	}
	return raw, nil
}

// Note is a short mail of plain text, not signed and without attachment, such as
// the code that opens the provider's door.
type Note struct {
	Authority string // name of the sender
	From, To  string // addresses
	Subject   string
	Text      string
	MailID    string // Message-ID without brackets
	Language  string // two letters
	SentAt    time.Time
	Secret    string // what the result must never repeat, such as the code
}

// SendNote sends a note, with the outcomes of a letter.
func (e *Email) SendNote(ctx context.Context, n Note) (connector.Result, error) {
	mail, err := compose(heading{
		name: n.Authority, from: n.From, to: n.To, subject: connector.OneLine(n.Subject),
		id: n.MailID, at: n.SentAt, language: n.Language,
	}, connector.Plain(n.Text))
	if err != nil {
		return connector.Result{}, fmt.Errorf("writing a note: %w", err)
	}
	raw, err := render(mail)
	if err != nil {
		return connector.Result{}, fmt.Errorf("writing a note: %w", err)
	}
	secret := connector.Message{DoorLink: "/" + n.Secret}
	return e.transmit(ctx, envelope{from: n.From, to: n.To, raw: raw, words: secret.Detail}), nil
}
