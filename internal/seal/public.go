package seal

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/go-jose/go-jose/v4"
)

// Keys are the Ed25519 public keys whose signatures count, by key name (kid).
type Keys map[string]ed25519.PublicKey

// maxKeySet bounds a set of public keys that comes from outside.
const maxKeySet = 256 << 10

// PublicKeys lists an authority's public keys as a JSON Web Key Set (RFC 7517):
// the signing key in use, those that signed before it, and the mail certificate
// with its chain (x5c). It holds nothing secret and is meant to be published.
func (r *Ring) PublicKeys(authority string) ([]byte, error) {
	key, err := r.signingKey(authority)
	if err != nil {
		return nil, err
	}
	public := []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}
	retired, err := r.retired(authority)
	if err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	seen := make(map[string]bool)
	for _, p := range append(public, retired...) {
		kid, err := keyID(p)
		if err != nil {
			return nil, err
		}
		if !seen[kid] {
			seen[kid] = true
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: p, KeyID: kid, Algorithm: string(jose.EdDSA), Use: "sig"})
		}
	}
	mail, err := r.mailPublic(authority)
	if err != nil {
		return nil, err
	}
	set.Keys = append(set.Keys, mail)
	return json.MarshalIndent(set, "", "  ")
}

// retired reads the public keys that no longer sign, in order of their names.
func (r *Ring) retired(authority string) ([]ed25519.PublicKey, error) {
	dir, err := r.authority(authority)
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, retiredFolder, "*.pem"))
	if err != nil {
		return nil, fmt.Errorf("listing retired keys: %w", err)
	}
	sort.Strings(names)
	var keys []ed25519.PublicKey
	for _, name := range names {
		key, err := readPublic(name)
		if err != nil {
			return nil, fmt.Errorf("reading retired key %s: %w", name, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func readPublic(name string) (ed25519.PublicKey, error) {
	data, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != blockPublic {
		return nil, errors.New("not a public key in PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a %T, wanted an Ed25519 key", key)
	}
	return public, nil
}

// ParseKeys reads a JSON Web Key Set and keeps its Ed25519 signing keys; keys of
// other kinds are passed over. A key is kept under the name computed from it,
// whatever name the set gives it, so that one key cannot pose as another.
func ParseKeys(jwks []byte) (Keys, error) {
	if len(jwks) > maxKeySet {
		return nil, fmt.Errorf("reading a key set: longer than %d bytes", maxKeySet)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(jwks, &set); err != nil {
		return nil, fmt.Errorf("reading a key set: %w", err)
	}
	keys := make(Keys)
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if err := json.Unmarshal(raw, &key); err != nil {
			continue
		}
		public, ok := key.Key.(ed25519.PublicKey)
		if !ok || len(public) != ed25519.PublicKeySize {
			continue
		}
		kid, err := keyID(public)
		if err != nil {
			return nil, err
		}
		keys[kid] = public
	}
	if len(keys) == 0 {
		return nil, errors.New("reading a key set: no Ed25519 key in it")
	}
	return keys, nil
}
