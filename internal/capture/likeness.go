package capture

import (
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// maxSeen bounds how many media are remembered.
const maxSeen = 8

// likenessOf remembers a capture that holds content; nil when it holds none.
func likenessOf(s Shot, r sign.Reading) *page.Likeness {
	if !s.Judgement.IsContent() {
		return nil
	}
	l := &page.Likeness{}
	for _, e := range s.Exhibits {
		switch {
		case e.Kind == "media" && e.URL == s.Reached, e.Kind == "file":
			l.File = e.SHA256
		case e.Kind == "media" && len(l.Media) < maxSeen:
			l.Media = append(l.Media, page.Seen{URL: e.URL, SHA256: e.SHA256, Shown: e.Shown})
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
