package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// digestOf names an import: by the bytes of a file, or the names, sizes and times of a folder's files, and by everything
// that changes which rows are read from them. The same digest gives the same rows.
func digestOf(ctx context.Context, src Source, opt Options, progress func(Progress)) (string, error) {
	sum := sha256.New()
	said, err := json.Marshal(struct {
		Format   Format
		Encoding string
		Zone     string
		Telegram any
	}{opt.Format, opt.Encoding, fmt.Sprint(opt.Zone), struct {
		Chats               []string
		PublicNames         map[string]string
		KeepAuthors         bool
		NoLinks, NoMessages bool
	}{opt.Telegram.Chats, opt.Telegram.PublicNames, opt.Telegram.KeepAuthors, opt.Telegram.NoLinks, opt.Telegram.NoMessages}})
	if err != nil {
		return "", fmt.Errorf("naming the import of %s: %w", src.Name, err)
	}
	fmt.Fprintf(sum, "intake/1 %d\n%s", len(said), said)
	if opt.Format == Telegram {
		if src, err = exportFile(src); err != nil {
			return "", err
		}
	}
	if src.Dir != "" {
		err = listInto(ctx, sum, src.Dir)
	} else {
		err = bytesInto(ctx, sum, src, progress)
	}
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", src.Name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func bytesInto(ctx context.Context, sum hash.Hash, src Source, progress func(Progress)) error {
	f, err := src.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	m := &meter{ctx: ctx, src: f}
	if progress != nil {
		m.report = func() { progress(Progress{Bytes: m.n, Total: src.Size}) }
	}
	_, err = io.Copy(sum, m)
	return err
}

// listInto takes the names, sizes and times of a folder's files: reading all bytes twice would double the work, and each
// file is known by its own hash anyway.
func listInto(ctx context.Context, sum hash.Hash, dir string) error {
	return filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			fmt.Fprintf(sum, "%q unreadable\n", strings.TrimPrefix(at, dir))
			return nil // the reader rejects it
		}
		info, err := d.Info()
		if err != nil {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		if info.Mode().IsRegular() {
			fmt.Fprintf(sum, "%q %d %d\n", strings.TrimPrefix(at, dir), info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
}
