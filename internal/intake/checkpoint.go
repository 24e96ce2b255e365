package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/staydown/staydown"
)

// Checkpoint is a place in a source behind which reading can go on. It can be stored as JSON. Reading is deterministic, so
// the number of entries is the place; the head and size tell whether the source is still the same.
type Checkpoint struct {
	Format  Format `json:"format"`
	Name    string `json:"name"`
	Size    int64  `json:"size"`           // -1 for a folder
	Head    string `json:"head,omitempty"` // SHA-256 of the first 64 KiB
	Entries int64  `json:"entries"`        // given so far
	Rows    int64  `json:"rows"`
	Rejects int64  `json:"rejects"`
	Path    string `json:"path,omitempty"` // of the last entry
	Line    int64  `json:"line,omitempty"`
	Offset  int64  `json:"offset,omitempty"`
	Same    int    `json:"same,omitempty"` // how many entries that place has given
}

// sniffBytes is how much of a file is looked at before it is read.
const sniffBytes = 64 << 10

// Checkpoint is the place behind the last entry given.
func (r *Reader) Checkpoint() Checkpoint { return r.at }

// stand moves the place behind one more entry.
func (c *Checkpoint) stand(path string, line, offset int64) {
	if c.Entries == 0 || path != c.Path || line != c.Line || offset != c.Offset {
		c.Same = 0
	}
	c.Entries++
	c.Same++
	c.Path, c.Line, c.Offset = path, line, offset
}

// rename gives the checkpoint's source another name.
func (c *Checkpoint) rename(name string) {
	if rest, ok := strings.CutPrefix(c.Path, c.Name); ok {
		c.Path = name + rest
	}
	c.Name = name
}

// markOf is the checkpoint at the beginning of a source.
func markOf(src Source, f Format) (Checkpoint, error) {
	mark := Checkpoint{Format: f, Name: src.Name, Size: src.Size}
	if src.Dir != "" {
		return mark, nil
	}
	head, err := readHead(src)
	if err != nil {
		return mark, err
	}
	sum := sha256.Sum256(head)
	mark.Head = hex.EncodeToString(sum[:])
	return mark, nil
}

// resume takes up a checkpoint if it belongs to this very source.
func (r *Reader) resume(mark, from Checkpoint) error {
	if mark.Format != from.Format || mark.Size != from.Size || mark.Head != from.Head {
		return staydown.Errorf(staydown.Refused, "intake.changed", "the file changed since the import was stopped; start it again, what is in stays in").At(mark.Name)
	}
	r.at = from
	if r.kind != Folder { // a folder goes on behind the path instead
		r.toSkip = from.Entries
	}
	return nil
}

// readHead reads the first 64 KiB of a file.
func readHead(src Source) ([]byte, error) {
	f, err := src.Open()
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", src.Name, err)
	}
	defer f.Close()
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("reading %s: %w", src.Name, err)
	}
	return head[:n], nil
}
