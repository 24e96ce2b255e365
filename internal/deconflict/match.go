package deconflict

import (
	"net/url"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/location"
)

// Target is what a question is about.
type Target struct {
	Location string // canonical
	Account  string // canonical address or handle of the publisher, where seen
	Kind     string // page | image | video | post | account | channel | file | site
}

// wide reports whether removing the target takes other things down with it.
func (t Target) wide() bool { return t.Kind == "account" || t.Kind == "channel" || t.Kind == "site" }

// Match reports whether a hold covers a location: for a hold on an item that very address, on an account everything below the
// address or of the same account, on a host everything there and on hosts below it. Scheme and a leading "www." do not
// matter: too wide holds something back for a while, too narrow breaks an investigation.
func Match(h staydown.Hold, loc string) bool {
	switch h.Scope {
	case staydown.HoldHost:
		host := bare(location.Host(loc))
		return host != "" && (host == bare(h.Host) || strings.HasSuffix(host, "."+bare(h.Host)))
	case staydown.HoldAccount:
		return key(loc) == key(h.Location) || under(key(loc), key(h.Location)) || sameAccount(h.Location, loc)
	}
	return key(loc) == key(h.Location)
}

// covers reports whether a hold covers the target, also when only the publisher's name shows that.
func covers(h staydown.Hold, t Target) bool {
	return Match(h, t.Location) || h.Scope == staydown.HoldAccount && publishedBy(t, h.Location)
}

// takesDown reports whether removing the target would take down what the hold covers.
func takesDown(h staydown.Hold, t Target) bool {
	if h.Scope == staydown.HoldHost {
		return false // covered, if it is there at all
	}
	switch {
	case under(key(h.Location), key(t.Location)):
		return true
	case t.Kind == "site":
		return sameHost(h.Location, t.Location)
	}
	return t.wide() && sameAccount(t.Location, h.Location)
}

// beside reports whether the hold is on another thing of the account that published the target.
func beside(h staydown.Hold, t Target) bool {
	return h.Scope == staydown.HoldItem && (publishedBy(t, h.Location) || location.ShapeOf(t.Location).Account != "" && sameAccount(t.Location, h.Location))
}

// publishedBy reports whether the target's publisher, as seen, is the account that an address belongs to.
func publishedBy(t Target, address string) bool {
	switch {
	case t.Account == "":
		return false
	case strings.Contains(t.Account, "://"):
		return key(t.Account) == key(address) || under(key(address), key(t.Account)) || sameAccount(t.Account, address)
	}
	name := account(address)
	return name != "" && sameHost(t.Location, address) && strings.EqualFold(strings.TrimPrefix(t.Account, "@"), name)
}

// sameAccount reports whether two addresses belong to one account of one host, as far as their form tells.
func sameAccount(a, b string) bool {
	x, y := account(a), account(b)
	return x != "" && strings.EqualFold(x, y) && sameHost(a, b)
}

// account is the name of the account that an address belongs to; an address of one part is taken for the account itself.
func account(address string) string {
	if s := location.ShapeOf(address); s.Account != "" || s.Post != "" {
		return s.Account
	}
	u, err := url.Parse(address)
	if err != nil || u.RawQuery != "" {
		return ""
	}
	one := strings.TrimPrefix(strings.Trim(u.Path, "/"), "s/") // the public preview of a channel
	if one == "" || strings.Contains(one, "/") {
		return ""
	}
	return strings.TrimPrefix(one, "@")
}

func sameHost(a, b string) bool {
	x := bare(location.Host(a))
	return x != "" && x == bare(location.Host(b))
}

// key is an address without scheme, leading "www." and closing slash.
func key(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return ""
	}
	return strings.TrimSuffix(bare(rest), "/")
}

func bare(host string) string { return strings.TrimPrefix(host, "www.") }

// under reports whether one key lies below another, at a boundary of the address.
func under(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && outer != "" && rest != "" && strings.ContainsRune("/?#", rune(rest[0]))
}

// Hosts lists the hosts under which holds on a target can be filed: its own and its publisher's, and the domains above them.
func Hosts(t Target) []string {
	var out []string
	seen := map[string]bool{}
	for _, address := range []string{t.Location, t.Account} {
		for host := bare(location.Host(address)); host != "" && !seen[host]; _, host, _ = strings.Cut(host, ".") {
			seen[host] = true
			out = append(out, host)
		}
	}
	return out
}

// mostAbove is how many addresses above a held one are looked for: real ones have a handful of parts.
const mostAbove = 64

// Spellings lists the addresses, in every spelling that Match takes for the same, of a held item and of what lies above it:
// what a question about a narrow hold can be about, for the store to look up. Of an address with very many parts it lists
// those next to it and those next to the host.
func Spellings(h staydown.Hold) []string {
	k := key(h.Location)
	var keys []string
	for n := len(k); n > 0; n = strings.LastIndexAny(k[:n], "/?#") {
		keys = append(keys, k[:n])
	}
	if len(keys) > mostAbove {
		keys = append(keys[:mostAbove/2:mostAbove/2], keys[len(keys)-mostAbove/2:]...)
	}
	var out []string
	for _, k := range keys {
		for _, head := range []string{"https://", "http://", "https://www.", "http://www."} {
			out = append(out, head+k, head+k+"/")
		}
	}
	return out
}
