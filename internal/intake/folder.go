package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
)

// folderReader walks a folder: each file is a lead with its hash, and with the address that a file beside it names. Links
// are never followed, devices and pipes never opened, and no name leads out of the folder.
type folderReader struct {
	name   string
	root   *os.Root
	reader *Reader
	after  []string // resume behind this path
	stack  []*dirFrame
	litter int
}

// dirFrame is a directory being walked.
type dirFrame struct {
	path  string // inside the folder, with forward slashes; "" is the folder itself
	names []string
	sides map[string][]string // file -> files beside it that describe it
	next  int
}

func openFolder(src Source, r *Reader) (format, error) {
	root, err := os.OpenRoot(src.Dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder %s: %w", src.Name, err)
	}
	f := &folderReader{name: strings.TrimSuffix(src.Name, "/"), root: root, reader: r}
	if done := r.at.Path; done != "" {
		f.after = strings.Split(strings.TrimPrefix(done, f.name+"/"), "/")
	}
	frame, reject, err := f.enter("")
	if reject != nil {
		err = fmt.Errorf("reading the folder %s: %s", src.Name, reject.Text)
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	f.stack = []*dirFrame{frame}
	return f, nil
}

func (f *folderReader) close() error { return f.root.Close() }

func (f *folderReader) notices() []Notice {
	if f.litter == 0 {
		return nil
	}
	return []Notice{{"intake.litter", fmt.Sprintf("%s: %d files that file managers leave behind were passed over", f.name, f.litter)}}
}

func (f *folderReader) next(bool) (Entry, error) {
	for len(f.stack) > 0 {
		if err := f.reader.ctx.Err(); err != nil {
			return Entry{}, err
		}
		top := f.stack[len(f.stack)-1]
		if top.next >= len(top.names) {
			f.stack = f.stack[:len(f.stack)-1]
			continue
		}
		name := top.names[top.next]
		top.next++
		e, err := f.visit(top, name)
		if err != nil {
			return Entry{}, err
		}
		if e.Row != nil || e.Reject != nil {
			return e, nil
		}
	}
	return Entry{}, io.EOF
}

// visit gives the entry for one name, or none for a directory entered, litter, and what was given before a resume.
func (f *folderReader) visit(dir *dirFrame, name string) (Entry, error) {
	at := path.Join(dir.path, name)
	if f.given(at) {
		return Entry{}, nil
	}
	info, err := f.root.Lstat(at)
	if err != nil {
		return f.reject(at, 0, Unreadable, "cannot be looked at: "+plainError(err)), nil
	}
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		return f.reject(at, info.Size(), Symlink, "is a link; links are not followed, copy the file here"), nil
	case mode.IsDir():
		if len(f.stack) >= f.reader.opt.Limits.Depth {
			return f.reject(at, 0, TooDeep, fmt.Sprintf("folders are nested deeper than %d", f.reader.opt.Limits.Depth)), nil
		}
		frame, reject, err := f.enter(at)
		if err != nil || reject != nil {
			return Entry{Reject: reject}, err
		}
		f.stack = append(f.stack, frame)
		return Entry{}, nil
	case !mode.IsRegular():
		return f.reject(at, 0, Special, "is a device, pipe or socket"), nil
	case isLitter(name):
		f.litter++
		return Entry{}, nil
	}
	return f.file(dir, at, info)
}

// given tells whether a path was handled before the import was stopped; a directory that leads to the place is entered.
func (f *folderReader) given(at string) bool {
	if f.after == nil {
		return false
	}
	parts := strings.Split(at, "/")
	for i := range parts {
		parts[i] = pathText(parts[i])
	}
	if len(parts) < len(f.after) && slices.Equal(parts, f.after[:len(parts)]) {
		return false
	}
	return slices.Compare(parts, f.after) <= 0
}

// enter reads the names of a directory, in an order that is the same everywhere.
func (f *folderReader) enter(at string) (*dirFrame, *Reject, error) {
	unreadable := func(err error) *Reject {
		return f.reject(at, 0, Unreadable, "this folder cannot be read: "+plainError(err)).Reject
	}
	d, err := f.root.Open(cmp.Or(at, "."))
	if err != nil {
		return nil, unreadable(err), nil
	}
	defer d.Close()
	limit := f.reader.opt.Limits.Names
	names, err := d.Readdirnames(limit + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err), nil
	}
	if len(names) > limit {
		return nil, f.reject(at, 0, TooLong, fmt.Sprintf("this folder holds more than %d names; split it", limit)).Reject, nil
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(pathText(a), pathText(b)) })
	frame := &dirFrame{path: at}
	frame.names, frame.sides = pairSidecars(names)
	return frame, nil, nil
}

func (f *folderReader) reject(at string, size int64, reason Reason, text string) Entry {
	return Entry{Reject: &Reject{Path: f.name + "/" + pathText(at), Length: size, Reason: reason, Text: text}}
}

