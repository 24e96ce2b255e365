package location

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestHostAndRegistrable(t *testing.T) {
	for _, tt := range []struct {
		address, host, domain string
		shared                bool
	}{
		{"https://relay.example/x", "relay.example", "relay.example", false},
		{"https://www.relay.example:8443/x", "www.relay.example", "relay.example", false},
		{"https://a.b.co.uk/", "a.b.co.uk", "b.co.uk", false},
		{"https://name.blogspot.com/x", "name.blogspot.com", "name.blogspot.com", true},
		{"https://[2001:db8::1]/", "2001:db8::1", "2001:db8::1", false},
		{"http://192.0.2.7/", "192.0.2.7", "192.0.2.7", false},
		{"https://localhost/", "localhost", "localhost", false},
		{"not an address", "", "", false},
	} {
		host := Host(tt.address)
		if host != tt.host || Registrable(host) != tt.domain || Shared(host) != tt.shared {
			t.Errorf("%s: host %q, domain %q, shared %v; want %q, %q, %v", tt.address, host, Registrable(host), Shared(host), tt.host, tt.domain, tt.shared)
		}
	}
}

func TestDisplay(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://relay.example/a%20b", "https://relay.example/a%20b"},
		{"https://xn--mgbh0fb.example:8443/%D8%A8%D9%8A%D8%A7%D9%86", "https://مثال.example:8443/بيان [xn--mgbh0fb.example]"},
		{"https://relay.example/%E2%80%AEgnp.exe", "https://relay.example/%E2%80%AEgnp.exe"},
		{"https://relay.example/%E3%85%A4x", "https://relay.example/%E3%85%A4x"},
		{"https://relay.example/\u202egnp.exe", "https://relay.example/‹U+202E›gnp.exe"},
	} {
		if got := Display(tt.in); got != tt.want {
			t.Errorf("Display(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestVisible(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain, بيان\nnext", "plain, بيان\nnext"},
		{"photo\u202egnp.exe", "photo‹U+202E›gnp.exe"},
		{"a\x00b\x1b[31m", "a‹U+0000›b‹U+001B›[31m"},
		{"zero\u200bwidth\u00a0", "zero‹U+200B›width‹U+00A0›"},
		{"bad\xffbyte \ufffd", "bad‹0xFF›byte \ufffd"},
	} {
		if got := Visible(tt.in); got != tt.want {
			t.Errorf("Visible(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestVisibleHidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Visible(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")))
		if !utf8.ValidString(s) || strings.ContainsFunc(s, needsShowing) {
			t.Fatalf("still hides something: %q", s)
		}
	})
}

func TestDefangRefang(t *testing.T) {
	if got := Defang("https://www.relay.example:8443/a.b?c=d.e"); got != "hxxps://www[.]relay[.]example:8443/a.b?c=d.e" {
		t.Errorf("Defang: %q", got)
	}
	for _, tt := range []struct{ in, want string }{
		{"hxxps://relay[.]example/x[.]y", "https://relay.example/x[.]y"},
		{"hXXp://relay(.)example", "http://relay.example"},
		{"hxxps[:]//relay[dot]example/x", "https://relay.example/x"},
		{"https[://]relay[.]example/x", "https://relay.example/x"},
		{"h**ps://relay.example", "https://relay.example"},
		{"relay.example/x", "https://relay.example/x"},
		{"relay[.]example:8443/x", "https://relay.example:8443/x"},
		{"no address at all", "no address at all"},
		{"name@relay.example", "name@relay.example"},
		{"https://relay.example/a", "https://relay.example/a"},
	} {
		if got := Refang(tt.in); got != tt.want {
			t.Errorf("Refang(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
