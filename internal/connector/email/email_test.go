package email_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/connector/connectortest"
	"github.com/staydown/staydown/internal/connector/email"
	"github.com/staydown/staydown/internal/seal"
)

var unit = seal.Authority{ID: "unit-a", Name: "Practice unit A", Country: "BE", Email: "desk@unit-a.example"}

func ring(t testing.TB) *seal.Ring {
	t.Helper()
	r, err := seal.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	// The machine's time, for openssl, which knows no other.
	if err := r.Establish(unit, time.Now()); err != nil {
		t.Fatal(err)
	}
	return r
}

func options(t testing.TB, p *connectortest.SMTP) email.Options {
	t.Helper()
	return email.Options{Host: connectortest.ServerName, Dial: p.Dial, Roots: p.Roots(), Hello: "desk.unit-a.example",
		Certificates: ring(t), Now: func() time.Time { return connectortest.SentAt }}
}

func TestConformance(t *testing.T) {
	connectortest.Run(t, func(t *testing.T) (connector.Connector, connectortest.Provider) {
		p := connectortest.NewSMTP(t)
		return email.New(options(t, p)), p
	})
}

// send sends the sample to a server and returns what it took.
func send(t *testing.T, p *connectortest.SMTP, o email.Options, change func(*connector.Message)) (connector.Message, connectortest.Mail) {
	t.Helper()
	m := connectortest.Letter()
	p.Address(&m)
	if change != nil {
		change(&m)
	}
	got, err := email.New(o).Send(context.Background(), m)
	if err != nil || got.Outcome != connector.Delivered {
		t.Fatalf("%+v, %v", got, err)
	}
	letters := p.Taken()
	mail, err := connectortest.ReadMail(letters[len(letters)-1].Body)
	if err != nil {
		t.Fatal(err)
	}
	return m, mail
}

// TestWhatLeaves reads a letter as its recipient does.
func TestWhatLeaves(t *testing.T) {
	p := connectortest.NewPlainSMTP(t)
	m, mail := send(t, p, options(t, p), nil)
	want := `Practice unit A (BE) asks you to review the addresses below. This is a voluntary referral, not a binding order: you decide, under your own terms.

Voluntary referral under the provider's own terms.

Reference: BE-2019-00042
Desk: A-7
Sent: 2019-11-22T08:30:00Z
Addresses: 2

The addresses below are written so that they cannot be clicked. The exact ones are in the signed attachment letter.json.

1. hxxps://relay[.]example/c/1?a=1&b=<2>
   What it is: video
   Ground: incites to a terrorist offence, directly or indirectly (Regulation (EU) 2021/784, Article 2(7)(a))
   Your terms: Terms 4.2
   Why: Same clip as hxxps://relay[.]example/c/0, see www[.]relay[.]example/help.

2. hxxps://relay[.]example/c/2
   What it is: account
   Ground: against your own terms; no finding on the law
   Your terms: Terms 4.2
   Why: Posts nothing else.

You can answer each address here:
https://door.unit-a.example/p/tokenThatOpensTheDoor7Jk2pQx9
Opening this page confirms nothing and changes nothing. It shows the addresses after a code was sent to your registered contact.
`
	if diff := cmp.Diff(want, mail.Text); diff != "" {
		t.Error(diff)
	}
	exact, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"letter.json": string(exact)}, texts(mail.Files)); diff != "" {
		t.Error(diff)
	}
	if mail.Signer == nil || !slices.Contains(mail.Signer.EmailAddresses, m.Sender.Email) {
		t.Error("not signed by the sender")
	}
	head := map[string]string{}
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-Id", "Content-Language"} {
		head[name], _ = mail.Header.Text(name)
	}
	if diff := cmp.Diff(map[string]string{
		"From": `"Practice unit A" <desk@unit-a.example>`, "To": "<legal@relay.example>", "Subject": "[BE-2019-00042] Voluntary referral",
		"Date": "Fri, 22 Nov 2019 08:30:00 +0000", "Message-Id": "<01M00000000000000000000001@unit-a.example>", "Content-Language": "en",
	}, head); diff != "" {
		t.Error(diff)
	}
}

func texts(files map[string][]byte) map[string]string {
	out := make(map[string]string)
	for name, data := range files {
		out[name] = string(data)
	}
	return out
}

