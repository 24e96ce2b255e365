package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
)

const (
	hash64 = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
	hash32 = "e359430911fe80c2dd526d3cca21da30"
	fuzzy  = "T1DFB092A1724AC2C0D3CA48452291EA04A5B75EB903A6E7577A54118FFA8148E98F9426"
	query  = `{"and": [{"or": ["drill"]}], "not": []}`
)

// read takes all of a file: rows, complaints of bad rows, and the error that ended it.
func read(t *testing.T, text string, f Format, o Options) (rows []Row, bad []string, end error) {
	t.Helper()
	x, err := Open(strings.NewReader(text), f, o)
	if err != nil {
		return nil, nil, err
	}
	for r, err := range x.Rows() {
		var b *BadRow
		switch {
		case err == nil:
			rows = append(rows, r)
		case errors.As(err, &b):
			bad = append(bad, b.Error())
		default:
			end = err
		}
	}
	return rows, bad, end
}

func TestReadTX(t *testing.T) {
	rows, bad, err := read(t, "\uFEFFsignal_type,signal_str,collab,category,tags\r\n"+
		"pdq,"+strings.ToUpper(hash64)+",Sample Data,POSITIVE_CLASS,one entity:somebody\r\n"+
		"raw_text,\"one, \"\"two\"\"\nthree\",Sample Data,NEGATIVE_CLASS,\r\n"+
		"video_md5,"+hash32+",x,DISPUTED,\r\n"+
		"video_md5,nonsense,x,POSITIVE_CLASS,\r\n"+
		"photodna,0000,x,POSITIVE_CLASS,\r\n"+
		"pdq,"+hash64+"\r\n"+
		"\r\n"+
		"trend_query,\""+strings.ReplaceAll(query, `"`, `""`)+"\",x,INVESTIGATION_SEED,\r\n"+
		"vpdq,\"[\"\""+hash64+",100,0.000\"\",\"\""+hash64+",40,1.500\"\"]\",x,,", TX, Options{})
	want := []Row{
		{Signal: PDQ, Value: hash64, Quality: NotGiven, Source: "Sample Data", Opinion: Positive, Labels: []Label{{Tag, "one"}, {Entity, "somebody"}}},
		{Signal: Text, Value: "one, \"two\"\nthree", Quality: NotGiven, Source: "Sample Data", Opinion: Negative},
		{Signal: MD5, Value: hash32, Quality: NotGiven, Source: "x", Opinion: Disputed},
		{Signal: TrendQuery, Value: query, Quality: NotGiven, Source: "x", Opinion: Seed},
		{Signal: VPDQ, Value: hash64, Quality: 100, Content: "line-11", Source: "x"},
		{Signal: VPDQ, Value: hash64, Quality: 40, Content: "line-11", Source: "x", Frame: 1, TimeCode: 1500 * time.Millisecond},
	}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	wantBad := []string{
		"line 6: 8 characters where 32 hexadecimal digits belong",
		`line 7: signals of type "photodna" are not kept`,
		"line 8: 2 fields where the first line has 5",
	}
	if diff := cmp.Diff(wantBad, bad); diff != "" {
		t.Error(diff)
	}
}

// TestOlderTX: the columns once stood in another order.
func TestOlderTX(t *testing.T) {
	rows, bad, err := read(t, "collab,signal_type,signal_str,category,tags\nc,url_md5,"+hash32+",POSITIVE_CLASS,a b\n", TX, Options{})
	want := []Row{{Signal: URLMD5, Value: hash32, Quality: NotGiven, Source: "c", Opinion: Positive, Labels: []Label{{Tag, "a"}, {Tag, "b"}}}}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil || bad != nil {
		t.Errorf("%v %v\n%s", err, bad, diff)
	}
}

