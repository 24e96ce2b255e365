package sign

import (
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
)

// Reading is what a page says of itself.
type Reading struct {
	Kind     Kind   // the kind that decides; "" when the page says nothing
	Language string // of the deciding sentence
	Sentence string // the deciding sentence, folded
	Where    string // title, heading or text
	Also     []Kind // every other kind that was found in a telling place
}

// Has tells whether the page says something of the kind.
func (r Reading) Has(k Kind) bool {
	if r.Kind == k {
		return true
	}
	for _, other := range r.Also {
		if other == k {
			return true
		}
	}
	return false
}

const (
	// shortText is the length, in folded bytes, up to which the main text is a
	// notice rather than content: every sentence in it counts.
	shortText = 900
	// topOfText is how far into a longer main text a sentence counts.
	topOfText = 200
)

// Read looks at the places of a page that a person reads first: its title, its
// name, its headings, and its main text, as a whole when it is short, else its
// beginning.
func (b *Book) Read(p *page.Page) Reading {
	var all []found
	for _, s := range append([]string{p.Title, p.Meta["og:title"]}, p.Headings...) {
		where := "heading"
		if s == p.Title {
			where = "title"
		}
		all = append(all, gather(b.Find(page.Fold(s)), where, shortText)...)
	}
	text := page.Fold(p.Main)
	reach := shortText
	if len(text) > shortText {
		reach = topOfText
		text = text[:cut(text, topOfText+200)]
	}
	all = append(all, gather(b.Find(text), "text", reach)...)
	return decide(all)
}

// found is a hit and where it was.
type found struct {
	Hit
	where string
}

// gather keeps the hits that begin within reach.
func gather(hits []Hit, where string, reach int) []found {
	var out []found
	for _, h := range hits {
		if h.At <= reach {
			out = append(out, found{h, where})
		}
	}
	return out
}

// decide picks the kind that comes first among kinds. When a page names both
// the platform and the author, nobody can tell who it was.
func decide(all []found) Reading {
	var r Reading
	for _, k := range kinds {
		for _, f := range all {
			if f.Kind != k {
				continue
			}
			if r.Kind == "" {
				r = Reading{Kind: k, Language: f.Language, Sentence: f.Sentence, Where: f.where}
			} else if r.Kind != k && !r.Has(k) {
				r.Also = append(r.Also, k)
			}
		}
	}
	if r.Kind == Provider && r.Has(Author) {
		r.Kind = Removed
	}
	return r
}

// cut moves an offset back to the end of a word.
func cut(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	if i := strings.LastIndexByte(s[:at], ' '); i > 0 {
		return i
	}
	for at > 0 && s[at]&0xC0 == 0x80 {
		at--
	}
	return at
}
