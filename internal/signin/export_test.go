package signin

import "time"

// CodeAt is the one-time code of a secret at a time.
func CodeAt(secret []byte, now time.Time) string {
	return code(secret, now.Unix()/int64(totpStep/time.Second))
}
