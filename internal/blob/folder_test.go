package blob_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/blob"
	"github.com/staydown/staydown/internal/blob/blobtest"
)

func open(t *testing.T, dir string, options ...blob.Option) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(dir, options...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, t.TempDir()) })
}

func TestUnsyncedFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, t.TempDir(), blob.Unsynced()) })
}

func TestDamageIsFoundAndMended(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	ref, err := f.Put(t.Context(), strings.NewReader("what was said"), 100)
	if err != nil {
		t.Fatal(err)
	}
	d := string(ref.Digest)
	path := filepath.Join(dir, d[:2], d[2:3], d)
	for _, damage := range []string{"what was sajd", "what", ""} {
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := f.Verify(t.Context(), ref.Digest); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("%q: %v", damage, err)
		}
	}
	if _, err := f.Put(t.Context(), strings.NewReader("what was said"), 100); err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(t.Context(), ref.Digest); err != nil {
		t.Errorf("a shortened file was not written again: %v", err)
	}
}

func TestForeignFilesAreNoBlobs(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	ref, err := f.Put(t.Context(), strings.NewReader("x"), 1)
	if err != nil {
		t.Fatal(err)
	}
	d := string(ref.Digest)
	wrongPlace := strings.Repeat("0", 64)
	for _, name := range []string{"README", wrongPlace} {
		if err := os.WriteFile(filepath.Join(dir, d[:2], d[2:3], name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if err := f.Walk(t.Context(), func(blob.Ref) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("visited %d (%v)", n, err)
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	left := filepath.Join(dir, "tmp", "put-1")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if n, err := f.Sweep(now, time.Hour); err != nil || n != 0 {
		t.Errorf("a young file was swept: %d %v", n, err)
	}
	if n, err := f.Sweep(now.Add(2*time.Hour), time.Hour); err != nil || n != 1 {
		t.Errorf("swept %d %v", n, err)
	}
}

// A process that is killed while it writes leaves nothing under a name, and what
// it finished is whole.
func TestKilledWriter(t *testing.T) {
	if dir := os.Getenv("STAYDOWN_BLOB_WRITER"); dir != "" {
		writeForEver(dir)
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWriter$")
	cmd.Env = append(os.Environ(), "STAYDOWN_BLOB_WRITER="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; i < 20 && lines.Scan(); i++ {
	}
	cmd.Process.Kill()
	cmd.Wait()
	f := open(t, dir)
	n := 0
	err = f.Walk(t.Context(), func(r blob.Ref) error { n++; return f.Verify(t.Context(), r.Digest) })
	if err != nil || n < 20 {
		t.Errorf("%d blobs after the kill: %v", n, err)
	}
}

// writeForEver puts blobs until it is killed.
func writeForEver(dir string) {
	f, err := blob.OpenFolder(dir)
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		b := bytes.Repeat(fmt.Appendf(nil, "%d ", i), 60_000)
		if _, err := f.Put(context.Background(), bytes.NewReader(b), 1<<30); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

func FuzzParseDigest(f *testing.F) {
	f.Add(strings.Repeat("a", 64))
	f.Add("../../../../etc/passwd")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := blob.ParseDigest(s)
		if err == nil && (len(d) != 64 || strings.Trim(string(d), "0123456789abcdef") != "") {
			t.Errorf("%q is no digest", s)
		}
	})
}
