package connectortest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"
)

// ServerName is the name in the practice servers' certificates.
const ServerName = "mail.unit-a.example"

// serverCertificate makes a certificate for the loopback address and
// [ServerName], and the pool that trusts it. The machine's clock counts here: TLS
// has no other.
func serverCertificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{ServerName}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool
}

// serverTLS serves a trusted certificate, or one that nobody trusts while the
// provider's behaviour is BadTLS. The pool trusts the first one.
func (s *state) serverTLS(t testing.TB) (*tls.Config, *x509.CertPool) {
	good, pool := serverCertificate(t)
	bad, _ := serverCertificate(t)
	choose := func(*tls.ClientHelloInfo) (*tls.Config, error) {
		switch s.now() {
		case BadTLS:
			return &tls.Config{Certificates: []tls.Certificate{bad}}, nil
		case Silent:
			s.hold()
		}
		return &tls.Config{Certificates: []tls.Certificate{good}}, nil
	}
	return &tls.Config{Certificates: []tls.Certificate{good}, GetConfigForClient: choose}, pool
}
