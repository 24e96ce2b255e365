package document

import (
	"bytes"
	"strings"

	"github.com/staydown/staydown"
)

// Kind is a kind of document.
type Kind string

// The kinds that are read.
const (
	PDF          Kind = "pdf"
	Words        Kind = "words"        // .docx, .odt
	Slides       Kind = "slides"       // .pptx, .odp
	Sheets       Kind = "sheets"       // .xlsx, .ods
	Archive      Kind = "archive"      // a zip: an office file, or not
	Unrecognised Kind = "unrecognised" // none of these
)

// The codes of errors; all are staydown.Error.
const (
	CodeKind   = "document.kind"   // not a document that is read here
	CodeFormat = "document.format" // damaged, or not what it says it is
	CodeBomb   = "document.bomb"   // it unpacks to more than the limit
	CodeEmpty  = "document.empty"  // there is no text in it, as in a scan
)

// Document is what was taken out.
type Document struct {
	Kind  Kind
	Text  string // paragraphs end with a line break
	Pages int    // pages, slides or sheets; 0 where the file does not tell
	Cut   string // what limit left the rest out: text or pages; "" when it is whole
}

// Limits bound what is read. Zero takes the default named.
type Limits struct {
	Entries  int   // in an archive; 10,000
	Unpacked int64 // bytes of XML that are unpacked; 64 MiB
	Depth    int   // of elements in each other; 256
	Text     int   // bytes of text that are kept; 8 MiB
	Pages    int   // of a PDF; 2,000
}

func (l Limits) orDefault() Limits {
	if l.Entries <= 0 {
		l.Entries = 10_000
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 64 << 20
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	if l.Text <= 0 {
		l.Text = 8 << 20
	}
	if l.Pages <= 0 {
		l.Pages = 2_000
	}
	return l
}

// Sniff tells the kind of a file from its first bytes. Of office files it tells
// that they are archives: what is inside stands at their end.
func Sniff(head []byte) Kind {
	switch {
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")): // some have other bytes before it
		return PDF
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return Archive
	}
	return Unrecognised
}

// text is gathered text, up to a limit.
type text struct {
	strings.Builder
	most int
	full bool
}

func (t *text) add(s string) {
	if left := t.most - t.Len(); len(s) > left {
		s, t.full = strings.ToValidUTF8(s[:max(left, 0)], ""), true
	}
	t.WriteString(s)
}

// end ends a paragraph.
func (t *text) end() {
	if s := t.String(); s != "" && s[len(s)-1] != '\n' {
		t.add("\n")
	}
}

// done makes the document, or says that there are no words in it.
func (t *text) done(kind Kind, pages int) (Document, error) {
	d := Document{Kind: kind, Text: t.String(), Pages: pages}
	if strings.TrimSpace(d.Text) == "" {
		return Document{}, staydown.Errorf(staydown.Invalid, CodeEmpty, "there is no text in it")
	}
	if t.full {
		d.Cut = "text"
	}
	return d, nil
}
