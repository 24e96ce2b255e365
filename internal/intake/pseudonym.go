package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// pseudonym replaces the number of a person: the same person has the same pseudonym everywhere in this installation, and
// nobody without the key finds out whose it is by trying numbers.
func (d *Desk) pseudonym(id string) string {
	if len(d.PseudonymKey) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, d.PseudonymKey)
	mac.Write([]byte("intake/person/1 " + id))
	return "person-" + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:10]))
}
