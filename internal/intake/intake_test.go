package intake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/staydown/staydown"
)

// bytesSource is a file held in memory.
func bytesSource(name string, b []byte) Source {
	return Source{Name: name, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func textSource(name, s string) Source { return bytesSource(name, []byte(s)) }

// got is everything a reader gave.
type got struct {
	rows     []Row
	rejects  []Reject
	notices  []Notice
	vanished []ChatReport
}

func (g got) urls() []string {
	var out []string
	for _, r := range g.rows {
		out = append(out, r.URL)
	}
	return out
}

func (g got) reasons() []Reason {
	var out []Reason
	for _, r := range g.rejects {
		out = append(out, r.Reason)
	}
	return out
}

func (g got) said(code string) bool {
	for _, n := range g.notices {
		if n.Code == code {
			return true
		}
	}
	return false
}

// readAll reads a source to its end and checks what holds for every entry.
func readAll(t testing.TB, src Source, opt Options) got {
	t.Helper()
	r, err := Open(context.Background(), src, opt)
	if err != nil {
		t.Fatalf("opening %s: %v", src.Name, err)
	}
	defer r.Close()
	return drain(t, r)
}

func drain(t testing.TB, r *Reader) got {
	t.Helper()
	var g got
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("reading: %v", err)
		}
		switch {
		case e.Row != nil && e.Reject == nil:
			checkRow(t, *e.Row)
			g.rows = append(g.rows, *e.Row)
		case e.Reject != nil && e.Row == nil:
			checkReject(t, *e.Reject)
			g.rejects = append(g.rejects, *e.Reject)
		default:
			t.Fatalf("an entry is a row or a reject: %+v", e)
		}
	}
	at := r.Checkpoint()
	if at.Rows != int64(len(g.rows)) || at.Rejects != int64(len(g.rejects)) || at.Entries != at.Rows+at.Rejects {
		t.Fatalf("checkpoint %+v after %d rows and %d rejects", at, len(g.rows), len(g.rejects))
	}
	g.notices, g.vanished = r.Notices(), r.Vanished()
	return g
}

func checkRow(t testing.TB, r Row) {
	t.Helper()
	if r.Path == "" || r.From == "" || r.URL == "" && r.File == nil || (r.URL == "") != (r.Location == "") {
		t.Fatalf("a row lacks what every row has: %+v", r)
	}
	for _, s := range []string{r.URL, r.Text, r.Author, r.Title, r.Reference, r.Language} {
		if strings.ToValidUTF8(s, "") != s || strings.Contains(s, "\x00") {
			t.Fatalf("text no database keeps: %q", s)
		}
	}
}

func checkReject(t testing.TB, r Reject) {
	t.Helper()
	if r.Path == "" || r.Reason == "" || r.Text == "" || len(r.Head) > headBytes {
		t.Fatalf("a reject lacks its place or reason: %+v", r)
	}
}

// wantError checks the kind and code of the refusal of a whole source.
func wantError(t testing.TB, src Source, opt Options, kind staydown.Kind, code string) {
	t.Helper()
	r, err := Open(context.Background(), src, opt)
	if err == nil {
		r.Close()
		t.Fatalf("%s was opened, want %s", src.Name, code)
	}
	if staydown.KindOf(err) != kind || staydown.CodeOf(err) != code {
		t.Fatalf("%s: %v (%s, %s), want %s, %s", src.Name, err, staydown.KindOf(err), staydown.CodeOf(err), kind, code)
	}
	if !strings.Contains(err.Error(), src.Name) {
		t.Errorf("the error does not say where: %v", err)
	}
}

// endless gives a prefix, then n bytes of a repeated pattern, then a suffix, without holding them.
type endless struct {
	prefix, suffix string
	pattern        string
	n              int64
	at             int64
}

func (e *endless) Read(p []byte) (int, error) {
	head, body := int64(len(e.prefix)), e.n
	switch {
	case e.at < head:
		k := copy(p, e.prefix[e.at:])
		e.at += int64(k)
		return k, nil
	case e.at < head+body:
		k := int64(0)
		for k < int64(len(p)) && e.at < head+body {
			c := copy(p[k:min(int64(len(p)), k+head+body-e.at)], e.pattern)
			k += int64(c)
			e.at += int64(c)
		}
		return int(k), nil
	}
	k := copy(p, e.suffix[min(int64(len(e.suffix)), e.at-head-body):])
	e.at += int64(k)
	if k == 0 {
		return 0, io.EOF
	}
	return k, nil
}

func endlessSource(name, prefix, pattern, suffix string, n int64) Source {
	n -= n % int64(len(pattern))
	return Source{Name: name, Size: int64(len(prefix)+len(suffix)) + n, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(&endless{prefix: prefix, suffix: suffix, pattern: pattern, n: n}), nil
	}}
}

