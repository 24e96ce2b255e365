package verify

import (
	"net/url"
	"strings"
	"testing"
)

func TestNeighbour(t *testing.T) {
	for address, want := range map[string]string{ // the shape: 0 a digit, a a letter
		"https://relay.example/c/lamp/1234":           "https://relay.example/c/lamp/9000000000000",
		"https://tube.example/watch?v=abcDEF12_-x":    "https://tube.example/watch?v=aaaaaa00_-aaaaa",
		"https://x.example/p/ab1":                     "https://x.example/p/aa0aaaaaaaaa",
		"https://x.example/f/abc/name-x.bin.html?s=1": "https://x.example/f/abc/aaaa-axaaaaaaa.html?s=1",
		"https://x.example/dir/":                      "https://x.example/aaaaaaaaaaaa",
		"https://x.example/":                          "",
		"https://x.example":                           "",
		"::":                                          "",
	} {
		got := Neighbour(address)
		if got != Neighbour(address) {
			t.Errorf("%s: not the same twice", address)
		}
		if shape(got) != shape(want) {
			t.Errorf("%s: %s, want the shape of %s", address, got, want)
		}
		if got == address {
			t.Errorf("%s is its own neighbour", address)
		}
	}
}

// shape replaces what varies.
func shape(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	return u.Host + strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
			return 'a'
		}
		return r
	}, u.Path+"?"+u.RawQuery)
}

func FuzzNeighbour(f *testing.F) {
	f.Add("https://relay.example/c/lamp/7")
	f.Add("https://x.example/watch?v=%zz")
	f.Add("https://x.example/ä/..%2f")
	f.Fuzz(func(t *testing.T, address string) {
		n := Neighbour(address)
		if n == "" {
			return
		}
		a, errA := url.Parse(address)
		b, errB := url.Parse(n)
		if errA != nil || errB != nil || a.Host != b.Host || a.Scheme != b.Scheme {
			t.Errorf("%q has the neighbour %q", address, n)
		}
	})
}
