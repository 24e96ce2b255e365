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
	"testing"

	"github.com/staydown/staydown/internal/exercise/practice"
)

// The providers print where they are as one line, and end when their leash does.
func TestProvidersOnALeash(t *testing.T) {
	dir := t.TempDir()
	leash, hold := io.Pipe()
	lines, out := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- run(context.Background(), []string{"exercise", "providers", "--data", dir, "--items", "20", "--leash"}, Streams{In: leash, Out: out, Err: io.Discard})
		out.Close()
	}()
	line, err := bufio.NewReaderSize(lines, 1<<20).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var f practice.File
	if err := json.Unmarshal(line, &f); err != nil || f.Format != practice.FileFormat || len(f.Providers) != 9 || len(f.Proxies) != 3 {
		t.Fatalf("%v: %.200s", err, line)
	}
	req, _ := http.NewRequest(http.MethodGet, f.Control+"/world", nil)
	req.Header.Set("Authorization", "Bearer "+f.ControlToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the control door answers %s", res.Status)
	}
	hold.Close()
	if code := <-done; code != 0 {
		t.Errorf("ended with %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, practice.TruthName)); err != nil {
		t.Error(err)
	}
}

func TestProvidersStayOnLoopback(t *testing.T) {
	var out, errs bytes.Buffer
	for _, args := range [][]string{{"--listen", "192.0.2.1"}, {"--listen", "0.0.0.0"}, {"--items", "0"}} {
		args = append([]string{"exercise", "providers", "--data", t.TempDir(), "--json"}, args...)
		if code := run(context.Background(), args, Streams{In: &bytes.Buffer{}, Out: &out, Err: &errs}); code != 2 {
			t.Errorf("%v: ended with %d", args, code)
		}
	}
}
