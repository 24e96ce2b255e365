package intake

import (
	"errors"
	"io"
	"strings"
)

// recordReader cuts lines into records of cells, RFC 4180 with the liberties that real files take. Its one promise beyond
// that: a quotation mark that is never closed costs its own line, not the rest of the file. When a field stays open to the
// limits, to the end, or to a mark that can only open another field, the record's first line is rejected and reading goes
// on at the line behind it.
type recordReader struct {
	path    string
	lines   *lineReader
	sep     byte
	limits  Limits
	held    []heldLine // read ahead by an open field
	read    int64      // characters taken from lines
	scanned int64      // characters looked at, again after a reject included
}

// heldLine is a line that outlives the next read.
type heldLine struct {
	line
	head []byte
}

// record is one line of a table, over several lines of the file where a field is quoted.
type record struct {
	number, offset, length int64
	head                   []byte
	cells                  []string
	bad                    bool // bytes outside the encoding
	quote                  bool // a quotation mark where none belongs
}

// maxRecordLines is how many lines one quoted field may take: the longest posts have a few hundred.
const maxRecordLines = 5000

// next gives a record or a reject; io.EOF after the last.
func (r *recordReader) next() (record, *Reject, error) {
	first, err := r.take(0)
	if err != nil {
		return record{}, nil, err
	}
	if first.long {
		r.drop(1)
		return record{}, tooLong(r.path, first.line, r.limits.Line), nil
	}
	p := cellParser{sep: r.sep}
	rec := record{number: first.number, offset: first.offset, head: first.head}
	for n := 0; ; n++ {
		ln, err := r.take(n)
		if err != nil && !errors.Is(err, io.EOF) {
			return record{}, nil, err
		}
		if err != nil || ln.long || rec.length+ln.length > int64(r.limits.Record) || n > maxRecordLines || n > 0 && r.tired() {
			return record{}, r.neverEnds(first), nil
		}
		rec.length += ln.length
		rec.bad = rec.bad || ln.bad
		r.scanned += int64(len(ln.text)) + 1
		switch p.line(ln.text) {
		case cellsDone:
			r.drop(n + 1)
			rec.cells, rec.quote = p.cells, p.odd
			return rec, nil, nil
		case cellsAstray:
			return record{}, r.neverEnds(first), nil
		}
	}
}

// neverEnds rejects the line in which a field was opened.
func (r *recordReader) neverEnds(first heldLine) *Reject {
	r.drop(1)
	return &Reject{
		Path: r.path, Line: first.number, Offset: first.offset, Length: first.length, Reason: OpenQuote, Head: first.head,
		Text: "a quoted field begins in this line and does not end; close it, or double the quotation marks inside of it",
	}
}

// tired tells that looking again at lines behind open fields has cost several times the file: from then on a field may not
// run over a line's end, so that a hostile file costs no more than its length.
func (r *recordReader) tired() bool { return r.scanned > 8*r.read+4<<20 }

// take gives the n-th line that is not consumed.
func (r *recordReader) take(n int) (heldLine, error) {
	for len(r.held) <= n {
		ln, err := r.lines.next()
		if err != nil {
			return heldLine{}, err
		}
		r.read += int64(len(ln.text)) + 1
		r.held = append(r.held, heldLine{ln, headOf(ln.raw)})
	}
	return r.held[n], nil
}

func (r *recordReader) drop(n int) {
	clear(r.held[:n])
	if r.held = r.held[n:]; len(r.held) == 0 {
		r.held = nil
	}
}

type cellState int

const (
	cellsDone   cellState = iota // the record is complete
	cellsOpen                    // a quoted field goes on in the next line
	cellsAstray                  // what should be inside of a field looks like the opening of another
)

// cellParser takes a record line by line.
type cellParser struct {
	sep   byte
	cells []string
	cell  strings.Builder
	open  bool // inside of a quoted field
	lines int
	odd   bool
}

// line takes one more line of the record.
func (p *cellParser) line(s string) cellState {
	if p.lines++; p.lines > 1 {
		p.cell.WriteByte('\n')
	}
	i := 0
	for {
		if p.open {
			end, state := p.quoted(s, i)
			if state != cellsDone {
				return state
			}
			i = end
		} else {
			i = p.plain(s, i)
		}
		if p.open {
			continue
		}
		p.cells = append(p.cells, p.cell.String())
		p.cell.Reset()
		if i >= len(s) {
			return cellsDone
		}
		i++ // the separator
	}
}

// plain takes a cell from i up to its separator, or up to the quotation mark that opens it.
func (p *cellParser) plain(s string, i int) int {
	start := i
	for start < len(s) && s[start] == ' ' {
		start++
	}
	if start < len(s) && s[start] == '"' {
		p.open = true
		return start + 1
	}
	end := strings.IndexByte(s[i:], p.sep)
	if end < 0 {
		end = len(s) - i
	}
	p.cell.WriteString(s[i : i+end])
	return i + end
}

// quoted takes the inside of a quoted field from i; the place behind its closing mark is a separator or the line's end.
func (p *cellParser) quoted(s string, i int) (int, cellState) {
	for i < len(s) {
		q := strings.IndexByte(s[i:], '"')
		if q < 0 {
			break
		}
		p.cell.WriteString(s[i : i+q])
		i += q
		rest := s[i+1:]
		if strings.HasPrefix(rest, `"`) {
			p.cell.WriteByte('"')
			i += 2
			continue
		}
		if after := strings.TrimLeft(rest, " "); after == "" || after[0] == p.sep {
			p.open = false
			return len(s) - len(after), cellsDone
		}
		if p.lines > 1 && opens(s[:i], p.sep) {
			return i, cellsAstray
		}
		p.odd = true
		p.cell.WriteByte('"')
		i++
	}
	p.cell.WriteString(s[min(i, len(s)):])
	return len(s), cellsOpen
}

// opens tells whether a quotation mark behind this text stands at the beginning of a cell.
func opens(before string, sep byte) bool {
	before = strings.TrimRight(before, " ")
	return before == "" || before[len(before)-1] == sep
}