// A line of two gigabytes costs a reject: its neighbours stay, and memory stays bounded.
func TestHugeLines(t *testing.T) {
	if testing.Short() || raceOn {
		t.Skip("reads gigabytes: not with -short, nor under the race detector")
	}
	const huge = 2 << 30
	wide := strings.Repeat("a", 32<<10)
	opening := `{"name":"Example room","type":"private_channel","id":7,"messages":[` + "\n" + `{"id":1,"type":"message","date_unixtime":"1574326800","text":"one"},`
	closing := `"},` + "\n" + `{"id":3,"type":"message","date_unixtime":"1574326800","text":"three"}]}`
	tests := []struct {
		name    string
		src     Source
		format  Format
		rows    int
		rejects []Reason
	}{
		{"list", endlessSource("list.txt", "https://relay.example/1\n", wide, "\nhttps://relay.example/2\n", huge), URLs, 2, []Reason{TooLong}},
		{"list without a line's end", endlessSource("list.txt", "https://relay.example/1\n", wide, "", huge), URLs, 1, []Reason{TooLong}},
		{"table", endlessSource("table.csv", "url,body\nhttps://relay.example/1,x\nhttps://relay.example/2,", wide, "\nhttps://relay.example/3,y\n", huge), CSV, 2, []Reason{TooLong}},
		{"quoted cell", endlessSource("table.csv", "url,body\nhttps://relay.example/1,x\nhttps://relay.example/2,\"", wide+"\n", "\"\nhttps://relay.example/3,y\n", 32<<20), CSV, 2, nil},
		{"export", endlessSource("result.json", opening+`{"id":2,"type":"message","text":"`, wide, closing, huge), Telegram, 2, []Reason{TooLong}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Open(context.Background(), tt.src, Options{Format: tt.format})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			rows, most := 0, uint64(0)
			var reasons []Reason
			for {
				e, err := r.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if e.Row != nil {
					rows++
				} else if reasons = append(reasons, e.Reject.Reason); e.Reject.Reason == TooLong && e.Reject.Length < huge-int64(len(wide)) {
					t.Errorf("the reject has %d bytes", e.Reject.Length)
				}
				if len(reasons)%1000 == 1 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
			}
			if rows != tt.rows {
				t.Errorf("%d rows, want %d", rows, tt.rows)
			}
			if tt.rejects != nil && (len(reasons) != 1 || reasons[0] != tt.rejects[0]) {
				t.Errorf("rejects %v, want %v", reasons[:min(5, len(reasons))], tt.rejects)
			}
			if most > 64<<20 {
				t.Errorf("the heap grew to %s", sizeText(int64(most)))
			}
		})
	}
}

// A reader can be stopped inside of a line that has no end.
func TestStopInsideOfALine(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	src := endlessSource("list.txt", "https://relay.example/1\n", strings.Repeat("a", 32<<10), "", 1<<50)
	seen := int64(0)
	r, err := Open(ctx, src, Options{Format: URLs, Progress: func(p Progress) {
		if seen = p.Bytes; seen > 8<<20 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's end", err)
	}
	if at := r.Checkpoint(); at.Entries != 1 {
		t.Errorf("the checkpoint stands behind %d entries, want 1", at.Entries)
	}
}

// Stopping behind any entry and going on gives what one go gives.
func TestResume(t *testing.T) {
	sources := map[string]Source{
		"list":  textSource("list.txt", "https://relay.example/1 https://relay.example/2\nnothing\nhttps://relay.example/3\n"),
		"table": textSource("table.csv", "id,thread_id,author,body,timestamp\n1,1,a,see https://relay.example/1 and https://relay.example/2,2019-11-21 10:00:00\n2,1,b,nothing,2019-11-21 10:00:00\n3,1,\"b\nhttps://relay.example/3\",x,y\n"),
		"export": textSource("result.json", `{"name":"Example room","type":"private_channel","id":7,"messages":[
			{"id":1,"type":"message","date_unixtime":"1574326800","text":"see https://relay.example/1 and https://relay.example/2"},
			{"id":3,"type":"message","date_unixtime":"1574326800","text":"three"}, 17,
			{"id":4,"type":"message","date_unixtime":"1574326800","text":"four"}]}`),
		"folder": folderSource(t, map[string]string{"a/1.txt": "one", "a/2.txt": "two", "a.txt": "three", "b/empty": "", "z.url": "[InternetShortcut]\nURL=https://relay.example/1\n"}),
	}
	for name, src := range sources {
		t.Run(name, func(t *testing.T) {
			want := places(readEntries(t, src, nil, -1))
			if len(want) < 4 {
				t.Fatalf("only %d entries: the test shows nothing", len(want))
			}
			for stop := range want {
				first, at := readEntries(t, src, nil, stop)
				rest, _ := readEntries(t, src, &at, -1)
				if have := places(append(first, rest...), at); strings.Join(have, "\n") != strings.Join(want, "\n") {
					t.Errorf("stopped behind %d: have\n%s\nwant\n%s", stop, strings.Join(have, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}

func TestResumeRefusesAnotherFile(t *testing.T) {
	_, at := readEntries(t, textSource("list.txt", "https://relay.example/1\nhttps://relay.example/2\n"), nil, 1)
	wantError(t, textSource("list.txt", "https://relay.example/9\nhttps://relay.example/2\n"), Options{Resume: &at}, staydown.Refused, "intake.changed")
}

// readEntries reads up to stop entries, or all.
func readEntries(t *testing.T, src Source, from *Checkpoint, stop int) ([]Entry, Checkpoint) {
	t.Helper()
	r, err := Open(context.Background(), src, Options{Resume: from})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []Entry
	for stop < 0 || len(out) < stop {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out, r.Checkpoint()
}

func places(entries []Entry, _ Checkpoint) []string {
	var out []string
	for _, e := range entries {
		if e.Row != nil {
			out = append(out, "row "+e.Row.Path+" "+e.Row.URL)
		} else {
			out = append(out, "reject "+e.Reject.Path+" "+string(e.Reject.Reason))
		}
	}
	return out
}

// tryAll is readAll for sources that may be refused.
func tryAll(t *testing.T, src Source, opt Options) ([]Entry, error) {
	t.Helper()
	r, err := Open(context.Background(), src, opt)
	if err != nil {
		if staydown.KindOf(err) == staydown.Internal {
			t.Fatalf("foreign bytes made an error of ours: %v", err)
		}
		return nil, err
	}
	defer r.Close()
	var out []Entry
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			t.Fatalf("foreign bytes made an error of ours: %v", err)
		}
		if e.Row != nil {
			checkRow(t, *e.Row)
		} else {
			checkReject(t, *e.Reject)
		}
		out = append(out, e)
	}
}
