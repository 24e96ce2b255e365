package portal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/web/page"
)

func TestReadSheet(t *testing.T) {
	want := []given{{Row: 2, Line: "L1", URL: "https://relay.example/1", Status: "removed"}, {Row: 3, Line: "L2", Status: "refused", Reason: "=no, \"ours\""}}
	comma := "line,url,status,countries,reason\nL1,https://relay.example/1,removed,,\nL2,,refused,,\"'=no, \"\"ours\"\"\"\n"
	for name, data := range map[string][]byte{
		"comma":         []byte(comma),
		"UTF-8 mark":    []byte("\ufeff" + comma),
		"CRLF":          []byte(strings.ReplaceAll(comma, "\n", "\r\n")),
		"semicolon":     []byte("line;url;status;countries;reason\nL1;https://relay.example/1;removed;;\nL2;;refused;;\"=no, \"\"ours\"\"\"\n"),
		"tab":           []byte("line\turl\tstatus\tcountries\treason\nL1\thttps://relay.example/1\tremoved\t\t\nL2\t\trefused\t\t\"=no, \"\"ours\"\"\"\n"),
		"UTF-16 little": utf16Of("\ufeff"+comma, false),
		"UTF-16 big":    utf16Of("\ufeff"+comma, true),
		"other order":   []byte("Reason, STATUS ,url,note,line\n,removed,https://relay.example/1,x,L1\n\"=no, \"\"ours\"\"\",refused,,,L2\n"),
		"short rows":    []byte("line,status,reason,url\nL1,removed,,https://relay.example/1\nL2,refused,\"=no, \"\"ours\"\"\"\n"),
	} {
		got, err := readSheet(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func utf16Of(s string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func TestSheetsThatAreNone(t *testing.T) {
	for name, row := range map[string]struct {
		data string
		want error
	}{
		"empty":         {"", errNoSheet},
		"blank":         {" \r\n", errNoSheet},
		"workbook":      {"PK\x03\x04", errWorkbook},
		"old workbook":  {"\xd0\xcf\x11\xe0\xa1\xb1", errWorkbook},
		"no columns":    {"a,b\n1,2\n", errNoColumns},
		"line only":     {"line,url\n1,2\n", errNoColumns},
		"not text":      {"line,status\n\xff\xfe,removed\n", errUnread},
		"NUL":           {"line,status\n\x00,removed\n", errUnread},
		"half a UTF-16": {"\xff\xfel", errNoColumns},
		"rows":          {"line,status\n" + strings.Repeat("a,removed\n", maxRows+1), errTooLong},
		"bytes":         {"line,status\n" + strings.Repeat("a", maxSheet), errTooLong},
	} {
		_, err := readSheet([]byte(row.data))
		var p page.Problem
		if !errors.As(err, &p) || p.Code != row.want.(page.Problem).Code {
			t.Errorf("%s: %v, wanted %v", name, err, row.want)
		}
	}
	var p page.Problem
	if _, err := readSheet([]byte("line,status\na,removed\nb,\"x\ny\"z\n")); !errors.As(err, &p) || p.Code != errUnread.Code || p.Where != "CSV:4" {
		t.Errorf("a broken quote: %v", err)
	}
}

// TestSheetReadsBack: what is written is read again as it was, whatever texts it
// holds, and no cell starts a calculation.
func TestSheetReadsBack(t *testing.T) {
	var lines []staydown.Line
	for _, reason := range []string{"", "plain", "=1+1", "+49 2", "-x", "@sum", "'quoted", "'=quoted", "a,b;c", "two\nlines", `"`, "سبب", "\ttab"} {
		lines = append(lines, staydown.Line{ID: staydown.ID("L" + reason), Location: "https://relay.example/" + reason, State: staydown.LineRefused, Reason: reason, Countries: []string{"DE"}})
	}
	data, err := writeSheet(lines)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readSheet(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range got {
		if g.Reason != lines[i].Reason && lines[i].Reason != "'=quoted" || g.URL != lines[i].Location || g.Countries != "DE" {
			t.Errorf("%q came back as %+v", lines[i].Reason, g)
		}
	}
	for _, start := range []string{",=", ",+", ",@", `,"=`} {
		if bytes.Contains(data, []byte(start)) {
			t.Errorf("a cell starts with %q:\n%s", start, data)
		}
	}
}

func FuzzReadSheet(f *testing.F) {
	f.Add([]byte("line,url,status,countries,reason\nL1,,removed,,\n"))
	f.Add([]byte("line;status\n\"a\";'=x\n"))
	f.Add(utf16Of("\ufeffline\tstatus\na\tremoved\n", false))
	f.Add([]byte("\xff\xfe\x00\xd8"))
	f.Add([]byte("line,status\n\"a\nb\",\"removed\""))
	lines := []staydown.Line{{ID: "L1", Location: "https://relay.example/1", State: staydown.LineAsked}}
	f.Fuzz(func(t *testing.T, data []byte) {
		said, err := readSheet(data)
		if err != nil {
			return
		}
		if len(said) > maxRows {
			t.Errorf("%d rows", len(said))
		}
		found := judge(lines, said)
		if len(found.answers) > len(lines) {
			t.Errorf("%d answers to %d lines", len(found.answers), len(lines))
		}
		for _, a := range found.answers {
			if a.Line != "L1" || len(a.Reason) > maxReason || !utf8.ValidString(a.Reason) || len(a.Countries) > maxCountries {
				t.Errorf("took %+v", a)
			}
		}
	})
}
