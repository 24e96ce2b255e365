package connector

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// webScheme is how an address of the web starts, wherever it stands.
	webScheme = regexp.MustCompile(`(?i)http(s?)://`)
	// authority is what follows two slashes, up to where a host must end.
	authority = regexp.MustCompile(`//[^\s/?#\\<>"']+`)
	// bareHost is what mail programs turn into a link though no scheme stands before.
	bareHost = regexp.MustCompile(`(?i)\bwww\.[^\s/?#\\<>"']+`)
	// openDot is a dot that is not made harmless yet.
	openDot = regexp.MustCompile(`\[\.\]|\.`)
)

// Defang rewrites every web address in a text so that no mail program makes a
// link of it and no scanner follows it, while people still read it:
// https://relay.example/a becomes hxxps://relay[.]example/a. Addresses inside of
// addresses are rewritten too, and what is rewritten already stays. Apply it to
// an address, or to a sentence with addresses in it.
func Defang(text string) string {
	text = webScheme.ReplaceAllString(text, "hxxp$1://")
	text = otherSchemes(text)
	text = authority.ReplaceAllStringFunc(text, closeDots)
	return bareHost.ReplaceAllStringFunc(text, closeDots)
}

// otherSchemes breaks every "://" that is not one of a rewritten web address.
func otherSchemes(text string) string {
	parts := strings.Split(text, "://")
	var out strings.Builder
	for i, part := range parts {
		out.WriteString(part)
		switch {
		case i == len(parts)-1:
		case strings.HasSuffix(part, "hxxp"), strings.HasSuffix(part, "hxxps"):
			out.WriteString("://")
		default:
			out.WriteString("[:]//")
		}
	}
	return out.String()
}

func closeDots(text string) string { return openDot.ReplaceAllString(text, "[.]") }

// Plain makes foreign text fit for a plain-text mail or a log: control characters
// but line breaks and tabs, and characters that reorder what follows, are written
// out as codes, so that what is read is what was written.
func Plain(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return escape(text, func(r rune) bool { return r == '\n' || r == '\t' })
}

// OneLine makes foreign text fit for a header or a list: as [Plain], with line
// breaks and tabs as spaces, and no space at its ends.
func OneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.TrimSpace(escape(text, func(rune) bool { return false }))
}

func escape(text string, keep func(rune) bool) string {
	var out strings.Builder
	for _, r := range text {
		if !keep(r) && (unicode.IsControl(r) || reorders(r)) {
			fmt.Fprintf(&out, "<U+%04X>", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// reorders tells the directional formatting characters (Unicode Standard Annex 9)
// and the separators that end a line for some programs and not for others.
func reorders(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029'
}

// Shorten cuts a text to at most n bytes at a character's edge.
func Shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// maxDetail bounds what a result tells of the other side's words.
const maxDetail = 300

// Detail makes the other side's words fit for [Result]: one short line, without
// addresses that could be followed and without what opens the door, which a mail
// filter that rejects a letter for its links repeats in its answer.
func (m Message) Detail(words string) string {
	if at := strings.LastIndexByte(m.DoorLink, '/'); at >= 0 {
		if token := m.DoorLink[at+1:]; token != "" {
			words = replaceFold(words, token, "…")
		}
	}
	return Shorten(Defang(OneLine(words)), maxDetail)
}

// replaceFold replaces every spelling of old, whatever its case, by with.
func replaceFold(text, old, with string) string {
	pattern, err := regexp.Compile("(?i)" + regexp.QuoteMeta(old))
	if err != nil { // old is not UTF-8: rather no word than a wrong one
		return with
	}
	return pattern.ReplaceAllLiteralString(text, with)
}
