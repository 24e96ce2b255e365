package location

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"scheme and host in lower case", "HTTPS://Relay.EXAMPLE/Kanal/7", "https://relay.example/Kanal/7"},
		{"empty path", "https://relay.example", "https://relay.example/"},
		{"default port", "https://relay.example:443/x", "https://relay.example/x"},
		{"default port of the other scheme stays", "http://relay.example:443/x", "http://relay.example:443/x"},
		{"port with zeros", "https://relay.example:08443/", "https://relay.example:8443/"},
		{"empty port", "https://relay.example:/x", "https://relay.example/x"},
		{"trailing dot", "https://relay.example./x", "https://relay.example/x"},
		{"international name", "https://Straße.example/", "https://xn--strae-oqa.example/"},
		{"Arabic name", "https://مثال.example/", "https://xn--mgbh0fb.example/"},
		{"ideographic full stop", "https://relay。example/", "https://relay.example/"},
		{"underscore and hyphens in a host", "https://my_page.r3---sn.example/", "https://my_page.r3---sn.example/"},
		{"escaped host", "https://relay%2Eexample/", "https://relay.example/"},
		{"IPv4", "http://192.0.2.7/x", "http://192.0.2.7/x"},
		{"IPv4 in disguise", "http://0xC0.0.519/", "http://192.0.2.7/"},
		{"IPv4 as one number", "http://3221225991/", "http://192.0.2.7/"},
		{"IPv6", "http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/"},
		{"dot segments", "https://relay.example/a/b/../c/./d", "https://relay.example/a/c/d"},
		{"escaped dot segments", "https://relay.example/a/%2e%2E/b", "https://relay.example/b"},
		{"dot segments at the end", "https://relay.example/a/b/..", "https://relay.example/a/"},
		{"above the root", "https://relay.example/../../a", "https://relay.example/a"},
		{"backslashes", `https:\\relay.example\a\b`, "https://relay.example/a/b"},
		{"double slash kept", "https://relay.example/a//b", "https://relay.example/a//b"},
		{"escapes normalised", "https://relay.example/%7euser/%e2%82%ac%2f", "https://relay.example/~user/%E2%82%AC%2F"},
		{"letters of a script escaped", "https://relay.example/بيان", "https://relay.example/%D8%A8%D9%8A%D8%A7%D9%86"},
		{"stray percent", "https://relay.example/100%/a%zz", "https://relay.example/100%25/a%25zz"},
		{"space in path", "https://relay.example/a b", "https://relay.example/a%20b"},
		{"fragment off", "https://relay.example/a#top", "https://relay.example/a"},
		{"hashbang kept", "https://relay.example/#!/room/7", "https://relay.example/#!/room/7"},
		{"route kept", "https://matrix.example/#/room", "https://matrix.example/#/room"},
		{"bare hashbang off", "https://relay.example/#!", "https://relay.example/"},
		{"paste key kept", "https://paste.example/?0123456789abcdef#9sUGrYW7ZFaTaBrqHLzM9GJ5vUJf8DvNQwqGnQf9xKqz", "https://paste.example/?0123456789abcdef#9sUGrYW7ZFaTaBrqHLzM9GJ5vUJf8DvNQwqGnQf9xKqz"},
		{"tracking off", "https://relay.example/v?id=7&utm_source=x&UTM_medium=y&fbclid=z", "https://relay.example/v?id=7"},
		{"only tracking", "https://relay.example/v?utm_source=x", "https://relay.example/v"},
		{"empty query", "https://relay.example/v?", "https://relay.example/v"},
		{"empty parameters", "https://relay.example/v?&a=1&&b=2&", "https://relay.example/v?a=1&b=2"},
		{"order of parameters kept", "https://relay.example/v?b=2&a=1", "https://relay.example/v?b=2&a=1"},
		{"tracking of one host only", "https://www.youtube.com/watch?v=abc&si=q&t=7", "https://www.youtube.com/watch?v=abc&t=7"},
		{"the same name elsewhere", "https://relay.example/watch?si=q", "https://relay.example/watch?si=q"},
		{"marks around a copied address", "\u200f\u202a https://relay.example/x \u202c\ufeff", "https://relay.example/x"},
		{"query escapes", "https://relay.example/?a=ä b&c=%7e", "https://relay.example/?a=%C3%A4%20b&c=~"},
		{"question mark in the query", "https://relay.example/a?b?c", "https://relay.example/a?b?c"},
		{"at sign in the path", "https://relay.example/@name", "https://relay.example/@name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Canonical(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("Canonical(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Reason
	}{
		{"", ReasonEmpty},
		{" \u200f ", ReasonEmpty},
		{"relay.example/x", ReasonScheme},
		{"ftp://relay.example/x", ReasonScheme},
		{"javascript:alert(1)", ReasonScheme},
		{"data:text/html,x", ReasonScheme},
		{"https:/relay.example/x", ReasonScheme},
		{"https:relay.example", ReasonScheme},
		{"https://user:secret@relay.example/", ReasonUserinfo},
		{"https://relay.example@evil.example/", ReasonUserinfo},
		{"https:///x", ReasonHost},
		{"https://./x", ReasonHost},
		{"https://a..b.example/", ReasonHost},
		{"https://re lay.example/", ReasonHost},
		{"https://relay%00.example/", ReasonHost},
		{"https://1.2.3.4.5/", ReasonHost},
		{"https://256.1.1.1/", ReasonHost},
		{"https://[::1/", ReasonHost},
		{"https://[fe80::1%25eth0]/", ReasonHost},
		{"https://[::1]x/", ReasonHost},
		{"https://\u202egnp.example/", ReasonHost},
		{"https://" + strings.Repeat("a", 64) + ".example/", ReasonHost},
		{"https://relay.example:0/", ReasonPort},
		{"https://relay.example:65536/", ReasonPort},
		{"https://relay.example:x/", ReasonPort},
		{"https://relay.example/\x00", ReasonControl},
		{"https://relay.example/a\nb", ReasonControl},
		{"https://relay.example/\xff", ReasonEncoding},
		{"https://relay.example/" + strings.Repeat("a", MaxLength), ReasonTooLong},
		{"https://relay.example/" + strings.Repeat("ب", MaxLength/4), ReasonTooLong},
	} {
		_, err := Canonical(tt.in)
		var refused *Error
		if !errors.As(err, &refused) || refused.Reason != tt.want {
			t.Errorf("Canonical(%.60q): %v, want reason %s", tt.in, err, tt.want)
		}
	}
}

