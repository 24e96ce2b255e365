package connectortest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
)

var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

// The parts of a detached signature (RFC 5652) that are looked at.
type (
	cmsEnvelope struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	cmsSignedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Content      struct{ Type asn1.ObjectIdentifier }
		Certificates asn1.RawValue `asn1:"tag:0"`
		Signers      []cmsSigner   `asn1:"set"`
	}
	cmsSigner struct {
		Version int
		ID      struct {
			Issuer asn1.RawValue
			Serial *big.Int
		}
		Digest     pkix.AlgorithmIdentifier
		Attributes asn1.RawValue `asn1:"tag:0"`
		Algorithm  pkix.AlgorithmIdentifier
		Signature  []byte
		Unsigned   asn1.RawValue `asn1:"optional"`
	}
	cmsAttribute struct {
		Type   asn1.ObjectIdentifier
		Values asn1.RawValue
	}
)

// VerifyCMS checks a detached signature over content as the rules of S/MIME have
// it (one signer, SHA-256, ECDSA) and returns the certificate it was made with. It
// shares no code with what signs.
func VerifyCMS(signature, content []byte) (*x509.Certificate, error) {
	signed, err := parseCMS(signature)
	if err != nil {
		return nil, err
	}
	if len(signed.Signers) != 1 {
		return nil, fmt.Errorf("%d signers, wanted one", len(signed.Signers))
	}
	signer := signed.Signers[0]
	if !signer.Digest.Algorithm.Equal(oidSHA256) || !signer.Algorithm.Algorithm.Equal(oidECDSASHA256) {
		return nil, fmt.Errorf("signed with %s and %s", signer.Digest.Algorithm, signer.Algorithm.Algorithm)
	}
	certificate, err := signed.certificateOf(signer)
	if err != nil {
		return nil, err
	}
	if err := signer.covers(content); err != nil {
		return nil, err
	}
	key, ok := certificate.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the certificate's key is a %T", certificate.PublicKey)
	}
	sum := sha256.Sum256(signer.attributes())
	if !ecdsa.VerifyASN1(key, sum[:], signer.Signature) {
		return nil, errors.New("the signature does not fit")
	}
	return certificate, nil
}

func parseCMS(signature []byte) (cmsSignedData, error) {
	var envelope cmsEnvelope
	var signed cmsSignedData
	if rest, err := asn1.Unmarshal(signature, &envelope); err != nil || len(rest) > 0 {
		return signed, fmt.Errorf("no signature in it: %w", errors.Join(err, trailing(rest)))
	}
	if !envelope.Type.Equal(oidSignedData) {
		return signed, fmt.Errorf("content of type %s", envelope.Type)
	}
	_, err := asn1.Unmarshal(envelope.Content.Bytes, &signed)
	if err != nil {
		// With the tag [0] explicit, Content holds the sequence itself or its bytes.
		_, err = asn1.Unmarshal(envelope.Content.FullBytes, &signed)
	}
	return signed, err
}

func trailing(rest []byte) error {
	if len(rest) == 0 {
		return nil
	}
	return fmt.Errorf("%d bytes follow it", len(rest))
}

func (d cmsSignedData) certificateOf(s cmsSigner) (*x509.Certificate, error) {
	certificates, err := x509.ParseCertificates(d.Certificates.Bytes)
	if err != nil {
		return nil, err
	}
	for _, c := range certificates {
		if c.SerialNumber.Cmp(s.ID.Serial) == 0 && bytes.Equal(c.RawIssuer, s.ID.Issuer.FullBytes) {
			return c, nil
		}
	}
	return nil, errors.New("the signer's certificate is not in it")
}

// attributes are the bytes the signature covers: a SET OF, though it travels under
// another tag (RFC 5652, 5.4).
func (s cmsSigner) attributes() []byte {
	set := bytes.Clone(s.Attributes.FullBytes)
	set[0] = 0x31
	return set
}

// covers checks that the signed attributes name this content.
func (s cmsSigner) covers(content []byte) error {
	var attributes []cmsAttribute
	if _, err := asn1.UnmarshalWithParams(s.attributes(), &attributes, "set"); err != nil {
		return fmt.Errorf("signed attributes: %w", err)
	}
	sum := sha256.Sum256(content)
	digest, err1 := asn1.Marshal(sum[:])
	kind, err2 := asn1.Marshal(oidData)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	found := 0
	for _, a := range attributes {
		switch {
		case a.Type.Equal(oidMessageDigest):
			if !bytes.Equal(a.Values.Bytes, digest) {
				return errors.New("the content was altered")
			}
			found++
		case a.Type.Equal(oidContentType):
			if !bytes.Equal(a.Values.Bytes, kind) {
				return errors.New("the content is of another type")
			}
			found++
		}
	}
	if found != 2 {
		return errors.New("the signed attributes name no content")
	}
	return nil
}
