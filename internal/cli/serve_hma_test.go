package cli

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// A process that answers lookups and nothing else: HMA's paths and our own lookups,
// for tokens, for keys in the path, and for addresses the operator trusts.
func TestServeMatch(t *testing.T) {
	d := serve(t, "--role", "match")
	base := d.Listening.Listening
	if d.SetUp != "" || d.Enter != "" {
		t.Errorf("serve says %+v", d.Listening)
	}
	if code, _ := command(t, "admin", "create", "lead", "--authority", "Unit A", "--country", "BE", "--role", "lead", "--data", d.dir); code != 0 {
		t.Fatalf("admin create: %d", code)
	}
	_, token := command(t, "admin", "token", "lead", "--name", "hma", "--scope", "see,lookup,explain", "--data", d.dir)
	token = strings.TrimSpace(token)
	for path, want := range map[string]string{
		"/status": "200 I-AM-ALIVE", "/status/live": "200 I-AM-ALIVE", "/": "404", "/sign-in": "404", "/p/x": "404", "/set-up/x": "404", "/api/v1/items": "404", "/api/v1/banks": "404",
		"/api/v1/health": "200", "//c/banks": "401", "/c/banks": "401", "/hma/" + token + "//c/banks": "200 []", "/hma/x/c/banks": "401", "/m/lookup": "401",
	} {
		code, body := get(t, base+path, "")
		if got := http.StatusText(code); !strings.HasPrefix(strings.TrimSpace(strconv.Itoa(code)+" "+body), want) {
			t.Errorf("%s: %d %s %s, want %s", path, code, got, body, want)
		}
	}
	if code, body := get(t, base+"//c/banks", token); code != 200 || body != "[]\n" {
		t.Errorf("banks: %d %q", code, body)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("serve ended with %d", code)
	}

	again := serve(t, "--role", "match", "--data", d.dir, "--hma-trust", "loopback", "--hma-unit", "Unit A")
	if code, body := get(t, again.Listening.Listening+"/c/banks", ""); code != 200 || body != "[]\n" {
		t.Errorf("a trusted address: %d %q", code, body)
	}
}

func TestServeAnswersHMABesideThePages(t *testing.T) {
	d := serve(t)
	if code, body := get(t, d.Listening.Listening+"/status", ""); code != 200 || body != "I-AM-ALIVE" {
		t.Errorf("status: %d %q", code, body)
	}
	if code, _ := get(t, d.Listening.Listening+"/c/banks", ""); code != 401 {
		t.Errorf("banks to nobody, from loopback, nobody trusted: %d", code)
	}
	if code, _ := get(t, d.Listening.Listening+"/sign-in", ""); code != 200 {
		t.Errorf("the page to sign in: %d", code)
	}
}

func TestTrusted(t *testing.T) {
	for text, ok := range map[string]bool{"loopback": true, "10.1.2.3": true, "10.0.0.0/8": true, "::1": true, "fd00::/32": true,
		"0.0.0.0/0": false, "::/0": false, "8.0.0.0/7": false, "0.0.0.0": false, "localhost": false, "": false, "::ffff:10.0.0.0/100": false, "fe80::1%eth0": false} {
		if all, err := trusted(text); (err == nil) != ok || ok && len(all) == 0 {
			t.Errorf("%q: %v %v", text, all, err)
		}
	}
}
