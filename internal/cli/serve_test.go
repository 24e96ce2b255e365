package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// desk is a serve under way in this process.
type desk struct {
	Listening
	dir  string
	stop func() int
}

// serve starts a desk and waits until it says where it is.
func serve(t *testing.T, args ...string) desk {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "desk")
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	said := &safe{}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--json"}, args...), Streams{In: strings.NewReader(""), Out: w, Err: said})
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("serve said nothing: %v, %d, %s", err, <-ended, said)
	}
	d := desk{dir: dir}
	if err := json.Unmarshal([]byte(line), &d.Listening); err != nil {
		t.Fatalf("serve said %q", line)
	}
	var once sync.Once
	code := 0
	d.stop = func() int {
		once.Do(func() {
			cancel()
			select {
			case code = <-ended:
			case <-time.After(30 * time.Second):
				t.Fatal("serve does not stop")
			}
		})
		return code
	}
	t.Cleanup(func() { d.stop() })
	return d
}

// safe is a buffer that two may write to.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// command runs one command beside the desk and gives its code and what it said.
func command(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 0 {
		t.Logf("%v: %s", args, errs.String())
	}
	return code, out.String()
}

func get(t *testing.T, url, token string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// A newcomer's first desk: it prints one link, a second process adds people beside
// it, their programs are let in, and it stops cleanly.
func TestServe(t *testing.T) {
	d := serve(t)
	if !strings.HasPrefix(d.SetUp, d.Listening.Listening+"/set-up/") || d.Mode != "real" || d.Enter != "" {
		t.Errorf("serve says %+v", d.Listening)
	}
	if code, body := get(t, d.Listening.Listening+"/api/v1/health", ""); code != 200 || !strings.Contains(body, `"status":"ok"`) {
		t.Errorf("health: %d %s", code, body)
	}
	if code, _ := command(t, "admin", "create", "analyst", "--authority", "Unit A", "--country", "BE", "--role", "analyst", "--data", d.dir); code != 0 {
		t.Fatalf("admin create: %d", code)
	}
	code, token := command(t, "admin", "token", "analyst", "--name", "feeder", "--data", d.dir)
	token = strings.TrimSpace(token)
	if code != 0 || !strings.HasPrefix(token, "staydown_") {
		t.Fatalf("admin token: %d %q", code, token)
	}
	if code, body := get(t, d.Listening.Listening+"/api/v1/items", token); code != 200 || body != "{\"rows\":[]}\n" {
		t.Errorf("items: %d %s", code, body)
	}
	if code, _ := command(t, "admin", "create", "root", "--authority", "Unit A", "--data", d.dir); code != 0 {
		t.Fatalf("admin create root: %d", code)
	}
	if code, _ := command(t, "admin", "revoke", "analyst", "--data", d.dir); code != 0 {
		t.Fatalf("admin revoke: %d", code)
	}
	if code, body := get(t, d.Listening.Listening+"/api/v1/items", token); code != 401 {
		t.Errorf("items after the token was revoked: %d %s", code, body)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("serve ended with %d", code)
	}
	if code, out := command(t, "audit", "verify", "--json", "--data", d.dir); code != 0 || !strings.Contains(out, `"unsequenced":0`) {
		t.Errorf("after the stop: %d %s", code, out)
	}
}

func TestServeRefuses(t *testing.T) {
	busy := serve(t)
	address := strings.TrimPrefix(busy.Listening.Listening, "http://")
	for name, c := range map[string]struct {
		args []string
		want int
		code string
	}{
		"a port in use":      {[]string{"serve", "--listen", address}, 2, "serve.listen"},
		"no such kind":       {[]string{"serve", "--listen", "127.0.0.1:0", "--only", "captur"}, 2, "serve.only"},
		"no password file":   {[]string{"serve", "--listen", "127.0.0.1:0", "--mail-password-file", "/nowhere/secret"}, 2, "serve.mail_password"},
		"trust everybody":    {[]string{"serve", "--listen", "127.0.0.1:0", "--hma-trust", "0.0.0.0/0"}, 2, "serve.hma_trust"},
		"trust for no unit":  {[]string{"serve", "--listen", "127.0.0.1:0", "--hma-trust", "loopback"}, 2, "serve.hma_unit"},
		"not a place":        {[]string{"serve", "--proxy", "paris"}, 2, "serve.proxy"},
		"a closed directory": {[]string{"serve", "--listen", "127.0.0.1:0", "--data", os.DevNull + "/x"}, 1, "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out := command(t, append([]string{"--json", "--data", t.TempDir()}, c.args...)...)
			if code != c.want || !strings.Contains(out, `"code":"`+c.code+`"`) {
				t.Errorf("ended with %d: %s", code, out)
			}
		})
	}
}

func TestPrivate(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(dir, "signin.key")
	if err := os.WriteFile(key, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s := private(dir); s.State != "ok" {
		t.Errorf("closed keys: %+v", s)
	}
	if err := os.Chmod(key, 0o640); err != nil {
		t.Fatal(err)
	}
	if s := private(dir); s.State != "bad" || s.Found != key {
		t.Errorf("an open key: %+v", s)
	}
	if s := private(filepath.Join(dir, "none")); s.State != "bad" {
		t.Errorf("no keys: %+v", s)
	}
}

func TestProxyOf(t *testing.T) {
	p, err := proxyOf("paris=fr@192.0.2.7:3128")
	if err != nil || p.Name != "paris" || p.Country != "FR" || p.Address != "192.0.2.7:3128" {
		t.Errorf("%+v, %v", p, err)
	}
	for _, bad := range []string{"", "paris", "paris=fr", "paris=fr@host", "paris=fra@host:1", "=fr@host:1", "paris=fr@host:x", "paris=fr@host:99999"} {
		if _, err := proxyOf(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
