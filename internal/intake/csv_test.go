package intake

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/staydown/staydown"
	"golang.org/x/text/encoding/charmap"
)

func TestFourCAT(t *testing.T) {
	g := readAll(t, textSource("4cat.csv", "id,thread_id,author,body,timestamp\n"+
		"11,7,Example account,\"first, see https://relay.example/1 and\nhxxps://relay[.]example/2\",2019-11-21 10:00:00\n"+
		"12,7,Example account,nothing to see,2019-11-21 10:01:00\n"), Options{})
	if d := cmp.Diff([]string{"https://relay.example/1", "https://relay.example/2"}, g.urls()); d != "" {
		t.Fatalf("addresses (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]Reason{NoAddress}, g.reasons()); d != "" {
		t.Errorf("rejects (-want +got):\n%s", d)
	}
	r := g.rows[1]
	if r.Author != "Example account" || r.Reference != "11" || r.From != FromBody || !strings.HasPrefix(r.Text, "first, see") || r.Line != 2 ||
		!r.Posted.Equal(time.Date(2019, 11, 21, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("got %+v", r)
	}
	if g.rejects[0].Line != 4 {
		t.Errorf("the reject stands in line %d, want 4", g.rejects[0].Line)
	}
}

func TestFourCATTelegram(t *testing.T) {
	g := readAll(t, textSource("4cat.csv", "id,thread_id,chat,author,body,body_markdown,chat_noforwards,timestamp,unix_timestamp\n"+
		"1234-56,1234,example_room,1234,see https://relay.example/1,x,no,2019-11-21 10:00:00,1574330400\n"+
		"1234-57,1234,99,1234,nothing,x,no,2019-11-21 10:00:00,1574330400\n"), Options{})
	if d := cmp.Diff([]string{"https://t.me/example_room/56", "https://relay.example/1"}, g.urls()); d != "" {
		t.Fatalf("addresses (-want +got):\n%s", d)
	}
	if r := g.rows[0]; r.From != FromMessage || !r.Posted.Equal(time.Unix(1574330400, 0)) || len(r.Notes) != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestInvestigatorsLog(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	g := readAll(t, textSource("log.csv", "timestamp UTC,item,source URL,method,hash,file path,operator,notes\n"+
		"2019-11-21T10:00:00Z,A-1,https://relay.example/1,full-page screenshot,SHA-256: "+strings.ToUpper(hash)+",shots/a1.png,desk 4,seen in room\n"), Options{})
	if len(g.rows) != 1 {
		t.Fatalf("got %+v", g)
	}
	r := g.rows[0]
	if r.Reference != "A-1" || !r.Posted.IsZero() || !r.Collected.Equal(time.Date(2019, 11, 21, 10, 0, 0, 0, time.UTC)) || len(r.Hashes) != 1 || r.Hashes[0] != hash {
		t.Errorf("got %+v", r)
	}
	want := []Field{{"method", "full-page screenshot"}, {"hash", "SHA-256: " + strings.ToUpper(hash)}, {"file path", "shots/a1.png"}, {"operator", "desk 4"}, {"notes", "seen in room"}}
	if d := cmp.Diff(want, r.Fields); d != "" {
		t.Errorf("fields (-want +got):\n%s", d)
	}
	plain := readAll(t, textSource("log.csv", "timestamp,item,source URL,method,hash,path,operator,notes\n2019-11-21T10:00:00Z,A-1,https://relay.example/1,m,,,o,n\n"), Options{})
	if r := plain.rows[0]; r.Collected.IsZero() || !r.Posted.IsZero() {
		t.Errorf("in a log the time is when it was seen: %+v", r)
	}
}

func TestTables(t *testing.T) {
	arabic := "التاريخ;الرابط;الحساب;النص\n٢٠١٩-١١-٢١ ١٠:٠٠;https://relay.example/1;حساب مثال;نص للتجربة\n"
	tests := []struct {
		name, file string
		bytes      []byte
		urls       []string
		author     string
		said       string
	}{
		{"comma", "t.csv", []byte("url,author\nhttps://relay.example/1,A\n"), []string{"https://relay.example/1"}, "A", "intake.columns"},
		{"semicolon", "t.csv", []byte("Link;Author;Date\nhttps://relay.example/1;A;21.11.2019\n"), []string{"https://relay.example/1"}, "A", "intake.columns"},
		{"tab, commas in the text", "t.tsv", []byte("url\tbody\tauthor\nhttps://relay.example/1\tone, two, three\tA\nhttps://relay.example/2\tx, y\tA\n"), []string{"https://relay.example/1", "https://relay.example/2"}, "A", "intake.columns"},
		{"bar", "t.csv", []byte("url|author\nhttps://relay.example/1|A\n"), []string{"https://relay.example/1"}, "A", "intake.columns"},
		{"told separator", "t.csv", []byte("sep=;\nurl;author\nhttps://relay.example/1;A\n"), []string{"https://relay.example/1"}, "A", "intake.columns"},
		{"Arabic", "t.csv", []byte(arabic), []string{"https://relay.example/1"}, "حساب مثال", "intake.columns"},
		{"Arabic, other spellings", "t.csv", []byte("الرَّابِط,الكاتبـ\nhttps://relay.example/1,A\n"), []string{"https://relay.example/1"}, "A", "intake.columns"},
		{"Arabic, UTF-16", "t.csv", wideBytes(arabic, 2, false, true), []string{"https://relay.example/1"}, "حساب مثال", "intake.columns"},
		{"Arabic, Windows-1256", "t.csv", legacy(t, charmap.Windows1256, "الرابط;الحساب\nhttps://relay.example/1;حساب مثال\n"), []string{"https://relay.example/1"}, "حساب مثال", "intake.encoding_guessed"},
		{"no header", "t.csv", []byte("2019-11-21 10:00:00,https://relay.example/1,A\n2019-11-21 10:01:00,https://relay.example/2,A\n"), []string{"https://relay.example/1", "https://relay.example/2"}, "", "intake.columns_guessed"},
		{"names that say nothing", "t.csv", []byte("wann,wo,wer\n2019-11-21 10:00:00,https://relay.example/1,A\n"), []string{"https://relay.example/1"}, "", "intake.columns_guessed"},
		{"no header, addresses in the text", "t.csv", []byte("1,see https://relay.example/1 there\n2,\"see https://relay.example/2, too\"\n"), []string{"https://relay.example/1", "https://relay.example/2"}, "", "intake.columns_guessed"},
		{"one column", "t.csv", []byte("url\nhttps://relay.example/1\n"), []string{"https://relay.example/1"}, "", "intake.columns"},
		{"scheme left out", "t.csv", []byte("url,author\nrelay.example/1,A\n"), []string{"https://relay.example/1"}, "A", "intake.columns"},
		{"several in a cell", "t.csv", []byte("url,author\nhttps://relay.example/1 https://relay.example/2,A\n"), []string{"https://relay.example/1", "https://relay.example/2"}, "A", "intake.columns"},
		{"an archiver's sheet", "t.csv", []byte("link,archive status,upload timestamp,upload title,text content,hash\nhttps://relay.example/1,done,2019-11-21T10:00:00Z,T,words,SHA-256:00\n"), []string{"https://relay.example/1"}, "", "intake.columns"},
		{"a table that is not called one", "export", []byte("id,url,author\n1,https://relay.example/1,A\n2,https://relay.example/2,A\n"), []string{"https://relay.example/1", "https://relay.example/2"}, "A", "intake.columns"},
		{"CR", "t.csv", []byte("url,author\rhttps://relay.example/1,A\r"), []string{"https://relay.example/1"}, "A", "intake.columns"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := readAll(t, bytesSource(tt.file, tt.bytes), Options{})
			if d := cmp.Diff(tt.urls, g.urls()); d != "" || len(g.rejects) != 0 {
				t.Fatalf("addresses (-want +got):\n%s rejects %v", d, g.rejects)
			}
			if g.rows[0].Author != tt.author {
				t.Errorf("author %q, want %q", g.rows[0].Author, tt.author)
			}
			if !g.said(tt.said) {
				t.Errorf("notices %v, want %s", g.notices, tt.said)
			}
		})
	}
}

func TestTableWithoutAddresses(t *testing.T) {
	wantError(t, textSource("t.csv", "a,b\n1,2\n3,4\n"), Options{}, staydown.Invalid, "intake.no_address_column")
}

// A quotation mark that is never closed costs its own line.
func TestOpenQuotes(t *testing.T) {
	tests := []struct {
		name, body string
		urls       []int
		rejects    int
	}{
		{"to the end", "u1,\"open\nu2,b\nu3,c\n", []int{2, 3}, 1},
		{"before a good quoted field", "u1,\"open\nu2,\"b\"\nu3,\"c, d\"\n", []int{2, 3}, 1},
		{"before an empty quoted field", "u1,\"open\nu2,\"\",\"x\"\nu3,c\n", []int{2, 3}, 1},
		{"before a field over two lines", "u1,\"open\nu2,\"b\nb\"\nu3,c\n", []int{2, 3}, 1},
		{"twice", "u1,\"open\nu2,\"open\nu3,c\n", []int{3}, 2},
		{"a mark in the middle", "u1,a \"word\" b\nu2,b\n", []int{1, 2}, 0},
		{"marks not doubled", "u1,\"a \"word\" b\"\nu2,b\n", []int{1, 2}, 0},
		{"doubled", "u1,\"a \"\"word\"\" b\"\nu2,b\n", []int{1, 2}, 0},
		{"field over lines with doubled marks at their beginnings", "u1,\"a\n\"\"word\"\"\n,\"\"x\"\"\"\nu2,b\n", []int{1, 2}, 0},
		{"spaces around", "u1, \"a\" \nu2,b\n", []int{1, 2}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := "url,body\n" + tt.body
			for i := 1; i <= 3; i++ {
				text = strings.ReplaceAll(text, fmt.Sprintf("u%d,", i), fmt.Sprintf("https://relay.example/%d,", i))
			}
			g := readAll(t, textSource("t.csv", text), Options{})
			var want []string
			for _, n := range tt.urls {
				want = append(want, fmt.Sprintf("https://relay.example/%d", n))
			}
			if d := cmp.Diff(want, g.urls()); d != "" || len(g.rejects) != tt.rejects {
				t.Fatalf("addresses (-want +got):\n%s rejects %v", d, g.rejects)
			}
			for _, r := range g.rejects {
				if r.Reason != OpenQuote || text[r.Offset:r.Offset+r.Length] != string(r.Head)+"\n" {
					t.Errorf("reject %+v", r)
				}
			}
		})
	}
}

// A field left open in front of a long file swallows nothing, and looking for its end costs no more than a few times the file.
func TestOpenQuoteBeforeALongFile(t *testing.T) {
	var sb strings.Builder
	sb.WriteString("url,body\nhttps://relay.example/0,\"open\n")
	const rows = 60_000
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&sb, "https://relay.example/%d,text\n", i)
	}
	g := readAll(t, textSource("t.csv", sb.String()), Options{})
	if len(g.rows) != rows || len(g.rejects) != 1 {
		t.Fatalf("%d rows and %d rejects", len(g.rows), len(g.rejects))
	}
}

