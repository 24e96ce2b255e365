package dial

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// errName is wrapped by every reason for which a host name is refused.
var errName = errors.New("not a public host name")

// unlisted are the endings that no public name has.
//
// RFC 6761, 6762, 7686, 8375, 9476; "internal" is reserved by ICANN, the rest
// are the usual names of home and office networks.
var unlisted = []string{
	"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private",
	"test", "example", "invalid", "onion", "alt", "arpa",
}

// checkName returns a host name in the form DNS uses (lower case, punycode, no
// final dot) or says why it is no public name. It is the only check a name
// gets when a proxy resolves it, so spellings of addresses that some resolver
// might understand ("127.1", "0x7f.1", "2130706433") are refused here too.
func checkName(host string) (string, error) {
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 {
		return "", fmt.Errorf("%w: empty or too long", errName)
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return "", fmt.Errorf("%w: %q", errName, host)
	}
	ascii = strings.ToLower(ascii)
	labels := strings.Split(ascii, ".")
	for _, label := range labels {
		if !isLabel(label) {
			return "", fmt.Errorf("%w: %q", errName, ascii)
		}
	}
	if len(labels) < 2 {
		return "", fmt.Errorf("%w: %q has no domain", errName, ascii)
	}
	last := labels[len(labels)-1]
	if looksNumeric(last) {
		return "", fmt.Errorf("%w: %q is written like an address", errName, ascii)
	}
	for _, end := range unlisted {
		if last == end {
			return "", fmt.Errorf("%w: .%s is not on the public internet", errName, end)
		}
	}
	return ascii, nil
}

// isLabel tells whether s is one label of a host name: letters, digits, hyphen
// and underscore, at most 63.
func isLabel(s string) bool {
	if s == "" || len(s) > 63 {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// looksNumeric tells whether a last label would make a URL parser read the
// whole host as an IPv4 address.
//
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func looksNumeric(last string) bool {
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}
