package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// MostBytes is how much Import takes over a wire; what is larger is imported from a file on the desk's own machine.
const MostBytes = 64 << 20

// Import takes in one file that comes over a wire, named and in a format as ParseFormat reads it. The same bytes again
// change nothing, and bytes whose import was stopped go on behind the last change.
func (d *Desk) Import(ctx context.Context, c access.Caller, campaign staydown.ID, name, format string, r io.Reader) (staydown.Import, error) {
	if err := c.May(access.HandIn); err != nil {
		return staydown.Import{}, err
	}
	f, err := ParseFormat(format)
	if err != nil {
		return staydown.Import{}, err
	}
	src, done, err := Spool(d.Scratch, name, r, MostBytes)
	if err != nil {
		return staydown.Import{}, err
	}
	defer done()
	rep, err := d.ImportSource(ctx, c, src, ImportOptions{Reading: Options{Format: f}, Campaign: campaign})
	return rep.Import, err
}

// Spool writes a stream into a file of its own, since a source is read more than once; done removes it. More than limit
// bytes are refused.
func Spool(dir, name string, r io.Reader, limit int64) (src Source, done func(), err error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return Source{}, nil, fmt.Errorf("making a place for %s: %w", name, err)
		}
	}
	f, err := os.CreateTemp(dir, "import-*")
	if err != nil {
		return Source{}, nil, fmt.Errorf("making a place for %s: %w", name, err)
	}
	// The name goes at once where the system allows it: whatever becomes of this process, nothing stays behind.
	os.Remove(f.Name())
	done = func() {
		f.Close()
		os.Remove(f.Name())
	}
	n, err := io.Copy(f, io.LimitReader(r, limit+1))
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if err == nil && n > limit {
		err = staydown.Errorf(staydown.Invalid, "intake.too_big", "is larger than %s; import it from a file on the desk's machine", sizeText(limit)).At(name)
	}
	if err != nil {
		done()
		return Source{}, nil, err
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f, 0, n)), nil }
	return Source{Name: name, Size: n, Open: open}, done, nil
}

// RejectsIn keeps the rejects of each import as JSON lines in a file of its own, readable by the desk's user alone.
func RejectsIn(dir string) func(imported staydown.ID, length int64) (io.WriteCloser, error) {
	return func(imported staydown.ID, length int64) (io.WriteCloser, error) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		return &lateFile{at: RejectsFile(dir, imported), length: length}, nil
	}
}

// RejectsFile is where RejectsIn keeps the rejects of an import.
func RejectsFile(dir string, imported staydown.ID) string {
	return filepath.Join(dir, string(imported)+".jsonl")
}

// lateFile is made when something is written into it: an import without rejects leaves no empty file. What stands behind
// its length was written for a change that never happened, and is cut off.
type lateFile struct {
	at     string
	length int64
	f      *os.File
}

func (l *lateFile) Write(p []byte) (int, error) {
	if l.f == nil {
		f, err := os.OpenFile(l.at, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return 0, err
		}
		l.f = f
		if err := l.cut(); err != nil {
			return 0, err
		}
		if _, err := f.Seek(l.length, io.SeekStart); err != nil {
			return 0, err
		}
	}
	return l.f.Write(p)
}

// cut shortens the file to what is known to be kept. A file that is shorter than that was lost: nothing is made up.
func (l *lateFile) cut() error {
	info, err := l.f.Stat()
	if err != nil {
		return err
	}
	l.length = min(l.length, info.Size())
	return l.f.Truncate(l.length)
}

func (l *lateFile) Sync() error {
	if l.f == nil {
		return nil
	}
	return l.f.Sync()
}

// Close cuts off what a stopped import left, also when nothing was written after it.
func (l *lateFile) Close() error {
	if l.f == nil {
		f, err := os.OpenFile(l.at, os.O_WRONLY, 0)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		l.f = f
		if err := l.cut(); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return l.f.Close()
}
