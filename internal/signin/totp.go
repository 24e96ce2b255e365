package signin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// One-time codes after RFC 6238 as every authenticator program reads them: SHA-1,
// six digits, steps of thirty seconds.
const (
	totpStep   = 30 * time.Second
	totpDigits = 6
	totpSecret = 20 // bytes, RFC 4226 section 4
	totpWindow = 1  // steps that a phone's clock may be off, either way
)

var base32text = base32.StdEncoding.WithPadding(base32.NoPadding)

func newTOTP() []byte {
	secret := make([]byte, totpSecret)
	rand.Read(secret)
	return secret
}

// code is the one-time code of a step. RFC 4226 section 5.3.
func code(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, n%1_000_000)
}

// stepOf tells for which step around now a code is right and later than the last
// one taken: a code seen over somebody's shoulder counts once. ok is false when it
// is right for none.
func stepOf(secret []byte, given string, now time.Time, last int64) (step int64, ok bool) {
	given = strings.ReplaceAll(given, " ", "")
	current := now.Unix() / int64(totpStep/time.Second)
	for s := current - totpWindow; s <= current+totpWindow; s++ {
		right := subtle.ConstantTimeCompare([]byte(code(secret, s)), []byte(given)) == 1
		if right && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// Secret is a one-time code's secret in the two forms an authenticator takes.
type Secret struct {
	Text string // base 32, in groups of four, to be typed
	URI  string // otpauth://, to be opened or shown as a picture
}

func describe(secret []byte, issuer, login string) Secret {
	text := base32text.EncodeToString(secret)
	q := url.Values{"secret": {text}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login, RawQuery: q.Encode()}
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return Secret{Text: strings.Join(append(groups, text), " "), URI: u.String()}
}
