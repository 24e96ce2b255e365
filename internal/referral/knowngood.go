package referral

import (
	_ "embed"
	"strings"
)

//go:embed knowngood.txt
var knownGoodFile string

// KnownGood is the list of publishers whose pages nobody refers without a second person and a reason: archives, libraries,
// news, governments, universities. An entry is a domain, which covers its subdomains, or a suffix that begins with a dot.
type KnownGood map[string]bool

// DefaultKnownGood is the list that Staydown ships, with more entries added.
func DefaultKnownGood(more ...string) KnownGood {
	k := KnownGood{}
	for _, line := range append(strings.Split(knownGoodFile, "\n"), more...) {
		entry, _, _ := strings.Cut(line, "#")
		if entry = strings.ToLower(strings.TrimSpace(entry)); entry != "" {
			k[strings.TrimPrefix(entry, ".")] = true
		}
	}
	return k
}

// Has reports whether a host or one of the domains above it is on the list.
func (k KnownGood) Has(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for host != "" {
		if k[host] {
			return true
		}
		_, rest, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		host = rest
	}
	return false
}
