package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// Name is the channel's name in the register of providers.
const Name = "webhook"

// The headers of a letter.
const (
	KeyHeader       = "Idempotency-Key"
	SignatureHeader = "Staydown-Signature"
)

// Signer signs a letter's bytes with the key of an authority, given by its
// identifier in this installation.
type Signer interface {
	SignDetached(authority string, payload []byte) (signature string, err error)
}

// Options is what the wire needs.
type Options struct {
	// Client carries the requests; its transport dials through the guard. Its
	// redirect policy and its cookies are not used.
	Client *http.Client
	Signer Signer
	// Now is the desk's clock.
	Now func() time.Time
	// Timeout bounds one try, on the machine's clock; 30 seconds when zero.
	Timeout time.Duration
}

// Webhook is the wire. Make one with [New].
type Webhook struct {
	client  http.Client
	signer  Signer
	now     func() time.Time
	timeout time.Duration
}

var _ connector.Connector = (*Webhook)(nil)

// New makes the wire. It panics when an option it cannot do without is missing.
func New(o Options) *Webhook {
	if o.Client == nil || o.Signer == nil || o.Now == nil {
		panic("webhook: needs Client, Signer and Now")
	}
	w := &Webhook{client: *o.Client, signer: o.Signer, now: o.Now, timeout: o.Timeout}
	if w.timeout == 0 {
		w.timeout = 30 * time.Second
	}
	// A letter goes to the registered address or nowhere: what a redirect names
	// was approved by nobody.
	w.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	w.client.Jar = nil
	return w
}

// Name implements [connector.Connector].
func (w *Webhook) Name() string { return Name }

// Capabilities implements [connector.Connector].
func (w *Webhook) Capabilities() connector.Capabilities {
	return connector.Capabilities{Idempotent: true, Receipts: true, RetryAfter: true, MaxLines: connector.MaxLines}
}

// Send implements [connector.Connector].
func (w *Webhook) Send(ctx context.Context, m connector.Message) (connector.Result, error) {
	body, signature, err := w.prepare(m)
	if err != nil {
		return connector.Result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	var left atomic.Bool // whether the letter may have left this machine whole
	open := func() (io.ReadCloser, error) { return &outgoing{rest: bytes.NewReader(body), left: &left}, nil }
	reader, _ := open()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.To.Webhook, reader)
	if err != nil {
		return connector.Result{}, fmt.Errorf("sending letter %s: its address cannot be used", m.Letter)
	}
	request.ContentLength, request.GetBody = int64(len(body)), open
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "Staydown")
	request.Header.Set(KeyHeader, m.IdempotencyKey)
	request.Header.Set(SignatureHeader, signature)
	response, err := w.client.Do(request)
	if err != nil {
		return w.failed(m, err, left.Load()), nil
	}
	defer response.Body.Close()
	return w.answered(m, response), nil
}

// prepare checks a message and makes the bytes that leave, with their signature.
func (w *Webhook) prepare(m connector.Message) (body []byte, signature string, err error) {
	if err := m.Validate(); err != nil {
		return nil, "", err
	}
	u, err := url.Parse(m.To.Webhook)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		// The address is not shown: some carry a secret in their path.
		return nil, "", fmt.Errorf("sending letter %s: the provider's webhook is no https address", m.Letter)
	}
	if body, err = m.Encode(); err != nil {
		return nil, "", err
	}
	if signature, err = w.signer.SignDetached(m.Sender.ID, body); err != nil {
		return nil, "", fmt.Errorf("signing letter %s: %w", m.Letter, err)
	}
	return body, signature, nil
}

// outgoing is a letter's body on its way, which tells when its last byte was
// taken over for writing. Before that the receiver cannot have it whole; from then
// on it may.
type outgoing struct {
	rest *bytes.Reader
	left *atomic.Bool
}

// Read implements [io.Reader].
func (o *outgoing) Read(p []byte) (int, error) {
	n, err := o.rest.Read(p)
	if o.rest.Len() == 0 {
		o.left.Store(true)
	}
	return n, err
}

// Close implements [io.Closer].
func (o *outgoing) Close() error { return nil }

// failed judges a try that got no answer. A letter that did not leave whole cannot
// have been taken: the receiver knows its length.
func (w *Webhook) failed(m connector.Message, err error, left bool) connector.Result {
	result := connector.Result{Outcome: connector.Retry, At: w.now()}
	what := "the connection failed before the letter was sent"
	if left {
		result.Outcome = connector.Unknown
		what = "the letter was sent, its answer did not arrive"
	}
	// Without the address that url.Error puts first.
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	result.Detail = m.Detail(what + ": " + err.Error())
	return result
}
