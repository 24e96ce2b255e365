package document

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/sandbox"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "confine" {
		syscall.Exit(sandbox.Confine(os.Args[2])) // at once: os.Exit waits a second under the race detector
	}
	os.Exit(m.Run())
}

// packed makes an archive of pairs of name and content.
func packed(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		e, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(e, pairs[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	docx = head + `<w:document xmlns:w="w"><w:body><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>First </w:t></w:r><w:r><w:t>paragraph.</w:t></w:r></w:p>` +
		`<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>نص عربي</w:t><w:tab/><w:t>&amp; more</w:t></w:r></w:p></w:body></w:document>`
	odt = head + `<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>` +
		`<text:h>Title</text:h><text:p>One<text:s/><text:span>two</text:span></text:p></office:text></office:body></office:document-content>`
)

func slide(words string) string {
	return head + `<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>` + words + `</a:t></a:r></a:p></p:sld>`
}

func TestReadOffice(t *testing.T) {
	tests := []struct {
		name  string
		pairs []string
		want  Document
	}{
		{"docx", []string{"[Content_Types].xml", "<x/>", "word/document.xml", docx, "word/footnotes.xml", `<w:footnotes xmlns:w="w"><w:p><w:t>a note</w:t></w:p></w:footnotes>`},
			Document{Kind: Words, Text: "First paragraph.\nنص عربي\t& more\na note\n"}},
		{"odt", []string{"mimetype", "application/vnd.oasis.opendocument.text", "content.xml", odt}, Document{Kind: Words, Text: "Title\nOne two\n"}},
		{"odp", []string{"mimetype", "application/vnd.oasis.opendocument.presentation", "content.xml", odt}, Document{Kind: Slides, Text: "Title\nOne two\n"}},
		{"pptx", []string{"ppt/presentation.xml", "<p/>", "ppt/slides/slide10.xml", slide("ten"), "ppt/slides/slide2.xml", slide("two")}, Document{Kind: Slides, Text: "two\nten\n", Pages: 2}},
		{"xlsx", []string{"xl/workbook.xml", "<w/>", "xl/sharedStrings.xml", `<sst><si><t>one</t></si><si><r><t>tw</t></r><r><t>o</t></r><rPh><t>no</t></rPh></si></sst>`,
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c><f>SUM(A1)</f><v>3</v></c><c t="inlineStr"><is><t>three</t></is></c></row></sheetData></worksheet>`},
			Document{Kind: Sheets, Text: "one\ntwo\nthree\n", Pages: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := packed(t, tt.pairs...)
			if kind := Sniff(data); kind != Archive {
				t.Errorf("sniffed %s", kind)
			}
			got, err := ReadOffice(t.Context(), bytes.NewReader(data), int64(len(data)), Limits{})
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestHostileOffice(t *testing.T) {
	word := func(body string) []byte {
		return packed(t, "word/document.xml", `<w:document xmlns:w="w"><w:p><w:t>`+body+`</w:t></w:p></w:document>`)
	}
	many := make([]string, 0, 40_004)
	for i := range 20_001 {
		many = append(many, fmt.Sprintf("word/%d", i), "")
	}
	nested := append([]string{"word/document.xml", docx}, "word/footnotes.xml", strings.Repeat("<a>", 300)+strings.Repeat("</a>", 300))
	tests := []struct {
		name string
		data []byte
		code string
	}{
		{"unpacks to 20 MiB", word(strings.Repeat("word ", 4<<20)), CodeBomb},
		{"unpacks to 20 MiB outside of the text", packed(t, "word/document.xml", "<w:document xmlns:w='w'><!--"+strings.Repeat("-x", 10<<20)+"--></w:document>"), CodeBomb},
		{"one attribute of 20 MiB", packed(t, "word/document.xml", `<a b="`+strings.Repeat("c", 20<<20)+`"/>`), CodeBomb},
		{"many entries", packed(t, many...), CodeBomb},
		{"deep", packed(t, nested...), CodeBomb},
		{"entities", packed(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>`), CodeFormat},
		{"an entity from outside", packed(t, "content.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`), CodeFormat},
		{"an entity nobody defined", word("&b;"), CodeFormat},
		{"breaks off", word("x")[:60], CodeFormat},
		{"ends twice", packed(t, "word/document.xml", "<a></a></a>"), CodeFormat},
		{"never ends", packed(t, "word/document.xml", "<a>"), CodeFormat},
		{"no document", packed(t, "readme.txt", "x"), CodeKind},
		{"no words", word(" "), CodeEmpty},
		{"nothing", nil, CodeFormat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d, err := ReadOffice(t.Context(), bytes.NewReader(tt.data), int64(len(tt.data)), Limits{Text: 1 << 30, Unpacked: 8 << 20})
			runtime.ReadMemStats(&after)
			if staydown.CodeOf(err) != tt.code {
				t.Errorf("got %d bytes, %v", len(d.Text), err)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 128<<20 {
				t.Errorf("allocated %d MiB", spent>>20)
			}
		})
	}
}

// An entry that says it has five bytes, and has 20 MiB.
func TestLyingSizes(t *testing.T) {
	var deflated, b bytes.Buffer
	f, _ := flate.NewWriter(&deflated, 1)
	io.WriteString(f, "<t>"+strings.Repeat("word ", 4<<20)+"</t>")
	f.Close()
	w := zip.NewWriter(&b)
	e, err := w.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Deflate, UncompressedSize64: 5, CompressedSize64: uint64(deflated.Len())})
	if err != nil {
		t.Fatal(err)
	}
	e.Write(deflated.Bytes())
	w.Close()
	d, err := ReadOffice(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()), Limits{})
	if staydown.KindOf(err) != staydown.Invalid {
		t.Errorf("got %d bytes, %v", len(d.Text), err)
	}
}

func TestTextIsCut(t *testing.T) {
	data := packed(t, "word/document.xml", `<w:document xmlns:w="w"><w:p><w:t>`+strings.Repeat("نص", 1000)+`</w:t></w:p></w:document>`)
	d, err := ReadOffice(t.Context(), bytes.NewReader(data), int64(len(data)), Limits{Text: 101})
	if err != nil || d.Cut != "text" || d.Text != strings.Repeat("نص", 25) {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	data := packed(t, "word/document.xml", docx)
	if _, err := ReadOffice(ctx, bytes.NewReader(data), int64(len(data)), Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// sample is a PDF of two pages.
func sample() []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	page := func(words string) {
		stream := "BT /F1 12 Tf 72 720 Td (" + words + ") Tj ET"
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream))
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>")
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
	page("A synthetic first page")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 7 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
	page("and a second")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

func walled(t testing.TB) Runner {
	t.Helper()
	path, err := sandbox.Find("pdftotext", "poppler-utils")
	if err != nil {
		t.Skip(err)
	}
	box := &sandbox.Box{Self: []string{"/proc/self/exe", "confine"}}
	if c := box.Probe(t.Context()); !c.Files.Stands || !c.Network.Stands {
		t.Skipf("decoders cannot be walled off here: %s %s", c.Files.Why, c.Network.Why)
	}
	return Runner{Input: sandbox.Input, Run: func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error {
		return box.Run(ctx, sandbox.Tool{Path: path, Args: args, Reads: PDFReads}, in, sandbox.Limits{}, read)
	}}
}

func TestReadPDF(t *testing.T) {
	run := walled(t)
	if Sniff(sample()) != PDF {
		t.Error("not recognised")
	}
	d, err := ReadPDF(t.Context(), run, bytes.NewReader(sample()), Limits{})
	if err != nil || d.Pages != 2 || d.Cut != "" || strings.Join(strings.Fields(d.Text), " ") != "A synthetic first page and a second" {
		t.Errorf("got %+v, %v", d, err)
	}
	d, err = ReadPDF(t.Context(), run, bytes.NewReader(sample()), Limits{Pages: 1})
	if err != nil || d.Pages != 1 || d.Cut != "pages" {
		t.Errorf("one page: %+v, %v", d, err)
	}
	d, err = ReadPDF(t.Context(), run, bytes.NewReader(sample()), Limits{Text: 5})
	if err != nil || d.Text != "A syn" || d.Cut != "text" {
		t.Errorf("five bytes: %+v, %v", d, err)
	}
	for name, data := range map[string]string{"empty": "", "no PDF": "no PDF at all", "a PDF's beginning only": "%PDF-1.4\n"} {
		if d, err := ReadPDF(t.Context(), run, strings.NewReader(data), Limits{}); staydown.KindOf(err) != staydown.Invalid {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func FuzzOffice(f *testing.F) {
	f.Add(packed(f, "word/document.xml", docx))
	f.Add(packed(f, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", odt))
	f.Add(packed(f, "xl/workbook.xml", "", "xl/sharedStrings.xml", "<sst><si><t>x</t></si></sst>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ReadOffice(t.Context(), bytes.NewReader(data), int64(len(data)), Limits{Unpacked: 1 << 20, Text: 1 << 10})
		if err != nil && staydown.KindOf(err) == staydown.Internal {
			t.Errorf("an error of ours: %v", err)
		}
		if len(d.Text) > 1<<10 {
			t.Errorf("%d bytes of text", len(d.Text))
		}
	})
}

func FuzzWalk(f *testing.F) {
	f.Add(docx)
	f.Add(odt)
	f.Add(slide("x"))
	f.Add(`<!DOCTYPE x [<!ENTITY a "b">]><t>&a;</t>`)
	f.Fuzz(func(t *testing.T, data string) {
		for _, r := range []rules{wordRules, slideRules, sheetRules, openRules} {
			out := &text{most: 1 << 10}
			walk(t.Context(), strings.NewReader(data), r, 50, out)
			if out.Len() > 1<<10 {
				t.Errorf("%d bytes of text", out.Len())
			}
		}
	})
}