func TestErrorKeepsSecrets(t *testing.T) {
	_, err := Canonical("https://user:hunter2@relay.example/invite")
	if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "invite") {
		t.Errorf("the error repeats the address: %v", err)
	}
}

func TestCanonicalIsIdempotent(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"/", "..", ".", "%2e", "%2F", "%", "?", "#", "#!", "&", "utm_a=1", "=", "@", ":", "\\", "é", "ب", "%D8", " ", "[", "+", "~", "%7E", ";"}),
		rapid.StringMatching(`[a-zA-Z0-9%./?#&=_\-]{0,8}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SampledFrom([]string{"http", "HTTPS", "https"}).Draw(t, "scheme") + "://" +
			rapid.SampledFrom([]string{"relay.example", "RELAY.example.", "مثال.example", "192.0.2.1", "0x7f.1", "[2001:db8::1]", "a_b.example:8080"}).Draw(t, "host") +
			"/" + strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "tail"), "")
		once, err := Canonical(raw)
		if err != nil {
			return
		}
		checkCanonical(t, once)
	})
}

// checkCanonical asserts what every canonical address must hold.
func checkCanonical(t interface{ Fatalf(string, ...any) }, once string) {
	twice, err := Canonical(once)
	if err != nil || twice != once {
		t.Fatalf("not idempotent: %q, then %q, %v", once, twice, err)
	}
	u, err := url.Parse(once)
	if err != nil || u.User != nil || u.Hostname() != Host(once) {
		t.Fatalf("net/url reads %q differently: %v, host %q, ours %q", once, err, u.Hostname(), Host(once))
	}
	if strings.ContainsFunc(once, func(r rune) bool { return r <= ' ' || r > '~' }) {
		t.Fatalf("canonical address holds more than printable ASCII: %q", once)
	}
	if back := Refang(Defang(once)); back != once {
		t.Fatalf("Refang(Defang(%q)) = %q", once, back)
	}
	BreadthOf(once)
	ShapeOf(once)
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://relay.example/kanal/7?utm_source=a#top", "http://0x7f.1/%2e%2e/x", "https://[2001:db8::1]:443/", "https://مثال.example/بيان",
		`https:\\relay.example\..\x`, "https://user@host.example/", "https://a%2eb.example/?&&=#!/%", "hxxps://relay[.]example/x",
		"https://mega.nz/file/a#key", "https://paste.example/?0123456789abcdef#-9sUGrYW7ZFaTaBrqHLzM9GJ5vUJf8DvNQwqGnQf9xKqz",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		Visible(raw)
		Display(raw)
		Refang(raw)
		if once, err := Canonical(raw); err == nil {
			checkCanonical(t, once)
		}
	})
}
