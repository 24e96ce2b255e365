package webhook

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/seal"
)

// Verify checks a letter on the receiving side: header and body are those of the
// request, keys those of the sending authority, as it publishes them
// (seal.ParseKeys). It returns the letter and the name of the key that signed it.
// The error is [seal.ErrSignature] when the signature does not cover exactly
// these bytes.
//
// The signature covers the body, not the Idempotency-Key: a receiver that wants
// each letter to count once also compares the letter's field message, which is
// signed.
func Verify(header http.Header, body []byte, keys seal.Keys) (letter connector.Letter, kid string, err error) {
	if len(header.Values(SignatureHeader)) != 1 {
		return letter, "", fmt.Errorf("checking a letter: wanted one %s header: %w", SignatureHeader, seal.ErrSignature)
	}
	if kid, err = seal.VerifyDetached(keys, header.Get(SignatureHeader), body); err != nil {
		return letter, "", fmt.Errorf("checking a letter: %w", err)
	}
	if header.Get(KeyHeader) == "" {
		return letter, "", errors.New("checking a letter: no " + KeyHeader)
	}
	if letter, err = connector.ParseLetter(body); err != nil {
		return connector.Letter{}, "", err
	}
	return letter, kid, nil
}
