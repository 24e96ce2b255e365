package capture

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"

	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/evidence"
)

// The reasons for which nothing could be fetched. What could be fetched but is
// not the content has its Kind as reason; what a server refused by status has
// http_NNN.
const (
	ReasonBadURL      = "bad_url"           // not an http or https address
	ReasonGuard       = "blocked_by_guard"  // an address that is never dialled
	ReasonDNS         = "dns"               // the name does not exist
	ReasonDNSTrouble  = "dns_trouble"       // the name could not be looked up now
	ReasonRefused     = "refused"           // nobody listens there
	ReasonUnreachable = "unreachable"       // the network leads nowhere
	ReasonTimeout     = "timeout"           // no answer in time
	ReasonTLS         = "tls"               // certificate or handshake
	ReasonBroken      = "connection_broken" // the connection ended in the middle
	ReasonProxy       = "proxy"             // the proxy did not open a tunnel
	ReasonBadResponse = "bad_response"      // not HTTP, or a header too long
	ReasonTooLarge    = "too_large"         // more bytes than allowed
	ReasonBomb        = "decompression_bomb"
	ReasonEncoding    = "unsupported_encoding"
	ReasonRedirects   = "too_many_redirects"
	ReasonBadRedirect = "bad_redirect" // to where no HTTP leads
	ReasonStopped     = "stopped"      // we were stopped
	ReasonUnexplained = "failed"       // none of these
)

// Failure is why something could not be fetched.
type Failure struct {
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
	Retry  bool   `json:"retry"` // another try later makes sense
}

func (f *Failure) Error() string { return f.Reason + ": " + f.Detail }

// fail makes a failure of our own finding.
func fail(reason, format string, args ...any) *Failure {
	return &Failure{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// FailureOf says what kind of failure an error of the network is.
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	for _, c := range causes {
		if c.is(err) {
			return &Failure{Reason: c.reason, Detail: detail(err), Retry: c.retry}
		}
	}
	return &Failure{Reason: ReasonUnexplained, Detail: detail(err), Retry: true}
}

// detail is an error's text, bounded: parts of it come from outside.
func detail(err error) string {
	s := strings.ToValidUTF8(err.Error(), "?")
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "")
	}
	return s
}

// cause recognises a kind of error.
type cause struct {
	reason string
	retry  bool
	is     func(error) bool
}

// causes are tried in order: the more exact ones first.
var causes = []cause{
	{ReasonGuard, false, func(err error) bool { return errors.Is(err, dial.ErrRefused) }},
	{ReasonTooLarge, false, func(err error) bool { return errors.Is(err, evidence.ErrTooLarge) }},
	{ReasonProxy, true, isType[*dial.ProxyError]},
	{ReasonDNS, false, func(err error) bool {
		var d *net.DNSError
		return errors.As(err, &d) && d.IsNotFound
	}},
	{ReasonDNSTrouble, true, isType[*net.DNSError]},
	{ReasonTLS, false, isTLS},
	{ReasonStopped, true, func(err error) bool { return errors.Is(err, context.Canceled) }},
	{ReasonTimeout, true, isTimeout},
	{ReasonRefused, true, func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }},
	{ReasonUnreachable, true, func(err error) bool {
		return errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH)
	}},
	{ReasonBadResponse, false, isBadResponse},
	{ReasonBroken, true, isBroken},
}

// isType tells whether an error of type E is in the chain.
func isType[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func isTLS(err error) bool {
	return isType[*tls.CertificateVerificationError](err) || isType[x509.UnknownAuthorityError](err) ||
		isType[x509.HostnameError](err) || isType[x509.CertificateInvalidError](err) || isType[tls.AlertError](err) ||
		isType[tls.RecordHeaderError](err) || strings.Contains(err.Error(), "tls: ")
}

func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) {
		return true
	}
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

func isBadResponse(err error) bool {
	if isType[*http.ProtocolError](err) {
		return true
	}
	s := err.Error()
	for _, sign := range []string{"malformed HTTP", "malformed MIME", "malformed chunked", "invalid chunk", "in chunk length", "chunk length too", "headers exceeded", "unsupported transfer encoding", "bad Content-Length", "invalid header", "gzip: invalid", "flate: corrupt"} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}

func isBroken(err error) bool {
	s := err.Error()
	return strings.Contains(s, "EOF") || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.Contains(s, "server closed idle connection") || strings.Contains(s, "transport connection broken")
}
