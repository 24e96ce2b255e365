package intake

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

// wideBytes encodes text as UTF-16 or UTF-32.
func wideBytes(s string, unit int, big, bom bool) []byte {
	if bom {
		s = "\uFEFF" + s
	}
	var units []uint32
	if unit == 2 {
		for _, u := range utf16.Encode([]rune(s)) {
			units = append(units, uint32(u))
		}
	} else {
		for _, r := range s {
			units = append(units, uint32(r))
		}
	}
	var b []byte
	for _, u := range units {
		for i := range unit {
			shift := 8 * i
			if big {
				shift = 8 * (unit - 1 - i)
			}
			b = append(b, byte(u>>shift))
		}
	}
	return b
}

func legacy(t *testing.T, table *charmap.Charmap, s string) []byte {
	t.Helper()
	b, err := table.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestListEncodings(t *testing.T) {
	arabic := "# قائمة الروابط المرصودة في الحملة\nhttps://relay.example/1 المقطع الأول في القناة\nhttps://relay.example/2 ੊ઊ\n"
	plain := strings.ReplaceAll(arabic, " ੊ઊ", "")
	russian := "# список ссылок\nhttps://relay.example/1 первый ролик группы\nhttps://relay.example/2 второй\n"
	french := "# liste vérifiée à Liège\nhttps://relay.example/1 première vidéo\nhttps://relay.example/2 été\n"
	tests := []struct {
		name  string
		bytes []byte
		remk  string
	}{
		{"UTF-8", []byte(arabic), "المقطع"},
		{"UTF-8 with mark", append([]byte("\xEF\xBB\xBF"), arabic...), "المقطع"},
		{"UTF-16LE with mark", wideBytes(arabic, 2, false, true), "المقطع"},
		{"UTF-16BE with mark", wideBytes(arabic, 2, true, true), "المقطع"},
		{"UTF-16LE", wideBytes("https://relay.example/1 المقطع\nhttps://relay.example/2\n", 2, false, false), "المقطع"},
		{"UTF-16BE", wideBytes("https://relay.example/1 المقطع\nhttps://relay.example/2\n", 2, true, false), "المقطع"},
		{"UTF-32LE with mark", wideBytes(arabic, 4, false, true), "المقطع"},
		{"UTF-32BE", wideBytes(arabic, 4, true, false), "المقطع"},
		{"Windows-1256", legacy(t, charmap.Windows1256, plain), "المقطع"},
		{"Windows-1251", legacy(t, charmap.Windows1251, russian), "первый"},
		{"Windows-1252", legacy(t, charmap.Windows1252, french), "première"},
		{"CRLF", []byte(strings.ReplaceAll(arabic, "\n", "\r\n")), "المقطع"},
		{"CR", []byte(strings.ReplaceAll(arabic, "\n", "\r")), "المقطع"},
		{"no end", []byte(strings.TrimSuffix(arabic, "\n")), "المقطع"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := readAll(t, bytesSource("list.txt", tt.bytes), Options{Format: URLs})
			want := []string{"https://relay.example/1", "https://relay.example/2"}
			if d := cmp.Diff(want, g.urls()); d != "" || len(g.rejects) != 0 {
				t.Fatalf("addresses (-want +got):\n%s rejects %v", d, g.rejects)
			}
			if f := g.rows[0].Fields; len(f) != 1 || !strings.Contains(f[0].Value, tt.remk) {
				t.Errorf("the words beside the address: %v, want %q in them", f, tt.remk)
			}
			whole, _ := readHead(bytesSource("", tt.bytes))
			if r := g.rows[1]; r.Line < 2 || r.Offset+r.Length > int64(len(whole)) || r.Offset <= g.rows[0].Offset {
				t.Errorf("the second row stands in line %d at %d", r.Line, r.Offset)
			}
		})
	}
}

