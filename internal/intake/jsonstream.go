package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// jsonStream walks a JSON file of any size without holding it: it passes over values, or hands out the bytes of one object
// up to a limit. It forgives what exporters get wrong, and finds the next message again after one that is broken.
type jsonStream struct {
	src    *bufio.Reader
	offset int64
	line   int64
	max    int // bytes of one object handed out
	buf    []byte
}

func newJSONStream(src io.Reader, max int) *jsonStream {
	s := &jsonStream{src: bufio.NewReaderSize(src, sniffBytes), line: 1, max: max}
	if head, _ := s.src.Peek(3); bytes.Equal(head, []byte("\xEF\xBB\xBF")) {
		s.skip(3)
	}
	return s
}

func (s *jsonStream) byte() (byte, error) {
	c, err := s.src.ReadByte()
	if err == nil {
		s.offset++
		if c == '\n' {
			s.line++
		}
	}
	return c, err
}

// skip passes over bytes of which none ends a line.
func (s *jsonStream) skip(n int) {
	n, _ = s.src.Discard(n) // the bytes were peeked at before
	s.offset += int64(n)
}

// peek gives the next byte that is no white space, without taking it.
func (s *jsonStream) peek() (byte, error) {
	for {
		head, err := s.src.Peek(1)
		if len(head) == 0 {
			return 0, err
		}
		if !isSpace(head[0]) {
			return head[0], nil
		}
		if _, err := s.byte(); err != nil {
			return 0, err
		}
	}
}

// seek passes over commas and colons, then tells the next byte.
func (s *jsonStream) seek() (byte, error) {
	for {
		c, err := s.peek()
		if err != nil || c != ',' && c != ':' {
			return c, err
		}
		s.skip(1)
	}
}

// stringHead reads a string and keeps its first 4 KiB, raw; the stream stands at its opening mark. A line's end ends it
// too: exporters never write one into a string, so it was never closed.
func (s *jsonStream) stringHead() (raw []byte, closed bool, err error) {
	if _, err := s.byte(); err != nil {
		return nil, false, err
	}
	escaped := false
	for {
		c, err := s.byte()
		if err != nil {
			return raw, false, err
		}
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			return raw, true, nil
		case c == '\n':
			return raw, false, nil
		}
		if len(raw) < headBytes {
			raw = append(raw, c)
		}
	}
}

// text reads a string; what is longer than 4 KiB is cut.
func (s *jsonStream) text() (string, error) {
	raw, _, err := s.stringHead()
	if err != nil {
		return "", err
	}
	p := looseParser{b: append(append([]byte{'"'}, raw...), '"')}
	v, err := p.str()
	if err != nil { // cut inside of an escape
		return p.clean(string(raw)), nil
	}
	return v, nil
}

// scalar reads a string, a number or a word; of an object or array it gives "".
func (s *jsonStream) scalar() (string, error) {
	c, err := s.seek()
	if err != nil {
		return "", err
	}
	switch c {
	case '"':
		return s.text()
	case '{', '[':
		return "", s.pass()
	}
	var out []byte
	for {
		head, err := s.src.Peek(1)
		if len(head) == 0 {
			if errors.Is(err, io.EOF) {
				return string(bytes.TrimSpace(out)), nil
			}
			return "", err
		}
		if bytes.IndexByte([]byte(",}]\n"), head[0]) >= 0 {
			return string(bytes.TrimSpace(out)), nil
		}
		if len(out) < headBytes {
			out = append(out, head[0])
		}
		if _, err := s.byte(); err != nil {
			return "", err
		}
	}
}

// pass takes one value, keeping nothing of it.
func (s *jsonStream) pass() error {
	c, err := s.seek()
	if err != nil {
		return err
	}
	if c == '"' {
		_, _, err := s.stringHead()
		return err
	}
	if c != '{' && c != '[' {
		_, err := s.scalar()
		return err
	}
	for depth := 0; ; {
		c, err := s.peek()
		if err != nil {
			return err
		}
		if c == '"' {
			if _, _, err := s.stringHead(); err != nil {
				return err
			}
			continue
		}
		s.skip(1)
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return nil
			}
		}
	}
}

// chunk is the bytes of one element of an array of messages.
type chunk struct {
	offset, length, line int64
	raw                  []byte // whole, or the head when long; valid until the next is read
	long                 bool   // above the limit
	broken               bool   // a string without an end, or the next message begins inside of it
	cut                  bool   // the file ends in it
}

