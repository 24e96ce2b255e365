package capture

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/dial"
)

// Exchange is one request and its response, as the facts of a capture tell it.
type Exchange struct {
	URL      string    `json:"url"`
	Role     string    `json:"role"` // page | redirect | media
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Answers  []string  `json:"dns,omitempty"`    // the DNS answer when the connection was opened
	Remote   string    `json:"remote,omitempty"` // address and port connected to; the proxy's, when there is one
	Via      string    `json:"via,omitempty"`    // the proxy's name
	Reused   bool      `json:"reused,omitempty"` // over a connection opened earlier
	TLS      *TLS      `json:"tls,omitempty"`    // in the first exchange with a name
	Proto    string    `json:"proto,omitempty"`
	Status   int       `json:"status,omitempty"`
	Header   []Line    `json:"header,omitempty"` // in the server's order and spelling
	Location string    `json:"location,omitempty"`
	Bytes    int64     `json:"bytes"`             // of the body, decompressed
	SHA256   string    `json:"sha256,omitempty"`  // of the body, decompressed
	Record   string    `json:"record,omitempty"`  // WARC-Record-ID of the response
	Payload  string    `json:"payload,omitempty"` // WARC-Payload-Digest of the response
	Cut      string    `json:"cut,omitempty"`     // why the record is not whole: length, time, disconnect
	Failure  *Failure  `json:"failure,omitempty"`
}

// Line is one line of a header.
type Line struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// TLS says who was at the other end.
type TLS struct {
	Version string        `json:"version"`
	Cipher  string        `json:"cipher"`
	Server  string        `json:"server"` // the name asked for
	Chain   []Certificate `json:"chain"`  // as presented, the server's own first
}

// Certificate is what can be told of one certificate; its bytes are in the WARC.
type Certificate struct {
	SHA256    string    `json:"sha256"` // of its DER form
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
}

const (
	maxLines     = 100  // of a header kept in the facts; the WARC has all
	maxLineValue = 4096 // bytes of one line's value kept in the facts
	maxChain     = 8    // certificates
)

// connected notes how a connection was opened.
func (e *Exchange) connected(t *tap, reused bool) {
	e.Reused = reused
	if f, ok := dial.FactsOf(t); ok {
		e.Remote, e.Via = f.Remote.String(), f.Via
		for _, a := range f.Answers {
			e.Answers = append(e.Answers, a.String())
		}
	}
	if t.tls != nil {
		e.TLS = tlsFacts(*t.tls)
	}
}

// tlsFacts tells a TLS connection.
func tlsFacts(s tls.ConnectionState) *TLS {
	f := &TLS{Version: tls.VersionName(s.Version), Cipher: tls.CipherSuiteName(s.CipherSuite), Server: s.ServerName}
	for _, c := range s.PeerCertificates[:min(len(s.PeerCertificates), maxChain)] {
		sum := sha256.Sum256(c.Raw)
		f.Chain = append(f.Chain, Certificate{
			SHA256: hex.EncodeToString(sum[:]), Subject: bounded(c.Subject.String()), Issuer: bounded(c.Issuer.String()),
			NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(),
		})
	}
	return f
}

// pemChain is a chain of certificates in PEM form.
func pemChain(chain []*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range chain[:min(len(chain), maxChain)] {
		pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	return b.Bytes()
}

// headerLines reads the lines of a raw header in their order.
func headerLines(head []byte) []Line {
	var lines []Line
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(head)))
	if _, err := r.ReadLine(); err != nil { // the status line
		return nil
	}
	for len(lines) < maxLines {
		s, err := r.ReadContinuedLine()
		if err != nil || s == "" {
			break
		}
		name, value, _ := strings.Cut(s, ":")
		lines = append(lines, Line{bounded(name), bounded(strings.TrimSpace(value))})
	}
	return lines
}

// bounded is text from outside, made valid and not too long.
func bounded(s string) string {
	if len(s) > maxLineValue {
		s = s[:maxLineValue]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// isRedirect tells whether a status sends its reader elsewhere.
func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
