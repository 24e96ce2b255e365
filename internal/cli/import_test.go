package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/signin"
)

// importRig is a data directory with one unit, and the streams of a command.
type importRig struct {
	t    *testing.T
	dir  string
	unit staydown.Authority
}

func newImportRig(t *testing.T) *importRig {
	t.Helper()
	r := &importRig{t: t, dir: t.TempDir()}
	a, err := app.Open(t.Context(), app.Options{DataDir: filepath.Join(r.dir, "data")})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	r.unit, err = a.Desks.SignIn.AddAuthority(t.Context(), signin.Terminal(), staydown.Authority{Name: "Unit A", Country: "BE", Kind: "police", Email: "a@unit.example"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *importRig) file(name, content string) string {
	r.t.Helper()
	at := filepath.Join(r.dir, name)
	if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return at
}

// run carries out one command line and gives its exit code and what it said.
func (r *importRig) run(input string, args ...string) (code int, stdout, stderr string) {
	r.t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), append([]string{"import", "--data", filepath.Join(r.dir, "data")}, args...),
		Streams{In: strings.NewReader(input), Out: &out, Err: &errs})
	return code, out.String(), errs.String()
}

func TestImportCommand(t *testing.T) {
	r := newImportRig(t)
	list := r.file("list.txt", "https://relay.example/v/1\nnothing here\nhttps://relay.example/v/2\n")
	code, stdout, stderr := r.run("", "--json", list)
	if code != 3 {
		t.Fatalf("exit %d: %s %s", code, stdout, stderr)
	}
	var lines []map[string]any
	for l := range strings.Lines(stdout) {
		var m map[string]any
		if err := json.Unmarshal([]byte(l), &m); err != nil {
			t.Fatalf("%q is no JSON: %v", l, err)
		}
		lines = append(lines, m)
	}
	if len(lines) != 5 {
		t.Fatalf("%d lines: %s", len(lines), stdout)
	}
	if l := lines[0]; l["path"] != filepath.ToSlash(list) || l["line"] != 1.0 || l["result"] != "new" || l["item"] == "" {
		t.Errorf("first row %v", l)
	}
	if l := lines[1]; l["line"] != 2.0 || l["result"] != "rejected" || l["reason"] != "no_address" {
		t.Errorf("second row %v", l)
	}
	sum := lines[3]
	if sum["new"] != 2.0 || sum["rejected"] != 1.0 {
		t.Errorf("sum %v", sum)
	}
	if e, ok := lines[4]["error"].(map[string]any); !ok || e["code"] != "import.rejects" || e["kind"] != "invalid" {
		t.Errorf("last line %v", lines[4])
	}
	if b, err := os.ReadFile(sum["rejects"].(string)); err != nil || !strings.Contains(string(b), `"head":"nothing here"`) {
		t.Errorf("rejects %q, %v", b, err)
	}

	code, stdout, _ = r.run("", list)
	if code != 3 || !strings.Contains(stdout, "imported before, nothing changed") || !strings.Contains(stdout, "list.txt:2 (byte 26): no address") {
		t.Errorf("again: exit %d, %s", code, stdout)
	}
	code, stdout, stderr = r.run("relay.example/v/3\n", "--unit", "unit a", "-")
	if code != 0 || !strings.Contains(stdout, "1 new items") {
		t.Errorf("standard input: exit %d, %s %s", code, stdout, stderr)
	}
}

func TestImportCommandRefuses(t *testing.T) {
	r := newImportRig(t)
	list := r.file("list.txt", "https://relay.example/v/1\n")
	account := r.file("result.json", `{"about":"x","contacts":{"list":[{"first_name":"Secret"}]},"chats":{"list":[{"name":"Example room","type":"public_channel","id":7,"messages":[{"id":1,"type":"message","date_unixtime":"1574326800","text":"words"}]}]}}`)
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no path", nil, 2, "<path>"},
		{"no such file", []string{"/nowhere/list.txt"}, 4, "there is no such file"},
		{"unknown format", []string{"--as", "docx", list}, 2, "there is no format"},
		{"unknown zone", []string{"--zone", "Nowhere/Town", list}, 2, "no time zone"},
		{"unknown unit", []string{"--unit", "Unit B", list}, 4, "no authority"},
		{"unknown person", []string{"--by", "nobody", list}, 4, "nobody in Unit A"},
		{"unknown campaign", []string{"--campaign", "Day", list}, 4, "no campaign"},
		{"a grade that is none", []string{"--reliability", "Q", list}, 2, "reliability"},
		{"an archive", []string{r.file("a.zip", "PK\x03\x04")}, 3, "unpack it"},
		{"an account", []string{account}, 5, "public_channel"},
		{"an account without a basis", []string{"--chat", "Example room", account}, 5, "legal basis"},
	}
	for _, tt := range tests {
		code, stdout, stderr := r.run("", tt.args...)
		if code != tt.code || !strings.Contains(stderr, tt.says) || strings.Contains(stdout+stderr, "Secret") {
			t.Errorf("%s: exit %d, want %d\n%s%s", tt.name, code, tt.code, stdout, stderr)
		}
	}
	code, stdout, stderr := r.run("", "--chat", "Example room", "--basis", "warrant 1", "--public-name", "7=example_room", account)
	if code != 0 || !strings.Contains(stdout, "1 new items") {
		t.Errorf("named chat: exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, _ = r.run("", "--json", list, filepath.Join(r.dir, "none"), account)
	if code != 5 || !strings.Contains(stdout, `"result":"new"`) || !strings.Contains(stdout, `"code":"intake.no_file"`) || !strings.Contains(stdout, `"code":"import.some"`) {
		t.Errorf("some of several: exit %d\n%s", code, stdout)
	}
}
