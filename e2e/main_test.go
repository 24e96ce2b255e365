package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the command under test, built once, without cgo as it is shipped.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv("STAYDOWN_E2E") == "" {
		os.Exit(m.Run()) // every story skips itself, and says why
	}
	dir, err := os.MkdirTemp("", "staydown-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := 1
	if binary, err = build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func build(dir string) (string, error) {
	out := filepath.Join(dir, "staydown")
	cmd := exec.Command("go", "build", "-o", out, "github.com/staydown/staydown/cmd/staydown")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the command: %w\n%s", err, text)
	}
	return out, nil
}

// story skips what takes minutes unless it was asked for.
func story(t *testing.T) {
	t.Helper()
	if binary == "" {
		t.Skip("set STAYDOWN_E2E=1 to run the whole-system stories, as make e2e does")
	}
}
