package site

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/location"
)

// pattern finds identifiers of one kind in the bytes of a page; the last group
// is the value. A page without any of the words has none: most pages are spared
// most patterns.
type pattern struct {
	kind  string
	re    *regexp.Regexp
	words []string // one of them stands in every identifier; none: see [lengthy]
}

// possible tells whether a page can hold an identifier of this kind.
func (p pattern) possible(html []byte) bool {
	if p.words == nil {
		return lengthy(html)
	}
	for _, w := range p.words {
		if bytes.Contains(html, []byte(w)) {
			return true
		}
	}
	return false
}

// lengthy tells whether a page has a word as long as a Monero address.
func lengthy(html []byte) bool {
	n := 0
	for _, c := range html {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			if n++; n == 95 {
				return true
			}
		} else {
			n = 0
		}
	}
	return false
}

// patterns are numbers and addresses that belong to the people behind a site,
// not to its platform, and that are laborious to change.
var patterns = []pattern{
	{"google-analytics", regexp.MustCompile(`\b(UA-\d{4,10}-\d{1,4}|G-[A-Z0-9]{8,12})\b`), []string{"UA-", "G-"}},
	{"google-tag", regexp.MustCompile(`\b(GTM-[A-Z0-9]{5,8}|AW-\d{9,11})\b`), []string{"GTM-", "AW-"}},
	{"google-adsense", regexp.MustCompile(`\bca-(pub-\d{16})\b`), []string{"ca-pub-"}},
	{"yandex-metrika", regexp.MustCompile(`(?:\bym\(\s*|mc\.yandex\.[a-z]+/watch/)(\d{6,10})\b`), []string{"ym(", "mc.yandex."}},
	{"meta-pixel", regexp.MustCompile(`\bfbq\(\s*['"]init['"]\s*,\s*['"](\d{10,18})['"]`), []string{"fbq("}},
	{"hotjar", regexp.MustCompile(`\bhjid\s*:\s*(\d{5,9})\b`), []string{"hjid"}},
	{"cloudflare-beacon", regexp.MustCompile(`data-cf-beacon=.{1,60}?\b([0-9a-f]{32})\b`), []string{"data-cf-beacon="}},
	{"wordpress-blog", regexp.MustCompile(`\bblog(?:_id|id)?['"]?\s*[:=]\s*['"](\d{6,10})['"]`), []string{"blog"}},
	{"bitcoin", regexp.MustCompile(`\b(bc1[ac-hj-np-z02-9]{25,60})\b`), []string{"bc1"}},
	{"ethereum", regexp.MustCompile(`\b(0x[a-fA-F0-9]{40})\b`), []string{"0x"}},
	{"monero", regexp.MustCompile(`\b([48][0-9AB][1-9A-HJ-NP-Za-km-z]{93})\b`), nil},
	{"onion", regexp.MustCompile(`\b([a-z2-7]{56}\.onion)\b`), []string{".onion"}},
	{"mail", regexp.MustCompile(`(?i)\b([a-z0-9][a-z0-9._+\-]{0,63}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){0,4}\.[a-z]{2,24})\b`), []string{"@"}},
}

const (
	perPattern  = 40      // values of one kind that a page may bring
	maxSearched = 1 << 20 // bytes of a page that are searched
)

// declared are meta tags by which a page's makers prove to others that it is
// theirs.
var declared = []string{"google-site-verification", "yandex-verification", "msvalidate.01", "facebook-domain-verification", "fb:app_id", "fb:pages",
	"fb:admins", "p:domain_verify", "twitter:site", "twitter:creator", "article:publisher"}

var pgpBlock = regexp.MustCompile(`(?s)-----BEGIN PGP PUBLIC KEY BLOCK-----(.+?)-----END PGP PUBLIC KEY BLOCK-----`)

var imageName = regexp.MustCompile(`(?i)\.(png|jpe?g|gif|webp|svg|css|js|ico|avif|mp4)$`)

// identifiers lists what the page carries of its makers, as "kind:value",
// sorted, each once.
func identifiers(p Page) []string {
	html := p.HTML[:min(len(p.HTML), maxSearched)]
	var out []string
	for _, pat := range patterns {
		if !pat.possible(html) {
			continue
		}
		for _, m := range pat.re.FindAllSubmatch(html, perPattern) {
			value := string(m[len(m)-1])
			if pat.kind == "mail" && imageName.MatchString(value) { // logo@2x.png
				continue
			}
			if pat.kind == "mail" || pat.kind == "ethereum" {
				value = strings.ToLower(value)
			}
			out = append(out, pat.kind+":"+value)
		}
	}
	for _, m := range pgpBlock.FindAllSubmatch(html, 5) {
		body := strings.Join(strings.Fields(string(m[1])), "")
		out = append(out, "pgp:"+exact.Of([]byte(body)).SHA256.String())
	}
	for _, name := range declared {
		if v := p.Page.Meta[name]; v != "" && len(v) <= 200 {
			out = append(out, "meta:"+name+"="+v)
		}
	}
	out = append(out, accounts(p)...)
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxIdentifiers)]
}

// accounts lists the accounts elsewhere that the page links to: a site that
// comes back points to the same channels.
func accounts(p Page) []string {
	own := location.Registrable(location.Host(p.Address))
	var out []string
	for _, l := range p.Page.Links {
		address, err := location.Canonical(l.URL)
		if err != nil || location.Registrable(location.Host(address)) == own {
			continue
		}
		if location.BreadthOf(address).Kind != location.ProfileRoot || isShareButton(address) {
			continue
		}
		address, _, _ = strings.Cut(address, "?")
		_, rest, _ := strings.Cut(address, "://")
		out = append(out, "account:"+strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/"))
	}
	return out
}

var shareButton = regexp.MustCompile(`(?i)/(share|sharer|sharer\.php|intent|share_channel|submit|login|signup)(/|\?|$)`)

func isShareButton(address string) bool { return shareButton.MatchString(address) }
