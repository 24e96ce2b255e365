package location

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Visible returns s with every character that shows nothing or turns the
// reading order made visible, as "‹U+202E›". White space other than the plain
// space becomes visible too, except line breaks and tabs. Use it on every
// name, title and file name that came from outside.
func Visible(s string) string {
	if !strings.ContainsFunc(s, needsShowing) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, "‹0x%02X›", s[i])
		case needsShowing(r):
			fmt.Fprintf(&b, "‹U+%04X›", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func needsShowing(r rune) bool {
	switch r {
	case '\n', '\t', ' ':
		return false
	}
	return isControl(r) || isInvisible(r) || unicode.Is(unicode.Zs, r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

// isInvisible reports characters without a shape of their own: bidi marks,
// embeddings, overrides and isolates, joiners, fillers, tags.
func isInvisible(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x3164, r == 0xFFA0:
		return true
	case r >= 0x180B && r <= 0x180F, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E:
		return true
	case r >= 0x2060 && r <= 0x206F, r >= 0xFE00 && r <= 0xFE0F, r >= 0xFFF0 && r <= 0xFFFB, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return r == 0xFEFF
}

// Display writes a canonical address for a person's eyes: letters, marks and
// digits of every script in the path are readable, everything else stays
// percent-encoded; a host in another script stands in its own letters with
// the punycode beside it. The result is never to be dialled or parsed. What is
// no canonical address is returned through [Visible].
func Display(canonical string) string {
	if again, err := Canonical(canonical); err != nil || again != canonical {
		return Visible(canonical)
	}
	host := Host(canonical)
	scheme, rest, _ := strings.Cut(canonical, "://")
	authority, tail := cutAny(rest, "/?#")
	shown := scheme + "://" + authority + readable(tail)
	if native, err := idna.Display.ToUnicode(host); err == nil && native != host {
		port := strings.TrimPrefix(authority, host)
		shown = scheme + "://" + Visible(native) + port + readable(tail) + " [" + host + "]"
	}
	return shown
}

// readable undoes percent-encoding where the result is a letter, mark or
// digit outside ASCII. Fillers that Unicode calls letters stay encoded.
func readable(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		run, n := escapedRun(s[i:])
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		for j := 0; j < len(run); {
			r, size := utf8.DecodeRune(run[j:])
			if isReadable(r, size) {
				b.WriteRune(r)
			} else {
				b.WriteString(s[i+3*j : i+3*(j+size)])
			}
			j += size
		}
		i += n
	}
	return b.String()
}

func isReadable(r rune, size int) bool {
	return size > 1 && r != utf8.RuneError && !isInvisible(r) &&
		(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r))
}

// escapedRun decodes the percent-escapes s begins with and says how many
// bytes of s they take.
func escapedRun(s string) (decoded []byte, n int) {
	for n < len(s) {
		v, ok := unhex(s, n)
		if !ok {
			break
		}
		decoded = append(decoded, v)
		n += 3
	}
	return decoded, n
}

// Defang writes an address so that no mail program makes it a link and no
// filter follows it: "hxxps://relay[.]example/x". The path is untouched, so
// that a person can compare it. [Refang] is the way back.
func Defang(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return strings.ReplaceAll(address, ".", "[.]")
	}
	authority, tail := cutAny(rest, "/?#")
	return strings.Replace(scheme, "tt", "xx", 1) + "://" + strings.ReplaceAll(authority, ".", "[.]") + tail
}
