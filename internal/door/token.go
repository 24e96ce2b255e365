package door

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/staydown/staydown"
)

// tokenLength is how many characters of base64 a token has: 192 bits.
const tokenLength = 32

// Token is what opens the door for one letter. It is derived from the door's key,
// so that a letter sent again carries the same link, while the database keeps its
// digest only.
func Token(key []byte, letter staydown.ID) string {
	return base64.RawURLEncoding.EncodeToString(keyed(key, "door/1 "+string(letter)))[:tokenLength]
}

// TokenHash is the digest under which a token is kept.
func TokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// codeHash is the digest under which a code is kept. Six digits are soon tried
// through: without the key a copy of the database would tell them.
func codeHash(key []byte, session, code string) string {
	return hex.EncodeToString(keyed(key, "code/1 "+session+" "+code))
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// newCookie draws the secret of a session.
func newCookie() string {
	var b [24]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newCode draws six digits.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("drawing a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}
