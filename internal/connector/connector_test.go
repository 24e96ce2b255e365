package connector_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/connector/connectortest"
)

// TestEncode fixes the wire format: providers' systems rely on it.
func TestEncode(t *testing.T) {
	m := connectortest.Letter()
	m.Lines = m.Lines[:1]
	got, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"format":"staydown-letter/1","message":"01M00000000000000000000001","kind":"referral","letter":"01L00000000000000000000001",` +
		`"reference":"BE-2019-00042","instrument":"referral","binding":false,` +
		`"sender":{"authority":"Practice unit A","country":"BE","desk":"A-7","email":"desk@unit-a.example"},` +
		`"statement":"Voluntary referral under the provider's own terms.","sent_at":"2019-11-22T08:30:00Z",` +
		`"answer_url":"https://desk.unit-a.example/api/v1/provider/letters/01L00000000000000000000001/answers",` +
		`"lines":[{"line":"01N00000000000000000000001","url":"https://relay.example/c/1?a=1&b=<2>","kind":"video","ground":"a",` +
		`"clause":"Terms 4.2","explanation":"Same clip as https://relay.example/c/0, see www.relay.example/help."}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	back, err := connector.ParseLetter(got)
	if err != nil || back.Lines[0].URL != m.Lines[0].URL {
		t.Errorf("read back %v, %v", back, err)
	}
}

func TestValidate(t *testing.T) {
	for name, spoil := range map[string]func(*connector.Message){
		"no id":              func(m *connector.Message) { m.ID = "" },
		"no sender":          func(m *connector.Message) { m.Sender.ID = "" },
		"unknown kind":       func(m *connector.Message) { m.Kind = "order" },
		"key with a break":   func(m *connector.Message) { m.IdempotencyKey = "a\r\nX: y" },
		"no lines":           func(m *connector.Message) { m.Lines = nil },
		"too many lines":     func(m *connector.Message) { m.Lines = make([]connector.Line, 201) },
		"line without URL":   func(m *connector.Message) { m.Lines[0].URL = "" },
		"line not in UTF-8":  func(m *connector.Message) { m.Lines[0].Explanation = "\xff" },
		"endless URL":        func(m *connector.Message) { m.Lines[0].URL = strings.Repeat("a", 1<<20) },
		"no time":            func(m *connector.Message) { m.SentAt = time.Time{} },
		"no answer address":  func(m *connector.Message) { m.AnswerURL = "" },
		"answer to a file":   func(m *connector.Message) { m.AnswerURL = "file:///etc/passwd" },
		"door with password": func(m *connector.Message) { m.DoorLink = "https://a:b@desk.unit-a.example/p/x" },
	} {
		m := connectortest.Letter()
		if err := m.Validate(); err != nil {
			t.Fatalf("the sample is no good: %v", err)
		}
		spoil(&m)
		if err := m.Validate(); err == nil {
			t.Errorf("%s: may leave", name)
		} else if strings.Contains(err.Error(), connectortest.Token) {
			t.Errorf("%s: the error tells the token: %v", name, err)
		}
	}
}

func TestDefang(t *testing.T) {
	for in, want := range map[string]string{
		"https://relay.example/c/1.html":      "hxxps://relay[.]example/c/1.html",
		"HTTP://Relay.Example":                "hxxp://Relay[.]Example",
		"https://a.b@relay.example:8443/":     "hxxps://a[.]b@relay[.]example:8443/",
		"https://x.example/?u=http://y.z/?q":  "hxxps://x[.]example/?u=hxxp://y[.]z/?q",
		"http://http://evil.example":          "hxxp://hxxp://evil[.]example",
		"see www.relay.example/a, and so on.": "see www[.]relay[.]example/a, and so on.",
		"tg://resolve?domain=a.b":             "tg[:]//resolve?domain=a.b",
		"//cdn.example/x":                     "//cdn[.]example/x",
		"hxxps://relay[.]example/c":           "hxxps://relay[.]example/c",
		"https://مثال.example/ملف":            "hxxps://مثال[.]example/ملف",
		"Art. 3 of the terms, e.g. 4.2":       "Art. 3 of the terms, e.g. 4.2",
		"https://[2001:db8::1.2.3.4]/":        "hxxps://[2001:db8::1[.]2[.]3[.]4]/",
		"xhttp://relay.example":               "xhxxp://relay[.]example",
	} {
		if got := connector.Defang(in); got != want {
			t.Errorf("Defang(%q) = %q, wanted %q", in, got, want)
		}
	}
}

var (
	webScheme = regexp.MustCompile(`(?i)https?://`)
	host      = regexp.MustCompile(`(?i)(//|\bwww[.])[^\s/?#\\<>"']+`)
)

// clickable returns what a mail program would make a link of.
func clickable(text string) string {
	if found := webScheme.FindString(text); found != "" {
		return found
	}
	for _, found := range host.FindAllString(text, -1) {
		if strings.Contains(strings.ReplaceAll(found, "[.]", ""), ".") {
			return found
		}
	}
	return ""
}

// TestDefangLeavesNothing: whatever the text, nothing in it can be followed, and
// what is rewritten stays as it is.
func TestDefangLeavesNothing(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"http", "https", "HTTPS", "://", ":", "//", "/", "www.", "relay.example", ".", "[.]", "[", "a", " ", "?", "é", "\n"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")
		got := connector.Defang(text)
		if found := clickable(got); found != "" {
			t.Errorf("%q keeps %q in %q", text, found, got)
		}
		if again := connector.Defang(got); again != got {
			t.Errorf("%q becomes %q, then %q", text, got, again)
		}
	})
}

func TestPlain(t *testing.T) {
	in := "a\x00b\u202Ec\r\nd\te\u2066"
	if got, want := connector.Plain(in), "a<U+0000>b<U+202E>c\nd\te<U+2066>"; got != want {
		t.Errorf("Plain: %q, wanted %q", got, want)
	}
	if got, want := connector.OneLine(" a\r\nBcc: x@y\u2028z\x7f "), "a  Bcc: x@y z<U+007F>"; got != want {
		t.Errorf("OneLine: %q, wanted %q", got, want)
	}
}

func TestDetailTellsNoSecret(t *testing.T) {
	m := connectortest.Letter()
	for _, words := range []string{
		"550 blocked for " + m.DoorLink,
		"550 blocked for " + strings.ToUpper(m.DoorLink),
		strings.Repeat("x", 290) + connectortest.Token,
		"\x1b[31m" + connectortest.Token + "\r\n",
	} {
		got := m.Detail(words)
		if strings.Contains(strings.ToLower(got), strings.ToLower(connectortest.Token)[:12]) {
			t.Errorf("%q tells the token", got)
		}
		if strings.ContainsAny(got, "\x1b\r\n") || len(got) > 310 || strings.Contains(got, "https://") {
			t.Errorf("not fit for a list: %q", got)
		}
	}
	m.DoorLink = "https://desk.unit-a.example/p/\xff"
	if got := m.Detail("x \xff"); !utf8.ValidString(got) {
		t.Errorf("%q", got)
	}
}

func FuzzParseLetter(f *testing.F) {
	m := connectortest.Letter()
	good, err := m.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":"staydown-letter/1","lines":[]}`))
	f.Add(append(good, good...))
	f.Add([]byte(strings.Repeat(`{"lines":`, 100)))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := connector.ParseLetter(data)
		if err != nil {
			return
		}
		if len(l.Lines) == 0 || len(l.Lines) > connector.MaxLines || !json.Valid(data) {
			t.Errorf("took %q", data)
		}
	})
}
