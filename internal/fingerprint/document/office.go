package document

import (
	"archive/zip"
	"cmp"
	"context"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
)

// format is how one family of office files keeps its text.
type format struct {
	kind  Kind
	mark  string   // the entry by which it is known
	parts []string // patterns of the entries that hold text, in the order to be read
	pages string   // pattern of the entries that are pages; "" where pages are not kept
	rules rules
}

// formats are the families of ECMA-376 (Office Open XML) and ISO/IEC 26300
// (OpenDocument). OpenDocument's three keep text in the same entry.
var formats = []format{
	{Words, "word/document.xml", []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml", "word/header*.xml", "word/footer*.xml"}, "", wordRules},
	{Slides, "ppt/presentation.xml", []string{"ppt/slides/slide*.xml", "ppt/notesSlides/notesSlide*.xml"}, "ppt/slides/slide*.xml", slideRules},
	{Sheets, "xl/workbook.xml", []string{"xl/sharedStrings.xml", "xl/worksheets/sheet*.xml", "xl/comments*.xml"}, "xl/worksheets/sheet*.xml", sheetRules},
	{Words, "content.xml", []string{"content.xml", "styles.xml"}, "", openRules},
}

// ReadOffice takes the text out of an office file. The archive's own words about
// sizes are not believed: what is really unpacked counts against the limit.
func ReadOffice(ctx context.Context, r io.ReaderAt, size int64, l Limits) (Document, error) {
	l = l.orDefault()
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Document{}, staydown.Errorf(staydown.Invalid, CodeFormat, "the archive cannot be read: %v", err)
	}
	if len(z.File) > l.Entries {
		return Document{}, staydown.Errorf(staydown.Invalid, CodeBomb, "the archive has %d entries, more than the %d that are looked at", len(z.File), l.Entries)
	}
	f, entries, ok := recognise(z.File)
	if !ok {
		return Document{}, staydown.Errorf(staydown.Invalid, CodeKind, "this archive is no office document")
	}
	b := &budget{left: l.Unpacked, most: l.Unpacked}
	kind, pages := f.kind, 0
	if f.mark == "content.xml" {
		kind = openKind(entries["mimetype"])
	}
	out := &text{most: l.Text}
	for _, pattern := range f.parts {
		for _, e := range matching(entries, pattern) {
			if pattern == f.pages {
				pages++
			}
			if out.full {
				continue
			}
			if err := part(ctx, e, f.rules, b, l, out); err != nil {
				return Document{}, err
			}
		}
	}
	return out.done(kind, pages)
}

// recognise finds the family, and the entries by name. Of entries with one name
// the first counts.
func recognise(files []*zip.File) (format, map[string]*zip.File, bool) {
	entries := map[string]*zip.File{}
	for _, e := range files {
		if _, twice := entries[e.Name]; !twice {
			entries[e.Name] = e
		}
	}
	for _, f := range formats {
		if entries[f.mark] != nil {
			return f, entries, true
		}
	}
	return format{}, nil, false
}

// openKind tells the kind of an OpenDocument file from the entry that names it.
func openKind(e *zip.File) Kind {
	if e == nil {
		return Words
	}
	r, err := e.Open()
	if err != nil {
		return Words
	}
	defer r.Close()
	name, _ := io.ReadAll(io.LimitReader(r, 100))
	switch {
	case strings.Contains(string(name), "spreadsheet"):
		return Sheets
	case strings.Contains(string(name), "presentation"):
		return Slides
	}
	return Words
}

// matching are the entries of a pattern in the order of their numbers: slide2
// before slide10.
func matching(entries map[string]*zip.File, pattern string) (all []*zip.File) {
	for name, e := range entries {
		if ok, _ := path.Match(pattern, name); ok {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b *zip.File) int {
		return cmp.Or(cmp.Compare(numberIn(a.Name), numberIn(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func numberIn(name string) int {
	digits := strings.TrimFunc(path.Base(name), func(r rune) bool { return r < '0' || r > '9' })
	n, _ := strconv.Atoi(digits)
	return n
}

// part reads one entry.
func part(ctx context.Context, e *zip.File, rules rules, b *budget, l Limits, out *text) error {
	r, err := e.Open()
	if err != nil {
		return staydown.Errorf(staydown.Invalid, CodeFormat, "%s cannot be unpacked: %v", e.Name, err)
	}
	defer r.Close()
	b.from = r
	if err := walk(ctx, b, rules, l.Depth, out); err != nil {
		if b.left < 0 {
			return b.spent()
		}
		if staydown.KindOf(err) == staydown.Internal && ctx.Err() == nil {
			return staydown.Errorf(staydown.Invalid, CodeFormat, "%.100s cannot be read: %v", e.Name, err)
		}
		return err
	}
	return nil
}

// budget is what may still be unpacked of one document.
type budget struct {
	from       io.Reader
	left, most int64
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.spent()
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, b.spent()
	}
	return n, err
}

func (b *budget) spent() error {
	return staydown.Errorf(staydown.Invalid, CodeBomb, "it unpacks to more than %d bytes", b.most)
}