func TestReadLocal(t *testing.T) {
	rows, bad, err := read(t, "pdq "+hash64+"\n\ntrend_query "+query+"\nurl example.org/a b\nraw_text  some words \n"+hash64+"\nvpdq [\"nonsense\"]\n", Local, Options{Source: "list"})
	want := []Row{
		{Signal: PDQ, Value: hash64, Quality: NotGiven, Source: "list"},
		{Signal: TrendQuery, Value: query, Quality: NotGiven, Source: "list"},
		{Signal: URL, Value: "example.org/a b", Quality: NotGiven, Source: "list"},
		{Signal: Text, Value: "some words", Quality: NotGiven, Source: "list"},
	}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil || len(bad) != 2 || !strings.HasPrefix(bad[0], "line 6: ") {
		t.Errorf("%v %q\n%s", err, bad, diff)
	}
	rows, bad, err = read(t, hash32+"\n"+hash32, Local, Options{Signal: "video_md5"})
	if err != nil || bad != nil || len(rows) != 2 || rows[1].Signal != MD5 {
		t.Errorf("%v %v %v", rows, bad, err)
	}
}

func TestReadFrames(t *testing.T) {
	rows, bad, err := read(t, "0,100,"+hash64+",0.000\n7,0,"+hash64+",0.233\n8,100,"+hash64+"\n9,,"+hash64+",1\n9,101,"+hash64+",1\nx,1,"+hash64+",1\n", Frames, Options{Content: "v"})
	want := []Row{
		{Signal: VPDQ, Value: hash64, Quality: 100, Content: "v"},
		{Signal: VPDQ, Value: hash64, Content: "v", Frame: 7, TimeCode: 233 * time.Millisecond},
		{Signal: VPDQ, Value: hash64, Quality: 100, Content: "v", Frame: 8},
	}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil || len(bad) != 3 {
		t.Errorf("%v %q\n%s", err, bad, diff)
	}
}

