package location

import (
	"regexp"
	"strings"
)

// defanged are the spellings analysts and reports use to make a host
// harmless, with what they stand for.
var defanged = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "[DOT]", ".", "[:]", ":", `\.`, ".",
)

// fangedScheme matches the ways http:// and https:// are broken on purpose.
var fangedScheme = regexp.MustCompile(`^(?i:h(?:xx|tt|\*\*)p(s?))(?:\[://\]|\[?:\]?//|:\[//\]|:\\\\)`)

// bare matches an address written without a scheme: a dotted name, perhaps a
// port, and then a path or the end.
var bare = regexp.MustCompile(`^[^\s/?#@:\\\[\]]+\.[^\s/?#@:\\.\[\]]{2,}(:\d{1,5})?$`)

// Refang undoes [Defang] and the other common spellings of a harmless
// address, and writes https:// before an address that has no scheme. It
// checks nothing: give the result to [Canonical].
func Refang(s string) string {
	s = trim(s)
	scheme := ""
	if m := fangedScheme.FindStringSubmatch(s); m != nil {
		scheme, s = "http"+asciiLower(m[1])+"://", s[len(m[0]):]
	}
	host, tail := cutAny(s, "/?#")
	if host = defanged.Replace(host); scheme == "" && bare.MatchString(host) {
		scheme = "https://"
	}
	return scheme + host + tail
}
