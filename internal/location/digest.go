package location

import (
	"crypto/md5"
	"encoding/hex"
	"strings"
)

// MD5 returns 32 hexadecimal digits of an address's canonical form (see
// [Canonical], whose errors these are): ours, for lists that must not show
// addresses. It is no secret; whoever has the address can make it again.
func MD5(raw string) (string, error) {
	canonical, err := Canonical(raw)
	if err != nil {
		return "", err
	}
	return sum(canonical), nil
}

// PartnerMD5 returns the MD5 of an address as ThreatExchange's signal type
// url_md5 makes it: all in lower case, without the scheme, and otherwise as it
// was given, so that every spelling has its own. To be asked of partners' lists
// beside [MD5]; best both for the address as found and for its canonical form.
// The error is of type [Error], for what is too long to be an address.
func PartnerMD5(raw string) (string, error) {
	if len(raw) > MaxLength {
		return "", refuse(ReasonTooLong, "more than %d bytes", MaxLength)
	}
	return sum(partnerForm(strings.ToValidUTF8(raw, "\uFFFD"))), nil
}

func sum(s string) string {
	digest := md5.Sum([]byte(s))
	return hex.EncodeToString(digest[:])
}

// partnerForm follows python-threatexchange's normalize_url, which parses the
// address with Python's urllib and writes it again: empty queries, fragments and
// parameters fall away, and so do line breaks and what stands before it.
func partnerForm(raw string) string {
	s := strings.ToLower(raw)
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r <= ' ' })
	s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	scheme, rest := pythonScheme(s)
	host, authority := "", strings.HasPrefix(rest, "//")
	if authority {
		host, rest = cutAny(rest[2:], "/?#")
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	out := dropEmptyParameters(path)
	switch {
	case host != "":
		if out != "" && out[0] != '/' {
			out = "/" + out
		}
		out = "//" + host + out
	case strings.HasPrefix(out, "//"), (scheme == "http" || scheme == "https") && (out == "" || out[0] == '/'):
		out = "//" + out
	}
	if scheme != "" {
		out = scheme + ":" + out
	}
	if query != "" {
		out += "?" + query
	}
	if fragment != "" {
		out += "#" + fragment
	}
	return strings.Replace(out, scheme+"://", "", 1)
}

// pythonScheme takes off what urllib reads as a scheme: also of "host:80/path".
func pythonScheme(s string) (scheme, rest string) {
	head, rest, found := strings.Cut(s, ":")
	if !found || head == "" || !isLetter(head[0]) {
		return "", s
	}
	for i := range len(head) {
		if c := head[i]; !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return "", s
		}
	}
	return head, rest
}

// dropEmptyParameters takes a ; without anything behind it off the last segment.
func dropEmptyParameters(path string) string {
	slash := strings.LastIndexByte(path, '/') + 1
	if at := strings.IndexByte(path[slash:], ';'); at >= 0 && slash+at == len(path)-1 {
		return path[:len(path)-1]
	}
	return path
}
