package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/staydown/staydown"
)

// Source is where foreign bytes come from: one file, or one folder.
type Source struct {
	Name string // as the importer named it; it becomes Row.Path
	Dir  string // the folder, when the source is one
	Near string // the folder that holds the file: an export's media lie beside it; empty when not known
	Size int64  // bytes, or -1 when not known
	Open func() (io.ReadCloser, error)
}

// PathSource opens a file or folder by its path. Devices, pipes and sockets are refused: they have no end to wait for.
func PathSource(path string) (Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Source{}, staydown.Errorf(staydown.NotFound, "intake.no_file", "there is no such file or folder").At(path)
	case errors.Is(err, fs.ErrPermission):
		return Source{}, staydown.Errorf(staydown.Invalid, "intake.unreadable", "may not be read by this user").At(path)
	case err != nil:
		return Source{}, fmt.Errorf("looking at %s: %w", path, err)
	}
	switch {
	case info.IsDir():
		return Source{Name: filepath.ToSlash(path), Dir: path, Size: -1}, nil
	case !info.Mode().IsRegular():
		return Source{}, staydown.Errorf(staydown.Invalid, "intake.special", "is a device, pipe or socket; copy it into a file first").At(path)
	}
	return Source{Name: filepath.ToSlash(path), Near: filepath.Dir(path), Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(path) }}, nil
}

// Limits bound what a reader takes from outside. Zero means the default.
type Limits struct {
	Line      int   // bytes of one line; default 1 MiB
	Record    int   // bytes of one table record or one message; default 1 MiB
	Columns   int   // columns of a table; default 1,000
	FileBytes int64 // bytes of one file in a folder; default 4 GiB
	Names     int   // entries of one directory; default 1,000,000
	Depth     int   // nesting of directories and of JSON; default 64
	Gaps      int   // missing ranges listed per chat, the rest is counted; default 10,000
}

func (l Limits) orDefault() Limits {
	for _, d := range []struct {
		at   *int
		want int
	}{{&l.Line, 1 << 20}, {&l.Record, 1 << 20}, {&l.Columns, 1000}, {&l.Names, 1_000_000}, {&l.Depth, 64}, {&l.Gaps, 10_000}} {
		if *d.at <= 0 {
			*d.at = d.want
		}
	}
	if l.FileBytes <= 0 {
		l.FileBytes = 4 << 30
	}
	return l
}

// Progress is how far a reader has come.
type Progress struct {
	Bytes   int64 // read so far
	Total   int64 // of the source, or -1 when not known
	Rows    int64
	Rejects int64
}

// meter counts the bytes read, reports them once a mebibyte, and stops when the context does, so that even a line without
// an end can be interrupted.
type meter struct {
	ctx    context.Context
	src    io.Reader
	n      int64
	next   int64
	report func()
}

const meterStep = 1 << 20

func (m *meter) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.src.Read(p)
	m.n += int64(n)
	if m.n >= m.next {
		m.next = m.n + meterStep
		if m.report != nil {
			m.report()
		}
	}
	return n, err
}
