package signin

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The SHA-1 rows of RFC 6238, appendix B, cut to six digits.
func TestCode(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := CodeAt(secret, time.Unix(at, 0)); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestStepOf(t *testing.T) {
	secret, now := newTOTP(), time.Unix(1_700_000_000, 0)
	step := now.Unix() / 30
	for _, c := range []struct {
		name  string
		given string
		last  int64
		ok    bool
	}{
		{"now", code(secret, step), 0, true},
		{"written with a gap", code(secret, step)[:3] + " " + code(secret, step)[3:], 0, true},
		{"a slow phone", code(secret, step-1), 0, true},
		{"a fast phone", code(secret, step+1), 0, true},
		{"too slow", code(secret, step-2), 0, false},
		{"too fast", code(secret, step+2), 0, false},
		{"used", code(secret, step), step, false},
		{"older than the last one used", code(secret, step-1), step, false},
		{"empty", "", 0, false},
		{"longer", code(secret, step) + "0", 0, false},
	} {
		if got, ok := stepOf(secret, c.given, now, c.last); ok != c.ok || ok && got <= c.last {
			t.Errorf("%s: step %d, %v", c.name, got, ok)
		}
	}
}

func TestHash(t *testing.T) {
	d, err := New(Options{Key: make([]byte, KeySize), Store: struct{ Store }{}})
	if err != nil {
		t.Fatal(err)
	}
	phc := d.hash("caf\u00e9 au lait noir")
	if phc == d.hash("caf\u00e9 au lait noir") {
		t.Error("two hashes share a salt")
	}
	for _, c := range []struct {
		name, password, phc string
		want                bool
	}{
		{"right", "caf\u00e9 au lait noir", phc, true},
		{"typed with a combining accent", "cafe\u0301 au lait noir", phc, true},
		{"wrong", "cafe au lait noir", phc, false},
		{"empty hash", "x", "", false},
		{"cut", "x", phc[:40], false},
		{"another kind", "x", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", false},
		{"costly on purpose", "x", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA", false},
		{"no passes", "x", "$argon2id$v=19$m=8,t=0,p=1$AAAA$AAAA", false},
	} {
		if got := d.matches(c.password, c.phc); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSealedSecretsStayWithTheirPerson(t *testing.T) {
	d, err := New(Options{Key: make([]byte, KeySize), Store: struct{ Store }{}})
	if err != nil {
		t.Fatal(err)
	}
	sealed := d.seal("one", []byte("secret"))
	if got, err := d.unseal("one", sealed); err != nil || string(got) != "secret" {
		t.Errorf("unsealed %q, %v", got, err)
	}
	if _, err := d.unseal("two", sealed); err == nil {
		t.Error("a secret was read for another person")
	}
	if _, err := d.unseal("one", "AAAA"); err == nil {
		t.Error("a broken secret was read")
	}
}

func TestLoadKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "signin.key")
	key, err := LoadKey(file)
	if err != nil || len(key) != KeySize {
		t.Fatalf("made %x, %v", key, err)
	}
	again, err := LoadKey(file)
	if err != nil || string(again) != string(key) {
		t.Errorf("read back %x, %v", again, err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(file); err == nil {
		t.Error("a key open to others was taken")
	}
	for _, text := range []string{"", "short", "zz" + string(make([]byte, 100))} {
		bad := filepath.Join(t.TempDir(), "bad")
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKey(bad); err == nil {
			t.Errorf("the key %q was taken", text)
		}
	}
}
