package verify

import (
	"crypto/sha256"
	"net/url"
	"strings"
)

// Neighbour makes an address of the same kind that surely never existed: the
// last part that names the thing is replaced by another of the same make, too
// long or too odd to be anybody's. What a site answers there is how it answers
// for what does not exist. It is "" for a front page, which has no neighbours.
//
// The answer depends on the address alone.
func Neighbour(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return ""
	}
	q := u.Query()
	for _, key := range []string{"v", "id", "p", "story_fbid", "fbid", "item"} {
		if value := q.Get(key); value != "" {
			q.Set(key, other(value, location))
			u.RawQuery = q.Encode()
			return u.String()
		}
	}
	parts := strings.Split(strings.TrimSuffix(u.Path, "/"), "/")
	last := len(parts) - 1
	if last < 1 || parts[last] == "" {
		return ""
	}
	parts[last] = other(parts[last], location)
	u.Path, u.RawPath = strings.Join(parts, "/"), ""
	return u.String()
}

// other replaces the letters and digits of a name by others of their kind, and
// makes it longer. A file's ending stays.
func other(name, seed string) string {
	sum := sha256.Sum256([]byte("staydown neighbour of " + seed))
	stem, ending := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 6 {
		stem, ending = name[:i], name[i:]
	}
	numeric := strings.Trim(stem, "0123456789") == ""
	var b strings.Builder
	if numeric {
		b.WriteByte('9') // beyond any number that was given away
	}
	for i := range max(len(stem)+4, 12) {
		c := byte('a')
		if i < len(stem) {
			c = stem[i]
		} else if numeric {
			c = '0'
		}
		b.WriteByte(swap(c, sum[i%len(sum)]))
	}
	return b.String() + ending
}

// swap gives another character of the same kind.
func swap(c, by byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return '0' + by%10
	case c >= 'A' && c <= 'Z':
		return 'A' + by%26
	case c >= 'a' && c <= 'z':
		return 'a' + by%26
	case c == '-' || c == '_':
		return c
	}
	return 'x'
}
