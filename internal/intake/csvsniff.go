package intake

import (
	"bytes"
	"strings"
	"time"

	"github.com/staydown/staydown"
)

// zoneOf gives the zone of times that name none.
type zoneOf func() *time.Location

// separators that tables use, the likeliest first.
var separators = []byte{',', ';', '\t', '|'}

// shape is what the head of a file says about it as a table.
type shape struct {
	sep     byte
	told    bool       // a first line sep=; said so
	records [][]string // of the head, at most 200
	even    float64    // share of records with as many cells as most have
	width   int        // cells that most records have
	columns columns    // by the names in the first record
}

// sniffTable tries every separator on the head and takes the one under which names are known and records are alike.
func sniffTable(head []byte, encoding string, limits Limits) shape {
	if len(head) == sniffBytes {
		head = wholeLines(head)
	}
	if sep, ok := toldSeparator(head, encoding, limits); ok {
		s := shapeUnder(head, encoding, limits, sep)
		s.told = true
		return s
	}
	var best shape
	bestScore := -1.0
	for _, sep := range separators {
		s := shapeUnder(head, encoding, limits, sep)
		score := float64(len(s.columns.at))*4 + s.even
		if s.width > 1 {
			score += 1
		}
		if score > bestScore {
			best, bestScore = s, score
		}
	}
	return best
}

// wholeLines drops what follows the last line feed, unless there is none.
func wholeLines(head []byte) []byte {
	if i := bytes.LastIndexByte(head, '\n'); i > 0 {
		return head[:i+1]
	}
	return head
}

// toldSeparator reads the first line sep=; that spreadsheets write and take.
func toldSeparator(head []byte, encoding string, limits Limits) (byte, bool) {
	lines, _, err := openLines(bytes.NewReader(head), "", encoding, limits.Line)
	if err != nil {
		return 0, false
	}
	first, err := lines.next()
	if err != nil {
		return 0, false
	}
	return separatorLine(first.text)
}

func separatorLine(s string) (byte, bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(strings.Trim(s, "\" \ufeff")), "sep=")
	if !ok || len(rest) != 1 {
		return 0, false
	}
	return rest[0], bytes.IndexByte(separators, rest[0]) >= 0
}

func shapeUnder(head []byte, encoding string, limits Limits, sep byte) shape {
	s := shape{sep: sep, columns: columns{at: map[role]int{}, chat: -1}}
	lines, _, err := openLines(bytes.NewReader(head), "", encoding, limits.Line)
	if err != nil {
		return s
	}
	r := recordReader{lines: lines, sep: sep, limits: limits}
	widths := map[int]int{}
	for len(s.records) < 200 {
		rec, rejected, err := r.next()
		if err != nil {
			break
		}
		if rejected != nil || emptyCells(rec.cells) {
			continue
		}
		if _, told := separatorLine(strings.Join(rec.cells, string(sep))); told && len(s.records) == 0 {
			continue
		}
		s.records = append(s.records, rec.cells)
		widths[len(rec.cells)]++
	}
	for w, n := range widths {
		if n > widths[s.width] || n == widths[s.width] && w > s.width {
			s.width = w
		}
	}
	if len(s.records) > 0 {
		s.even = float64(widths[s.width]) / float64(len(s.records))
		if first := s.records[0]; !anyAddress(first) {
			s.columns = columnsOf(first)
		}
	}
	return s
}

func emptyCells(cells []string) bool {
	for _, c := range cells {
		if strings.TrimFunc(c, blank) != "" {
			return false
		}
	}
	return true
}

func anyAddress(cells []string) bool {
	for _, c := range cells {
		if len(findAddresses(c, true)) > 0 {
			return true
		}
	}
	return false
}

// isTable tells whether a file that is called neither .csv nor .tsv is one: its names are known, or its records are alike
// and addresses fill a cell of their own.
func (s shape) isTable() bool {
	if s.told || len(s.columns.at) > 1 && (s.columns.has(roleURL) || s.columns.has(roleBody)) {
		return true
	}
	if s.columns.has(roleURL) && len(s.columns.names) == s.width {
		return true
	}
	if s.width < 2 || s.even < 0.9 || len(s.records) < 2 {
		return false
	}
	one := 0 // records with an address in exactly one cell: with more it is a list joined by commas
	for _, cells := range s.records {
		n := 0
		for _, c := range cells {
			if len(findAddresses(c, true)) > 0 {
				n++
			}
		}
		if n == 1 {
			one++
		}
	}
	return one*2 > len(s.records)
}

// settle decides how the table is read, and says so; a table in which no column holds addresses is refused.
func (s shape) settle(name string, zone zoneOf) (columns, error) {
	c, rows := s.columns, s.records
	known := len(c.at) > 0
	if len(rows) > 0 && (known || !anyAddress(rows[0])) {
		if !known {
			c = columns{names: rows[0], at: map[role]int{}, header: true, chat: -1}
		}
		rows = rows[1:]
	}
	if c.has(roleURL) || c.has(roleBody) {
		c.said = append(c.said, Notice{"intake.columns", name + ": " + c.describe()})
		return c, nil
	}
	if len(rows) > 0 {
		guessColumns(&c, rows, zone)
	}
	if !c.has(roleURL) && !c.has(roleBody) {
		return c, staydown.Errorf(staydown.Invalid, "intake.no_address_column",
			"no column holds addresses; the first line should name the columns, among them one called url, link or body").At(name)
	}
	what := "the names of its columns say nothing"
	if !c.header {
		what = "has no line with the names of its columns"
	}
	c.said = append(c.said, Notice{"intake.columns_guessed", name + ": " + what + "; judged by the content: " + c.describe() + "; name the columns url, body, author, timestamp if that is wrong"})
	return c, nil
}
