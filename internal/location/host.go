package location

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// names maps a host name as browsers do before they look it up. Hyphens in
// the third and fourth place are let through: real hosts have them.
var names = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.BidiRule(),
	idna.CheckHyphens(false),
	idna.VerifyDNSLength(true),
)

// Host returns the host of a canonical address, without port; an IPv6 address
// without brackets. It returns "" for what is no canonical address.
func Host(canonical string) string {
	_, rest, found := strings.Cut(canonical, "://")
	if !found {
		return ""
	}
	authority, _ := cutAny(rest, "/?#")
	if strings.HasPrefix(authority, "[") {
		host, _, _ := strings.Cut(authority[1:], "]")
		return host
	}
	host, _, _ := strings.Cut(authority, ":")
	return host
}

// Registrable returns the domain somebody had to register to hold this host
// ("example.co.uk" for "www.example.co.uk"), by the public suffix list; under
// a suffix the list does not know (as .example) the last two labels. An IP
// address, a single label and a public suffix are returned as they are.
func Registrable(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// Shared reports whether the host lies below a suffix at which strangers rent
// names from one provider ("name.blogspot.com"), so that the host, not the
// registered domain, is the smallest thing one person answers for.
func Shared(host string) bool {
	suffix, icann := publicsuffix.PublicSuffix(host)
	return !icann && strings.Contains(suffix, ".") && suffix != host
}

func splitAuthority(scheme, authority string) (host, port string, err error) {
	if strings.Contains(authority, "@") {
		return "", "", refuse(ReasonUserinfo, "a name or password stands before the host")
	}
	host, port = authority, ""
	if end := strings.LastIndex(authority, "]"); strings.HasPrefix(authority, "[") && end > 0 {
		host, port = authority[:end+1], authority[end+1:]
		if port != "" && port[0] != ':' {
			return "", "", refuse(ReasonHost, "text after the bracketed address")
		}
		port = strings.TrimPrefix(port, ":")
	} else if i := strings.LastIndex(authority, ":"); i >= 0 {
		host, port = authority[:i], authority[i+1:]
	}
	if port, err = cleanPort(scheme, port); err != nil {
		return "", "", err
	}
	host, err = cleanHost(host)
	return host, port, err
}

func cleanPort(scheme, port string) (string, error) {
	if port == "" {
		return "", nil
	}
	for _, c := range []byte(port) {
		if c < '0' || c > '9' {
			return "", refuse(ReasonPort, "the port is not a number")
		}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", refuse(ReasonPort, "the port is not between 1 and 65535")
	}
	if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
		return "", nil
	}
	return strconv.FormatUint(n, 10), nil
}

func cleanHost(raw string) (string, error) {
	if strings.HasPrefix(raw, "[") {
		addr, err := netip.ParseAddr(strings.Trim(raw, "[]"))
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", refuse(ReasonHost, "not an IPv6 address between the brackets")
		}
		return "[" + addr.String() + "]", nil
	}
	host, err := names.ToASCII(unescapeHost(raw))
	if err != nil {
		return "", refuse(ReasonHost, "the host %q is no domain name", clip(raw))
	}
	host = strings.TrimSuffix(asciiLower(host), ".")
	if host == "" || !validHost(host) {
		return "", refuse(ReasonHost, "the host %q is no domain name", clip(raw))
	}
	if last := host[strings.LastIndexByte(host, '.')+1:]; isNumber(last) {
		return cleanIPv4(host)
	}
	return host, nil
}

// unescapeHost undoes percent-encoding in a host, as browsers do. A bad
// escape stays and fails the check for a domain name.
func unescapeHost(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c, ok := unhex(s, i); ok {
			b.WriteByte(c)
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func validHost(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, c := range []byte(label) {
			if !isLetter(c) && !isDigit(c) && c != '-' && c != '_' {
				return false
			}
		}
	}
	return len(host) <= 253
}

// isNumber reports whether a last label makes the host an IPv4 address in the
// eyes of a browser: digits, or a hexadecimal number.
func isNumber(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		_, err := strconv.ParseUint("0"+hex, 16, 64)
		return err == nil
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

// cleanIPv4 reads one to four numbers, decimal, octal or hexadecimal, the last
// filling the remaining bytes: "0x7f.1" is 127.0.0.1. Whoever spells an
// address so wants it missed by a filter that compares text.
func cleanIPv4(host string) (string, error) {
	fields := strings.Split(host, ".")
	if len(fields) > 4 {
		return "", refuse(ReasonHost, "the host ends in a number but is no IPv4 address")
	}
	var addr uint64
	for i, f := range fields {
		n, err := parseNumber(f)
		limit := uint64(0xFF)
		shift := 8 * (3 - i)
		if i == len(fields)-1 {
			limit, shift = 1<<(8*(4-i))-1, 0
		}
		if err != nil || n > limit {
			return "", refuse(ReasonHost, "the host ends in a number but is no IPv4 address")
		}
		addr |= n << shift
	}
	return netip.AddrFrom4([4]byte{byte(addr >> 24), byte(addr >> 16), byte(addr >> 8), byte(addr)}).String(), nil
}

func parseNumber(s string) (uint64, error) {
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		return strconv.ParseUint("0"+hex, 16, 64)
	}
	if len(s) > 1 && s[0] == '0' {
		return strconv.ParseUint(s, 8, 64)
	}
	return strconv.ParseUint(s, 10, 64)
}

func clip(s string) string {
	const most = 80
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
