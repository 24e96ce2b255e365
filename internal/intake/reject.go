package intake

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// Reason is why bytes gave no row; it is stable, clients and translators key on it.
type Reason string

// The reasons.
const (
	TooLong    Reason = "too_long"    // a line, record or message above the limit
	TooDeep    Reason = "too_deep"    // nested deeper than the limit
	BadBytes   Reason = "encoding"    // the address holds bytes outside the encoding, or NUL
	NoAddress  Reason = "no_address"  // nothing in it looks like an address
	BadAddress Reason = "bad_address" // it looks like one, but is none
	OpenQuote  Reason = "open_quote"  // a quoted field that never ends
	Columns    Reason = "columns"     // more columns than the limit
	Broken     Reason = "broken"      // not what the format says
	Truncated  Reason = "truncated"   // the file ends in the middle of it
	Symlink    Reason = "symlink"     // never followed
	Special    Reason = "special"     // device, pipe, socket
	TooBig     Reason = "too_big"     // a file above the limit
	Unreadable Reason = "unreadable"  // the machine refuses to read it
	Changed    Reason = "changed"     // it changed while it was read
	Empty      Reason = "empty"       // a file without a byte
)

// headBytes is how much of a reject is kept.
const headBytes = 4 << 10

// Reject is bytes that gave no row.
type Reject struct {
	Path   string
	Line   int64 // first line, from 1; 0 where a format has none
	Offset int64
	Length int64 // in the file; may be far above len(Head)
	Reason Reason
	Text   string // what, and what to do, in English
	Head   []byte // the first 4 KiB
}

// RejectWriter writes rejects as JSON lines, one object each, so that whoever mends them finds each by its place.
type RejectWriter struct {
	w io.Writer
	n int64
}

// NewRejectWriter writes to w.
func NewRejectWriter(w io.Writer) *RejectWriter { return &RejectWriter{w: w} }

// Count is how many were written.
func (w *RejectWriter) Count() int64 { return w.n }

// Write writes one reject. Its head is a string when it is UTF-8, else base64 under head_base64.
func (w *RejectWriter) Write(r Reject) error {
	line := struct {
		Path   string `json:"path"`
		Line   int64  `json:"line,omitempty"`
		Offset int64  `json:"offset"`
		Length int64  `json:"length"`
		Reason Reason `json:"reason"`
		Text   string `json:"text"`
		Head   string `json:"head,omitempty"`
		Base64 string `json:"head_base64,omitempty"`
	}{Path: r.Path, Line: r.Line, Offset: r.Offset, Length: r.Length, Reason: r.Reason, Text: r.Text}
	if utf8.Valid(r.Head) {
		line.Head = string(r.Head)
	} else {
		line.Base64 = base64.StdEncoding.EncodeToString(r.Head)
	}
	b, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("writing a reject: %w", err)
	}
	if _, err := w.w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("writing a reject: %w", err)
	}
	w.n++
	return nil
}

// headOf copies the first 4 KiB.
func headOf(b []byte) []byte {
	return append([]byte(nil), b[:min(len(b), headBytes)]...)
}
