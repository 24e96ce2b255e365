package htmltext

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// Read reads a page. contentType is the header the server sent, used to find
// the encoding; address is where the page was found, against which relative
// addresses are resolved. The only error is [ErrNotHTML]; broken markup is
// read as browsers read it.
func Read(data []byte, contentType, address string) (Page, error) {
	r := reader{page: Page{Meta: map[string]string{}}, seen: map[string]bool{}}
	if len(data) > MaxBytes {
		data, r.page.Truncated = data[:MaxBytes], true
	}
	if bytes.IndexByte(data, '<') < 0 {
		return Page{}, ErrNotHTML
	}
	r.base, _ = url.Parse(address)
	data, r.page.Charset = decode(data, contentType)
	if !r.tree(data) {
		r.flat(data)
	}
	r.page.Text, r.page.Main = r.text.String(), r.main.String()
	r.page.Published = r.published()
	r.page.Truncated = r.page.Truncated || len(r.page.Text) >= MaxText
	r.metaMedia()
	return r.page, nil
}

// rootTags matches the two tags whose attributes the parser gathers from every
// repetition, in a time that grows with the square of their number: a megabyte
// of them keeps it busy for minutes. An honest page has one of each.
var rootTags = regexp.MustCompile(`(?i)<(?:body|html)[\s/]`)

const maxRootTags = 8

// tree reads the page with its structure. It reports false for a page that is
// nested deeper, or repeats its root more often, than any honest page.
func (r *reader) tree(data []byte) bool {
	if len(rootTags.FindAllIndex(data, maxRootTags+1)) > maxRootTags {
		return false
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return false
	}
	r.walk(root)
	return true
}

// decode brings the bytes into UTF-8, by header, byte order mark, meta tag or
// guess, as browsers do.
func decode(data []byte, contentType string) ([]byte, string) {
	encoding, name, certain := charset.DetermineEncoding(data[:min(len(data), 1024)], contentType)
	if !certain && utf8.Valid(data) {
		return data, "utf-8" // what is valid UTF-8 throughout is hardly ever anything else
	}
	if out, err := encoding.NewDecoder().Bytes(data); err == nil {
		data = out
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	return bytes.ToValidUTF8(data, []byte("\uFFFD")), name
}

// reader gathers a page while its tree is walked.
type reader struct {
	page  Page
	base  *url.URL
	text  textBuilder
	main  textBuilder
	frame int             // how many elements deep in what frames the main part
	body  int             // how many main or article elements deep
	dates []string        // datetime of time elements, and dates in linked data
	seen  map[string]bool // links and media already listed
	label *strings.Builder
}

// walk visits a tree without recursion into what cannot be seen. The parser
// bounds the depth.
func (r *reader) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		r.add(n.Data)
		if r.label != nil && r.label.Len() < 200 {
			r.label.WriteString(n.Data)
		}
		return
	case html.ElementNode:
		attrs := attributes(n)
		r.tag(n.Data, attrs)
		r.note(n, attrs)
		if skipped[n.Data] || hidden(n.Data, attrs) {
			return
		}
		if n.Data == "a" && attrs["href"] != "" {
			r.link(n, attrs)
			return
		}
		if blocks[n.Data] {
			r.newline()
			defer r.newline()
		}
		if n.Data == "td" || n.Data == "th" || n.Data == "option" {
			r.add(" ")
		}
		defer r.enter(n.Data)()
	}
	r.children(n)
}

// enter notes where in the page the walk is; the function it returns is called
// on the way out.
func (r *reader) enter(name string) func() {
	switch {
	case name == "main" || name == "article":
		r.body++
		return func() { r.body-- }
	case name == "nav" || name == "footer" || name == "aside" || name == "form" || name == "header" && r.body == 0:
		r.frame++
		return func() { r.frame-- }
	}
	return func() {}
}

func (r *reader) add(s string) {
	r.text.add(s)
	if r.frame == 0 {
		r.main.add(s)
	}
}

func (r *reader) newline() {
	r.text.newline()
	r.main.newline()
}

func (r *reader) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c)
	}
}

// link lists an anchor with what stands on it.
func (r *reader) link(n *html.Node, attrs map[string]string) {
	outer := r.label
	r.label = &strings.Builder{}
	r.children(n)
	text := collapse(r.label.String(), 200)
	r.label = outer
	address := r.resolve(attrs["href"])
	if address == "" || r.seen["a "+address+" "+text] {
		return
	}
	if len(r.page.Links) >= MaxLinks {
		r.page.Truncated = true
		return
	}
	r.seen["a "+address+" "+text] = true
	r.page.Links = append(r.page.Links, Link{URL: address, Text: text})
}

func (r *reader) tag(name string, attrs map[string]string) {
	if len(r.page.Tags) >= MaxTags {
		r.page.Truncated = true
		return
	}
	if class := strings.Fields(attrs["class"]); len(class) > 0 {
		name += "." + clip(class[0], 60)
	}
	r.page.Tags = append(r.page.Tags, name)
}

// resolve makes an address absolute; what is not http or https gives "".
func (r *reader) resolve(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > maxValue {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if r.base != nil {
		u = r.base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// flat reads a page that [reader.tree] does not take: title and text, without
// structure.
func (r *reader) flat(data []byte) {
	r.page.Truncated = true
	z := html.NewTokenizer(bytes.NewReader(data))
	z.SetMaxBuf(MaxBytes)
	quiet := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			if quiet == "" && skipped[string(name)] && string(name) != "head" {
				quiet = string(name)
			}
			r.newline()
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == quiet {
				quiet = ""
			}
		case html.TextToken:
			if quiet == "" {
				r.add(string(z.Text()))
			} else if quiet == "title" && r.page.Title == "" {
				r.page.Title = collapse(string(z.Text()), maxValue)
			}
		}
	}
}
