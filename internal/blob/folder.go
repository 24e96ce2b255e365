package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Folder is a Store in a directory of a local disk:
//
//	ab/c/abc…   the bytes, named by their digest
//	tmp/        what is being written
//
// Two levels, of 256 and 16 folders each, keep a folder at some hundred files
// for a million blobs, without making a folder for nearly every blob of a small
// vault.
//
// A file gets its name by a rename, after its bytes have reached the disk, so
// no process ever sees half of one, and a machine that loses power has it
// whole or not at all.
type Folder struct {
	dir  string
	sync bool
}

var _ Store = (*Folder)(nil)

// inMemory is how many bytes are read before a temporary file is started.
// Smaller contents that are kept already then cost no write at all.
const inMemory = 256 << 10

// Option changes how a Folder works.
type Option func(*Folder)

// Unsynced leaves it to the operating system when bytes reach the disk. A
// killed process loses nothing by it, a machine without power may. It is meant
// for exercises.
func Unsynced() Option { return func(f *Folder) { f.sync = false } }

// OpenFolder opens a folder, and makes it if need be.
func OpenFolder(dir string, options ...Option) (*Folder, error) {
	f := &Folder{dir: dir, sync: true}
	for _, o := range options {
		o(f)
	}
	if err := os.MkdirAll(f.tmp(), 0o700); err != nil {
		return nil, fmt.Errorf("opening blob folder: %w", err)
	}
	return f, nil
}

func (f *Folder) tmp() string { return filepath.Join(f.dir, "tmp") }

// path is where the bytes of a digest lie.
func (f *Folder) path(d Digest) (string, error) {
	if _, err := ParseDigest(string(d)); err != nil {
		return "", err
	}
	return filepath.Join(f.dir, string(d[:2]), string(d[2:3]), string(d)), nil
}

// Open implements Store.
func (f *Folder) Open(_ context.Context, d Digest) (Reader, error) {
	path, err := f.path(d)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening blob %s: %w", d, ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("opening blob %s: %w", d, err)
	}
	return file, nil
}

// Stat implements Store.
func (f *Folder) Stat(_ context.Context, d Digest) (Ref, error) {
	path, err := f.path(d)
	if err != nil {
		return Ref{}, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Ref{}, fmt.Errorf("looking for blob %s: %w", d, ErrMissing)
	}
	if err != nil {
		return Ref{}, fmt.Errorf("looking for blob %s: %w", d, err)
	}
	return Ref{Digest: d, Size: info.Size()}, nil
}

// Verify implements Store.
func (f *Folder) Verify(ctx context.Context, d Digest) error {
	file, err := f.Open(ctx, d)
	if err != nil {
		return err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, contextReader{ctx, file}); err != nil {
		return fmt.Errorf("verifying blob %s: %w", d, err)
	}
	if got := digestOf(h.Sum(nil)); got != d {
		return fmt.Errorf("verifying blob %s: its bytes have %s: %w", d, got, ErrDamaged)
	}
	return nil
}

// Remove implements Store.
func (f *Folder) Remove(_ context.Context, d Digest) error {
	path, err := f.path(d)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing blob %s: %w", d, err)
	}
	return f.syncDir(filepath.Dir(path))
}

// Sweep deletes what unfinished writes left behind more than age before now,
// by the machine's clock. It returns how many files that were.
func (f *Folder) Sweep(now time.Time, age time.Duration) (int, error) {
	left, err := os.ReadDir(f.tmp())
	if err != nil {
		return 0, fmt.Errorf("sweeping blob folder: %w", err)
	}
	swept := 0
	for _, e := range left {
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < age {
			continue
		}
		if err := os.Remove(filepath.Join(f.tmp(), e.Name())); err == nil {
			swept++
		}
	}
	return swept, nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
