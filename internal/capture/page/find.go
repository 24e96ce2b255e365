package page

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Selector names elements of a page by what they are, not by what they say. All
// that is set must hold.
type Selector struct {
	Tag   string            `json:"tag,omitempty"`
	Class string            `json:"class,omitempty"` // one of its classes
	ID    string            `json:"id,omitempty"`
	Attr  map[string]string `json:"attr,omitempty"` // attribute to value; "*" means any value
}

// Empty tells whether the selector names nothing.
func (s Selector) Empty() bool { return s.Tag == "" && s.Class == "" && s.ID == "" && len(s.Attr) == 0 }

// fits tells whether an element is one that the selector names.
func (s Selector) fits(e element) bool {
	if s.Empty() || s.Tag != "" && s.Tag != e.tag || s.ID != "" && s.ID != e.get("id") {
		return false
	}
	if s.Class != "" && !slices.Contains(strings.Fields(e.get("class")), s.Class) {
		return false
	}
	for key, want := range s.Attr {
		if got, ok := e.lookup(key); !ok || want != "*" && got != want {
			return false
		}
	}
	return true
}

// maxFound bounds how many elements Find returns, maxFoundText the text of one.
const (
	maxFound     = 16
	maxFoundText = 2048
)

// Find returns the visible text of every element of a page that the selector
// names, in order. An element without text gives "". Hidden elements and what
// scripts contain are not found.
func Find(body []byte, contentType string, s Selector) []string {
	if len(body) > MaxBytes {
		body = body[:MaxBytes]
	}
	f := &finder{selector: s}
	z := html.NewTokenizer(bytes.NewReader(decode(body, contentType)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return f.done()
		case html.StartTagToken:
			f.start(readElement(z, false))
		case html.SelfClosingTagToken:
			f.start(readElement(z, true))
		case html.EndTagToken:
			name, _ := z.TagName()
			f.end(string(name))
		case html.TextToken:
			f.text(z.Text())
		}
		if len(f.found) == maxFound {
			return f.found
		}
	}
}

// finder follows one open match at a time; what is nested in a match belongs to
// its text.
type finder struct {
	selector  Selector
	hide      string
	hideDepth int
	open      *flow
	openTag   string
	openDepth int
	found     []string
}

func (f *finder) start(e element) {
	switch {
	case f.hide != "":
		if e.tag == f.hide {
			f.hideDepth++
		}
	case e.hidden():
		if !e.void() {
			f.hide, f.hideDepth = e.tag, 1
		}
	case f.open != nil:
		if e.tag == f.openTag && !e.void() {
			f.openDepth++
		}
		if isBlock(e.tag) {
			f.open.line()
		}
	case f.selector.fits(e):
		if e.void() {
			f.found = append(f.found, "")
			return
		}
		f.open, f.openTag, f.openDepth = newFlow(maxFoundText), e.tag, 1
	}
}

func (f *finder) end(tag string) {
	if f.hide != "" {
		if tag == f.hide {
			if f.hideDepth--; f.hideDepth == 0 {
				f.hide = ""
			}
		}
		return
	}
	if f.open != nil && tag == f.openTag {
		if f.openDepth--; f.openDepth == 0 {
			f.done()
		}
	}
}

func (f *finder) text(b []byte) {
	if f.open != nil && f.hide == "" {
		f.open.add(b)
	}
}

// done closes an open match and returns all found so far.
func (f *finder) done() []string {
	if f.open != nil {
		f.found = append(f.found, f.open.String())
		f.open = nil
	}
	return f.found
}
