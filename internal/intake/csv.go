package intake

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// csvReader reads a table: one record a row, columns known by their names or, failing that, by their content.
type csvReader struct {
	name    string
	records *recordReader
	columns columns
	limits  Limits
	zone    *time.Location
	said    []Notice
	queue   []Entry
	started bool
	file    io.Closer
}

func openCSV(src Source, r *Reader) (format, error) {
	head, err := readHead(src)
	if err != nil {
		return nil, err
	}
	table := sniffTable(head, r.opt.Encoding, r.opt.Limits)
	cols, err := table.settle(src.Name, func() *time.Location { return r.opt.Zone })
	if err != nil {
		return nil, err
	}
	in, file, err := r.open(src)
	if err != nil {
		return nil, err
	}
	lines, said, err := openLines(in, src.Name, r.opt.Encoding, r.opt.Limits.Line)
	if err != nil {
		file.Close()
		return nil, err
	}
	records := &recordReader{path: src.Name, lines: lines, sep: table.sep, limits: r.opt.Limits}
	return &csvReader{name: src.Name, records: records, columns: cols, limits: r.opt.Limits, zone: r.opt.Zone, said: append(said, cols.said...), file: file}, nil
}

func (c *csvReader) notices() []Notice { return c.said }
func (c *csvReader) close() error      { return c.file.Close() }

func (c *csvReader) next(bool) (Entry, error) {
	for len(c.queue) == 0 {
		rec, rejected, err := c.records.next()
		if err != nil {
			return Entry{}, err
		}
		if rejected != nil {
			c.queue = []Entry{{Reject: rejected}}
			break
		}
		if c.isPreamble(rec) || emptyCells(rec.cells) {
			continue
		}
		c.queue = c.entries(rec)
	}
	e := c.queue[0]
	c.queue = c.queue[1:]
	return e, nil
}

// isPreamble passes over the line that names the separator and the one that names the columns.
func (c *csvReader) isPreamble(rec record) bool {
	if c.started || emptyCells(rec.cells) {
		return false
	}
	if _, told := separatorLine(strings.Join(rec.cells, string(c.records.sep))); told {
		return true
	}
	c.started = true
	return c.columns.header
}

// entries gives the rows of one record: one for each address in it.
func (c *csvReader) entries(rec record) []Entry {
	reject := func(reason Reason, text string) []Entry {
		return []Entry{{Reject: &Reject{Path: c.name, Line: rec.number, Offset: rec.offset, Length: rec.length, Reason: reason, Text: text, Head: rec.head}}}
	}
	if len(rec.cells) > c.limits.Columns {
		return reject(Columns, fmt.Sprintf("the row has %d cells, more than %d", len(rec.cells), c.limits.Columns))
	}
	nul := false
	for i, cell := range rec.cells {
		clean, had := cleanNUL(cell)
		rec.cells[i], nul = clean, nul || had
	}
	found := c.addresses(rec.cells)
	if len(found) == 0 {
		if nul {
			return reject(BadBytes, "the row holds NUL and no address")
		}
		return reject(NoAddress, "no address in this row"+c.lookedIn())
	}
	var out []Entry
	for _, a := range found {
		row := &Row{Path: c.name, Line: rec.number, Offset: rec.offset, Length: rec.length, From: a.from}
		if reason, why := row.takeAddress(a.address); reason != "" {
			out = append(out, reject(reason, why)...)
			continue
		}
		row.noteBytes(rec.bad, nul)
		c.fill(row, rec)
		out = append(out, Entry{Row: row})
	}
	return out
}

// placed is an address with where it stood.
type placed struct {
	address
	from string
}

// addresses looks in the column for addresses; failing that, at the place of the post itself and in its text.
func (c *csvReader) addresses(cells []string) []placed {
	var out []placed
	for _, a := range findAddresses(c.columns.cell(cells, roleURL), true) {
		out = append(out, placed{a, FromColumn})
	}
	if len(out) > 0 {
		return out
	}
	if a, ok := c.columns.telegramPost(cells); ok {
		out = append(out, placed{a, FromMessage})
	}
	for _, a := range findAddresses(c.columns.cell(cells, roleBody), false) {
		out = append(out, placed{a, FromBody})
	}
	return out
}

func (c *csvReader) lookedIn() string {
	var names []string
	for _, r := range []role{roleURL, roleBody} {
		if i, ok := c.columns.at[r]; ok {
			names = append(names, fmt.Sprintf("%q", cutText(c.columns.name(i), 80)))
		}
	}
	return ", looked in " + strings.Join(names, " and ")
}

// fill puts what the record says into the row; columns without a meaning of their own become fields.
func (c *csvReader) fill(row *Row, rec record) {
	cells, cols := rec.cells, c.columns
	row.setText(cols.cell(cells, roleBody))
	row.Author = trimCell(cols.cell(cells, roleAuthor))
	row.Title = trimCell(cols.cell(cells, roleTitle))
	row.Language = trimCell(cols.cell(cells, roleLanguage))
	row.Kind = kindOf(cols.cell(cells, roleKind))
	row.Reference = trimCell(cols.cell(cells, roleReference))
	row.Hashes = hashesIn(cols.cell(cells, roleHash))
	taken := map[int]bool{}
	for r, i := range cols.at {
		taken[i] = r != roleKind && r != roleHash // their own words stay beside our reading
	}
	for i, cell := range cells {
		if !taken[i] {
			row.field(cols.name(i), cutText(strings.TrimFunc(cell, blank), maxText))
		}
	}
	c.fillTime(row, &row.Posted, rolePosted, cells)
	c.fillTime(row, &row.Collected, roleCollected, cells)
	if cols.header && len(cells) != len(cols.names) {
		row.note(NoteColumns)
	}
	if rec.quote {
		row.note(NoteQuote)
	}
}

func (c *csvReader) fillTime(row *Row, at *time.Time, r role, cells []string) {
	if i, ok := c.columns.at[r]; ok && i < len(cells) {
		row.takeTime(at, c.columns.name(i), cells[i], c.zone)
	}
}

// trimCell keeps a short cell: names and numbers, not posts.
func trimCell(s string) string { return cutText(strings.TrimFunc(s, blank), 1<<10) }

// kinds are the words sources have for what they point to.
var kinds = map[string]string{
	"page": "page", "webpage": "page", "article": "page", "document": "file", "pdf": "file", "file": "file", "archive": "file",
	"image": "image", "photo": "image", "picture": "image", "صوره": "image",
	"video": "video", "clip": "video", "film": "video", "فيديو": "video", "مقطع": "video",
	"post": "post", "tweet": "post", "status": "post", "message": "post", "comment": "post", "story": "post", "منشور": "post", "تغريده": "post",
	"account": "account", "profile": "account", "channel": "account", "user": "account", "group": "account", "room": "account", "حساب": "account", "قناه": "account",
	"site": "site", "website": "site", "domain": "site", "outlet": "site", "موقع": "site",
}

func kindOf(s string) string { return kinds[plainHeader(s)] }

var hexHash = regexp.MustCompile(`(?i)\b[0-9a-f]{32,128}\b`)

// hashesIn finds hashes of the usual lengths, whatever is written before them.
func hashesIn(s string) []string {
	var out []string
	for _, h := range hexHash.FindAllString(cutText(s, headBytes), 8) {
		switch len(h) {
		case 32, 40, 64, 128:
			out = append(out, strings.ToLower(h))
		}
	}
	return out
}