func TestArabic(t *testing.T) {
	p := connectortest.NewSMTP(t)
	_, mail := send(t, p, options(t, p), func(m *connector.Message) {
		m.Language = "ar"
		m.Sender.Authority = "وحدة التدريب"
		m.Kind, m.InReplyTo = connector.Withdrawal, "01M00000000000000000000000@unit-a.example"
	})
	first, _, _ := strings.Cut(mail.Text, "\n")
	if want := "تسحب الجهة المرسِلة، وحدة التدريب (BE)، إحالتها الطوعية"; !strings.HasPrefix(first, want) {
		t.Errorf("first line %q", first)
	}
	subject, err := mail.Header.Subject()
	if err != nil || subject != "[BE-2019-00042] سحب إحالة طوعية" {
		t.Errorf("subject %q, %v", subject, err)
	}
	from, err := mail.Header.AddressList("From")
	if err != nil || from[0].Name != "وحدة التدريب" {
		t.Errorf("from %v, %v", from, err)
	}
	if got := mail.Header.Get("In-Reply-To"); got != "<01M00000000000000000000000@unit-a.example>" {
		t.Errorf("follows %q", got)
	}
	if !strings.Contains(mail.Text, "hxxps://relay[.]example/c/2") {
		t.Error("the addresses are missing")
	}
}

// TestFirstLine: whatever is sent, in whatever language, the first line names the
// sender and says voluntary or binding, never both.
func TestFirstLine(t *testing.T) {
	marks := map[string][2]string{"en": {"not a binding order", "binding order"}, "ar": {"ليس", "لزم"}}
	e := email.New(email.Options{Host: "x", Dial: noDial, Certificates: ring(t), Now: time.Now})
	for _, code := range []string{"en", "ar", "fr", "ar-EG", ""} {
		for _, kind := range []connector.Kind{connector.Referral, connector.Reminder, connector.Withdrawal} {
			for _, binding := range []bool{false, true} {
				m := connectortest.Letter()
				m.To.Email, m.Language, m.Kind, m.Binding = "legal@relay.example", code, kind, binding
				raw, err := e.Render(m)
				if err != nil {
					t.Fatal(err)
				}
				mail, err := connectortest.ReadMail(raw)
				if err != nil {
					t.Fatal(err)
				}
				first, _, _ := strings.Cut(mail.Text, "\n")
				mark, ok := marks[code[:min(2, len(code))]]
				if !ok {
					mark = marks["en"]
				}
				voluntary := strings.Contains(first, mark[0])
				if voluntary == binding || binding && !strings.Contains(first, mark[1]) || !strings.Contains(first, "Practice unit A (BE)") {
					t.Errorf("%q %s binding=%t: %s", code, kind, binding, first)
				}
			}
		}
	}
}

func noDial(context.Context, string, string) (net.Conn, error) { panic("dialled") }

// TestOpenSSL lets another program verify what was signed.
func TestOpenSSL(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: the signature is verified by this package's own reader only")
	}
	p := connectortest.NewSMTP(t)
	for _, language := range []string{"en", "ar"} {
		_, mail := send(t, p, options(t, p), func(m *connector.Message) { m.Language = language })
		letters := p.Taken()
		dir := t.TempDir()
		raw := filepath.Join(dir, "letter.eml")
		if err := os.WriteFile(raw, letters[len(letters)-1].Body, 0o600); err != nil {
			t.Fatal(err)
		}
		root := filepath.Join(dir, "root.pem")
		if err := os.WriteFile(root, pemOf(mail.Signer), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, verb := range []string{"cms", "smime"} {
			command := exec.Command(program, verb, "-verify", "-in", raw, "-CAfile", root, "-purpose", "smimesign", "-out", filepath.Join(dir, "out"))
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%s, %s: %v\n%s", language, verb, err, out)
			}
		}
		out, err := os.ReadFile(filepath.Join(dir, "out"))
		if err != nil || string(out) != string(mail.Signed) {
			t.Errorf("openssl read other bytes than we did: %v", err)
		}
	}
}

// TestTampering alters each part of a signed mail.
func TestTampering(t *testing.T) {
	p := connectortest.NewSMTP(t)
	_, mail := send(t, p, options(t, p), nil)
	raw := string(p.Taken()[0].Body)
	start := strings.Index(raw, string(mail.Signed))
	for at := start; at < start+len(mail.Signed); at += 11 {
		altered := []byte(raw)
		altered[at] ^= 1
		if again, err := connectortest.ReadMail(altered); err == nil && again.Signer != nil {
			t.Fatalf("byte %d altered, still verifies", at)
		}
	}
}

