package page

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNameIsIsolatedAndEscaped(t *testing.T) {
	for in, want := range map[string]string{
		"north":              "<bdi>north</bdi>",
		"<script>alert(1)":   "<bdi>&lt;script&gt;alert(1)</bdi>",
		"الشمال":             "<bdi>الشمال</bdi>",
		"a\u202Egpj.exe":     `<bdi>a<span class="ctl">U+202E</span>gpj.exe</bdi>`,
		"a\u2066b\u2069":     `<bdi>a<span class="ctl">U+2066</span>b<span class="ctl">U+2069</span></bdi>`,
		"zero\u200Bwidth":    `<bdi>zero<span class="ctl">U+200B</span>width</bdi>`,
		"nul\x00\x1b[31mred": `<bdi>nul<span class="ctl">U+0000</span><span class="ctl">U+001B</span>[31mred</bdi>`,
		"broken\xff\xfe":     `<bdi>broken<span class="ctl">\xFF</span><span class="ctl">\xFE</span></bdi>`,
		"می\u200Cخواهم":      "<bdi>می\u200Cخواهم</bdi>", // a Persian word needs its non-joiner
		"line\nbreak":        `<bdi>line<span class="ctl">U+000A</span>break</bdi>`,
		"tag\U000E0041":      `<bdi>tag<span class="ctl">U+E0041</span></bdi>`,
		"blank\u3164":        `<bdi>blank<span class="ctl">U+3164</span></bdi>`,
		"🏳️\u200D🌈":          "<bdi>🏳️\u200D🌈</bdi>",
	} {
		if got := string(Name(in)); got != want {
			t.Errorf("Name(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestNameIsBounded(t *testing.T) {
	got := string(Name(strings.Repeat("ن", 5000)))
	if n := utf8.RuneCountInString(got); n > maxForeign+20 {
		t.Errorf("%d runes", n)
	}
	if !strings.Contains(got, "…") {
		t.Error("the cut is not shown")
	}
}

func TestURLIsTextLeftToRightWithPunycodeBeside(t *testing.T) {
	for in, want := range map[string]string{
		"https://relay.example/north/4182": `<bdi dir="ltr" class="url">https://relay.example/north/4182</bdi>`,
		"https://xn--bcher-kva.example/a":  `<bdi dir="ltr" class="url">https://bücher.example/a [xn--bcher-kva.example]</bdi>`,
		"javascript:alert(1)":              `<bdi dir="ltr" class="url">javascript:alert(1)</bdi>`,
		"<b>":                              `<bdi dir="ltr" class="url">&lt;b&gt;</bdi>`,
	} {
		if got := string(URL(in)); got != want {
			t.Errorf("URL(%q) = %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"https://a.example/\u202Egpj", "https://a.example/x\u200Cy", "https://a.example/%E2%80%AEgpj"} {
		if got := string(URL(in)); strings.ContainsAny(got, "\u202E\u200C") {
			t.Errorf("URL(%q) obeys what it should show: %q", in, got)
		}
	}
}

func TestTextKeepsLinesAndIsBounded(t *testing.T) {
	if got := string(Text("one\r\ntwo <b>\nthree\u2028", 100)); got != "one\ntwo &lt;b&gt;\nthree<span class=\"ctl\">U+2028</span>" {
		t.Errorf("got %q", got)
	}
	if got := string(Text("abc\ndef\nghi", 4)); !strings.HasSuffix(got, "…") || strings.Contains(got, "ghi") {
		t.Errorf("got %q", got)
	}
}

// FuzzVisible: whatever comes in, what goes out is valid UTF-8 without a character that deceives and without a tag
// other than our own.
func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "a", "\u202E", "\xff", "<script>", "https://xn--/", "[::1", "xn--\u200D", "\U0001F3F3\uFE0F\u200D"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{string(Code(s)), string(URL(s))} {
			if !utf8.ValidString(out) {
				t.Fatalf("%q gives invalid UTF-8", s)
			}
			for _, r := range out {
				if deceives(r, true) {
					t.Fatalf("%q lets %U through", s, r)
				}
			}
			left := strings.NewReplacer(`<span class="ctl">`, "", `<span class="soft">`, "", "</span>", "", `<bdi dir="ltr" class="mono">`, "", `<bdi dir="ltr" class="url">`, "", "</bdi>", "").Replace(out)
			if strings.ContainsAny(left, "<>") {
				t.Fatalf("%q lets a tag through: %s", s, out)
			}
		}
	})
}
