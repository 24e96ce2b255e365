package hma

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Trust lets addresses ask without a token, as a technical caller in the circle of
// one authority. The zero Trust lets in nobody.
type Trust struct {
	From   []netip.Prefix
	Circle staydown.ID // the authority whose banks they reach
	Keep   bool        // whether they may change banks, too; else they look up only
	Hosts  []string    // further names by which they may call this server
}

// name is how trusted addresses are called in the log of events.
const name = "hma-trusted-address"

func (t Trust) caller() access.Caller {
	may := []access.Permission{access.See, access.Lookup, access.Explain}
	if t.Keep {
		may = append(may, access.KeepBanks)
	}
	return access.Caller{Actor: staydown.Actor{System: name, Authority: t.Circle}, Roles: []staydown.Role{staydown.RoleLead}, Scopes: may, Circles: []staydown.ID{t.Circle}}
}

// forwarded are headers of a request that somebody passed on: then the address is
// that of the proxy, and says nothing.
var forwarded = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via", "Cf-Connecting-Ip", "True-Client-Ip"}

// browsers are headers that a browser sends: a page that somebody looks at on a
// trusted machine must not reach banks through it.
var browsers = []string{"Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Referer"}

// lets reports whether a request comes from a trusted address, straight from there
// and from a program.
func (t Trust) lets(r *http.Request) bool {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || t.Circle == "" {
		return false
	}
	for _, h := range slices.Concat(forwarded, browsers) {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	from := ap.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(t.From, func(p netip.Prefix) bool { return p.Contains(from) }) && t.host(r.Host)
}

// host refuses names that a stranger's DNS could lead here: a trusted machine calls
// this server by an address, by a name without a dot, or by one that was configured.
func (t Trust) host(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return host != "" && (!strings.Contains(host, ".") || slices.Contains(t.Hosts, host))
}

// who tells who asks: by the key in the path, by the token in the header, or by the
// address. Whatever it is, it reaches the banks of one circle: numbers of contents
// and names of banks are unique only there.
func (s *Surface) who(r *http.Request, key string) (access.Caller, error) {
	token := key
	if token == "" {
		scheme, t, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if strings.EqualFold(scheme, "bearer") {
			token = strings.TrimSpace(t)
		}
	}
	if token == "" && r.Header.Get("Authorization") == "" && parts(r.URL.Path)[0] != keyed && s.Trust.lets(r) {
		return s.Trust.caller(), nil
	}
	if token == "" {
		return access.Caller{}, problem{http.StatusUnauthorized, "this needs a token, as Authorization: Bearer or as /hma/{token}/ before the path"}
	}
	c, err := s.Bearer(r.Context(), token)
	if staydown.KindOf(err) == staydown.Refused && err != nil {
		return c, problem{http.StatusUnauthorized, "this token opens nothing"}
	}
	if err != nil {
		return c, err
	}
	c.Circles = []staydown.ID{c.Actor.Authority}
	return c, nil
}