// TestHeaderInjection: whatever the fields hold, the mail has the header and the
// parts it should have, and the exact letter verifies.
func TestHeaderInjection(t *testing.T) {
	e := email.New(email.Options{Host: "x", Dial: noDial, Certificates: ring(t), Now: time.Now})
	nasty := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"a\r\nBcc: x@evil.example", "\r\n\r\nbody", "=?utf-8?q?=0D=0ABcc:_x?=", "\"<x@evil.example>", "\u2028Bcc: x", "--boundary", ".\r\nQUIT\r\n",
			"From: x", "https://evil.example/a", "\x00", strings.Repeat("é", 300), strings.Repeat("a ", 200), "تجربة\r\nBcc: x"}),
	)
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.ToValidUTF8(strings.Join(rapid.SliceOfN(nasty, 1, 3).Draw(t, "parts"), ""), "?")
	})
	rapid.Check(t, func(t *rapid.T) {
		m := connectortest.Letter()
		m.To.Email = "legal@relay.example"
		m.Language = rapid.SampledFrom([]string{"en", "ar", "x\r\nBcc: y"}).Draw(t, "language")
		for _, field := range []*string{&m.Reference, &m.Sender.Authority, &m.Sender.Country, &m.Sender.Desk, &m.Statement,
			&m.Lines[0].URL, &m.Lines[0].Kind, &m.Lines[0].Ground, &m.Lines[0].Clause, &m.Lines[0].Explanation, &m.To.Name, &m.Letter} {
			if rapid.Bool().Draw(t, "spoil") {
				*field = text.Draw(t, "text")
			}
		}
		raw, err := e.Render(m)
		if err != nil {
			if m.Validate() == nil {
				t.Fatalf("valid, but not sent: %v", err)
			}
			return
		}
		wholesome(t, m, raw)
	})
}

var wantFields = []string{"Content-Language", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "User-Agent", "X-Mailer"}

func wholesome(t *rapid.T, m connector.Message, raw []byte) {
	mail, err := connectortest.ReadMail(raw)
	if err != nil {
		t.Fatalf("not read back: %v\n%s", err, raw)
	}
	slices.Sort(mail.Fields)
	if diff := cmp.Diff(wantFields, mail.Fields); diff != "" {
		t.Errorf("header: %s", diff)
	}
	to, err := mail.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != m.To.Email {
		t.Errorf("to %v, %v", to, err)
	}
	from, err := mail.Header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Address != m.Sender.Email {
		t.Errorf("from %v, %v", from, err)
	}
	exact, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"letter.json": string(exact)}, texts(mail.Files)); diff != "" {
		t.Error(diff)
	}
	if mail.Signer == nil {
		t.Error("not signed")
	}
	if found := regexp.MustCompile(`(?i)https?://\S+`).FindString(strings.ReplaceAll(mail.Text, m.DoorLink, "")); found != "" {
		t.Errorf("the text can be clicked: %s", found)
	}
	if strings.ContainsAny(mail.Text, "\x00\r\u202E") {
		t.Error("the text holds characters nobody sees")
	}
	for i, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") { // RFC 5322, 2.1.1
			t.Errorf("line %d has %d bytes or a bare line break", i+1, len(line))
		}
	}
}

func TestReplies(t *testing.T) {
	for _, row := range []struct {
		verb string
		code int
		want connector.Outcome
	}{
		{"MAIL", 421, connector.Retry},
		{"MAIL", 550, connector.Refused},
		{"RCPT", 450, connector.Retry},
		{"RCPT", 452, connector.Retry},
		{"RCPT", 550, connector.Refused},
		{"RCPT", 552, connector.Refused},
	} {
		t.Run(fmt.Sprint(row.verb, row.code), func(t *testing.T) {
			p := connectortest.NewPlainSMTP(t)
			p.Reply(row.verb, row.code, "because of "+connectortest.Letter().DoorLink)
			m := connectortest.Letter()
			p.Address(&m)
			got, err := email.New(options(t, p)).Send(context.Background(), m)
			if err != nil || got.Outcome != row.want || got.Code != row.code || len(p.Taken()) != 0 {
				t.Errorf("%+v, %v, wanted %s", got, err, row.want)
			}
			if strings.Contains(got.Detail, connectortest.Token) {
				t.Errorf("the detail tells the token: %s", got.Detail)
			}
		})
	}
}

