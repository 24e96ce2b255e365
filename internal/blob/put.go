package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// Put implements Store.
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	in := &limited{r: contextReader{ctx, r}, left: limit}
	head, err := io.ReadAll(io.LimitReader(in, inMemory))
	if err != nil {
		return Ref{}, fmt.Errorf("keeping bytes: %w", err)
	}
	if len(head) < inMemory {
		return f.putSmall(head)
	}
	return f.putLarge(head, in)
}

// putSmall keeps what is in memory already, and writes nothing if it is known.
func (f *Folder) putSmall(b []byte) (Ref, error) {
	sum := sha256.Sum256(b)
	ref := Ref{Digest: digestOf(sum[:]), Size: int64(len(b))}
	if f.holds(ref) {
		return ref, nil
	}
	file, err := f.temporary()
	if err != nil {
		return Ref{}, err
	}
	if _, err := file.Write(b); err != nil {
		return Ref{}, abandon(file, err)
	}
	return ref, f.finish(file, ref)
}

// putLarge keeps a stream whose digest is known only at its end.
func (f *Folder) putLarge(head []byte, rest io.Reader) (Ref, error) {
	file, err := f.temporary()
	if err != nil {
		return Ref{}, err
	}
	h := sha256.New()
	size, err := copyHashed(file, h, io.MultiReader(bytes.NewReader(head), rest))
	if err != nil {
		return Ref{}, abandon(file, err)
	}
	ref := Ref{Digest: digestOf(h.Sum(nil)), Size: size}
	if f.holds(ref) {
		return ref, errors.Join(file.Close(), os.Remove(file.Name()))
	}
	return ref, f.finish(file, ref)
}

// abandon throws a half-written file away and says why.
func abandon(file *os.File, err error) error {
	file.Close()
	os.Remove(file.Name())
	return fmt.Errorf("keeping bytes: %w", err)
}

// copyHashed writes r to w and h at the same time.
func copyHashed(w io.Writer, h hash.Hash, r io.Reader) (int64, error) {
	return io.CopyBuffer(io.MultiWriter(w, h), r, make([]byte, 128<<10))
}

// holds tells whether the bytes are kept, with the right size. A file of another
// size is damaged; it is written again.
func (f *Folder) holds(ref Ref) bool {
	have, err := f.Stat(context.Background(), ref.Digest)
	return err == nil && have.Size == ref.Size
}

// temporary starts a file that no other process has. Nobody can open it for
// writing again.
func (f *Folder) temporary() (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(f.tmp(), "put-"+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return nil, fmt.Errorf("keeping bytes: %w", err)
	}
	return file, nil
}

// finish closes a temporary file and gives it its name. Two processes that put
// the same bytes both rename; either file is right.
func (f *Folder) finish(file *os.File, ref Ref) error {
	path, err := f.path(ref.Digest)
	if err == nil && f.sync {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return abandon(file, err)
	}
	err = os.Rename(file.Name(), path)
	if errors.Is(err, os.ErrNotExist) {
		if err = f.makeDir(filepath.Dir(path)); err == nil {
			err = os.Rename(file.Name(), path)
		}
	}
	if err != nil {
		return abandon(file, err)
	}
	return f.syncDir(filepath.Dir(path))
}

// makeDir makes the two levels of a blob's folder, and has each new name reach
// the disk.
func (f *Folder) makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return errors.Join(f.syncDir(filepath.Dir(dir)), f.syncDir(f.dir))
}

// syncDir makes renames in a directory durable.
func (f *Folder) syncDir(dir string) error {
	if !f.sync {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// limited fails with ErrTooLarge as soon as one byte more comes than allowed.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}
