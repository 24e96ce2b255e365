package rules

import (
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
)

// presence is how much of the captured content a look still shows.
type presence int

const (
	noBaseline presence = iota // nothing was captured to compare with
	absent                     // nothing of it
	partly                     // some of it: no basis for a verdict either way
	altered                    // most of it, or its name, with other words
	whole                      // it
)

// The shares of the captured text that part the presences. Between sharedMost
// and mostOfIt lies a page that was edited; below little is what the frame of a
// site shares with its every page.
const (
	allOfIt  = 0.85
	mostOfIt = 0.55
	little   = 0.15
)

// presenceOf compares a look with what was captured. A control, when there is
// one, shows how much of the text belongs to the site's frame.
func presenceOf(l Look, known *page.Likeness, control *Look) presence {
	if !known.Known() {
		return noBaseline
	}
	if known.File != "" {
		return fileOf(l, known)
	}
	if l.Page == nil {
		return absent
	}
	found := max(known.Sketch.Found(l.Page.Main), 0)
	if found < allOfIt && len(l.Page.Text) > len(l.Page.Main) {
		found = max(found, known.Sketch.Found(l.Page.Text))
	}
	named := names(l.Page, known)
	if control != nil && control.Page != nil {
		if frame := known.Sketch.Found(control.Page.Text); found <= frame+0.05 && !(named && !names(control.Page, known)) {
			return absent
		}
	}
	return grade(found, named, known)
}

// grade turns shares into a presence.
func grade(found float64, named bool, known *page.Likeness) presence {
	wordless := known.Sketch.Words < 3 // a page that is all picture
	switch {
	case found >= allOfIt, found >= mostOfIt && named, wordless && named:
		return whole
	case found >= mostOfIt, named && found > little:
		return altered
	case found > little, named:
		return partly
	}
	return absent
}

// fileOf compares a file.
func fileOf(l Look, known *page.Likeness) presence {
	switch {
	case l.SHA256 == known.File:
		return whole
	case l.Page == nil && l.Failure == "":
		return altered // another file
	}
	return absent
}

// names tells whether a page carries the captured name, as its own name or
// heading or within its title, or still shows a captured medium. Short names say
// nothing.
func names(p *page.Page, known *page.Likeness) bool {
	if shows(p, known) {
		return true
	}
	if len(known.Name) < 8 {
		return false
	}
	for _, s := range append([]string{p.Meta["og:title"], p.Meta["twitter:title"]}, p.Headings...) {
		if page.Fold(s) == known.Name {
			return true
		}
	}
	return strings.Contains(page.Fold(p.Title), known.Name)
}

// shows tells whether a page still has a medium, by its address, that stood in
// the main part of the captured one.
func shows(p *page.Page, known *page.Likeness) bool {
	for _, was := range known.Media {
		for _, m := range p.Media {
			if was.Shown && m.Shown && withoutQuery(m.URL) == withoutQuery(was.URL) {
				return true
			}
		}
	}
	return false
}
