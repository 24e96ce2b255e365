package htmltext

import (
	"errors"
	"time"
)

// The bounds of what is read from one page. What lies beyond is left out and
// Page.Truncated is set.
const (
	MaxBytes = 4 << 20 // bytes of the page that are looked at
	MaxText  = 512 << 10
	MaxLinks = 2000
	MaxMedia = 500
	MaxMeta  = 200
	MaxTags  = 20_000
	maxValue = 2048 // bytes of one title, address, name or meta value
)

// ErrNotHTML is returned for bytes that hold no markup at all.
var ErrNotHTML = errors.New("no HTML in these bytes")

// Page is what a visitor of a page would see, and what it says of itself. All
// strings are valid UTF-8; addresses are absolute, http or https.
type Page struct {
	Title     string            // the title element, white space collapsed
	Language  string            // lang of the html element, as written
	Direction string            // dir of the html or body element: "rtl", "ltr" or ""
	Text      string            // visible text; a line for each block, white space collapsed
	Main      string            // the same without navigation, page header and footer, margin and forms
	Published time.Time         // when the page says its content appeared, UTC; the end of the day where it names only that; zero where it says nothing
	Meta      map[string]string // name or property in lower case ("og:title", "robots") to content; the first one counts
	Canonical string            // the address the page gives itself, or ""
	Icons     []string          // addresses of its icons
	Feeds     []string          // addresses of its feeds
	Links     []Link            // where it leads, in order
	Media     []Media           // what it shows, in order
	Tags      []string          // every element in order, as "div" or "div.card" with its first class
	Password  bool              // asks for a password
	Forms     int               // forms a visitor can send
	Refresh   string            // where a meta refresh leads, or ""
	Charset   string            // the encoding it was read in
	Truncated bool              // something lay beyond the bounds
}

// Link is a place a page leads to.
type Link struct {
	URL  string
	Text string // what stands on it, at most 200 bytes
}

// Media kinds.
const (
	Image = "image"
	Video = "video"
	Audio = "audio"
	Embed = "embed" // an iframe, object or embed: another page or player inside
)

// Media is a picture, clip or frame shown in a page.
type Media struct {
	Kind string // Image, Video, Audio or Embed
	URL  string
	Alt  string // its replacement text, at most 200 bytes
	From string // where it was named: "img", "srcset", "poster", "og:image", "style" ...
}

// MetaFirst returns the first non-empty value among the names given.
func (p *Page) MetaFirst(names ...string) string {
	for _, n := range names {
		if v := p.Meta[n]; v != "" {
			return v
		}
	}
	return ""
}