func TestOpenQuotesStayLinear(t *testing.T) {
	for _, ln := range []string{"\"\"a\n", "\"\n", "x,\"\n", "\"\"\"\n", "\" \n", "\"a\"\"\n"} {
		lines := &lineReader{}
		text := "url,body\n" + strings.Repeat(ln, (1<<20)/len(ln))
		lines, _, err := openLines(strings.NewReader(text), "t", "", 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		r := &recordReader{lines: lines, sep: ',', limits: Limits{}.orDefault()}
		for {
			if _, _, err := r.next(); err != nil {
				break
			}
		}
		if bound := 10*int64(len(text)) + 5<<20; r.scanned > bound {
			t.Errorf("%q: looked at %d characters of %d", ln, r.scanned, len(text))
		}
	}
}

func TestTableRows(t *testing.T) {
	tests := []struct {
		name, row string
		reason    Reason
		note      string
	}{
		{"no address", ",b,,", NoAddress, ""},
		{"bad address", "https://:x/,b,,", BadAddress, ""},
		{"NUL in the text", "https://relay.example/1,a\x00b,,", "", NoteNUL},
		{"NUL in the address", "https://relay.example/\x001,b,,", BadBytes, ""},
		{"bad bytes in the text", "https://relay.example/1,ä ö ü ß é \xff,,", "", NoteEncoding},
		{"too few cells", "https://relay.example/1,b", "", NoteColumns},
		{"too many cells", "https://relay.example/1,b,,,,x", "", NoteColumns},
		{"no time", "https://relay.example/1,b,soon,", "", NoteTime},
		{"a time with two readings", "https://relay.example/1,b,03/04/2019,", "", NoteTime},
		{"a time without a zone", "https://relay.example/1,b,13/04/2019,", "", NoteZone},
		{"a stray mark", "https://relay.example/1,\"a \"b\" c\",,", "", NoteQuote},
		{"far too many cells", "https://relay.example/1" + strings.Repeat(",", 2000), Columns, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := readAll(t, textSource("t.csv", "url,body,timestamp,author\n"+tt.row+"\nhttps://relay.example/9,b,,\n"), Options{})
			if n := len(g.rows); n == 0 || g.rows[n-1].URL != "https://relay.example/9" {
				t.Fatalf("the next row is lost: %+v", g)
			}
			switch {
			case tt.reason != "" && (len(g.rejects) != 1 || g.rejects[0].Reason != tt.reason):
				t.Errorf("rejects %v, want %s", g.rejects, tt.reason)
			case tt.note != "" && (len(g.rows) != 2 || strings.Join(g.rows[0].Notes, " ") != tt.note):
				t.Errorf("rows %+v, want a note %s", g.rows, tt.note)
			}
		})
	}
}

