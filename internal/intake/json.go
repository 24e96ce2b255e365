package intake

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// looseParser reads JSON as exporters really write it: control characters as \xNN, words without quotation marks, commas
// too many or too few, bytes outside UTF-8. The result is made of map[string]any, []any, string, number, bool and nil. It
// works on bytes already bounded.
type looseParser struct {
	b     []byte
	i     int
	depth int
	max   int
	notes []string
}

// number is a JSON number as it was written.
type number string

var (
	errLooseEnd   = errors.New("ends too early")
	errLooseDepth = errors.New("is nested too deep")
	errLooseShape = errors.New("is not JSON")
)

// parseLoose reads one value and what was repaired in it.
func parseLoose(b []byte, maxDepth int) (v any, notes []string, err error) {
	p := looseParser{b: b, max: maxDepth}
	v, err = p.value()
	if err == nil {
		if p.space(); p.i < len(p.b) {
			err = errLooseShape
		}
	}
	return v, p.notes, err
}

func (p *looseParser) note(n string) {
	for _, have := range p.notes {
		if have == n {
			return
		}
	}
	p.notes = append(p.notes, n)
}

func (p *looseParser) space() {
	for p.i < len(p.b) && isSpace(p.b[p.i]) {
		p.i++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func (p *looseParser) value() (any, error) {
	p.space()
	if p.i >= len(p.b) {
		return nil, errLooseEnd
	}
	switch p.b[p.i] {
	case '{':
		return p.nested(p.object)
	case '[':
		return p.nested(p.array)
	case '"':
		return p.str()
	case '}', ']', ',', ':':
		return nil, errLooseShape
	}
	return p.word(), nil
}

func (p *looseParser) nested(read func() (any, error)) (any, error) {
	if p.depth++; p.depth > p.max {
		return nil, errLooseDepth
	}
	p.i++
	v, err := read()
	p.depth--
	return v, err
}

func (p *looseParser) object() (any, error) {
	out := map[string]any{}
	for {
		end, err := p.seek('}')
		if end || err != nil {
			return out, err
		}
		if p.b[p.i] != '"' {
			return nil, errLooseShape
		}
		key, err := p.str()
		if err != nil {
			return nil, err
		}
		if p.space(); p.i >= len(p.b) {
			return nil, errLooseEnd
		} else if p.b[p.i] != ':' {
			return nil, errLooseShape
		}
		p.i++
		if out[key], err = p.value(); err != nil {
			return nil, err
		}
	}
}

func (p *looseParser) array() (any, error) {
	out := []any{}
	for {
		end, err := p.seek(']')
		if end || err != nil {
			return out, err
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// seek passes over commas and tells whether the closing bracket stands there.
func (p *looseParser) seek(closer byte) (bool, error) {
	for {
		p.space()
		if p.i >= len(p.b) {
			return false, errLooseEnd
		}
		switch p.b[p.i] {
		case ',':
			p.i++
		case closer:
			p.i++
			return true, nil
		default:
			return false, nil
		}
	}
}

// word reads a number, a literal, or a word that should have stood in quotation marks.
func (p *looseParser) word() any {
	start := p.i
	for p.i < len(p.b) && strings.IndexByte(",}]\n\r", p.b[p.i]) < 0 {
		p.i++
	}
	w := strings.TrimSpace(string(p.b[start:p.i]))
	switch w {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	if _, err := strconv.ParseFloat(w, 64); err == nil {
		return number(w)
	}
	p.note(NoteEscape)
	return p.clean(w)
}

// str reads a string; p.i stands at its opening mark.
func (p *looseParser) str() (string, error) {
	p.i++
	start := p.i
	for p.i < len(p.b) { // the common case: nothing to undo
		if c := p.b[p.i]; c == '"' {
			s := p.clean(string(p.b[start:p.i]))
			p.i++
			return s, nil
		} else if c == '\\' {
			break
		}
		p.i++
	}
	var sb strings.Builder
	sb.Write(p.b[start:p.i])
	for p.i < len(p.b) {
		c := p.b[p.i]
		p.i++
		switch c {
		case '"':
			return p.clean(sb.String()), nil
		case '\\':
			p.escape(&sb)
		default:
			sb.WriteByte(c)
		}
	}
	return "", errLooseEnd
}

var simpleEscapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what follows a backslash. Telegram Desktop writes control characters as \xNN, which JSON does not know.
func (p *looseParser) escape(sb *strings.Builder) {
	if p.i >= len(p.b) {
		return
	}
	c := p.b[p.i]
	p.i++
	if plain, ok := simpleEscapes[c]; ok {
		sb.WriteByte(plain)
		return
	}
	if c == 'u' {
		if r, ok := p.hex(4); ok {
			sb.WriteRune(p.pair(r))
			return
		}
	}
	p.note(NoteEscape)
	if c == 'x' {
		if r, ok := p.hex(2); ok {
			sb.WriteRune(r)
			return
		}
	}
	sb.WriteByte(c)
}

// pair joins a surrogate with the one that follows it.
func (p *looseParser) pair(r rune) rune {
	if !utf16.IsSurrogate(r) {
		return r
	}
	if p.i+1 < len(p.b) && p.b[p.i] == '\\' && p.b[p.i+1] == 'u' {
		at := p.i
		p.i += 2
		if low, ok := p.hex(4); ok {
			if joined := utf16.DecodeRune(r, low); joined != utf8.RuneError {
				return joined
			}
		}
		p.i = at
	}
	p.note(NoteEncoding)
	return utf8.RuneError
}

func (p *looseParser) hex(n int) (rune, bool) {
	if p.i+n > len(p.b) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(p.b[p.i:p.i+n]), 16, 32)
	if err != nil {
		return 0, false
	}
	p.i += n
	return rune(v), true
}

// clean makes a string fit to be kept: valid UTF-8 without NUL.
func (p *looseParser) clean(s string) string {
	if !utf8.ValidString(s) {
		p.note(NoteEncoding)
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	s, nul := cleanNUL(s)
	if nul {
		p.note(NoteNUL)
	}
	return s
}

// The getters below read a parsed object without caring whether a number stood in quotation marks.

func textAt(m map[string]any, key string) string {
	switch v := m[key].(type) {
	case string:
		return v
	case number:
		return string(v)
	}
	return ""
}

func numberAt(m map[string]any, key string) (int64, bool) {
	n, err := strconv.ParseInt(textAt(m, key), 10, 64)
	return n, err == nil
}

func listAt(m map[string]any, key string) []any {
	l, _ := m[key].([]any)
	return l
}
