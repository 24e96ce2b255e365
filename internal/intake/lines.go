package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/staydown/staydown"
)

// lineReader cuts foreign bytes into lines, whatever their encoding and however long they are: of a line above the limit
// it keeps the head and counts the rest.
type lineReader struct {
	src    *bufio.Reader
	set    charset
	end    byte // '\n', or '\r' for files of old Macs
	max    int
	offset int64
	number int64
	buf    []byte
}

// line is one line of a file.
type line struct {
	number int64
	offset int64
	length int64  // in the file, with its end
	raw    []byte // without its end; only the head when long. Valid until the next line is read
	text   string // decoded; empty when long
	bad    bool   // bytes outside the encoding were replaced
	long   bool
}

// openLines looks at the head of the stream, settles the encoding and skips the byte order mark.
func openLines(src io.Reader, name, encoding string, max int) (*lineReader, []Notice, error) {
	l := &lineReader{src: bufio.NewReaderSize(src, sniffBytes), max: max, end: '\n'}
	head, err := l.src.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	set, bom, guessed := sniffCharset(head)
	if encoding != "" {
		named, ok := charsetNamed(encoding)
		if !ok {
			return nil, nil, staydown.Errorf(staydown.Usage, "intake.encoding", "there is no encoding %q; known are %s", encoding, strings.Join(Encodings(), ", "))
		}
		if named.name != set.name {
			bom = 0
		}
		set, guessed = named, false
	}
	l.set = set
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 && set.unit == 1 {
		l.end = '\r'
	}
	var said []Notice
	if guessed {
		said = append(said, Notice{"intake.encoding_guessed", name + ": read as " + set.name + ", judged by its bytes alone; name the encoding if the text looks wrong"})
	}
	n, err := l.src.Discard(bom)
	l.offset = int64(n)
	return l, said, err
}

// next gives the next line, or io.EOF.
func (l *lineReader) next() (line, error) {
	out := line{number: l.number + 1, offset: l.offset}
	l.buf = l.buf[:0]
	var total int64
	var tail [4]byte // the last code unit, also of what is not kept
	ended := false
	take := func(b []byte) {
		total += int64(len(b))
		if room := l.max + 4 - len(l.buf); room > 0 {
			l.buf = append(l.buf, b[:min(room, len(b))]...)
		}
		for _, x := range b[max(0, len(b)-4):] {
			copy(tail[:], tail[1:])
			tail[3] = x
		}
	}
	for !ended {
		chunk, err := l.src.ReadSlice(l.end)
		take(chunk)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) && total > 0 {
				break
			}
			return line{}, err
		}
		if err == nil {
			if ended, err = l.atEnd(&total, &tail, take); err != nil {
				return line{}, err
			}
		}
	}
	l.offset += total
	l.number++
	out.length = total
	l.finish(&out, total, ended)
	return out, nil
}

// atEnd tells whether the end byte just read is the end character of the encoding, reading the rest of its code unit.
func (l *lineReader) atEnd(total *int64, tail *[4]byte, take func([]byte)) (bool, error) {
	unit := int64(l.set.unit)
	switch {
	case unit == 1:
		return true, nil
	case l.set.big:
		if *total%unit != 0 {
			return false, nil
		}
		return allZero(tail[4-unit : 3]), nil
	case *total%unit != 1:
		return false, nil
	}
	rest := make([]byte, unit-1)
	n, err := io.ReadFull(l.src, rest)
	take(rest[:n])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return n == len(rest) && allZero(rest), nil
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// finish takes the line's end off and decodes it, or marks it as too long.
func (l *lineReader) finish(out *line, total int64, ended bool) {
	if total > int64(l.max) {
		out.long, out.raw = true, l.buf[:min(len(l.buf), headBytes)]
		return
	}
	raw := l.buf
	if ended {
		raw = raw[:len(raw)-l.set.unit]
	}
	out.raw = raw
	out.text, out.bad = l.set.decode(raw)
	out.text = strings.TrimSuffix(out.text, "\r")
}

// tooLong is the reject for a line above the limit.
func tooLong(path string, ln line, limit int) *Reject {
	return &Reject{
		Path: path, Line: ln.number, Offset: ln.offset, Length: ln.length, Reason: TooLong, Head: headOf(ln.raw),
		Text: "the line is " + sizeText(ln.length) + " long, more than " + sizeText(int64(limit)) + "; break it into lines",
	}
}
