package intake

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// sizeText writes a number of bytes for people.
func sizeText(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// cleanNUL replaces NUL, which no database keeps in text.
func cleanNUL(s string) (string, bool) {
	if strings.IndexByte(s, 0) < 0 {
		return s, false
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD"), true
}

// invisible characters have no width: they arrive with copied text and hide in addresses.
func invisible(r rune) bool {
	switch {
	case r == 0x00AD, r == 0xFEFF, r == 0x061C:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069:
		return true
	}
	return false
}

// pathText writes a file name as valid UTF-8: bytes outside of it as \xNN, and a backslash before an x as \x5C, so that no
// two names come out the same.
func pathText(s string) string {
	if utf8.ValidString(s) && !strings.Contains(s, `\x`) {
		return s
	}
	var sb strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || strings.HasPrefix(s[i:], `\x`) {
			fmt.Fprintf(&sb, `\x%02X`, s[i])
		} else {
			sb.WriteString(s[i : i+n])
		}
		i += n
	}
	return sb.String()
}
