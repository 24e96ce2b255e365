package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Walk implements Store.
func (f *Folder) Walk(ctx context.Context, visit func(Ref) error) error {
	first, err := fanOut(f.dir, 2)
	if err != nil {
		return err
	}
	for _, dir := range first {
		second, err := fanOut(dir, 1)
		if err != nil {
			return err
		}
		for _, dir := range second {
			if err := f.walkOne(ctx, dir, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

// fanOut lists the folders of one level, named by so many digits, in order.
func fanOut(dir string, digits int) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("walking blob folder: %w", err)
	}
	var dirs []string
	for _, e := range entries {
		if e.IsDir() && len(e.Name()) == digits {
			dirs = append(dirs, filepath.Join(dir, e.Name()))
		}
	}
	return dirs, nil
}

// walkOne visits one folder of the second level. What is no blob, or not in its
// place, is passed over.
func (f *Folder) walkOne(ctx context.Context, dir string, visit func(Ref) error) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("walking blob folder: %w", err)
	}
	for _, e := range entries {
		path, err := f.path(Digest(e.Name()))
		if err != nil || e.IsDir() || path != filepath.Join(dir, e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed since it was listed
		}
		if err != nil {
			return fmt.Errorf("walking blob folder: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(Ref{Digest: Digest(e.Name()), Size: info.Size()}); err != nil {
			return err
		}
	}
	return nil
}
