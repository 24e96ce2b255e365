package portal

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/web/page"
)

// Bounds of a spreadsheet that comes in.
const (
	maxSheet = 4 << 20 // bytes
	maxRows  = 1000
)

// columns are the spreadsheet's, in order.
var columns = []string{"line", "url", "status", "countries", "reason"}

// sheet gives the letter as a spreadsheet to fill in.
func (p *Portal) sheet(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Door.Enter(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	v, err := p.view(r, s.Letter, s.Provider)
	if err != nil {
		return err
	}
	body, err := writeSheet(linesOf(v))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+fileName(v.Letter.Reference)+`"`)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, _ = w.Write(body) // a reader that has gone
	return nil
}

func fileName(reference string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return '-'
	}, reference)
	return "letter-" + safe + ".csv"
}

func writeSheet(lines []staydown.Line) ([]byte, error) {
	var out bytes.Buffer
	table := csv.NewWriter(&out)
	table.UseCRLF = true
	_ = table.Write(columns) // errors come with Flush
	for _, l := range lines {
		status := ""
		if slices.Contains(statuses, l.State) {
			status = string(l.State)
		}
		_ = table.Write([]string{string(l.ID), guard(l.Location), status, strings.Join(l.Countries, " "), guard(l.Reason)})
	}
	table.Flush()
	return out.Bytes(), table.Error()
}

// formula is how a cell starts that spreadsheet programs calculate.
const formula = "=+-@\t\r"

// guard keeps a spreadsheet program from calculating a text that somebody wrote.
func guard(s string) string {
	if s != "" && strings.ContainsRune(formula, rune(s[0])) {
		return "'" + s
	}
	return s
}

// unguard takes the mark of guard off again.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formula, rune(s[1])) {
		return s[1:]
	}
	return s
}

// Errors of a spreadsheet as a whole; each has words in the catalogue.
var (
	errNoSheet   = page.Problem{Status: http.StatusUnprocessableEntity, Code: "door.sheet_missing"}
	errWorkbook  = page.Problem{Status: http.StatusUnprocessableEntity, Code: "door.sheet_workbook"}
	errTooLong   = page.Problem{Status: http.StatusRequestEntityTooLarge, Code: "door.sheet_long"}
	errUnread    = page.Problem{Status: http.StatusUnprocessableEntity, Code: "door.sheet_unread"}
	errNoColumns = page.Problem{Status: http.StatusUnprocessableEntity, Code: "door.sheet_columns"}
)

// readSheet reads a filled-in spreadsheet: comma, semicolon or tab between the
// cells, UTF-8 or UTF-16, columns in any order, columns it does not know passed
// over. Nothing in it is opened, calculated or kept but the text of five columns.
func readSheet(data []byte) ([]given, error) {
	if len(data) > maxSheet {
		return nil, errTooLong
	}
	text, err := plainText(data)
	if err != nil {
		return nil, err
	}
	table := csv.NewReader(strings.NewReader(text))
	table.Comma = separator(text)
	table.FieldsPerRecord = -1
	head, err := table.Read()
	if errors.Is(err, io.EOF) {
		return nil, errNoColumns
	}
	if err != nil {
		return nil, unread(err)
	}
	at := places(head)
	if at["line"] < 0 || at["status"] < 0 {
		return nil, errNoColumns
	}
	var out []given
	for {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, unread(err)
		}
		if len(out) == maxRows {
			return nil, errTooLong
		}
		row, _ := table.FieldPos(0)
		cell := func(name string) string {
			if i := at[name]; i >= 0 && i < len(cells) {
				return unguard(cells[i])
			}
			return ""
		}
		out = append(out, given{Row: row, Line: cell("line"), URL: cell("url"), Status: cell("status"), Countries: cell("countries"), Reason: cell("reason")})
	}
}

// unread says where a spreadsheet stops to be one.
func unread(err error) error {
	p := errUnread
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		p.Where = "CSV:" + strconv.Itoa(parse.Line)
	}
	return p
}

// plainText decodes what spreadsheet programs save as text.
func plainText(data []byte) (string, error) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return "", errNoSheet
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "", errWorkbook
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", errUnread
		}
		data = decoded
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", errUnread
	}
	return string(data), nil
}

// separator is the sign between the cells: the most frequent one in the first line.
func separator(text string) rune {
	head, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// places finds the columns by name; -1 where one is missing.
func places(head []string) map[string]int {
	at := make(map[string]int, len(columns))
	for _, name := range columns {
		at[name] = slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
	}
	return at
}
