package document

import (
	"context"
	"io"
	"strconv"
	"strings"
)

// Runner runs pdftotext with these arguments, walled off, over the bytes of in,
// which it finds at the path Input as a file, and hands to read what it writes.
type Runner struct {
	Run   func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error
	Input string
}

// PDFReads are the folders that pdftotext needs besides its libraries: tables of
// the character sets of East Asia.
var PDFReads = []string{"/usr/share/poppler"}

// ReadPDF takes the text out of a PDF, page by page.
func ReadPDF(ctx context.Context, run Runner, in io.Reader, l Limits) (Document, error) {
	l = l.orDefault()
	out := &text{most: l.Text}
	pages := 0
	args := []string{"-q", "-enc", "UTF-8", "-eol", "unix", "-l", strconv.Itoa(l.Pages), run.Input, "-"}
	err := run.Run(ctx, args, in, func(r io.Reader) error {
		buf := make([]byte, 32<<10)
		for !out.full {
			n, err := r.Read(buf)
			pages += strings.Count(string(buf[:n]), "\f") // ends each page
			out.add(strings.ReplaceAll(string(buf[:n]), "\f", "\n"))
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Document{}, err
	}
	d, err := out.done(PDF, pages)
	if err == nil {
		d.Text = strings.ToValidUTF8(d.Text, "")
		if d.Cut == "" && pages == l.Pages {
			d.Cut = "pages"
		}
	}
	return d, err
}
