package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// certificateYears is how long a certificate made at set-up counts. A unit that
// wants its mail trusted without a call replaces it by one from an authority the
// recipients trust.
const certificateYears = 3

// newMailKey draws a P-256 key and makes a certificate for it, signed by itself,
// that may sign mail (RFC 8550) and do nothing else. P-256, because mail programs
// that verify Ed25519 signatures are rare.
func newMailKey(a Authority, now time.Time) ([]byte, error) {
	if a.Name == "" || a.Email == "" {
		return nil, errors.New("a mail certificate needs the authority's name and address")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("drawing a P-256 key: %w", err)
	}
	// RFC 5280, 4.1.2.2: positive, at most 20 octets.
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 159))
	if err != nil {
		return nil, fmt.Errorf("drawing a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)),
		Subject:      subject(a),
		// An hour of grace for recipients whose clock is behind.
		NotBefore:             now.Add(-time.Hour).UTC(),
		NotAfter:              now.AddDate(certificateYears, 0, 0).UTC(),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		EmailAddresses:        []string{a.Email},
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making a mail certificate: %w", err)
	}
	return encodeMailKey(key, der)
}

func subject(a Authority) pkix.Name {
	name := pkix.Name{CommonName: a.Name}
	if len(a.Country) == 2 {
		name.Country = []string{a.Country}
	}
	return name
}

func encodeMailKey(key *ecdsa.PrivateKey, der []byte) ([]byte, error) {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding a P-256 key: %w", err)
	}
	out := pem.EncodeToMemory(&pem.Block{Type: blockPrivate, Bytes: private})
	return append(out, pem.EncodeToMemory(&pem.Block{Type: blockCertificate, Bytes: der})...), nil
}

// Certificate returns the certificate, chain and private key with which an
// authority signs mail.
func (r *Ring) Certificate(authority string) (tls.Certificate, error) {
	data, err := r.read(authority, mailFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	return parseMailKey(data)
}

func parseMailKey(data []byte) (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(data, data)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("reading the mail certificate: %w", err)
	}
	if pair.Leaf == nil {
		return tls.Certificate{}, errors.New("reading the mail certificate: no certificate in it")
	}
	if _, ok := pair.PrivateKey.(*ecdsa.PrivateKey); !ok {
		return tls.Certificate{}, fmt.Errorf("the mail certificate's key is a %T, wanted an ECDSA key", pair.PrivateKey)
	}
	return pair, nil
}

// ReplaceCertificate puts a certificate from elsewhere in the place of an
// authority's own: PEM with the private key (ECDSA), the certificate and, where
// there is one, the intermediate it was issued by. It must name email, may sign
// mail and be in force at now.
func (r *Ring) ReplaceCertificate(authority, email string, data []byte, now time.Time) error {
	pair, err := parseMailKey(data)
	if err != nil {
		return err
	}
	if err := fitForMail(pair.Leaf, email, now); err != nil {
		return fmt.Errorf("replacing the mail certificate of authority %s: %w", authority, err)
	}
	if _, err := r.read(authority, mailFile); err != nil {
		return err
	}
	dir, err := r.authority(authority)
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, mailFile), bytes.Clone(data))
}

// RenewCertificate gives an authority a fresh key and certificate of its own
// making, in force from now.
func (r *Ring) RenewCertificate(a Authority, now time.Time) error {
	data, err := newMailKey(a, now)
	if err != nil {
		return err
	}
	return r.ReplaceCertificate(a.ID, a.Email, data, now)
}

func fitForMail(c *x509.Certificate, email string, now time.Time) error {
	if now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return fmt.Errorf("in force from %s to %s only", c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly))
	}
	if len(c.ExtKeyUsage) > 0 && !mayProtectMail(c.ExtKeyUsage) {
		return errors.New("not made for signing mail (extended key usage)")
	}
	for _, address := range c.EmailAddresses {
		if address == email {
			return nil
		}
	}
	return fmt.Errorf("does not name the sender's address %s", email)
}

func mayProtectMail(usages []x509.ExtKeyUsage) bool {
	for _, u := range usages {
		if u == x509.ExtKeyUsageEmailProtection || u == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

// mailPublic is the mail certificate as a JSON Web Key with its chain.
func (r *Ring) mailPublic(authority string) (jose.JSONWebKey, error) {
	pair, err := r.Certificate(authority)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	key := jose.JSONWebKey{Key: pair.Leaf.PublicKey, Algorithm: string(jose.ES256), Use: "sig"}
	for _, der := range pair.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return jose.JSONWebKey{}, fmt.Errorf("reading the mail certificate's chain: %w", err)
		}
		key.Certificates = append(key.Certificates, c)
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("naming the mail key: %w", err)
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(sum)
	return key, nil
}
