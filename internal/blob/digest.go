package blob

import (
	"encoding/hex"
	"fmt"
)

// Digest is the name of kept bytes: their SHA-256 in 64 lower-case hexadecimal
// digits.
type Digest string

// ParseDigest checks that s is a digest. Only what went through here (or came
// from Put) is ever made into a path.
func ParseDigest(s string) (Digest, error) {
	if len(s) != 64 {
		return "", fmt.Errorf("digest %.80q: 64 hexadecimal digits are needed", s)
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", fmt.Errorf("digest %q: only lower-case hexadecimal digits are allowed", s)
		}
	}
	return Digest(s), nil
}

// digestOf spells a finished hash.
func digestOf(sum []byte) Digest { return Digest(hex.EncodeToString(sum)) }
