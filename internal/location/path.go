package location

import "strings"

// Characters that may stand bare, beside letters, digits and -._~ (RFC 3986).
const (
	barePath  = "!$&'()*+,;=:@/"
	bareQuery = "!$&'()*+,;=:@/?[]"
)

// cleanPath resolves dot segments and normalises percent-encoding. Empty
// segments are kept: some servers mind them.
func cleanPath(raw string) string {
	raw = strings.ReplaceAll(raw, `\`, "/")
	raw = strings.TrimPrefix(raw, "/")
	out := []string{}
	segments := strings.Split(normalise(raw, barePath), "/")
	for i, seg := range segments {
		last := i == len(segments)-1
		switch seg {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, seg)
		}
	}
	return "/" + strings.Join(out, "/")
}

// normalise writes percent-escapes in upper case, undoes those of unreserved
// characters, and escapes what is neither unreserved nor in bare. A % that
// begins no escape is itself escaped.
func normalise(s, bare string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if v, ok := unhex(s, i); ok {
			i += 2
			if isUnreserved(v) {
				b.WriteByte(v)
			} else {
				b.Write([]byte{'%', digits[v>>4], digits[v&15]})
			}
			continue
		}
		if isUnreserved(c) || strings.IndexByte(bare, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

// unhex reads the escape %XX at s[i].
func unhex(s string, i int) (byte, bool) {
	if s[i] != '%' || i+2 >= len(s) {
		return 0, false
	}
	hi, ok1 := hexDigit(s[i+1])
	lo, ok2 := hexDigit(s[i+2])
	return hi<<4 | lo, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func isUnreserved(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~'
}
