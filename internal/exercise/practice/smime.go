package practice

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
)

// A small verifier of CMS signatures (RFC 5652), enough for S/MIME with
// detached content, SHA-2, and ECDSA or RSA. It shares no code with the side
// that signs.

type cmsContent struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type cmsSigned struct {
	Version      int
	Digests      asn1.RawValue
	Encapsulated asn1.RawValue
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []cmsSigner   `asn1:"set"`
}

type cmsSigner struct {
	Version   int
	Issuer    cmsIssuer
	Digest    cmsAlgorithm
	Attrs     asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm cmsAlgorithm
	Signature []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

type cmsIssuer struct {
	Name   asn1.RawValue
	Serial *big.Int
}

type cmsAlgorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type cmsAttribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

var errSMIME = errors.New("the S/MIME signature does not hold")

// checkSignature verifies the mail's signature. With trusted certificates
// (PEM) the signer must be one of them or be issued by one; without, any
// signer will do, and an unsigned mail too: it reports whether it was signed.
func (m mail) checkSignature(trusted string) (bool, error) {
	if m.signed == nil || m.signature == nil {
		if trusted != "" {
			return false, fmt.Errorf("%w: there is none", errSMIME)
		}
		return false, nil
	}
	signer, err := verifyCMS(m.signature, m.signed)
	if err != nil {
		return false, err
	}
	if trusted == "" {
		return true, nil
	}
	for rest := []byte(trusted); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return false, fmt.Errorf("%w: the signer is not known", errSMIME)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err == nil && (cert.Equal(signer) || signer.CheckSignatureFrom(cert) == nil) {
			return true, nil
		}
	}
}

// verifyCMS returns the certificate whose key signed the content.
func verifyCMS(der, content []byte) (*x509.Certificate, error) {
	var outer cmsContent
	if _, err := asn1.Unmarshal(der, &outer); err != nil || !outer.Type.Equal(oidSignedData) {
		return nil, fmt.Errorf("%w: not signed data", errSMIME)
	}
	var signed cmsSigned
	if _, err := asn1.Unmarshal(outer.Content.Bytes, &signed); err != nil {
		return nil, fmt.Errorf("%w: %v", errSMIME, err)
	}
	certs, err := x509.ParseCertificates(signed.Certificates.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errSMIME, err)
	}
	if len(signed.Signers) != 1 {
		return nil, fmt.Errorf("%w: %d signers", errSMIME, len(signed.Signers))
	}
	s := signed.Signers[0]
	for _, cert := range certs {
		if cert.SerialNumber.Cmp(s.Issuer.Serial) == 0 && bytes.Equal(cert.RawIssuer, s.Issuer.Name.FullBytes) {
			return cert, s.verify(cert, content)
		}
	}
	return nil, fmt.Errorf("%w: the signer's certificate is missing", errSMIME)
}

func (s cmsSigner) verify(cert *x509.Certificate, content []byte) error {
	hash, sum, err := digestOf(s.Digest.OID)
	if err != nil {
		return err
	}
	signedBytes := content
	if len(s.Attrs.FullBytes) > 0 {
		digest, err := messageDigest(s.Attrs.Bytes)
		if err != nil {
			return err
		}
		if !bytes.Equal(digest, sum(content)) {
			return fmt.Errorf("%w: the content was changed", errSMIME)
		}
		// The signature covers the attributes as a SET, not under the tag they
		// are sent with (RFC 5652, 5.4).
		signedBytes = append([]byte{0x31}, s.Attrs.FullBytes[1:]...)
	}
	return checkKey(cert.PublicKey, hash, sum(signedBytes), s.Signature)
}

func checkKey(key any, hash crypto.Hash, digest, signature []byte) error {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if ecdsa.VerifyASN1(k, digest, signature) {
			return nil
		}
	case *rsa.PublicKey:
		if rsa.VerifyPKCS1v15(k, hash, digest, signature) == nil {
			return nil
		}
	}
	return fmt.Errorf("%w: by this key", errSMIME)
}

func digestOf(oid asn1.ObjectIdentifier) (crypto.Hash, func([]byte) []byte, error) {
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }, nil
	case oid.Equal(oidSHA384):
		return crypto.SHA384, func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }, nil
	case oid.Equal(oidSHA512):
		return crypto.SHA512, func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }, nil
	default:
		return 0, nil, fmt.Errorf("%w: digest %v", errSMIME, oid)
	}
}

func messageDigest(attrs []byte) ([]byte, error) {
	for len(attrs) > 0 {
		var a cmsAttribute
		rest, err := asn1.Unmarshal(attrs, &a)
		if err != nil {
			return nil, fmt.Errorf("%w: %v", errSMIME, err)
		}
		if a.Type.Equal(oidMessageDigest) {
			var digest []byte
			if _, err := asn1.Unmarshal(a.Values.Bytes, &digest); err != nil {
				return nil, fmt.Errorf("%w: %v", errSMIME, err)
			}
			return digest, nil
		}
		attrs = rest
	}
	return nil, fmt.Errorf("%w: no message digest", errSMIME)
}
