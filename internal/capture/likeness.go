package capture

import (
	"slices"
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// Likeness is what is remembered of a capture, so that a later look can tell
// whether it sees the same thing: a name, a sketch of the text, the hashes of
// the media, and the notices that were part of the content itself.
type Likeness struct {
	Name      string      `json:"name"` // folded
	Site      string      `json:"site"` // the page's title, folded
	Sketch    page.Sketch `json:"sketch"`
	Media     []Seen      `json:"media,omitempty"`
	Sentences []string    `json:"sentences,omitempty"` // notices found in the content itself, folded
	File      string      `json:"file,omitempty"`      // SHA-256, when the location is a file
}

// Seen is one medium of a capture.
type Seen struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
}

// maxSeen bounds how many media are remembered.
const maxSeen = 8

// likenessOf remembers a capture that holds content.
func likenessOf(s Shot, r sign.Reading) *Likeness {
	if !s.Judgement.IsContent() {
		return nil
	}
	l := &Likeness{}
	for _, e := range s.Exhibits {
		switch {
		case e.Kind == "media" && e.URL == s.Reached, e.Kind == "file":
			l.File = e.SHA256
		case e.Kind == "media" && len(l.Media) < maxSeen:
			l.Media = append(l.Media, Seen{e.URL, e.SHA256})
		}
	}
	if s.Page == nil {
		return l
	}
	l.Name, l.Site = page.Fold(s.Page.Name()), page.Fold(s.Page.Title)
	l.Sketch = page.SketchOf(s.Page.Main)
	if r.Kind != "" {
		l.Sentences = append(l.Sentences, r.Sentence)
	}
	return l
}

// Says tells whether a sentence was part of the content when it was captured.
func (l *Likeness) Says(sentence string) bool {
	return l != nil && (slices.Contains(l.Sentences, sentence) || sentence != "" && strings.Contains(l.Name, sentence))
}
