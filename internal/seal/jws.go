package seal

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// maxJWS bounds a signature that comes from outside; one of ours has about 200
// bytes.
const maxJWS = 4 << 10

// ErrSignature says that a signature does not fit the bytes it came with, was
// made by a key that is not among the known ones, or is none.
var ErrSignature = errors.New("the signature does not verify")

// keyID names a public key by its JSON Web Key thumbprint (RFC 7638, SHA-256),
// so that two installations name the same key alike.
func keyID(public ed25519.PublicKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("naming a key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// SignDetached signs payload as an authority: a JSON Web Signature in compact
// form with an empty payload part (RFC 7515, Appendix F), algorithm EdDSA over
// Ed25519, the key's name in the header field kid.
func (r *Ring) SignDetached(authority string, payload []byte) (string, error) {
	key, err := r.signingKey(authority)
	if err != nil {
		return "", err
	}
	kid, err := keyID(key.Public().(ed25519.PublicKey))
	if err != nil {
		return "", err
	}
	options := (&jose.SignerOptions{}).WithHeader("kid", kid)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, options)
	if err != nil {
		return "", fmt.Errorf("signing for authority %s: %w", authority, err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing for authority %s: %w", authority, err)
	}
	return signed.DetachedCompactSerialize()
}

// VerifyDetached checks a signature made by [Ring.SignDetached] over payload
// against keys and returns the name of the key that made it. Every failure is
// [ErrSignature]: who forges one learns nothing from the answer.
func VerifyDetached(keys Keys, signature string, payload []byte) (kid string, err error) {
	head, ok := detachedHeader(signature)
	if !ok {
		return "", ErrSignature
	}
	key, ok := keys[head.KeyID]
	if !ok {
		return "", ErrSignature
	}
	if payload == nil {
		payload = []byte{}
	}
	parsed, err := jose.ParseDetached(signature, payload, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return "", ErrSignature
	}
	if err := parsed.DetachedVerify(payload, key); err != nil {
		return "", ErrSignature
	}
	return head.KeyID, nil
}

type jwsHeader struct {
	Algorithm string   `json:"alg"`
	KeyID     string   `json:"kid"`
	Base64    *bool    `json:"b64"`
	Critical  []string `json:"crit"`
}

// detachedHeader reads the header of a detached signature and refuses every
// variation on what this house writes: an attached payload, another algorithm,
// an unencoded payload (RFC 7797), extensions.
func detachedHeader(signature string) (jwsHeader, bool) {
	var head jwsHeader
	parts := strings.Split(signature, ".")
	if len(signature) > maxJWS || len(parts) != 3 || parts[1] != "" {
		return head, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	if err != nil || json.Unmarshal(raw, &head) != nil {
		return head, false
	}
	// One signature has one spelling: without this the last character's unused
	// bits are free to choose.
	if _, err := base64.RawURLEncoding.Strict().DecodeString(parts[2]); err != nil {
		return head, false
	}
	encoded := head.Base64 == nil || *head.Base64
	return head, head.Algorithm == string(jose.EdDSA) && head.KeyID != "" && encoded && len(head.Critical) == 0
}
