package connectortest

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // reads other charsets than UTF-8
	"github.com/emersion/go-message/mail"
)

// Mail is a mail as its recipient's programs see it.
type Mail struct {
	Header mail.Header
	Fields []string // names of the header's fields, in order
	Text   string
	Files  map[string][]byte // attachments by name
	Signer *x509.Certificate // nil when not signed
	Signed []byte            // the exact bytes the signature covers
	CMS    []byte            // the signature
}

// ReadMail reads a mail and, when it is signed, verifies the signature.
func ReadMail(raw []byte) (Mail, error) {
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	m := Mail{Header: mail.Header{Header: entity.Header}, Files: make(map[string][]byte)}
	for fields := entity.Header.Fields(); fields.Next(); {
		m.Fields = append(m.Fields, fields.Key())
	}
	kind, parameters, err := entity.Header.ContentType()
	if err != nil {
		return Mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	if kind == "multipart/signed" {
		if entity, err = m.open(raw, entity, parameters); err != nil {
			return Mail{}, err
		}
	}
	return m, m.walk(entity)
}

// open verifies a signed mail and returns the part that was signed.
func (m *Mail) open(raw []byte, entity *message.Entity, parameters map[string]string) (*message.Entity, error) {
	if parameters["micalg"] != "sha-256" || !strings.HasSuffix(parameters["protocol"], "pkcs7-signature") {
		return nil, fmt.Errorf("signed by unknown means: %v", parameters)
	}
	reader := entity.MultipartReader()
	if _, err := reader.NextPart(); err != nil {
		return nil, err
	}
	second, err := reader.NextPart()
	if err != nil {
		return nil, err
	}
	if kind, _, _ := second.Header.ContentType(); kind != "application/pkcs7-signature" {
		return nil, fmt.Errorf("second part of a signed mail is %q", kind)
	}
	if m.CMS, err = io.ReadAll(second.Body); err != nil {
		return nil, err
	}
	if m.Signed, err = firstPart(raw, parameters["boundary"]); err != nil {
		return nil, err
	}
	if m.Signer, err = VerifyCMS(m.CMS, m.Signed); err != nil {
		return nil, fmt.Errorf("verifying a mail: %w", err)
	}
	return message.Read(bytes.NewReader(m.Signed))
}

// firstPart cuts out the signed bytes: between the first boundary's line and the
// line break before the next (RFC 8551, 3.5.3).
func firstPart(raw []byte, boundary string) ([]byte, error) {
	mark := []byte("\r\n--" + boundary)
	_, rest, ok := bytes.Cut(raw, append(mark, "\r\n"...))
	if !ok {
		return nil, errors.New("no boundary")
	}
	part, _, ok := bytes.Cut(rest, mark)
	if !ok {
		return nil, errors.New("no end of the signed part")
	}
	return part, nil
}

// walk collects text and attachments.
func (m *Mail) walk(entity *message.Entity) error {
	return entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, _, err := part.Header.ContentType()
		if err != nil || strings.HasPrefix(kind, "multipart/") {
			return err
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return err
		}
		disposition, parameters, _ := part.Header.ContentDisposition()
		switch {
		case disposition == "attachment":
			m.Files[parameters["filename"]] = body
		case kind == "text/plain":
			m.Text += strings.ReplaceAll(string(body), "\r\n", "\n")
		default:
			return fmt.Errorf("unexpected part of type %s", kind)
		}
		return nil
	})
}