func TestParseTime(t *testing.T) {
	brussels := time.FixedZone("CET", 3600)
	tests := []struct {
		text string
		want string // RFC 3339 in UTC; "" for none
		zone bool
	}{
		{"2019-11-21T10:00:00Z", "2019-11-21T10:00:00Z", true},
		{"2019-11-21T10:00:00.5+02:00", "2019-11-21T08:00:00.5Z", true},
		{"2019-11-21 10:00:00", "2019-11-21T09:00:00Z", false},
		{"21.11.2019 10:00", "2019-11-21T09:00:00Z", false},
		{"21/11/2019 10:00:05", "2019-11-21T09:00:05Z", false},
		{"11/21/2019", "2019-11-20T23:00:00Z", false},
		{"5/5/2019", "2019-05-04T23:00:00Z", false},
		{"03/04/2019", "", false},
		{"31/02/2019", "", false},
		{"1574326800", "2019-11-21T09:00:00Z", true},
		{"1574326800.25", "2019-11-21T09:00:00Z", true},
		{"1574326800123", "2019-11-21T09:00:00.123Z", true},
		{"Thu, 21 Nov 2019 10:00:00 +0100", "2019-11-21T09:00:00Z", true},
		{"٢٠١٩-١١-٢١", "2019-11-20T23:00:00Z", false},
		{"20191121", "2019-11-20T23:00:00Z", false},
		{"42", "", false},
		{"0001-01-01", "", false},
		{"soon", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		have, zone, ok := parseTime(tt.text, brussels)
		text := ""
		if ok {
			text = have.Format(time.RFC3339Nano)
		}
		if text != tt.want || zone != tt.zone {
			t.Errorf("%q: %q, zone %v; want %q, %v", tt.text, text, zone, tt.want, tt.zone)
		}
	}
}

func FuzzCSV(f *testing.F) {
	seeds(f, "table*")
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzReader(t, b, Options{Format: CSV, Limits: Limits{Line: 4096, Record: 8192, Columns: 50}})
	})
}
