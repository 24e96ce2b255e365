package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/staydown/staydown/internal/connector"
)

// envelope is a finished mail with its addresses on the wire.
type envelope struct {
	from, to string
	raw      []byte
	words    func(string) string // makes the server's words fit to be shown
}

// farewell bounds how long the desk waits for a server's goodbye, when the outcome
// is known already.
const farewell = 2 * time.Second

// transmit hands a mail to the desk's server and judges what became of it. The
// mail is rendered before the connection is opened, so that nothing half-made can
// be taken for a whole one, and the protocol is spoken step by step, because what
// a failure means depends on the step: up to the dot that ends the mail it was not
// taken, after it nobody knows.
func (e *Email) transmit(ctx context.Context, v envelope) connector.Result {
	ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	line := &line{}
	defer line.cut()
	stop := context.AfterFunc(ctx, line.cut)
	defer stop()
	client, err := e.connect(ctx, line)
	if err != nil {
		return e.judge(v, "could not speak to the mail server", before, err)
	}
	if err := sendEnvelope(client, v); err != nil {
		line.bye(client)
		return e.judge(v, "the mail server did not take the envelope", during, err)
	}
	writer, err := client.Data()
	if err != nil {
		line.bye(client)
		return e.judge(v, "the mail server did not take the envelope", during, err)
	}
	if _, err := writer.Write(v.raw); err != nil {
		return e.judge(v, "the connection failed within the mail", before, err)
	}
	err = writer.Close()
	if err == nil {
		line.bye(client)
		taken := connector.Result{Outcome: connector.Delivered, Code: 250, At: e.options.Now()}
		if data, ok := writer.(*smtp.DataCloser); ok {
			taken.Detail = v.words("the mail server took it: " + data.ServerResponse())
		}
		return taken
	}
	if line.broken() {
		return e.judge(v, "the connection failed within the mail", before, err)
	}
	return e.judge(v, "the mail was sent, the server's answer did not come or is none", after, err)
}

// step is how far a mail had come when something failed.
type step int

const (
	before step = iota // the server had nothing it could take; its refusal is of us, not of the mail
	during             // the server judged the envelope
	after              // the server had the mail whole
)

// judge says what a failure at a step means.
func (e *Email) judge(v envelope, what string, at step, err error) connector.Result {
	result := connector.Result{Outcome: connector.Retry, At: e.options.Now(), Detail: v.words(what + ": " + err.Error())}
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		if at == after {
			result.Outcome = connector.Unknown
		}
		return result
	}
	result.Code = reply.Code
	switch {
	case at == before, reply.Code >= 400 && reply.Code < 500:
	case reply.Code >= 500 && reply.Code < 600:
		result.Outcome = connector.Refused
	case at == after:
		result.Outcome = connector.Unknown
	}
	return result
}

// connect opens a session: greeting, STARTTLS where offered, signing in.
func (e *Email) connect(ctx context.Context, line *line) (*smtp.Client, error) {
	o := e.options
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := o.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return line.hold(conn), nil
	}
	policy := mail.TLSOpportunistic
	if o.RequireTLS {
		policy = mail.TLSMandatory
	}
	options := []mail.Option{
		mail.WithPort(o.Port), mail.WithDialContextFunc(dial), mail.WithTimeout(o.Timeout), mail.WithoutSMTPUTF8(),
		mail.WithTLSPolicy(policy),
		mail.WithTLSConfig(&tls.Config{ServerName: o.Host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12}),
	}
	if o.Hello != "" {
		options = append(options, mail.WithHELO(o.Hello))
	}
	if o.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.Username), mail.WithPassword(o.Password))
	}
	client, err := mail.NewClient(o.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("setting up: %w", err)
	}
	return client.DialToSMTPClientWithContext(ctx)
}

// sendEnvelope sends the envelope's addresses.
func sendEnvelope(client *smtp.Client, v envelope) error {
	if err := client.Mail("<" + v.from + ">"); err != nil {
		return err
	}
	return client.Rcpt("<" + v.to + ">")
}