// TestRequireTLS: no letter goes to a server without TLS where TLS is asked for.
func TestRequireTLS(t *testing.T) {
	p := connectortest.NewPlainSMTP(t)
	o := options(t, p)
	o.RequireTLS = true
	m := connectortest.Letter()
	p.Address(&m)
	got, err := email.New(o).Send(context.Background(), m)
	if err != nil || got.Outcome != connector.Retry || len(p.Taken()) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAddresses(t *testing.T) {
	e := email.New(email.Options{Host: "x", Dial: noDial, Certificates: ring(t), Now: time.Now})
	for name, spoil := range map[string]func(*connector.Message){
		"to with a name":       func(m *connector.Message) { m.To.Email = "Legal <legal@relay.example>" },
		"two recipients":       func(m *connector.Message) { m.To.Email = "a@relay.example, b@relay.example" },
		"line break":           func(m *connector.Message) { m.To.Email = "a@relay.example\r\nBcc: b@relay.example" },
		"command":              func(m *connector.Message) { m.To.Email = "a@relay.example> NOTIFY=NEVER" },
		"not ASCII":            func(m *connector.Message) { m.To.Email = "légal@relay.example" },
		"no domain":            func(m *connector.Message) { m.To.Email = "legal" },
		"no sender":            func(m *connector.Message) { m.Sender.Email = "" },
		"no Message-ID":        func(m *connector.Message) { m.MailID = "" },
		"Message-ID and more":  func(m *connector.Message) { m.MailID = "a@b>\r\nBcc: <c@d" },
		"follows and more":     func(m *connector.Message) { m.InReplyTo = "a@b>\r\nBcc: <c@d" },
		"nobody's certificate": func(m *connector.Message) { m.Sender.ID = "unit-b" },
	} {
		m := connectortest.Letter()
		m.To.Email = "legal@relay.example"
		spoil(&m)
		if got, err := e.Send(context.Background(), m); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestNote(t *testing.T) {
	p := connectortest.NewSMTP(t)
	n := email.Note{Authority: unit.Name, From: unit.Email, To: "legal@relay.example", Subject: "BE-2019-00042\r\nBcc: x@evil.example",
		Text: "Code: 123456\nIt opens the page for ten minutes.\n", MailID: "01C@unit-a.example", Language: "en", SentAt: connectortest.SentAt, Secret: "123456"}
	e := email.New(options(t, p))
	got, err := e.SendNote(context.Background(), n)
	if err != nil || got.Outcome != connector.Delivered {
		t.Fatalf("%+v, %v", got, err)
	}
	mail, err := connectortest.ReadMail(p.Taken()[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(mail.Fields)
	if diff := cmp.Diff(append(wantFields[:1:1], append([]string{"Content-Transfer-Encoding"}, wantFields[1:]...)...), mail.Fields); diff != "" {
		t.Error(diff)
	}
	if mail.Text != n.Text || mail.Signer != nil || len(mail.Files) != 0 {
		t.Errorf("%+v", mail)
	}
	p.Reply("RCPT", 550, "spam: 123456")
	if got, err = e.SendNote(context.Background(), n); err != nil || got.Outcome != connector.Refused || strings.Contains(got.Detail, "123456") {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestCode: the mail that opens the door has the digits in a line of their own and
// the reference in its subject, and no link.
func TestCode(t *testing.T) {
	p := connectortest.NewSMTP(t)
	e := email.New(options(t, p))
	for _, language := range []string{"en", "ar", "nl"} {
		c := email.Code{Authority: unit.Name, From: unit.Email, To: "legal@relay.example", Reference: "BE-2019-00042", Digits: "012345",
			Language: language, MailID: "01C" + language + "@unit-a.example", SentAt: connectortest.SentAt}
		if err := e.SendCode(context.Background(), c); err != nil {
			t.Fatal(err)
		}
		taken := p.Taken()
		mail, err := connectortest.ReadMail(taken[len(taken)-1].Body)
		if err != nil {
			t.Fatal(err)
		}
		subject, err := mail.Header.Subject()
		if err != nil || !strings.Contains(subject, c.Reference) || strings.Contains(subject, c.Digits) {
			t.Errorf("subject %q, %v", subject, err)
		}
		if !slices.Contains(strings.Split(mail.Text, "\n"), "Code: 012345") || strings.Contains(mail.Text, "http") {
			t.Errorf("text %q", mail.Text)
		}
	}
	p.Behave(connectortest.LoseAnswer)
	if err := e.SendCode(context.Background(), email.Code{From: unit.Email, To: "legal@relay.example", MailID: "01D@unit-a.example", Digits: "012345"}); err != nil {
		t.Errorf("a code that may have left counts as not sent: %v", err)
	}
	p.Behave(connectortest.Refuse)
	if err := e.SendCode(context.Background(), email.Code{From: unit.Email, To: "legal@relay.example", MailID: "01E@unit-a.example", Digits: "012345"}); err == nil || strings.Contains(err.Error(), "012345") {
		t.Errorf("refused: %v", err)
	}
}

// TestReplacedCertificate: the next letter is signed with the new certificate.
func TestReplacedCertificate(t *testing.T) {
	r := ring(t)
	e := email.New(email.Options{Host: "x", Dial: noDial, Certificates: r, Now: time.Now})
	signer := func() *x509.Certificate {
		m := connectortest.Letter()
		m.To.Email = "legal@relay.example"
		raw, err := e.Render(m)
		if err != nil {
			t.Fatal(err)
		}
		mail, err := connectortest.ReadMail(raw)
		if err != nil {
			t.Fatal(err)
		}
		return mail.Signer
	}
	before := signer()
	if err := r.RenewCertificate(unit, time.Now()); err != nil {
		t.Fatal(err)
	}
	if after := signer(); before.Equal(after) {
		t.Error("signed with the replaced certificate")
	}
}

func pemOf(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}
