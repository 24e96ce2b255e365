package intake

import (
	"io"
	"strings"
)

// urlReader reads a list: one address a line, `#` before remarks. Lists come out of mails, chats and reports, so addresses
// made harmless, bullets, brackets and words around them are taken as they come.
type urlReader struct {
	name   string
	lines  *lineReader
	limits Limits
	said   []Notice
	queue  []Entry
	file   io.Closer
}

func openURLs(src Source, r *Reader) (format, error) {
	in, file, err := r.open(src)
	if err != nil {
		return nil, err
	}
	lines, said, err := openLines(in, src.Name, r.opt.Encoding, r.opt.Limits.Line)
	if err != nil {
		file.Close()
		return nil, err
	}
	return &urlReader{name: src.Name, lines: lines, limits: r.opt.Limits, said: said, file: file}, nil
}

func (u *urlReader) notices() []Notice { return u.said }
func (u *urlReader) close() error      { return u.file.Close() }

func (u *urlReader) next(bool) (Entry, error) {
	for len(u.queue) == 0 {
		ln, err := u.lines.next()
		if err != nil {
			return Entry{}, err
		}
		u.queue = listLine(u.name, ln, u.limits.Line)
	}
	e := u.queue[0]
	u.queue = u.queue[1:]
	return e, nil
}

// listLine gives the entries of one line: none for an empty one or a remark.
func listLine(path string, ln line, limit int) []Entry {
	if ln.long {
		return []Entry{{Reject: tooLong(path, ln, limit)}}
	}
	body, remark := splitRemark(ln.text)
	if strings.TrimFunc(body, blank) == "" && !strings.ContainsRune(body, 0) {
		return nil
	}
	reject := func(reason Reason, text string) []Entry {
		return []Entry{{Reject: &Reject{Path: path, Line: ln.number, Offset: ln.offset, Length: ln.length, Reason: reason, Text: text, Head: headOf(ln.raw)}}}
	}
	text, nul := cleanNUL(body)
	found := findAddresses(text, true)
	if len(found) == 0 {
		if nul || ln.bad {
			return reject(BadBytes, "the line holds NUL or bytes outside its encoding and no address")
		}
		return reject(NoAddress, "no address in this line; a remark begins with #")
	}
	var out []Entry
	for _, a := range found {
		row := &Row{Path: path, Line: ln.number, Offset: ln.offset, Length: ln.length, From: FromLine}
		reason, why := row.takeAddress(a)
		if reason != "" {
			out = append(out, reject(reason, why)...)
			continue
		}
		row.noteBytes(ln.bad, nul)
		row.field("line", around(text, found))
		row.field("remark", remark)
		out = append(out, Entry{Row: row})
	}
	return out
}

// takeAddress puts an address into the row, or says why it cannot.
func (r *Row) takeAddress(a address) (Reason, string) {
	if strings.ContainsRune(a.url, '\uFFFD') {
		return BadBytes, "the address holds NUL or bytes outside the encoding of the file"
	}
	loc, err := canonical(a.url)
	if err != nil {
		return BadAddress, "this is no address that can be examined: " + err.Error()
	}
	r.URL, r.Found, r.Location = a.url, a.found, loc
	for _, n := range a.notes {
		r.note(n)
	}
	return "", ""
}

func (r *Row) noteBytes(bad, nul bool) {
	if bad {
		r.note(NoteEncoding)
	}
	if nul {
		r.note(NoteNUL)
	}
}

// around is what stands beside the addresses in a line, or empty when nothing does.
func around(text string, found []address) string {
	var sb strings.Builder
	pos := 0
	for _, a := range found {
		sb.WriteString(text[pos:a.start] + " ")
		pos = a.end
	}
	sb.WriteString(text[pos:])
	rest := strings.TrimFunc(sb.String(), func(r rune) bool { return blank(r) || strings.ContainsRune("-*•·<>()[]\"'|,;.:", r) })
	if rest == "" {
		return ""
	}
	return cutText(strings.TrimFunc(text, blank), headBytes)
}

// splitRemark cuts a line before a # that begins it or follows white space; elsewhere it is part of an address.
func splitRemark(s string) (body, remark string) {
	for i, r := range s {
		if r == '#' && (i == 0 || strings.TrimFunc(s[:i], blank) == "" || s[i-1] == ' ' || s[i-1] == '\t') {
			return s[:i], cutText(strings.TrimSpace(s[i+1:]), headBytes)
		}
	}
	return s, ""
}

// blank is white space and what is as good as it.
func blank(r rune) bool {
	return r == ' ' || r >= '\t' && r <= '\r' || r == 0xA0 || r == 0x2028 || r == 0x2029 || r >= 0x2000 && r <= 0x200A || r == 0x3000 || invisible(r)
}
