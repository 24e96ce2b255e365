package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxKeyFile bounds what is read as a key: a private key and a chain of
// certificates need a few kilobytes.
const maxKeyFile = 64 << 10

// makeOnce writes what build makes to path unless the file is there already. Of
// several processes doing so at once one wins whole: a reader sees either no file
// or a complete one.
func makeOnce(path string, build func() ([]byte, error)) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	data, err := build()
	if err != nil {
		return err
	}
	temporary, err := writeTemporary(filepath.Dir(path), data)
	if err != nil {
		return err
	}
	defer os.Remove(temporary)
	if err := os.Link(temporary, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("putting a key in place: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// replace puts data at path in one step.
func replace(path string, data []byte) error {
	temporary, err := writeTemporary(filepath.Dir(path), data)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		os.Remove(temporary)
		return fmt.Errorf("replacing a key: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// writeTemporary writes data to a new file in dir, on the disk when it returns.
// os.CreateTemp gives it mode 0600.
func writeTemporary(dir string, data []byte) (name string, err error) {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return "", fmt.Errorf("writing a key: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("writing a key: %w", err)
	}
	return f.Name(), nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flushing the keys folder: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// readPrivate reads a key and refuses one that others on the machine may read or
// write: such a key proves nothing.
func readPrivate(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key %s is open to others (mode %04o): replace the key, then run chmod 600 on it", path, info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("key %s is longer than %d bytes", path, maxKeyFile)
	}
	return data, nil
}