// TestReferenceFrames reads the files of the vPDQ reference, and writes them
// again byte by byte.
func TestReferenceFrames(t *testing.T) {
	list, _ := filepath.Glob("../../../../shared/data/vpdq/*.txt")
	if len(list) == 0 {
		t.Skip("../shared/data/vpdq is not there: nothing to compare with")
	}
	for _, name := range list {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, bad, err := read(t, string(data), Frames, Options{Content: "v"})
		var out bytes.Buffer
		w := NewFrames(&out)
		for _, r := range rows {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil || bad != nil || len(rows) < 50 || w.Close() != nil || strings.TrimSpace(out.String()) != strings.TrimSpace(string(data)) {
			t.Errorf("%s: %d rows, %v, %v", filepath.Base(name), len(rows), bad, err)
		}
	}
}

func TestReadHashes(t *testing.T) {
	rows, bad, err := read(t, "hash_digest,algorithm,ideology,file_type,updated_on,Terrorist Entity,Behavioral Elements,labels,category,id\n"+
		hash32+",MD5,somewhat,mp4,1704901040.222779,A; B|A,calls,incident:x;free,agree,2819\n"+
		hash64+",PDQ,,jpg,2025-03-03T23:05:22.587,,,,,2819\n"+
		"00,SHA512,,jpg,,,,,,1\n"+
		hash64+",PDQ,,jpg,yesterday,,,,,1\n", Hashes, Options{Source: "programme"})
	want := []Row{
		{Signal: MD5, Value: hash32, Quality: NotGiven, Content: "2819", Source: "programme", Opinion: Positive, At: time.Date(2024, 1, 10, 15, 37, 20, 222779000, time.UTC),
			Labels: []Label{{Entity, "A"}, {Entity, "B"}, {Behaviour, "calls"}, {Ideology, "somewhat"}, {Incident, "x"}, {Tag, "free"}}},
		{Signal: PDQ, Value: hash64, Quality: NotGiven, Content: "2819", Source: "programme", At: time.Date(2025, 3, 3, 23, 5, 22, 587000000, time.UTC)},
	}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil || len(bad) != 2 {
		t.Errorf("%v %q\n%s", err, bad, diff)
	}
}

func TestNoSuchFile(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		f          Format
		o          Options
		code       string
	}{
		{"nothing", "", TX, Options{}, "files.head"},
		{"no such column", "a,b\n", TX, Options{}, "files.column"},
		{"type not said", "hash,x\n", Hashes, Options{}, "files.signal"},
		{"no such type", "x", Local, Options{Signal: "photodna"}, "files.signal"},
		{"no such format", "x", "te", Options{}, "files.format"},
		{"a bank file that is none", "{}\n", Bank, Options{}, "files.head"},
		{"a bank without name", `{"format":"staydown-bank/1"}`, Bank, Options{}, "files.head"},
		{"another version", `{"format":"staydown-bank/2","bank":"x"}`, Bank, Options{}, "files.head"},
	} {
		if _, _, err := read(t, tt.text, tt.f, tt.o); staydown.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
}

// TestStrayQuote: a quote without an end costs its own line and no other, and
// nothing grows beyond the bound.
func TestStrayQuote(t *testing.T) {
	head := "signal_type,signal_str,collab,category,tags\n"
	good := "pdq," + hash64 + ",x,,\n"
	rows, bad, err := read(t, head+"pdq,\"oops,x,,\n"+good+good, TX, Options{})
	if err != nil || len(rows) != 2 || len(bad) != 1 || !strings.HasPrefix(bad[0], "line 2: a quoted field has no end") {
		t.Errorf("at the end of a file: %d rows, %q, %v", len(rows), bad, err)
	}
	many := 2 * MaxRow / len(good)
	rows, bad, err = read(t, head+"pdq,\"oops,x,,\n"+strings.Repeat(good, many), TX, Options{})
	if err != nil || len(rows) != many || len(bad) != 1 || !strings.HasPrefix(bad[0], "line 2: longer than") {
		t.Errorf("in the middle: %d of %d rows, %q, %v", len(rows), many, bad, err)
	}
}

// TestEndlessLine reads a line of 64 MiB in a few.
func TestEndlessLine(t *testing.T) {
	endless := io.MultiReader(strings.NewReader("pdq "), io.LimitReader(zeros{}, 64<<20), strings.NewReader("\npdq "+hash64+"\n"))
	x, err := Open(endless, Local, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r, err := range x.Rows() {
		got = append(got, fmt.Sprint(r.Value, " ", err))
	}
	if want := []string{" line 1: longer than 4194304 bytes", hash64 + " <nil>"}; !cmp.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := len(x.src.buf); n > 4*MaxRow {
		t.Errorf("it held %d bytes", n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestBrokenStream(t *testing.T) {
	broken := errors.New("the disk is gone")
	x, err := Open(io.MultiReader(strings.NewReader("pdq "+hash64+"\npdq "), iotest.ErrReader(broken)), Local, Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, end := 0, error(nil)
	for _, err := range x.Rows() {
		if end = err; err == nil {
			n++
		}
	}
	if n != 1 || !errors.Is(end, broken) {
		t.Errorf("%d rows, then %v", n, end)
	}
}

// seal signs by writing the payload backwards.
type seal struct{}

func (seal) Sign(p []byte) (string, error) { return "signed " + string(p), nil }

func (seal) Verify(p []byte, signature string) error {
	if want, _ := (seal{}).Sign(p); want != signature {
		return errors.New("not signed by us")
	}
	return nil
}

// samples are rows of all kinds.
func samples() []Row {
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	labels := []Label{{Entity, "a group of the exercise"}, {Ideology, "none"}, {Tag, "t"}, {Tag, "entity:odd"}}
	return []Row{
		{Signal: PDQ, Value: hash64, Quality: 87, Content: "c1", Labels: labels, Opinion: Positive, Source: "s", At: at},
		{Signal: SHA256, Value: hash64, Quality: NotGiven, Content: "c1"},
		{Signal: MD5, Value: hash32, Quality: NotGiven, Opinion: Negative},
		{Signal: VPDQ, Value: hash64, Quality: 0, Content: "c2", Source: "s"},
		{Signal: VPDQ, Value: hash64, Quality: 100, Content: "c2", Source: "s", Frame: 1, TimeCode: 33 * time.Millisecond},
		{Signal: Text, Value: "two lines,\n\"quoted\" نص \\ <b>", Quality: NotGiven, Opinion: Seed},
		{Signal: URL, Value: "https://example.org/?a=b c,d", Quality: NotGiven, Opinion: Disputed},
		{Signal: URLMD5, Value: hash32, Quality: NotGiven},
		{Signal: TrendQuery, Value: query, Quality: NotGiven},
		{Signal: TLSH, Value: fuzzy, Quality: NotGiven},
	}
}

// written gives the rows as a file.
func written(t testing.TB, w Writer, err error, rows []Row) {
	t.Helper()
	for _, r := range rows {
		err = errors.Join(err, w.Write(r))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
}

var sampleHead = BankHead{Bank: "EXERCISE", Labels: []string{"incident:drill"}, Threshold: 24, Source: "us", Created: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}

func TestThereAndBack(t *testing.T) {
	var tx, hashes, bank bytes.Buffer
	w, err := NewTX(&tx)
	written(t, w, err, samples())
	w, err = NewHashes(&hashes)
	written(t, w, err, samples())
	w, err = NewBank(&bank, sampleHead, seal{})
	written(t, w, err, samples())

	rows, bad, end := read(t, bank.String(), Bank, Options{Verifier: seal{}})
	if diff := cmp.Diff(samples(), rows); diff != "" || bad != nil || end != nil {
		t.Errorf("bank: %v %v\n%s", bad, end, diff)
	}
	rows, bad, end = read(t, hashes.String(), Hashes, Options{})
	if diff := cmp.Diff(samples(), rows); diff != "" || bad != nil || end != nil {
		t.Errorf("hashes: %v %v\n%s", bad, end, diff)
	}
	rows, bad, end = read(t, tx.String(), TX, Options{})
	want := samples()
	for i := range want { // what the format cannot say
		want[i].Content, want[i].At = "", time.Time{}
		if want[i].Signal == VPDQ {
			want[i].Content = "line-5"
		} else {
			want[i].Quality = NotGiven
		}
	}
	want[0].Labels = []Label{{Entity, "a_group_of_the_exercise"}, {Ideology, "none"}, {Tag, "t"}, {Tag, "entity:odd"}}
	if diff := cmp.Diff(want, rows); diff != "" || bad != nil || end != nil {
		t.Errorf("tx: %v %v\n%s", bad, end, diff)
	}
}

func TestLocalThereAndBack(t *testing.T) {
	var out bytes.Buffer
	w := NewLocal(&out)
	var want []Row
	for _, r := range samples() {
		if err := w.Write(r); r.Signal == Text {
			if err == nil {
				t.Error("a text of two lines was written as one")
			}
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if r.Signal != VPDQ {
			want = append(want, Row{Signal: r.Signal, Value: r.Value, Quality: NotGiven})
		}
	}
	w.Close()
	rows, bad, err := read(t, out.String(), Local, Options{})
	var plain []Row
	for _, r := range rows {
		if r.Signal != VPDQ {
			plain = append(plain, r)
		}
	}
	if diff := cmp.Diff(want, plain); diff != "" || bad != nil || err != nil || len(rows) != len(want)+2 {
		t.Errorf("%v %v\n%s", bad, err, diff)
	}
}

// TestAlteredBank: whatever is done to a signed file is told.
func TestAlteredBank(t *testing.T) {
	var out bytes.Buffer
	w, err := NewBank(&out, sampleHead, seal{})
	written(t, w, err, samples())
	whole := out.String()
	lines := strings.SplitAfter(whole, "\n")
	for _, tt := range []struct{ name, text, code string }{
		{"whole", whole, "internal"},
		{"a row taken out", strings.Replace(whole, lines[3], "", 1), "files.altered"},
		{"a row doubled", strings.Replace(whole, lines[3], lines[3]+lines[3], 1), "files.altered"},
		{"another hash", strings.Replace(whole, hash32, strings.Repeat("0", 32), 1), "files.altered"},
		{"another bank", strings.Replace(whole, "EXERCISE", "OTHER", 1), "files.altered"},
		{"the end cut off", strings.Join(lines[:len(lines)-2], ""), "files.cut"},
		{"cut within a row", whole[:len(whole)/2], "files.cut"},
		{"another signature", strings.Replace(whole, "signed ", "sealed ", 1), "files.signature"},
		{"no signature", strings.Replace(whole, `"signature"`, `"other"`, 1), "files.signature"},
		{"something behind", whole + lines[3], "files.after"},
	} {
		_, _, end := read(t, tt.text, Bank, Options{Verifier: seal{}})
		if tt.name == "whole" && end != nil || tt.name != "whole" && staydown.CodeOf(end) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, end, tt.code)
		}
	}
}

// TestGoOn stops after every record and goes on from the mark, as after a kill.
func TestGoOn(t *testing.T) {
	var tx, bank bytes.Buffer
	w, err := NewTX(&tx)
	written(t, w, err, samples())
	w, err = NewBank(&bank, sampleHead, seal{})
	written(t, w, err, samples())
	for f, text := range map[Format]string{TX: tx.String(), Bank: bank.String()} {
		want, _, _ := read(t, text, f, Options{})
		var rows []Row
		o, rounds := Options{Verifier: seal{}}, 0
		for ; rounds < 100; rounds++ {
			x, err := Open(strings.NewReader(text), f, o)
			if err != nil {
				t.Fatal(err)
			}
			before := x.Mark().Offset
			for r, err := range x.Rows() {
				if err != nil {
					t.Fatal(f, err)
				}
				if x.Mark().Offset != before && len(rows) > 0 && r.Signal != VPDQ {
					rows = append(rows, r)
					break
				}
				rows = append(rows, r)
			}
			o.From = x.Mark()
			if o.From.Offset == before {
				break
			}
		}
		if diff := cmp.Diff(want, rows); diff != "" || rounds < 5 || o.From.Offset != int64(len(text)) {
			t.Errorf("%s: %d rounds, at byte %d of %d\n%s", f, rounds, o.From.Offset, len(text), diff)
		}
	}
}

// TestSmallReads: how the bytes arrive makes no difference.
func TestSmallReads(t *testing.T) {
	var out bytes.Buffer
	w, err := NewHashes(&out)
	written(t, w, err, samples())
	x, err := Open(iotest.OneByteReader(bytes.NewReader(out.Bytes())), Hashes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for r, err := range x.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	if diff := cmp.Diff(samples(), rows); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedRows(t *testing.T) {
	for _, r := range []Row{
		{Signal: "photodna", Value: "x"},
		{Signal: "raw_text", Value: "x"},
		{Signal: PDQ, Value: hash32},
		{Signal: PDQ, Value: hash64, Quality: 101},
		{Signal: VPDQ, Value: hash64, Frame: -1},
		{Signal: Text, Value: " "},
		{Signal: Text, Value: "\xff"},
		{Signal: Text, Value: strings.Repeat("x", maxText+1)},
		{Signal: URL, Value: "a\nb"},
		{Signal: TrendQuery, Value: `{"and":[{"or":["regex-/a(?=b)/"]}],"not":[]}`},
		{Signal: TLSH, Value: "T1"},
		{Signal: MD5, Value: hash32, Labels: make([]Label, maxLabels+1)},
		{Signal: MD5, Value: hash32, Labels: []Label{{Tag, ""}}},
		{Signal: MD5, Value: hash32, Source: "a\x00"},
		{Signal: MD5, Value: hash32, Content: strings.Repeat("x", maxName+1)},
	} {
		if err := r.Check(); err == nil {
			t.Errorf("%s %.20q passes", r.Signal, r.Value)
		}
	}
}

// bank of n random hashes for the benchmarks.
func many(n int, open func(io.Writer) (Writer, error)) []byte {
	rnd := rand.New(rand.NewPCG(1, 1))
	var out bytes.Buffer
	w, _ := open(&out)
	for i := range n {
		w.Write(Row{Signal: PDQ, Value: fmt.Sprintf("%016x%016x%016x%016x", rnd.Uint64(), rnd.Uint64(), rnd.Uint64(), rnd.Uint64()), Quality: 100, Content: fmt.Sprint(i), Opinion: Positive, Source: "bench", Labels: []Label{{Tag, "a"}, {Entity, "b"}}})
	}
	w.Close()
	return out.Bytes()
}

func BenchmarkRead(b *testing.B) {
	const n = 20_000
	for _, f := range []struct {
		name Format
		open func(io.Writer) (Writer, error)
	}{
		{TX, NewTX}, {Hashes, NewHashes}, {Local, func(w io.Writer) (Writer, error) { return NewLocal(w), nil }},
		{Bank, func(w io.Writer) (Writer, error) { return NewBank(w, sampleHead, nil) }},
	} {
		data := many(n, f.open)
		b.Run(string(f.name), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				x, err := Open(bytes.NewReader(data), f.name, Options{})
				if err != nil {
					b.Fatal(err)
				}
				for _, err := range x.Rows() {
					if err != nil {
						b.Fatal(err)
					}
					rows++
				}
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func FuzzRead(f *testing.F) {
	var tx, hashes, bank bytes.Buffer
	w, err := NewTX(&tx)
	written(f, w, err, samples())
	w, err = NewHashes(&hashes)
	written(f, w, err, samples())
	w, err = NewBank(&bank, sampleHead, seal{})
	written(f, w, err, samples())
	for i, s := range []string{tx.String(), hashes.String(), bank.String(), "pdq " + hash64 + "\nvpdq [\"" + hash64 + ",1,2\"]\n", "0,100," + hash64 + ",0.5\n"} {
		f.Add(uint8(i), s, uint16(40*i))
	}
	f.Add(uint8(0), "signal_type,signal_str\n\"a\"\"\n\nb", uint16(5))
	formats := []Format{TX, Hashes, Bank, Local, Frames}
	f.Fuzz(func(t *testing.T, kind uint8, text string, cut uint16) {
		format := formats[int(kind)%len(formats)]
		x, err := Open(strings.NewReader(text), format, Options{})
		if err != nil {
			return
		}
		var rows []Row
		var mark Mark
		after, records, last := 0, 0, int64(0)
		for r, err := range x.Rows() {
			if at := x.Mark(); at.Offset < last || at.Offset > int64(len(text)) {
				t.Fatalf("at byte %d of %d after %d", at.Offset, len(text), last)
			} else if at.Offset > last {
				last = at.Offset
				if records++; records == int(cut)%8 {
					mark, after = at, len(rows)
					if err == nil {
						after = -1 // further rows of this record may follow
					}
				}
			}
			if err != nil {
				continue
			}
			again := r
			if err := again.Check(); err != nil || again.Value != r.Value {
				t.Fatalf("what was read is not as it should be: %+v, %v", r, err)
			}
			rows = append(rows, r)
		}
		if mark.Offset == 0 || after < 0 {
			return
		}
		x, err = Open(strings.NewReader(text), format, Options{From: mark})
		if err != nil {
			t.Fatalf("going on: %v", err)
		}
		n := after
		for _, err := range x.Rows() {
			if err == nil {
				n++
			}
		}
		if n != len(rows) {
			t.Fatalf("%d rows in two parts, %d in one", n, len(rows))
		}
	})
}
