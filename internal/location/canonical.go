package location

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the longest address taken, in bytes, before and after it is
// brought into canonical form. Addresses of postings are far shorter; what is
// longer carries a payload.
const MaxLength = 4096

// Canonical brings an absolute http or https address into its one spelling:
//
//   - scheme and host in lower case, host in punycode without a trailing dot,
//     IP addresses in their usual form, default ports off;
//   - dot segments resolved, backslashes read as slashes (as browsers do);
//   - percent-encoding in upper case, undone for letters, digits and -._~,
//     applied to what may not stand bare;
//   - parameters that only say where a reader came from taken off, an empty
//     query off; the order of the others kept, since servers may mind it;
//   - the fragment off, except where it is part of the address ("#!/room",
//     "#/room", and keys of services that decrypt in the browser).
//
// Canonical(Canonical(x)) equals Canonical(x). The errors are of type [Error].
func Canonical(raw string) (string, error) {
	p, err := split(raw)
	if err != nil {
		return "", err
	}
	out := p.String()
	if len(out) > MaxLength {
		return "", refuse(ReasonTooLong, "more than %d bytes once encoded", MaxLength)
	}
	return out, nil
}

// parts is an address taken to pieces, every piece canonical.
type parts struct {
	scheme, host, port string // port without colon, empty for the default
	path               string // begins with a slash
	query, fragment    string // without ? and #
}

func (p parts) String() string {
	var b strings.Builder
	b.WriteString(p.scheme + "://" + p.host)
	if p.port != "" {
		b.WriteString(":" + p.port)
	}
	b.WriteString(p.path)
	if p.query != "" {
		b.WriteString("?" + p.query)
	}
	if p.fragment != "" {
		b.WriteString("#" + p.fragment)
	}
	return b.String()
}

func split(raw string) (parts, error) {
	if len(raw) > MaxLength {
		return parts{}, refuse(ReasonTooLong, "more than %d bytes", MaxLength)
	}
	if !utf8.ValidString(raw) {
		return parts{}, refuse(ReasonEncoding, "not valid UTF-8")
	}
	raw = trim(raw)
	if raw == "" {
		return parts{}, refuse(ReasonEmpty, "no address given")
	}
	if i := strings.IndexFunc(raw, isControl); i >= 0 {
		return parts{}, refuse(ReasonControl, "control character at byte %d", i)
	}
	scheme, rest, err := splitScheme(raw)
	if err != nil {
		return parts{}, err
	}
	authority, rest := cutAny(rest, "/\\?#")
	p := parts{scheme: scheme}
	if p.host, p.port, err = splitAuthority(scheme, authority); err != nil {
		return parts{}, err
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	p.path = cleanPath(path)
	p.query = cleanQuery(p.host, query)
	p.fragment = keepFragment(p.host, p.query, fragment)
	return p, nil
}

// splitScheme takes the scheme off. Browsers take any number of slashes after
// "https:"; what is copied from them has two, so two are required.
func splitScheme(raw string) (scheme, rest string, err error) {
	head, rest, found := strings.Cut(raw, ":")
	if !found {
		return "", "", refuse(ReasonScheme, "does not begin with http:// or https://")
	}
	scheme = asciiLower(head)
	if scheme != "http" && scheme != "https" {
		return "", "", refuse(ReasonScheme, "only http and https are examined")
	}
	rest, found = strings.CutPrefix(strings.ReplaceAll(rest[:min(2, len(rest))], `\`, "/")+rest[min(2, len(rest)):], "//")
	if !found {
		return "", "", refuse(ReasonScheme, "no // after the scheme")
	}
	return scheme, rest, nil
}

// cutAny splits s before the first byte that is in set.
func cutAny(s, set string) (before, after string) {
	if i := strings.IndexAny(s, set); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// trim takes off white space and the invisible marks that come along when an
// address is copied out of a right-to-left message.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || isInvisible(r)
	})
}

func isControl(r rune) bool { return r < 0x20 || r >= 0x7F && r <= 0x9F }

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