// element gives the next element of an array; done is set at its end, which is also where the next chat begins.
func (s *jsonStream) element() (c chunk, done bool, err error) {
	next, err := s.seek()
	if err != nil {
		return chunk{cut: true, offset: s.offset, line: s.line}, errors.Is(err, io.EOF), ignoreEOF(err)
	}
	if next == ']' && !s.falseEnd() {
		s.skip(1)
		return chunk{}, true, nil
	}
	if next == '{' && s.atChat() {
		return chunk{broken: true}, true, nil
	}
	s.buf = s.buf[:0]
	c = chunk{offset: s.offset, line: s.line}
	if next == '{' {
		err = s.object(&c)
	} else if next == ']' {
		c.broken, s.buf = true, append(s.buf, next)
		s.skip(1)
	} else {
		err = s.stray(&c)
	}
	c.length = s.offset - c.offset
	c.raw = s.buf
	if errors.Is(err, io.EOF) {
		c.cut, err = true, nil
	}
	return c, false, err
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// keep takes bytes of the window and holds them up to the limit.
func (s *jsonStream) keep(c *chunk, b []byte) {
	room := s.max - len(s.buf)
	s.buf = append(s.buf, b[:min(room, len(b))]...)
	c.long = c.long || len(b) > room
	s.line += int64(bytes.Count(b, []byte{'\n'}))
	s.skip(len(b))
}

// window gives the bytes that lie ready, at least one unless the stream ends.
func (s *jsonStream) window() ([]byte, error) {
	if _, err := s.src.Peek(1); err != nil {
		return nil, err
	}
	return s.src.Peek(s.src.Buffered())
}

// object takes the bytes of one object. Where the head of the next message stands inside of it, whether between its parts
// or in a string that was never closed, it ends there: a closed string cannot hold such a head, since its quotation marks
// would be escaped.
func (s *jsonStream) object(c *chunk) error {
	var o objectScan
	for {
		win, err := s.window()
		if err != nil {
			return err
		}
		n, what := o.scan(win)
		s.keep(c, win[:n])
		c.broken = c.broken || o.broken
		if what == objectEnds {
			return nil
		}
		if what == objectBrace {
			if s.atMessage() || s.atChat() {
				c.broken = true
				return nil
			}
			o.known = true
		}
	}
}

// objectScan follows the nesting of an object over windows of bytes.
type objectScan struct {
	depth           int
	inside, escaped bool // of a string
	known           bool // the brace ahead was looked at and begins no message
	broken          bool
}

type objectStop int

const (
	objectGoesOn objectStop = iota
	objectEnds              // its last byte was taken
	objectBrace             // ahead lies a brace that may begin the next message
)

// scan takes bytes up to the next stop and tells how many.
func (o *objectScan) scan(win []byte) (int, objectStop) {
	for i, b := range win {
		switch {
		case b == '{' && (o.depth > 0 || o.inside) && !o.known:
			return i, objectBrace
		case o.escaped:
			o.escaped = false
		case o.inside && b == '\\':
			o.escaped = true
		case o.inside && b == '\n':
			o.inside, o.broken = false, true
		case b == '"':
			o.inside = !o.inside
		case o.inside:
		case b == '{' || b == '[':
			o.depth++
		case b == '}' || b == ']':
			if o.depth--; o.depth == 0 {
				return i + 1, objectEnds
			}
		}
		o.known = false
	}
	return len(win), objectGoesOn
}

// stray takes what stands between messages and is none, up to the next message or the end of the array.
func (s *jsonStream) stray(c *chunk) error {
	c.broken = true
	for {
		head, err := s.src.Peek(1)
		if len(head) == 0 {
			return err
		}
		if b := head[0]; b == '{' || b == ']' {
			return nil
		}
		s.keep(c, head)
	}
}

// falseEnd tells whether the bracket ahead belongs to the wreck of a broken message: behind it and other closing brackets
// another message begins.
func (s *jsonStream) falseEnd() bool {
	ahead, _ := s.src.Peek(512) // fewer at the end of the file
	return messageHead(bytes.TrimLeft(ahead, "]}, \t\r\n"))
}

func (s *jsonStream) atMessage() bool {
	ahead, _ := s.src.Peek(160)
	return messageHead(ahead)
}

func (s *jsonStream) atChat() bool {
	ahead, _ := s.src.Peek(4 << 10) // a name has at most some hundred characters
	return chatHead(ahead)
}
