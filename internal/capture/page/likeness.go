package page

import (
	"slices"
	"strings"
)

// Likeness is what is remembered of a page or file, so that a later look can
// tell whether it sees the same thing: a name, a sketch of the text, the hashes
// of the media, and the notices that were part of the content itself.
type Likeness struct {
	Name      string   `json:"name"` // the page's name for its content, folded
	Site      string   `json:"site"` // the page's title, folded
	Sketch    Sketch   `json:"sketch"`
	Media     []Seen   `json:"media,omitempty"`
	Sentences []string `json:"sentences,omitempty"` // notices found in the content itself, folded
	File      string   `json:"file,omitempty"`      // SHA-256, when the location is a file
}

// Seen is one medium of a page.
type Seen struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
	Shown  bool   `json:"shown,omitempty"` // it stood in the main part
}

// Says tells whether a sentence was part of the content when it was captured.
func (l *Likeness) Says(sentence string) bool {
	return l != nil && sentence != "" && (slices.Contains(l.Sentences, sentence) || strings.Contains(l.Name, sentence))
}

// Known tells whether there is anything to compare with.
func (l *Likeness) Known() bool {
	return l != nil && (l.File != "" || l.Name != "" || l.Sketch.Words > 0)
}
