package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/store"
)

// Restore fills a new data directory, or a new database, from a backup. Keys and the bytes of exhibits are not in a backup of
// the database: they are put back beside it.
func Restore(ctx context.Context, o Options, file string, progress func(table string, rows int64)) (err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return staydown.Errorf(staydown.NotFound, "db.no_backup", "there is no such file").At(file)
	}
	own, err := ownCopy(file)
	if err != nil {
		return fmt.Errorf("reading the backup: %w", err)
	}
	defer os.RemoveAll(filepath.Dir(own))
	from, err := store.Open(ctx, own, time.Now)
	if err != nil {
		return staydown.Errorf(staydown.Invalid, "db.backup", "this is no backup of a desk's database: %v", err).At(file)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	dsn := o.Database
	if dsn == "" {
		if err := os.MkdirAll(o.DataDir, 0o700); err != nil {
			return fmt.Errorf("making the data directory: %w", err)
		}
		dsn = o.DataDir
	}
	return copyInto(ctx, from, dsn, progress)
}

// MoveTo copies the whole database to another one, which must be new; the desk goes on with it when it is opened with that
// address.
func (a *App) MoveTo(ctx context.Context, dsn string, progress func(table string, rows int64)) error {
	if dsn == a.Database || dsn == "" {
		return staydown.Errorf(staydown.Usage, "db.same", "name another database to move to")
	}
	if strings.HasPrefix(dsn, "postgres") || strings.HasSuffix(dsn, ".db") {
		return copyInto(ctx, a.Store, dsn, progress)
	}
	if err := os.MkdirAll(dsn, 0o700); err != nil {
		return fmt.Errorf("making %s: %w", dsn, err)
	}
	return copyInto(ctx, a.Store, dsn, progress)
}

func copyInto(ctx context.Context, from *store.Store, dsn string, progress func(table string, rows int64)) (err error) {
	to, err := store.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	return store.Copy(ctx, from, to, progress)
}

// ownCopy copies a backup to a file of its own: opening it brings the tables up to date, and a backup is not to be changed.
func ownCopy(file string) (string, error) {
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer in.Close()
	dir, err := os.MkdirTemp("", "staydown-restore-")
	if err != nil {
		return "", err
	}
	out, err := os.OpenFile(filepath.Join(dir, "backup.db"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = io.Copy(out, in)
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return filepath.Join(dir, "backup.db"), nil
}
