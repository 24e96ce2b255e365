package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/staydown/staydown"
)

// Options say how a source is to be read. The zero value detects everything.
type Options struct {
	Format   Format         // empty: detected
	Encoding string         // empty: sniffed; else a name of Encodings
	Zone     *time.Location // of times that name none; nil: UTC, noted on the row
	Limits   Limits
	Progress func(Progress) // called about once a mebibyte and every 500 entries, from the reading goroutine
	Resume   *Checkpoint    // go on behind this place
	Telegram TelegramOptions
}

// Entry is the next thing in a source: a row or a reject, never both.
type Entry struct {
	Row    *Row
	Reject *Reject
}

// Notice is something to say about the source as a whole: what was guessed, what is missing.
type Notice struct {
	Code string
	Text string
}

// format is one way of reading. next returns io.EOF after the last entry. When skip is set the entry will be thrown away,
// so that costly work (hashing a file) may be left out.
type format interface {
	next(skip bool) (Entry, error)
	notices() []Notice
	close() error
}

// Reader reads one source. It is not safe for use by several goroutines.
type Reader struct {
	format   format
	kind     Format
	opt      Options
	ctx      context.Context
	meter    *meter
	total    int64
	at       Checkpoint
	rows     int64
	rejects  int64
	toSkip   int64
	lastNote int64
}

// Open detects and opens a source. It gives a staydown.Error when the source as a whole cannot be read: an archive, a
// document, an account export whose chats were not named.
func Open(ctx context.Context, src Source, opt Options) (*Reader, error) {
	opt.Limits = opt.Limits.orDefault()
	if opt.Format == "" {
		found, err := Detect(src)
		if err != nil {
			return nil, err
		}
		opt.Format = found
	}
	src, err := settleSource(src, opt.Format)
	if err != nil {
		return nil, err
	}
	r := &Reader{kind: opt.Format, opt: opt, ctx: ctx, total: src.Size, meter: &meter{ctx: ctx}}
	r.meter.report = r.progress
	mark, err := markOf(src, opt.Format)
	if err != nil {
		return nil, err
	}
	r.at = mark
	if opt.Resume != nil {
		if err := r.resume(mark, *opt.Resume); err != nil {
			return nil, err
		}
	}
	if r.format, err = openFormat(src, r); err != nil {
		return nil, err
	}
	return r, nil
}

// settleSource finds the file that is to be read, and refuses what no format reads.
func settleSource(src Source, f Format) (Source, error) {
	if f == Telegram {
		var err error
		if src, err = exportFile(src); err != nil {
			return src, err
		}
	}
	if src.Dir != "" {
		return src, nil
	}
	head, err := readHead(src)
	if err != nil {
		return src, err
	}
	return src, refuseBinary(src.Name, head)
}

func openFormat(src Source, r *Reader) (format, error) {
	if r.kind == Folder {
		if src.Dir == "" {
			return nil, staydown.Errorf(staydown.Invalid, "intake.not_folder", "is a file, not a folder").At(src.Name)
		}
		return openFolder(src, r)
	}
	if r.kind == Telegram {
		return openTelegram(src, r)
	}
	if src.Dir != "" {
		return nil, staydown.Errorf(staydown.Invalid, "intake.not_file", "is a folder; name the file in it, or import it as a folder").At(src.Name)
	}
	switch r.kind {
	case URLs:
		return openURLs(src, r)
	case CSV:
		return openCSV(src, r)
	}
	return nil, staydown.Errorf(staydown.Usage, "intake.format", "there is no format %q; known are %s", r.kind, formatNames())
}

// Next gives the next entry, io.EOF after the last, or the context's error when it was stopped: the checkpoint then still
// stands behind the last entry given.
func (r *Reader) Next() (Entry, error) {
	for {
		if err := r.ctx.Err(); err != nil {
			return Entry{}, err
		}
		e, err := r.format.next(r.toSkip > 0)
		if err != nil {
			if errors.Is(err, io.EOF) {
				r.progress()
			}
			return Entry{}, err
		}
		if r.toSkip > 0 {
			r.toSkip--
			continue
		}
		r.count(e)
		return e, nil
	}
}

func (r *Reader) count(e Entry) {
	if e.Row != nil {
		r.rows++
		r.at.Rows++
		r.at.stand(e.Row.Path, e.Row.Line, e.Row.Offset)
	} else {
		r.rejects++
		r.at.Rejects++
		r.at.stand(e.Reject.Path, e.Reject.Line, e.Reject.Offset)
	}
	if r.rows+r.rejects-r.lastNote >= 500 {
		r.progress()
	}
}

func (r *Reader) progress() {
	r.lastNote = r.rows + r.rejects
	if r.opt.Progress != nil {
		r.opt.Progress(Progress{Bytes: r.meter.n, Total: r.total, Rows: r.at.Rows, Rejects: r.at.Rejects})
	}
}

// Format is the format being read.
func (r *Reader) Format() Format { return r.kind }

// Notices is what is to be said about the source so far; some are known only at the end.
func (r *Reader) Notices() []Notice { return r.format.notices() }

// Vanished tells what an export of a messenger shows to be missing. It is complete after the last entry, and empty for
// other formats.
func (r *Reader) Vanished() []ChatReport {
	if t, ok := r.format.(*telegramReader); ok {
		return t.reports()
	}
	return nil
}

// Close lets go of the source.
func (r *Reader) Close() error { return r.format.close() }

// open opens the source's bytes behind the reader's meter.
func (r *Reader) open(src Source) (io.Reader, io.Closer, error) {
	f, err := src.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", src.Name, err)
	}
	r.meter.src = f
	return r.meter, f, nil
}
