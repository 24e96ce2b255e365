package files

import (
	"bytes"
	"fmt"
	"io"
)

// MaxRow bounds one row of a file, in bytes: enough for the frames of a video
// of hours. Longer ones are reported and passed over.
const MaxRow = 4 << 20

// source cuts a stream into records: lines, or lines of CSV, in which a quoted
// field may hold line breaks. It holds one record.
type source struct {
	from       io.Reader
	buf        []byte
	start, end int
	offset     int64 // in the file, of buf[start]
	line       int   // number of the line at buf[start], from 1
	err        error // of from, once it has ended
	ate        func([]byte)
}

func newSource(r io.Reader, m Mark) *source {
	return &source{from: r, buf: make([]byte, 128<<10), offset: m.Offset, line: max(1, m.Line)}
}

// record returns the next record without its line end, and the line it begins
// in. A fault of this record alone comes as bad; err is the end, or an error of the
// stream. The bytes are valid until the next call.
func (s *source) record(quoted bool) (rec []byte, line int, bad, err error) {
	line = s.line
	seen, quotes, first := 0, 0, -1 // looked at, quotes in it, end of the first line
	for {
		window := s.buf[s.start:s.end]
		for seen < len(window) {
			i := bytes.IndexByte(window[seen:], '\n')
			if i < 0 {
				if quoted {
					quotes += bytes.Count(window[seen:], []byte{'"'})
				}
				seen = len(window)
				break
			}
			if quoted {
				quotes += bytes.Count(window[seen:seen+i], []byte{'"'})
			}
			seen += i + 1
			if first < 0 {
				first = seen
			}
			if quotes%2 == 0 {
				return bytes.TrimSuffix(s.eat(seen)[:seen-1], []byte{'\r'}), line, nil, nil
			}
		}
		switch {
		case seen > MaxRow:
			return nil, line, fmt.Errorf("longer than %d bytes", MaxRow), s.skip(first)
		case s.err == nil:
			s.fill()
		case s.err != io.EOF:
			return nil, line, nil, s.err
		case len(window) == 0:
			return nil, line, nil, io.EOF
		case quotes%2 == 1:
			if first < 0 {
				first = len(window)
			}
			s.eat(first)
			return nil, line, fmt.Errorf("a quoted field has no end"), nil
		default:
			return s.eat(len(window)), line, nil, nil
		}
	}
}

// eat takes n bytes off the window.
func (s *source) eat(n int) []byte {
	b := s.buf[s.start : s.start+n]
	s.start += n
	s.offset += int64(n)
	s.line += bytes.Count(b, []byte{'\n'})
	if s.ate != nil {
		s.ate(b)
	}
	return b
}

// skip passes over the first line of a record that is too long. If its end is
// not in the window, all up to the next line end goes.
func (s *source) skip(first int) error {
	for first < 0 {
		s.eat(s.end - s.start)
		if s.err != nil {
			if s.err == io.EOF {
				return nil
			}
			return s.err
		}
		s.fill()
		if i := bytes.IndexByte(s.buf[s.start:s.end], '\n'); i >= 0 {
			first = i + 1
		}
	}
	s.eat(first)
	return nil
}

// fill reads more behind the window, moving or growing it if need be.
func (s *source) fill() {
	if s.start > 0 {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		if s.err = err; n > 0 || err != nil {
			return
		}
	}
	s.err = io.ErrNoProgress
}
