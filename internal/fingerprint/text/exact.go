package text

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// ExactVersion names how exact digests are made. Digests of different versions
// must not be compared.
const ExactVersion = "fold-v1"

// Exact returns the SHA-256, in 64 hexadecimal digits, that all spellings of a
// text share which [Fold] makes equal: the same words in the same order, whatever
// the marks, letter case, digits, punctuation and invisible characters. The
// version is hashed with it. A text without letters or digits has none: "".
//
// It is of the folded text and not of its stems, so that it never calls two
// texts equal of which a word has another ending.
func Exact(s string) string {
	folded := Fold(s)
	if folded == "" {
		return ""
	}
	h := sha256.New()
	io.WriteString(h, ExactVersion+"\n")
	io.WriteString(h, folded)
	return hex.EncodeToString(h.Sum(nil))
}
