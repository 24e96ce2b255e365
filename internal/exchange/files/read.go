package files

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/staydown/staydown"
)

// Format names a kind of file.
type Format string

// The formats, see the package.
const (
	TX     Format = "tx"
	Local  Format = "local"
	Frames Format = "vpdq"
	Hashes Format = "hashes"
	Bank   Format = "bank"
)

// Options say what a file itself does not.
type Options struct {
	Signal string // of lists whose lines do not name it (local), and of hashes without a column for it
	Source string // of rows that name none
	From   Mark   // where to go on; the zero value is the beginning
	// Content is the id of the video whose frames a vpdq file holds.
	Content string
	// Verifier checks the signature of a bank file. Without one the digest and
	// the count of rows are checked, and who signed is not.
	Verifier Verifier
}

// Mark is a place in a file between two records, from which reading can go on in
// another process. It is kept as JSON.
type Mark struct {
	Offset int64  `json:"offset"` // bytes from the beginning: also the progress
	Line   int    `json:"line"`   // the number of the next line
	Head   string `json:"head,omitempty"`
	Rows   int64  `json:"rows,omitempty"`   // read so far, of a bank file
	Digest []byte `json:"digest,omitempty"` // state of it, of a bank file
	Ended  bool   `json:"ended,omitempty"`  // the last line of a bank file is read and holds
}

// BadRow is a row that cannot be read. The rest of the file is read all the same.
type BadRow struct {
	Line   int
	Reason string
}

// Error gives the line and the reason.
func (b *BadRow) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// Reader reads one file. It is for one goroutine.
type Reader struct {
	src     *source
	opt     Options
	mark    Mark
	columns *columns // of CSV
	bank    *bankReader
	parse   func(rec string, line int, out []Row) ([]Row, error)
	quoted  bool
	out     []Row
}

// Open begins to read a file, or goes on from a mark: then r must stand at the
// mark's offset, or be an [io.Seeker]. The errors are of type [staydown.Error],
// for what is not a file of this format, and those of r.
func Open(r io.Reader, f Format, o Options) (*Reader, error) {
	if o.From.Offset > 0 {
		if s, ok := r.(io.Seeker); ok {
			if _, err := s.Seek(o.From.Offset, io.SeekStart); err != nil {
				return nil, fmt.Errorf("going on at byte %d: %w", o.From.Offset, err)
			}
		}
	}
	if o.Signal != "" {
		name, err := parseSignal(o.Signal)
		if err != nil {
			return nil, staydown.Errorf(staydown.Usage, "files.signal", "%s", err)
		}
		o.Signal = name
	}
	x := &Reader{src: newSource(r, o.From), opt: o, mark: o.From}
	var err error
	switch f {
	case TX:
		x.quoted, x.parse = true, x.txRow
		err = x.head([]string{"value", "signal"})
	case Hashes:
		x.quoted, x.parse = true, x.hashesRow
		err = x.head([]string{"value"})
	case Local:
		x.parse = x.localRow
	case Frames:
		x.parse = x.frameRow
	case Bank:
		x.parse = x.bankRow
		err = x.openBank()
	default:
		err = staydown.Errorf(staydown.Usage, "files.format", "there is no file format %q", f)
	}
	if err != nil {
		return nil, err
	}
	x.keepMark()
	return x, nil
}

// Rows yields each row, or a [*BadRow] in its place. Any other error is the last
// thing yielded: the stream's, or of a bank file that is not whole. Ended early, it
// can be called again and goes on with the next record.
func (x *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			rec, line, bad, err := x.src.record(x.quoted)
			if err != nil {
				if err == io.EOF {
					err = x.atEnd()
				}
				if err != nil {
					yield(Row{}, err)
				}
				return
			}
			x.out = x.out[:0]
			if bad == nil {
				x.out, bad = x.parse(string(rec), line, x.out)
			} else if x.bank != nil {
				bad = x.longBankRow(line, bad)
			}
			if fatal, ok := bad.(*staydown.Error); ok {
				yield(Row{}, fatal)
				return
			}
			x.keepMark()
			if !x.pass(line, bad, yield) {
				return
			}
		}
	}
}

// pass hands on the rows of one record.
func (x *Reader) pass(line int, bad error, yield func(Row, error) bool) bool {
	for i := range x.out {
		if bad == nil {
			bad = x.finish(&x.out[i])
		}
	}
	if bad != nil {
		return yield(Row{}, &BadRow{line, bad.Error()})
	}
	for _, r := range x.out {
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

func (x *Reader) finish(r *Row) error {
	if r.Source == "" {
		r.Source = x.opt.Source
	}
	return r.Check()
}

// Mark is where the next record begins. Asked within [Reader.Rows], it lies behind
// the record that the row came from, which may hold further rows (the frames of a
// video): keep it once [Mark.Offset] has moved on.
func (x *Reader) Mark() Mark {
	m := x.mark
	if x.bank != nil {
		m.Rows, m.Digest, m.Ended = x.bank.rows, x.bank.state(), x.bank.ended
	}
	return m
}

func (x *Reader) keepMark() { x.mark.Offset, x.mark.Line = x.src.offset, x.src.line }

// atEnd tells whether a file may end here.
func (x *Reader) atEnd() error {
	if x.bank != nil && !x.bank.ended {
		return staydown.Errorf(staydown.Invalid, "files.cut", "the bank file is cut off: its last line, with count and signature, is missing").At(fmt.Sprint("line ", x.src.line))
	}
	return nil
}

// localRow reads "type value", or a value alone where the type is given.
func (x *Reader) localRow(rec string, line int, out []Row) ([]Row, error) {
	value := strings.TrimSpace(strings.TrimPrefix(rec, "\uFEFF"))
	if value == "" {
		return out, nil
	}
	signal := x.opt.Signal
	if signal == "" {
		name, rest, found := strings.Cut(value, " ")
		if !found {
			return out, fmt.Errorf("the line has no signal type, and none was given")
		}
		var err error
		if signal, err = parseSignal(name); err != nil {
			return out, err
		}
		value = strings.TrimSpace(rest)
	}
	return expand(Row{Signal: signal, Value: value, Quality: NotGiven}, line, out)
}
