package seal_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/staydown/staydown/internal/seal"
)

var (
	unit = seal.Authority{ID: "unit-a", Name: "Practice unit A", Country: "BE", Email: "desk@unit-a.example"}
	now  = time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC)
)

func ring(t *testing.T) (*seal.Ring, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	r, err := seal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Establish(unit, now); err != nil {
		t.Fatal(err)
	}
	return r, dir
}

// TestEstablishOnce: set-up run by many processes at once makes each key once.
func TestEstablishOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	r, err := seal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	sets := make([]string, 8)
	var wait sync.WaitGroup
	for i := range sets {
		wait.Go(func() {
			if err := r.Establish(unit, now); err != nil {
				t.Error(err)
				return
			}
			set, err := r.PublicKeys(unit.ID)
			if err != nil {
				t.Error(err)
			}
			sets[i] = string(set)
		})
	}
	wait.Wait()
	for _, set := range sets {
		if set != sets[0] {
			t.Fatalf("two key sets:\n%s\n%s", sets[0], set)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "authorities", unit.ID, ".new-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFilesArePrivate(t *testing.T) {
	r, dir := ring(t)
	if _, err := r.EstablishLog("unit-a.example/log"); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		info, _ := d.Info()
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenToOthersIsRefused(t *testing.T) {
	r, dir := ring(t)
	key := filepath.Join(dir, "authorities", unit.ID, "signing.pem")
	if err := os.Chmod(key, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignDetached(unit.ID, []byte("x")); err == nil || !strings.Contains(err.Error(), "open to others") {
		t.Errorf("a key others may read signed: %v", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(dir); err == nil {
		t.Error("a folder others may read was opened")
	}
}

func TestNamesThatClimb(t *testing.T) {
	r, _ := ring(t)
	for _, id := range []string{"", ".", "..", "../unit-a", "a/b", "a\x00b", strings.Repeat("a", 65), "-a"} {
		if _, err := r.SignDetached(id, nil); err == nil || errors.Is(err, seal.ErrNoKey) {
			t.Errorf("authority %q: %v", id, err)
		}
	}
	if _, err := r.SignDetached("unit-b", nil); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("unknown authority: %v", err)
	}
}

func keys(t *testing.T, r *seal.Ring) seal.Keys {
	t.Helper()
	set, err := r.PublicKeys(unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	k, err := seal.ParseKeys(set)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestDetachedSignature(t *testing.T) {
	r, _ := ring(t)
	known := keys(t, r)
	for _, payload := range []string{"", "x", `{"format":"staydown-letter/1"}`, strings.Repeat("\x00\xff", 1<<16)} {
		signature, err := r.SignDetached(unit.ID, []byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		kid, err := seal.VerifyDetached(known, signature, []byte(payload))
		if err != nil {
			t.Fatalf("payload of %d bytes: %v", len(payload), err)
		}
		if _, ok := known[kid]; !ok {
			t.Errorf("made by unknown key %q", kid)
		}
		if _, err := seal.VerifyDetached(known, signature, []byte(payload+" ")); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("altered payload: %v", err)
		}
	}
}

// TestAlteredSignature flips every character of a signature in turn.
func TestAlteredSignature(t *testing.T) {
	r, _ := ring(t)
	known := keys(t, r)
	payload := []byte("a letter")
	signature, err := r.SignDetached(unit.ID, payload)
	if err != nil {
		t.Fatal(err)
	}
	for i := range signature {
		for _, c := range []byte("AB._-{\n") {
			if signature[i] == c {
				continue
			}
			altered := signature[:i] + string(c) + signature[i+1:]
			if _, err := seal.VerifyDetached(known, altered, payload); !errors.Is(err, seal.ErrSignature) {
				t.Fatalf("byte %d as %q verifies", i, c)
			}
		}
	}
	for _, bad := range []string{"", "..", "a.b.c", signature + ".", strings.Replace(signature, "..", ".YSBsZXR0ZXI.", 1),
		strings.Repeat("A", 1<<20) + ".." + "A", "{}", " " + signature} {
		if _, err := seal.VerifyDetached(known, bad, payload); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("%.40q verifies", bad)
		}
	}
}

// TestReplaceSigning: the new key signs, what the old one signed still verifies.
func TestReplaceSigning(t *testing.T) {
	r, _ := ring(t)
	payload := []byte("a letter")
	before, err := r.SignDetached(unit.ID, payload)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.ReplaceSigning(unit.ID, nil); err != nil {
		t.Fatal(err)
	}
	after, err := r.SignDetached(unit.ID, payload)
	if err != nil {
		t.Fatal(err)
	}
	known := keys(t, r)
	if len(known) != 2 {
		t.Errorf("%d public keys, wanted the new and the old one", len(known))
	}
	first, err1 := seal.VerifyDetached(known, before, payload)
	second, err2 := seal.VerifyDetached(known, after, payload)
	if err1 != nil || err2 != nil || first == second {
		t.Errorf("before: %v, after: %v, same key: %t", err1, err2, first == second)
	}
	if err := r.ReplaceSigning(unit.ID, []byte("no key")); err == nil {
		t.Error("a signing key was replaced by nonsense")
	}
}

func TestPublicKeysHoldNothingSecret(t *testing.T) {
	r, _ := ring(t)
	set, err := r.PublicKeys(unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct{ Keys []map[string]any }
	if err := json.Unmarshal(set, &parsed); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, key := range parsed.Keys {
		if _, secret := key["d"]; secret {
			t.Error("a private key in the public set")
		}
		kinds = append(kinds, key["kty"].(string)+" "+key["crv"].(string)+" "+key["alg"].(string))
	}
	if diff := cmp.Diff([]string{"OKP Ed25519 EdDSA", "EC P-256 ES256"}, kinds); diff != "" {
		t.Error(diff)
	}
}

// TestKeyCannotPoseAsAnother: a set that puts a known name on another key.
func TestKeyCannotPoseAsAnother(t *testing.T) {
	r, _ := ring(t)
	honest := keys(t, r)
	signature, err := r.SignDetached(unit.ID, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	var kid string
	for kid = range honest {
	}
	forged := `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"` + kid + `","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`
	other, err := seal.ParseKeys([]byte(forged))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := other[kid]; ok {
		t.Error("a key took the name the set gave it")
	}
	if _, err := seal.VerifyDetached(other, signature, []byte("x")); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("verified with another's key: %v", err)
	}
}

func TestCertificate(t *testing.T) {
	r, _ := ring(t)
	pair, err := r.Certificate(unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(pair.Leaf)
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
	if err != nil {
		t.Errorf("the certificate may not sign mail: %v", err)
	}
	if diff := cmp.Diff([]string{unit.Email}, pair.Leaf.EmailAddresses); diff != "" {
		t.Error(diff)
	}
	if key, ok := pair.PrivateKey.(*ecdsa.PrivateKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("key is %T", pair.PrivateKey)
	}
}

func TestReplaceCertificate(t *testing.T) {
	r, _ := ring(t)
	before, err := r.Certificate(unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.RenewCertificate(unit, now.AddDate(2, 0, 0)); err != nil {
		t.Fatal(err)
	}
	after, err := r.Certificate(unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	if before.Leaf.SerialNumber.Cmp(after.Leaf.SerialNumber) == 0 {
		t.Error("the certificate stayed the same")
	}
	for name, bad := range map[string][]byte{
		"nonsense":      []byte("nonsense"),
		"RSA key":       certificate(t, rsaKey(t), unit.Email, x509.ExtKeyUsageEmailProtection),
		"other address": certificate(t, ecKey(t), "other@unit-a.example", x509.ExtKeyUsageEmailProtection),
		"not for mail":  certificate(t, ecKey(t), unit.Email, x509.ExtKeyUsageServerAuth),
		"without a key": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: after.Certificate[0]}),
	} {
		if err := r.ReplaceCertificate(unit.ID, unit.Email, bad, now); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	good := certificate(t, ecKey(t), unit.Email, x509.ExtKeyUsageEmailProtection)
	if err := r.ReplaceCertificate(unit.ID, unit.Email, good, now.AddDate(10, 0, 0)); err == nil {
		t.Error("an expired certificate was taken")
	}
	if err := r.ReplaceCertificate(unit.ID, unit.Email, good, now); err != nil {
		t.Error(err)
	}
}

func ecKey(t *testing.T) any {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T) any {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func certificate(t *testing.T, key any, email string, usage ...x509.ExtKeyUsage) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		EmailAddresses: []string{email}, ExtKeyUsage: usage}
	public := key.(interface{ Public() crypto.PublicKey }).Public()
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	return append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
}

func TestLogKey(t *testing.T) {
	r, _ := ring(t)
	if _, err := r.Log(); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("a log key out of nowhere: %v", err)
	}
	key, err := r.EstablishLog("unit-a.example/log")
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.EstablishLog("unit-a.example/log")
	if err != nil || again.Verifier != key.Verifier {
		t.Errorf("made anew: %v", err)
	}
	if _, err := r.EstablishLog("other.example/log"); err == nil {
		t.Error("one key took two names")
	}
	signed, err := note.Sign(&note.Note{Text: "unit-a.example/log\n1\nAAAA\n"}, again)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(key.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
}

func FuzzVerifyDetached(f *testing.F) {
	r, err := seal.Open(filepath.Join(f.TempDir(), "keys"))
	if err != nil {
		f.Fatal(err)
	}
	if err := r.Establish(unit, now); err != nil {
		f.Fatal(err)
	}
	set, err := r.PublicKeys(unit.ID)
	if err != nil {
		f.Fatal(err)
	}
	known, err := seal.ParseKeys(set)
	if err != nil {
		f.Fatal(err)
	}
	good, err := r.SignDetached(unit.ID, []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, []byte("x"))
	f.Add("eyJhbGciOiJub25lIn0..", []byte("x"))
	f.Add(`{"payload":"","signatures":[]}`, []byte{})
	f.Fuzz(func(t *testing.T, signature string, payload []byte) {
		_, err := seal.VerifyDetached(known, signature, payload)
		if err == nil && (signature != good || string(payload) != "x") {
			t.Errorf("forged: %q over %q", signature, payload)
		}
	})
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":""},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`))
	f.Add([]byte(`{"keys":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := seal.ParseKeys(data)
		if err == nil && len(keys) == 0 {
			t.Error("no key and no error")
		}
	})
}

func TestDoorKey(t *testing.T) {
	r, dir := ring(t)
	key, err := r.DoorKey()
	if err != nil || len(key) != 32 {
		t.Fatalf("%d bytes, %v", len(key), err)
	}
	if again, err := r.DoorKey(); err != nil || !bytes.Equal(key, again) {
		t.Errorf("made anew: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "door.key"), []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.DoorKey(); err == nil {
		t.Error("a broken key was taken")
	}
}
