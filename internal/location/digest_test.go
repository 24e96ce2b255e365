package location

import (
	"strings"
	"testing"
)

// TestPartnerMD5: the first three values are in python-threatexchange's tests;
// the forms were made by its rule with Python's urllib.
func TestPartnerMD5(t *testing.T) {
	for in, want := range map[string]string{
		"www.facebook.com/?user=123":          "e359430911fe80c2dd526d3cca21da30",
		"https://www.facebook.com/?user=123":  "e359430911fe80c2dd526d3cca21da30",
		"http://evil.com":                     "6d3af727a4e7b025fd59a5469b3a9c57",
		"HTTPS://WWW.Facebook.com/?user=123#": "e359430911fe80c2dd526d3cca21da30",
	} {
		if got, err := PartnerMD5(in); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
	if _, err := PartnerMD5(strings.Repeat("a", MaxLength+1)); err == nil {
		t.Error("an address without bound is taken")
	}
}

func TestPartnerForm(t *testing.T) {
	for in, want := range map[string]string{
		"HTTP://Example.org/A?B=C#D":          "example.org/a?b=c#d",
		"  https://example.org/a\nb?":         "example.org/ab",
		"https://example.org:443/a;":          "example.org:443/a",
		"https://example.org/a;b=c":           "example.org/a;b=c",
		"https://example.org/;x/y":            "example.org/;x/y",
		"example.org:80/path":                 "example.org:80/path",
		"example.org/a?u=http://example.net/": "example.org/a?u=httpexample.net/",
		"//example.org/a":                     "//example.org/a",
		"https:///a":                          "/a",
		"https://example.org?q":               "example.org?q",
		"https://EXAMPLE.org/٢٠/ÄÖ":           "example.org/٢٠/äö",
		"":                                    "",
	} {
		if got := partnerForm(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestMD5IsOfOneSpelling(t *testing.T) {
	a, err1 := MD5("HTTPS://Example.org:443/a/../b?utm_source=x#top")
	b, err2 := MD5("https://example.org/b")
	if err1 != nil || err2 != nil || a != b || len(a) != 32 {
		t.Errorf("%s %v, %s %v", a, err1, b, err2)
	}
	if _, err := MD5("mailto:x@example.org"); err == nil {
		t.Error("what is no address has a digest")
	}
}

func FuzzPartnerMD5(f *testing.F) {
	f.Add("https://example.org/a?b#c")
	f.Add("//:;\t?#")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := PartnerMD5(s); err == nil && len(d) != 32 {
			t.Fatal(d)
		}
		_, _ = MD5(s)
	})
}
