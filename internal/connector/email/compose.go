package email

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/staydown/staydown/internal/connector"
)

// LetterFile is the name of the attachment that systems read.
const LetterFile = "letter.json"

// heading is what becomes a mail's header.
type heading struct {
	name     string // of the sender, foreign text
	from, to string
	subject  string // foreign text, one line
	id       string // Message-ID without brackets
	follows  string // Message-ID of the mail this one follows, or empty
	at       time.Time
	language string // "en" or "ar"
}

// mailID is what may stand as a Message-ID (RFC 5322, 3.6.4), much narrower than
// the standard: an identifier at a domain.
var mailID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}@[A-Za-z0-9.-]{1,150}$`)

// mailLanguage is what may stand in Content-Language (RFC 3282).
var mailLanguage = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// compose makes a mail with one part of text. What a header takes from outside is
// either checked against a narrow form or made one line and encoded.
func compose(h heading, text string) (*mail.Msg, error) {
	if !mailID.MatchString(h.id) || h.follows != "" && !mailID.MatchString(h.follows) {
		return nil, errors.New("its Message-ID is missing or none")
	}
	if !mailLanguage.MatchString(h.language) {
		h.language = string(english)
	}
	from, err := address(h.from)
	if err != nil {
		return nil, fmt.Errorf("sender's address: %w", err)
	}
	to, err := address(h.to)
	if err != nil {
		return nil, fmt.Errorf("recipient's address: %w", err)
	}
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	m.FromMailAddress(&netmail.Address{Name: displayName(h.name), Address: from})
	m.ToMailAddress(&netmail.Address{Address: to})
	m.Subject(connector.Shorten(h.subject, maxSubject))
	m.SetMessageIDWithValue(h.id)
	if h.follows != "" {
		m.SetGenHeader(mail.HeaderInReplyTo, "<"+h.follows+">")
		m.SetGenHeader(mail.HeaderReferences, "<"+h.follows+">")
	}
	m.SetDateWithValue(h.at.UTC())
	m.SetUserAgent("Staydown")
	m.SetGenHeader(mail.HeaderContentLang, h.language)
	m.SetBodyString(mail.TypeTextPlain, text)
	return m, nil
}

// maxSubject bounds a subject in bytes; longer ones are cut by many programs.
const maxSubject = 200

// address accepts a plain mail address in ASCII, without name, comment or quoting.
func address(s string) (string, error) {
	parsed, err := netmail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("is no plain mail address")
	}
	return s, nil
}

// displayName makes a name fit to stand before an address. A backslash goes: the
// standard library leaves it bare within an encoded word, where none may be
// (RFC 2047, 5(3)), and other programs then find no address.
func displayName(name string) string {
	return connector.Shorten(strings.ReplaceAll(connector.OneLine(name), `\`, "/"), maxSubject)
}

// sign attaches the letter and signs everything, text and attachment.
func sign(m *mail.Msg, letter []byte, pair tls.Certificate) ([]byte, error) {
	err := m.AttachReader(LetterFile, bytes.NewReader(letter),
		mail.WithFileContentType(mail.ContentType("application/json")), mail.WithFileEncoding(mail.EncodingB64))
	if err != nil {
		return nil, err
	}
	if err := m.SignWithTLSCertificate(&pair); err != nil {
		return nil, err
	}
	return render(m)
}

func render(m *mail.Msg) ([]byte, error) {
	var out bytes.Buffer
	if _, err := m.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
