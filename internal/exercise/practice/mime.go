package practice

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
)

// mail is one message as a provider's mailbox sees it.
type mail struct {
	id, subject string
	text        string
	letter      []byte // the attachment letter.json; nil in other mail
	door        string // the link to the desk's door
	signed      []byte // the exact bytes under the signature; nil when unsigned
	signature   []byte // CMS, DER
}

const (
	maxParts = 40
	maxDepth = 6
)

var doorLink = regexp.MustCompile(`https?://[^\s<>"]+/p/[A-Za-z0-9_\-]{8,200}`)

// parseMail reads a message. Everything is bounded: parts, nesting, bytes.
func parseMail(raw []byte) (mail, error) {
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	body, err := io.ReadAll(msg.Body)
	if err != nil {
		return mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	m := mail{id: strings.Trim(strings.TrimSpace(msg.Header.Get("Message-Id")), "<>")}
	if m.subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		m.subject = msg.Header.Get("Subject")
	}
	parts := 0
	if err := m.walk(header(msg.Header), body, 0, &parts); err != nil {
		return mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	m.door = doorLink.FindString(m.text)
	return m, nil
}

// header is what mail and part headers have in common.
type header map[string][]string

func (h header) get(key string) string {
	for k, v := range h {
		if strings.EqualFold(k, key) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

var errMail = errors.New("too many or too deeply nested parts")

func (m *mail) walk(h header, body []byte, depth int, parts *int) error {
	if *parts++; *parts > maxParts || depth > maxDepth {
		return errMail
	}
	contentType := h.get("Content-Type")
	if contentType == "" {
		contentType = "text/plain"
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if kind == "multipart/signed" && m.signed == nil {
		m.signed = firstPart(body, params["boundary"])
	}
	if strings.HasPrefix(kind, "multipart/") {
		reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
		for {
			part, err := reader.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			inner, err := io.ReadAll(part)
			if err != nil {
				return err
			}
			if err := m.walk(header(part.Header), inner, depth+1, parts); err != nil {
				return err
			}
		}
	}
	return m.leaf(kind, h, body)
}

func (m *mail) leaf(kind string, h header, body []byte) error {
	plain, err := decode(h.get("Content-Transfer-Encoding"), body)
	if err != nil {
		return err
	}
	_, disposition, _ := mime.ParseMediaType(h.get("Content-Disposition"))
	_, params, _ := mime.ParseMediaType(h.get("Content-Type"))
	name := disposition["filename"]
	if name == "" {
		name = params["name"]
	}
	switch {
	case name == "letter.json":
		m.letter = plain
	case kind == "application/pkcs7-signature" || kind == "application/x-pkcs7-signature":
		m.signature = plain
	case kind == "text/plain" && name == "" && m.text == "":
		m.text = string(plain)
	}
	return nil
}

func decode(encoding string, body []byte) ([]byte, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body)))
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	default:
		return body, nil
	}
}

// firstPart cuts the exact bytes of the first part out of a multipart body:
// the signature covers them as they stand (RFC 8551, 3.1.1).
func firstPart(body []byte, boundary string) []byte {
	open := []byte("--" + boundary)
	start := bytes.Index(body, open)
	if boundary == "" || start < 0 {
		return nil
	}
	rest := body[start+len(open):]
	line := bytes.IndexByte(rest, '\n')
	if line < 0 {
		return nil
	}
	rest = rest[line+1:]
	end := bytes.Index(rest, append([]byte("\r\n"), open...))
	if end < 0 {
		return nil
	}
	return rest[:end]
}