// file gives the lead for one file.
func (f *folderReader) file(dir *dirFrame, at string, info fs.FileInfo) (Entry, error) {
	limit := f.reader.opt.Limits.FileBytes
	switch {
	case info.Size() == 0:
		return f.reject(at, 0, Empty, "the file is empty"), nil
	case info.Size() > limit:
		return f.reject(at, info.Size(), TooBig, fmt.Sprintf("the file has %s, more than %s", sizeText(info.Size()), sizeText(limit))), nil
	}
	row := &Row{Path: f.name + "/" + pathText(at), Length: info.Size(), From: FromFile}
	name := path.Base(at)
	if strings.HasSuffix(strings.ToLower(name), ".url") {
		return f.shortcut(row, at, info), nil
	}
	file, err := f.hash(at, info)
	if err != nil {
		if ctx := f.reader.ctx.Err(); ctx != nil {
			return Entry{}, ctx
		}
		reason := Unreadable
		if errors.Is(err, errChanged) {
			reason = Changed
		}
		return f.reject(at, info.Size(), reason, "the file cannot be read: "+plainError(err)), nil
	}
	row.File, row.Hashes = file, []string{file.SHA256}
	row.Title, row.Kind = pathText(name), kindOfMedia(file.MediaType)
	for _, side := range dir.sides[name] {
		f.readSidecar(row, path.Join(dir.path, side))
	}
	return Entry{Row: row}, nil
}

// shortcut gives the lead that a .url file without a companion is.
func (f *folderReader) shortcut(row *Row, at string, info fs.FileInfo) Entry {
	b, err := f.small(at, maxShortcut)
	if err != nil {
		return f.reject(at, info.Size(), Unreadable, "the shortcut cannot be read: "+plainError(err))
	}
	e := f.reject(at, info.Size(), NoAddress, "the shortcut names no address")
	e.Reject.Head = headOf(b)
	target, ok := shortcutTarget(b)
	if !ok {
		return e
	}
	found := findAddresses(target, true)
	if len(found) == 0 {
		return e
	}
	if reason, why := row.takeAddress(found[0]); reason != "" {
		e.Reject.Reason, e.Reject.Text = reason, why
		return e
	}
	row.From = FromSidecar
	row.Title = strings.TrimSuffix(pathText(path.Base(at)), path.Ext(at))
	return Entry{Row: row}
}

var errChanged = errors.New("it changed while it was read")

// hash reads a file once: its SHA-256 and what kind of thing it is.
func (f *folderReader) hash(at string, info fs.FileInfo) (*File, error) {
	return hashFile(f.root, at, info, f.reader)
}

// hashFile reads a file of a folder behind the reader's meter. The file must still be the one that was looked at: a name
// can be exchanged for a link or a pipe in between.
func hashFile(root *os.Root, at string, info fs.FileInfo, r *Reader) (*File, error) {
	open := func() (io.ReadCloser, error) { return openSame(root, at, info) }
	in, err := open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	count := &meter{ctx: r.ctx, src: in, n: r.meter.n, next: r.meter.next, report: func() {}}
	defer func() { r.meter.n, r.meter.next = count.n, count.next }()
	count.report = func() { r.meter.n = count.n; r.progress() }
	sum := sha256.New()
	head := make([]byte, 512)
	n, err := io.ReadFull(count, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	sum.Write(head[:n])
	rest, err := io.Copy(sum, io.LimitReader(count, r.opt.Limits.FileBytes))
	if err != nil {
		return nil, err
	}
	if size := rest + int64(n); size != info.Size() {
		return nil, errChanged
	}
	return &File{
		Path: pathText(at), Size: info.Size(), SHA256: hex.EncodeToString(sum.Sum(nil)),
		MediaType: http.DetectContentType(head[:n]), open: open,
	}, nil
}

// openSame opens a regular file and makes sure that it is the one that info describes.
func openSame(root *os.Root, at string, info fs.FileInfo) (*os.File, error) {
	file, err := root.Open(at)
	if err != nil {
		return nil, err
	}
	now, err := file.Stat()
	if err != nil || !os.SameFile(now, info) || !now.Mode().IsRegular() {
		file.Close()
		return nil, errChanged
	}
	return file, nil
}

// small reads a small file whole.
func (f *folderReader) small(at string, limit int64) ([]byte, error) {
	info, err := f.root.Lstat(at)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("larger than %s, or no file", sizeText(limit))
	}
	in, err := openSame(f.root, at, info)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, limit))
}

// isLitter knows what file managers leave behind.
func isLitter(name string) bool {
	switch strings.ToLower(name) {
	case ".ds_store", "thumbs.db", "desktop.ini", ".directory":
		return true
	}
	return strings.HasPrefix(name, "._")
}

func kindOfMedia(mediaType string) string {
	switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
	case "image", "video":
		return kind
	}
	return "file"
}

// plainError says what the machine said, without the path, which stands beside it already.
func plainError(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
