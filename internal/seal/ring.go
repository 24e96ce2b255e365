package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// ErrNoKey says that an authority, or the log, has no such key in the folder.
// [Ring.Establish] makes what is missing; nothing else does, so that a mistyped
// folder never leads to letters signed with keys nobody knows.
var ErrNoKey = errors.New("no such key in the keys folder")

// Ring is a folder of keys. It holds nothing in memory: every use reads the
// file, so that a key replaced by one process is used by all at once. Its methods
// may be called by several goroutines and several processes.
type Ring struct {
	dir string
}

// Authority names whose keys to make. ID is the authority's identifier in this
// installation; Name, Country (two letters) and Email go into its certificate.
type Authority struct {
	ID, Name, Country, Email string
}

// Open takes dir as a folder of keys and makes it when it is missing. A folder
// that others may read or write is refused.
func Open(dir string) (*Ring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the keys folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("looking at the keys folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("keys folder %s is not a folder", dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("keys folder %s is open to others (mode %04o): run chmod 700 on it", dir, info.Mode().Perm())
	}
	return &Ring{dir: dir}, nil
}

// Establish makes the keys an authority lacks and leaves those it has alone, so
// that set-up may run again, and run twice at once. now is when the certificate
// starts to count.
func (r *Ring) Establish(a Authority, now time.Time) error {
	dir, err := r.authority(a.ID)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, retiredFolder), 0o700); err != nil {
		return fmt.Errorf("making the keys folder of authority %s: %w", a.ID, err)
	}
	if err := makeOnce(filepath.Join(dir, signingFile), newSigningKey); err != nil {
		return fmt.Errorf("making the signing key of authority %s: %w", a.ID, err)
	}
	certificate := func() ([]byte, error) { return newMailKey(a, now) }
	if err := makeOnce(filepath.Join(dir, mailFile), certificate); err != nil {
		return fmt.Errorf("making the mail certificate of authority %s: %w", a.ID, err)
	}
	return nil
}

const (
	signingFile   = "signing.pem"
	mailFile      = "mail.pem"
	retiredFolder = "retired"
	logFile       = "log.key"
)

// identifier is what an authority's identifier may look like here; it becomes a
// folder's name, so that nothing that climbs out of the keys folder may pass.
var identifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

func (r *Ring) authority(id string) (string, error) {
	if !identifier.MatchString(id) {
		return "", fmt.Errorf("%q cannot name an authority's keys", id)
	}
	return filepath.Join(r.dir, "authorities", id), nil
}

func (r *Ring) read(authority, file string) ([]byte, error) {
	dir, err := r.authority(authority)
	if err != nil {
		return nil, err
	}
	data, err := readPrivate(filepath.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s of authority %s: %w", file, authority, ErrNoKey)
	}
	return data, err
}
