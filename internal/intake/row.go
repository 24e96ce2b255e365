package intake

import (
	"io"
	"time"
)

// Row is one thing a source points to: an address, a file, or both.
type Row struct {
	Path   string // the file, as the importer named it; inside a folder with forward slashes
	Line   int64  // first line, from 1; 0 where a format has none
	Offset int64  // byte where the row begins in the file
	Length int64  // bytes of the row in the file

	URL      string // the address with defanging undone; empty for a file without one
	Found    string // the address exactly as it was written
	From     string // where in the row it stood: one of the From constants
	Location string // canonical form of URL

	Kind      string // page, image, video, post, account, file or site, where the source says so
	Text      string // body of the post the source shows, at most 64 KiB
	Author    string
	Title     string
	Language  string
	Reference string    // the source's own number
	Posted    time.Time // when the publisher posted it, UTC; zero when not known
	Collected time.Time // when an investigator saw it, UTC; zero when not known
	Hashes    []string  // lower-case hex of MD5, SHA-1, SHA-256 or SHA-512, as the source claims them

	Fields   []Field  // everything else the source says, in its order
	Notes    []string // what was repaired or assumed: the Note constants
	File     *File    // bytes that came along, or nil
	Telegram *Message // facts of a messenger's export, or nil
}

// Where an address stood in its row.
const (
	FromLine    = "line"    // a list
	FromColumn  = "column"  // the address column of a table
	FromBody    = "body"    // the text of a post
	FromSidecar = "sidecar" // a file beside the file
	FromMessage = "message" // the message itself
	FromLink    = "link"    // a link in a message
	FromFile    = "file"    // a file without an address
)

// What readers note on a row.
const (
	NoteDefanged   = "defanged"    // hxxp, [.] and the like were undone
	NoteInvisible  = "invisible"   // characters without a width were taken out of the address
	NoteScheme     = "scheme"      // no scheme was written, https assumed
	NoteEncoding   = "encoding"    // bytes outside the encoding were replaced by U+FFFD
	NoteNUL        = "nul"         // NUL characters were replaced by U+FFFD
	NoteEscape     = "escape"      // escapes that JSON does not know were read
	NoteZone       = "zone"        // a time without a zone was taken as the zone of the import
	NoteTime       = "time"        // a time could not be read or has two readings; it stays in Fields
	NoteCut        = "cut"         // text was cut at its limit
	NoteColumns    = "columns"     // more or fewer cells than the header has
	NoteQuote      = "quote"       // a quotation mark stood where none belongs
	NoteNoName     = "no_name"     // the export does not carry the public name of the channel
	NoteAuthor     = "author"      // a person's name was replaced by a pseudonym or left out
	NoteFileGone   = "file_gone"   // the export names a file that is not there
	NoteUnsafeName = "unsafe_name" // the export names a file outside of its folder; it was not opened
)

// Field is one further thing the source says.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// File is bytes that came with a row.
type File struct {
	Path      string // inside the folder, with forward slashes; bytes outside UTF-8 as \xNN
	Size      int64
	SHA256    string // lower-case hex
	MediaType string // sniffed, not believed

	open func() (io.ReadCloser, error)
}

// Open gives the bytes again, as long as the reader is open. They may have changed since: whoever keeps them compares SHA256.
func (f *File) Open() (io.ReadCloser, error) { return f.open() }

// note adds a note once.
func (r *Row) note(n string) {
	for _, have := range r.Notes {
		if have == n {
			return
		}
	}
	r.Notes = append(r.Notes, n)
}

// field adds a field unless it is empty.
func (r *Row) field(name, value string) {
	if value != "" {
		r.Fields = append(r.Fields, Field{name, value})
	}
}

// maxText is how much of a post's text a row carries; messengers and tables rarely come near it.
const maxText = 64 << 10

// setText keeps the text, cut at a character.
func (r *Row) setText(s string) {
	if len(s) > maxText {
		s = cutText(s, maxText)
		r.note(NoteCut)
	}
	r.Text = s
}
