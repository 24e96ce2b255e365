package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/cli"
)

// asStaydown makes the test's own binary be the program.
const asStaydown = "STAYDOWN_TEST_AS_PROGRAM"

func program(t *testing.T, data string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), asStaydown+"=1", "STAYDOWN_DATA="+data)
	return c
}

func said(t *testing.T, data string, args ...string) string {
	t.Helper()
	out, err := program(t, data, args...).Output()
	if e, ok := err.(*exec.ExitError); ok {
		t.Fatalf("staydown %s: %s", strings.Join(args, " "), e.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestBankImportKilled: an import killed again and again, at whatever moment, ends with the same contents as one that was
// left alone, and each step is told once in the log.
func TestBankImportKilled(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "list.csv")
	var b bytes.Buffer
	b.WriteString("signal_type,signal_str,collab,category,tags\n")
	const rows = 30_000
	for i := range rows {
		fmt.Fprintf(&b, "sha256,%064x,Sample,POSITIVE_CLASS,\n", i)
	}
	if err := os.WriteFile(list, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	outcome := func(name string, kills int) string {
		data := filepath.Join(dir, name)
		said(t, data, "admin", "create", "root", "--authority", "Unit A", "--country", "BE", "--email", "a@unit.example")
		said(t, data, "bank", "create", "LIST")
		for n := range kills {
			c := program(t, data, "bank", "import", "LIST", list)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(400+200*n) * time.Millisecond)
			c.Process.Kill()
			c.Wait()
		}
		last := said(t, data, "bank", "import", "LIST", list, "--json")
		if !strings.Contains(last, fmt.Sprintf(`"rows":%d,"added":%d,"changed":0,"same":0,`, rows, rows)) {
			t.Errorf("after %d kills: %s", kills, last)
		}
		csv := filepath.Join(dir, name+".csv")
		said(t, data, "bank", "export", "LIST", "--as", "tx", "-o", csv)
		said(t, data, "db", "check")
		all, err := os.ReadFile(csv)
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	alone, killed := outcome("alone", 0), outcome("killed", 3)
	if n := strings.Count(alone, "\n"); n != rows+1 || alone != killed {
		t.Errorf("%d lines left alone, %d killed; the same: %v", n, strings.Count(killed, "\n"), alone == killed)
	}
}

func init() {
	if os.Getenv(asStaydown) != "" {
		os.Exit(cli.Run(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
}
