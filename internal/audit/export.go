package audit

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/staydown/staydown"
)

// ExportFormat names the file that Export writes: JSON, one object a line. The first is a Header; each one after it is a
// Line, in the order of the tree. Personal data is in it only as salted digests.
const ExportFormat = "staydown-log/1"

// Header opens an export.
type Header struct {
	Format     string    `json:"format"`
	Key        string    `json:"key"`        // the log's public key, in the form of golang.org/x/mod/sumdb/note
	Size       int64     `json:"size"`       // entries that follow
	Checkpoint string    `json:"checkpoint"` // signs exactly these
	At         time.Time `json:"at"`
}

// Line is one entry of an export.
type Line struct {
	Place int64  `json:"place"`
	Leaf  []byte `json:"leaf"` // base64 of the exact bytes
}

// Export writes every entry that the newest checkpoint covers, so that an outsider can verify the whole of it with nothing
// but the file and the log's public key. key is that key. progress is told how many entries are written.
func (l *Log) Export(ctx context.Context, w io.Writer, key string, progress func(done, of int64)) error {
	c, err := l.Checkpoint(ctx)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	if err := enc.Encode(Header{Format: ExportFormat, Key: key, Size: c.Size, Checkpoint: c.Note, At: c.At}); err != nil {
		return fmt.Errorf("exporting the log: %w", err)
	}
	for n := int64(0); n < c.Size; {
		batch, err := l.Store.LogEntries(ctx, n, int(min(2000, c.Size-n)))
		if err != nil {
			return err
		}
		if len(batch) == 0 || batch[0].Seq != n {
			return staydown.Errorf(staydown.Failed, "audit.entry_missing", "entry %d is missing: run audit verify", n)
		}
		for _, e := range batch {
			if err := enc.Encode(Line{Place: e.Seq, Leaf: e.Leaf}); err != nil {
				return fmt.Errorf("exporting the log: %w", err)
			}
			n = e.Seq + 1
		}
		if progress != nil {
			progress(n, c.Size)
		}
	}
	return b.Flush()
}

// lineMost is the longest line of an export that is read, in bytes: a leaf has no reason to be longer.
const lineMost = 1 << 20

// VerifyExport checks an export: that its entries are all there, in order, and give the root that its checkpoint signs. key is
// the log's public key as somebody else has it; empty means the one in the file, which proves only that the file agrees
// with itself.
func VerifyExport(r io.Reader, key string, progress func(done, of int64)) (Header, Report, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), lineMost)
	var h Header
	var rep Report
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &h) != nil || h.Format != ExportFormat {
		return h, rep, staydown.Errorf(staydown.Invalid, "audit.export", "this is no export of a log (%s)", ExportFormat)
	}
	if key == "" {
		key = h.Key
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		return h, rep, staydown.Errorf(staydown.Invalid, "audit.key", "this is no public key of a log")
	}
	size, root, err := open(Checkpoint{Size: h.Size, Note: h.Checkpoint}, v)
	if err != nil {
		rep.fault("the checkpoint does not verify: %v", err)
		return h, rep, nil
	}
	var edge edgeHashes
	for lines.Scan() {
		if err := rep.follow(lines.Bytes(), &edge); err != nil {
			return h, rep, err
		}
		if progress != nil {
			progress(rep.Sequenced, size)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		rep.fault("line %d is longer than %d bytes", rep.Sequenced+2, lineMost)
	} else if err != nil {
		return h, rep, fmt.Errorf("reading an export: %w", err)
	}
	rep.Events, rep.Checkpoint = rep.Sequenced, size
	rep.conclude(size, root, edge)
	return h, rep, nil
}

// follow takes one line into the tree that is grown beside the file.
func (r *Report) follow(line []byte, edge *edgeHashes) error {
	var l Line
	if err := json.Unmarshal(line, &l); err != nil {
		return staydown.Errorf(staydown.Invalid, "audit.export", "line %d cannot be read", r.Sequenced+2)
	}
	if l.Place != r.Sequenced {
		r.fault("entry %d stands where entry %d belongs", l.Place, r.Sequenced)
	}
	edge.add(r.Sequenced, tlog.RecordHash(l.Leaf))
	r.Sequenced++
	return nil
}

func (r *Report) conclude(size int64, root tlog.Hash, edge edgeHashes) {
	switch {
	case r.Sequenced != size:
		r.fault("the checkpoint signs %d entries, the file has %d", size, r.Sequenced)
	case size > 0 && edge.root() != root:
		r.fault("the entries do not give the root that the checkpoint signs")
	}
	r.OK = len(r.Faults) == 0
}
