package practice

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	gomail "github.com/wneessen/go-mail"
)

func TestDetachedJWS(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: private, KeyID: "k1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"format":"staydown-letter/1"}`)
	signed, err := signer.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.DetachedCompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	keys := []PublicKey{{Kid: "k1", X: base64.RawURLEncoding.EncodeToString(public)}}
	parts := strings.Split(compact, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	for name, c := range map[string]struct {
		compact string
		body    []byte
		keys    []PublicKey
		good    bool
	}{
		"as signed":     {compact, body, keys, true},
		"other body":    {compact, append(body, ' '), keys, false},
		"other key id":  {compact, body, []PublicKey{{Kid: "k2", X: keys[0].X}}, false},
		"no key":        {compact, body, nil, false},
		"none":          {none + ".." + parts[2], body, keys, false},
		"not detached":  {parts[0] + ".e30." + parts[2], body, keys, false},
		"empty":         {"", body, keys, false},
		"half":          {parts[0] + "..", body, keys, false},
		"two dots only": {"..", body, keys, false},
	} {
		if err := verifyJWS(c.compact, c.body, c.keys); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeySetsAreTakenApart(t *testing.T) {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, certificate := signedMail(t)
	block, _ := pem.Decode([]byte(certificate))
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: public, KeyID: "k1"}, {Key: leaf.PublicKey, KeyID: "m1", Certificates: []*x509.Certificate{leaf}}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Desk{JWKS: []json.RawMessage{set}}.unpack()
	if err != nil || len(d.Keys) != 1 || d.Keys[0] != (PublicKey{"k1", base64.RawURLEncoding.EncodeToString(public)}) || d.SMIME != certificate {
		t.Errorf("%v, %+v", err, d)
	}
	if _, err := (Desk{JWKS: []json.RawMessage{[]byte(`[]`)}}).unpack(); err == nil {
		t.Error("no key set was taken for one")
	}
}

func signedMail(t *testing.T) (raw []byte, certificate string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Exercise desk"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	m := gomail.NewMsg()
	if err := m.From("desk@desk.example"); err != nil {
		t.Fatal(err)
	}
	if err := m.To("legal@stills.example"); err != nil {
		t.Fatal(err)
	}
	m.Subject("إحالة EX/1")
	m.SetMessageIDWithValue("m1@desk.example")
	m.SetBodyString(gomail.TypeTextPlain, "Answer at http://door.desk.example/p/abcdefgh1234 until Friday.\nhxxps://stills[.]example/p/x\n")
	if err := m.AttachReader("letter.json", strings.NewReader(`{"format":"staydown-letter/1"}`)); err != nil {
		t.Fatal(err)
	}
	if err := m.SignWithTLSCertificate(&tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := m.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestSignedMail(t *testing.T) {
	raw, certificate := signedMail(t)
	m, err := parseMail(raw)
	if err != nil {
		t.Fatal(err)
	}
	if m.id != "m1@desk.example" || m.subject != "إحالة EX/1" || string(m.letter) != `{"format":"staydown-letter/1"}` || m.door != "http://door.desk.example/p/abcdefgh1234" {
		t.Errorf("read %q %q %q %q", m.id, m.subject, m.letter, m.door)
	}
	if signed, err := m.checkSignature(certificate); err != nil || !signed {
		t.Errorf("a good signature: %v, %v", signed, err)
	}
	_, stranger := signedMail(t)
	if _, err := m.checkSignature(stranger); err == nil {
		t.Error("a stranger's signature was accepted")
	}
	changed := m
	changed.signed = bytes.Replace(bytes.Clone(m.signed), []byte("Friday"), []byte("Monday"), 1)
	if _, err := changed.checkSignature(certificate); err == nil {
		t.Error("a changed mail was accepted")
	}
	if _, err := (mail{}).checkSignature(certificate); err == nil {
		t.Error("an unsigned mail was accepted")
	}
	if signed, err := (mail{}).checkSignature(""); err != nil || signed {
		t.Error("an unsigned mail is refused although no signer is known")
	}
}