func TestListLines(t *testing.T) {
	tests := []struct {
		name, text string
		urls       []string
		notes      string
		reasons    []Reason
	}{
		{"remarks and blanks", "# https://relay.example/0\n\n  \t\n  # x\nhttps://relay.example/1 # said twice\n", []string{"https://relay.example/1"}, "", nil},
		{"an anchor is no remark", "https://relay.example/1#!/room\n", []string{"https://relay.example/1#!/room"}, "", nil},
		{"a bullet", "• hxxps://relay[.]example/1,\n", []string{"https://relay.example/1"}, "defanged", nil},
		{"nothing in it", "tomorrow at nine\nhttps://relay.example/1\n", []string{"https://relay.example/1"}, "", []Reason{NoAddress}},
		{"no address", "http://\nhttps://user:word@relay.example/\nftp://relay.example/x\nhttps://relay.example:99999/\n", nil, "", []Reason{NoAddress, BadAddress, BadAddress, BadAddress}},
		{"NUL beside it", "https://relay.example/1 a\x00b\n", []string{"https://relay.example/1"}, "nul", nil},
		{"NUL inside of it", "https://relay.example/\x001\nhttps://relay.example/2\n", []string{"https://relay.example/2"}, "", []Reason{BadBytes}},
		{"NUL alone", "\x00\x00\x00\x00\nhttps://relay.example/2\n", []string{"https://relay.example/2"}, "", []Reason{BadBytes}},
		{"bad bytes beside it", "# ä ö ü ß é\nhttps://relay.example/1 \xff\xfe\n", []string{"https://relay.example/1"}, "encoding", nil},
		{"bad bytes inside of it", "# ä ö ü ß é ä ö ü ß é\nhttps://relay.example/\xff\xfe\nhttps://relay.example/2\n", []string{"https://relay.example/2"}, "", []Reason{BadBytes}},
		{"too long", "https://relay.example/1\n" + strings.Repeat("x", 2<<20) + "\nhttps://relay.example/2\n", []string{"https://relay.example/1", "https://relay.example/2"}, "", []Reason{TooLong}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := readAll(t, textSource("list.txt", tt.text), Options{Format: URLs})
			if d := cmp.Diff(tt.urls, g.urls()); d != "" {
				t.Errorf("addresses (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.reasons, g.reasons()); d != "" {
				t.Errorf("rejects (-want +got):\n%s", d)
			}
			if tt.notes != "" && strings.Join(g.rows[0].Notes, " ") != tt.notes {
				t.Errorf("notes %v, want %s", g.rows[0].Notes, tt.notes)
			}
			for _, r := range g.rejects {
				if at := tt.text[r.Offset : r.Offset+r.Length]; !strings.HasPrefix(at, string(r.Head)) {
					t.Errorf("the reject at %d is not what stands there", r.Offset)
				}
			}
		})
	}
}

// One encoding read as another must be mendable by naming it.
func TestListNamedEncoding(t *testing.T) {
	b := legacy(t, charmap.Windows1250, "https://relay.example/1 žluťoučký\n")
	g := readAll(t, bytesSource("list.txt", b), Options{Format: URLs, Encoding: "windows-1250"})
	if len(g.rows) != 1 || len(g.rows[0].Fields) != 1 || !strings.Contains(g.rows[0].Fields[0].Value, "žluťoučký") {
		t.Errorf("got %+v", g.rows)
	}
	if !readAll(t, bytesSource("list.txt", b), Options{Format: URLs}).said("intake.encoding_guessed") {
		t.Error("a guess is not said")
	}
}

func TestRejectWriter(t *testing.T) {
	var out bytes.Buffer
	w := NewRejectWriter(&out)
	rejects := []Reject{
		{Path: "list.txt", Line: 2, Offset: 7, Length: 9, Reason: NoAddress, Text: "no address", Head: []byte("plain\nقائمة")},
		{Path: "list.txt", Line: 3, Offset: 16, Length: 1 << 31, Reason: BadBytes, Text: "bytes", Head: []byte{0xff, 0x00, '\n'}},
	}
	for _, r := range rejects {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 2 || w.Count() != 2 {
		t.Fatalf("%d lines, count %d", len(lines), w.Count())
	}
	for i, l := range lines {
		var have struct {
			Offset, Length int64
			Head           string
			Base64         []byte `json:"head_base64"`
		}
		if err := json.Unmarshal([]byte(l), &have); err != nil {
			t.Fatal(err)
		}
		head := []byte(have.Head)
		if len(have.Base64) > 0 {
			head = have.Base64
		}
		if have.Offset != rejects[i].Offset || have.Length != rejects[i].Length || !bytes.Equal(head, rejects[i].Head) {
			t.Errorf("line %d reads back as %+v", i, have)
		}
	}
}

// seeds adds the files of testdata that a reader is fuzzed from.
func seeds(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds under testdata/%s: %v", pattern, err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			continue // what a fuzzer found
		}
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// fuzzReader checks, for any bytes, that a reader ends, keeps its promises about entries, says the same twice, and covers
// no byte of the file twice with rejects.
func fuzzReader(t *testing.T, b []byte, opt Options) {
	src := bytesSource("fuzz", b)
	one, err := tryAll(t, src, opt)
	if err != nil {
		return
	}
	two, err := tryAll(t, src, opt)
	if err != nil {
		t.Fatalf("read once and not twice: %v", err)
	}
	if d := cmp.Diff(places(one, Checkpoint{}), places(two, Checkpoint{})); d != "" {
		t.Fatalf("the same bytes gave something else:\n%s", d)
	}
	for _, e := range one {
		if e.Reject != nil && (e.Reject.Offset < 0 || e.Reject.Offset+e.Reject.Length > int64(len(b))) {
			t.Fatalf("a reject outside of the file: %+v", *e.Reject)
		}
	}
}

func FuzzURLList(f *testing.F) {
	seeds(f, "list*")
	f.Fuzz(func(t *testing.T, b []byte) { fuzzReader(t, b, Options{Format: URLs, Limits: Limits{Line: 4096}}) })
}
