package page

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// The bounds of what Read takes in and gives back.
const (
	MaxBytes    = 8 << 20  // of a page that are read; the rest is left out
	MaxText     = 64 << 10 // bytes of Text and of Main
	maxTitle    = 512      // bytes of a title or heading
	maxHeadings = 16
	maxMeta     = 64   // entries
	maxMetaText = 2048 // bytes of one entry
	maxMedia    = 64   // candidates
	maxEmbeds   = 32
)

// Page is what a person would see of an HTML page. All text is valid UTF-8
// without control characters; white space is collapsed, lines stay lines.
type Page struct {
	Title     string            // of the document
	Language  string            // the lang attribute of the root, as given
	Headings  []string          // h1 and h2 that are visible
	Text      string            // everything visible
	Main      string            // the visible text of the main part, without navigation, header, footer, forms
	Meta      map[string]string // name or property, lower case, to content; the first of each
	Canonical string            // absolute
	Refresh   string            // where a meta refresh leads, absolute
	Media     []Media           // pictures, clips and sounds, the most telling first
	Embeds    []string          // addresses of frames and outside scripts, as given
	Password  bool              // a password is asked for
	Dated     bool              // it says when its content was published
	Truncated bool              // the page was longer than MaxBytes
}

// Name is the page's own name for its content: what it tells others to show
// (og:title), else its first heading, else its title.
func (p *Page) Name() string {
	if t := p.Meta["og:title"]; t != "" {
		return t
	}
	if t := p.Meta["twitter:title"]; t != "" {
		return t
	}
	if len(p.Headings) > 0 {
		return p.Headings[0]
	}
	return p.Title
}

// FromText makes a page of plain text.
func FromText(body []byte, contentType string) *Page {
	p := &Page{Meta: map[string]string{}}
	if len(body) > MaxBytes {
		body, p.Truncated = body[:MaxBytes], true
	}
	f := newFlow(MaxText)
	for i, line := range bytes.Split(decode(body, contentType), []byte("\n")) {
		if i > 0 {
			f.line()
		}
		f.add(line)
	}
	p.Text = f.String()
	p.Main = p.Text
	return p
}

// Read reads a page. The address is that of the page, for relative links; the
// content type is the server's, for its character set.
func Read(body []byte, contentType, address string) *Page {
	p := &Page{Meta: map[string]string{}}
	if len(body) > MaxBytes {
		body, p.Truncated = body[:MaxBytes], true
	}
	r := newReader(p, address)
	z := html.NewTokenizer(bytes.NewReader(decode(body, contentType)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.finish()
			return p
		case html.StartTagToken:
			r.start(readElement(z, false))
		case html.SelfClosingTagToken:
			r.start(readElement(z, true))
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(string(name))
		case html.TextToken:
			r.text(z.Text())
		}
	}
}

// element is a start tag with the attributes that matter here.
type element struct {
	tag    string
	attrs  []attr
	closed bool // written <like this/>
}

type attr struct{ key, value string }

// maxAttrs bounds the attributes of one element that are looked at.
const maxAttrs = 64

// readElement takes a start tag off the tokenizer.
func readElement(z *html.Tokenizer, closed bool) element {
	name, more := z.TagName()
	e := element{tag: string(name), closed: closed}
	for more && len(e.attrs) < maxAttrs {
		var k, v []byte
		k, v, more = z.TagAttr()
		e.attrs = append(e.attrs, attr{string(k), string(v)})
	}
	return e
}

// get returns the value of an attribute, or "".
func (e element) get(key string) string {
	v, _ := e.lookup(key)
	return v
}

func (e element) lookup(key string) (string, bool) {
	for _, a := range e.attrs {
		if a.key == key {
			return a.value, true
		}
	}
	return "", false
}

// hidden tells whether the element and all in it is not shown.
func (e element) hidden() bool {
	switch e.tag {
	case "script", "style", "template", "noscript", "noembed", "noframes", "iframe", "object", "svg", "datalist", "textarea":
		return true
	case "dialog":
		_, open := e.lookup("open")
		return !open
	}
	if _, hidden := e.lookup("hidden"); hidden {
		return true
	}
	style := strings.ToLower(strings.Join(strings.Fields(e.get("style")), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// void tells whether an element has no end tag. Only drawings can be closed at
// once; elsewhere in HTML the slash means nothing.
func (e element) void() bool {
	if e.tag == "svg" {
		return e.closed
	}
	switch e.tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}
