package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"path/filepath"
)

const (
	blockPrivate     = "PRIVATE KEY"
	blockPublic      = "PUBLIC KEY"
	blockCertificate = "CERTIFICATE"
)

func newSigningKey() ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("drawing an Ed25519 key: %w", err)
	}
	return encodeSigningKey(key)
}

func encodeSigningKey(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding an Ed25519 key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: blockPrivate, Bytes: der}), nil
}

func parseSigningKey(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != blockPrivate {
		return nil, errors.New("the signing key is not a PKCS#8 private key in PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	signing, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the signing key is a %T, wanted an Ed25519 key", key)
	}
	return signing, nil
}

func (r *Ring) signingKey(authority string) (ed25519.PrivateKey, error) {
	data, err := r.read(authority, signingFile)
	if err != nil {
		return nil, err
	}
	return parseSigningKey(data)
}

// ReplaceSigning gives an authority a new signing key, the one in pkcs8 (PEM,
// PKCS#8, Ed25519) or, when pkcs8 is empty, a fresh one. The old public key stays
// in [Ring.PublicKeys], so that letters signed with it can still be verified.
func (r *Ring) ReplaceSigning(authority string, pkcs8 []byte) error {
	old, err := r.signingKey(authority)
	if err != nil {
		return fmt.Errorf("replacing the signing key: %w", err)
	}
	if len(pkcs8) == 0 {
		if pkcs8, err = newSigningKey(); err != nil {
			return err
		}
	}
	if _, err := parseSigningKey(pkcs8); err != nil {
		return fmt.Errorf("replacing the signing key of authority %s: %w", authority, err)
	}
	// The old public key is kept before the new key starts to sign: a crash in
	// between leaves one listed twice, never one lost.
	if err := r.retire(authority, old.Public().(ed25519.PublicKey)); err != nil {
		return err
	}
	dir, err := r.authority(authority)
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, signingFile), pkcs8)
}

func (r *Ring) retire(authority string, public ed25519.PublicKey) error {
	dir, err := r.authority(authority)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return fmt.Errorf("encoding a retired key: %w", err)
	}
	kid, err := keyID(public)
	if err != nil {
		return err
	}
	data := pem.EncodeToMemory(&pem.Block{Type: blockPublic, Bytes: der})
	return replace(filepath.Join(dir, retiredFolder, kid+".pem"), data)
}
