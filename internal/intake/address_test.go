package intake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindAddresses(t *testing.T) {
	type want struct{ URL, Notes string }
	tests := []struct {
		name, text string
		loose      bool
		want       []want
	}{
		{"plain", "https://relay.example/v/1", false, []want{{"https://relay.example/v/1", ""}}},
		{"upper case", "HTTPS://Relay.example/V/1", false, []want{{"https://Relay.example/V/1", ""}}},
		{"in a sentence", "see https://relay.example/v/1. And (https://relay.example/v/(2)).", false, []want{{"https://relay.example/v/1", ""}, {"https://relay.example/v/(2)", ""}}},
		{"Arabic sentence", "انظر https://relay.example/v/1، ثم https://relay.example/v/2؟", false, []want{{"https://relay.example/v/1", ""}, {"https://relay.example/v/2", ""}}},
		{"hxxp and dots", "hxxps://relay[.]example/a", false, []want{{"https://relay.example/a", "defanged"}}},
		{"dots in the path too", "hxxp://relay[.]example/a[.]html", false, []want{{"http://relay.example/a.html", "defanged"}}},
		{"dots in words", "h**ps://relay(dot)example/a", false, []want{{"https://relay.example/a", "defanged"}}},
		{"bracketed scheme", "https[://]relay.example/a", false, []want{{"https://relay.example/a", "defanged"}}},
		{"bracketed colon", "hxxps[:]//relay{.}example/a", false, []want{{"https://relay.example/a", "defanged"}}},
		{"backslashes", `http:\\relay.example\a`, false, []want{{`http://relay.example\a`, "defanged"}}},
		{"bracketed slash", "hxxps://relay[.]example[/]a", false, []want{{"https://relay.example/a", "defanged"}}},
		{"real brackets stay", "https://relay.example/a[1].html", false, []want{{"https://relay.example/a[1].html", ""}}},
		{"IPv6", "http://[2001:db8::1]/x", false, []want{{"http://[2001:db8::1]/x", ""}}},
		{"angle brackets", "<https://relay.example/a>", false, []want{{"https://relay.example/a", ""}}},
		{"html", `<a href="https://relay.example/a">x</a>`, false, []want{{"https://relay.example/a", ""}}},
		{"markdown", "[https://relay.example/a](https://relay.example/a)", false, []want{{"https://relay.example/a", ""}, {"https://relay.example/a", ""}}},
		{"joined by commas", "https://relay.example/a,https://relay.example/b;hxxp://c[.]example/", false, []want{{"https://relay.example/a", ""}, {"https://relay.example/b", ""}, {"http://c.example/", "defanged"}}},
		{"an archive's address", "https://keep.example/web/2019/https://relay.example/a", false, []want{{"https://keep.example/web/2019/https://relay.example/a", ""}}},
		{"invisible marks", "\u200ehttps://relay.exa\u200bmple/a\u202c", false, []want{{"https://relay.example/a", "invisible"}}},
		{"messenger without scheme", "join t.me/example_room/12 now", false, []want{{"https://t.me/example_room/12", "scheme"}}},
		{"not a messenger", "foot.me/12 and a@t.me/1", false, nil},
		{"app address", "tg://resolve?domain=example_room&post=12", false, []want{{"https://t.me/example_room/12", ""}}},
		{"app invitation", "tg://join?invite=AbC", false, []want{{"https://t.me/+AbC", ""}}},
		{"bare, in a list", "relay.example/v/1", true, []want{{"https://relay.example/v/1", "scheme"}}},
		{"bare, in a text", "relay.example/v/1", false, nil},
		{"bare host", "wire.example", true, []want{{"https://wire.example", "scheme"}}},
		{"bare, harmless, with words", "relay[.]example the outlet", true, []want{{"https://relay.example", "scheme defanged"}}},
		{"a file name", "clip.mp4", true, nil},
		{"a file name with a sold ending", "clip.mov", true, nil},
		{"a sentence", "Nothing here. Really", true, nil},
		{"two dotted words", "something.example said", true, nil},
		{"no more than a scheme", "https://", true, nil},
		{"bytes replaced", "https://relay.example/a\uFFFDb", false, []want{{"https://relay.example/a\uFFFDb", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []want
			for _, a := range findAddresses(tt.text, tt.loose) {
				got = append(got, want{a.url, strings.Join(a.notes, " ")})
				if !strings.Contains(tt.text, a.found) {
					t.Errorf("found %q is not in the text", a.found)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("addresses (-want +got):\n%s", d)
			}
		})
	}
}

// A line full of beginnings must cost no more than its length.
func TestFindAddressesStaysLinear(t *testing.T) {
	for _, piece := range []string{"http://a,", "http://", "http:// ", "hxxp://[", "t.me/ ", "http://a](", "((((", "a.b ", ")", "."} {
		text := "http://a" + strings.Repeat(piece, (256<<10)/len(piece))
		findAddresses(text, true) // a quadratic search would not come back within the test's time
	}
}

func FuzzFindAddresses(f *testing.F) {
	for _, s := range []string{"https://relay.example/a", "hxxps://relay[.]example[/]a", "\u200ehttps://a\u200b", "t.me/x", "relay.example", "tg://join?invite=%zz", "[[[http://](", "http:\\\\a", "h:http://a", "hxxps[:]//a:b://"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, text string, loose bool) {
		last := 0
		for _, a := range findAddresses(text, loose) {
			if a.start < last || a.end < a.start || a.end > len(text) {
				t.Fatalf("address at %d-%d after %d in %q", a.start, a.end, last, text)
			}
			if !strings.Contains(a.url, "://") || a.found == "" {
				t.Fatalf("no address: %+v", a)
			}
			last = a.end
		}
	})
}
