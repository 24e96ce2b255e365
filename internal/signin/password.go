package signin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/staydown/staydown"
)

// The cost of argon2id that OWASP recommends: 19 MiB, two passes, one lane.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
)

// The length of passwords, in characters.
const (
	PasswordMin = 12
	PasswordMax = 256
)

// fit refuses passwords that would be guessed first. There is no rule about kinds
// of characters: length is what counts.
func fit(password, login string) error {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	switch {
	case n < PasswordMin:
		return staydown.Errorf(staydown.Invalid, "signin.password_short", "a password has at least %d characters", PasswordMin).At("password")
	case n > PasswordMax:
		return staydown.Errorf(staydown.Invalid, "signin.password_long", "a password has at most %d characters", PasswordMax).At("password")
	case !utf8.ValidString(password):
		return staydown.Errorf(staydown.Invalid, "signin.password", "a password is text").At("password")
	case strings.Contains(lower, login) || few(password):
		return staydown.Errorf(staydown.Invalid, "signin.password_weak", "choose a password without your login in it and with more than a few different characters").At("password")
	}
	return nil
}

// few tells whether a password repeats fewer than five characters.
func few(password string) bool {
	seen := map[rune]bool{}
	for _, r := range password {
		seen[r] = true
	}
	return len(seen) < 5
}

// hash gives the PHC form of a password's argon2id hash. The same letters typed on
// another keyboard are the same password: it is composed (NFC) first.
func (d *Desk) hash(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(d.derive(password, salt, argonTime, argonMemory, argonLanes)))
}

func (d *Desk) derive(password string, salt []byte, time, memory uint32, lanes uint8) []byte {
	d.hashing <- struct{}{}
	defer func() { <-d.hashing }()
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, time, memory, lanes, argonKey)
}

// matches tells whether a password gives a hash; one that is broken matches
// nothing. It takes as long for a wrong password as for the right one.
func (d *Desk) matches(password, phc string) bool {
	var version int
	var memory, time uint32
	var lanes uint8
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || len(password) > 4*PasswordMax {
		return false
	}
	if n, err := fmt.Sscanf(parts[2], "v=%d", &version); n != 1 || err != nil || version != argon2.Version {
		return false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); n != 3 || err != nil || memory > 1<<20 || time == 0 || time > 16 || lanes == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(want, d.derive(password, salt, time, memory, lanes)) == 1
}
