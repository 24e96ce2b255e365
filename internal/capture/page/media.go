package page

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a medium is, as the page has it.
type Kind string

// The kinds of media.
const (
	Image Kind = "image"
	Video Kind = "video"
	Audio Kind = "audio"
)

// Media is a picture, clip or sound of a page.
type Media struct {
	URL   string // absolute, or a data: URL
	Kind  Kind
	From  string // the element or property that names it first
	Shown bool   // it stands in the main part, as a picture or clip of its own
}

// The ranks of what names a medium: the clip itself, what the page shows to
// others as its picture, a picture in the main part, any other.
const (
	rankClip = iota
	rankShared
	rankMain
	rankLinked
	rankOther
)

// candidate is a medium with its rank.
type candidate struct {
	Media
	rank int
}

var metaMedia = map[string]struct {
	kind Kind
	rank int
}{
	"og:video":            {Video, rankClip},
	"og:video:url":        {Video, rankClip},
	"og:video:secure_url": {Video, rankClip},
	"og:audio":            {Audio, rankClip},
	"og:image":            {Image, rankShared},
	"og:image:url":        {Image, rankShared},
	"og:image:secure_url": {Image, rankShared},
	"twitter:image":       {Image, rankShared},
}

// maxData bounds a picture that is written into the page itself, in bytes of
// its URL.
const maxData = 4 << 20

// medium handles an element that shows or links a medium.
func (r *reader) medium(e element) {
	switch e.tag {
	case "img":
		if !tiny(e) {
			r.offer(best(e), Image, "img", r.rankHere())
		}
	case "video", "audio":
		kind := Video
		if e.tag == "audio" {
			kind = Audio
		}
		r.video = e.tag
		r.offer(e.get("src"), kind, e.tag, rankClip)
		r.offer(e.get("poster"), Image, "poster", rankShared)
	case "source":
		switch r.video {
		case "video":
			r.offer(e.get("src"), Video, "source", rankClip)
		case "audio":
			r.offer(e.get("src"), Audio, "source", rankClip)
		}
	case "a":
		if kind, ok := linkedKind(e.get("href")); ok && r.inMain > 0 {
			r.offer(e.get("href"), kind, "a", rankLinked)
		}
	}
}

// rankHere ranks a picture by where it stands.
func (r *reader) rankHere() int {
	if r.inMain > 0 && r.inChr == 0 {
		return rankMain
	}
	return rankOther
}

// offer takes a medium in, once per address.
func (r *reader) offer(link string, kind Kind, from string, rank int) {
	address := ""
	if strings.HasPrefix(strings.ToLower(link), "data:") {
		if len(link) > maxData || kind != Image {
			return
		}
		address = link
	} else if u := r.resolve(link); u != nil {
		address = u.String()
	}
	if address == "" {
		return
	}
	shown := isElement(from) && r.inMain > 0 && r.inChr == 0
	for i := range r.media {
		if r.media[i].URL == address {
			r.media[i].rank = min(r.media[i].rank, rank)
			r.media[i].Shown = r.media[i].Shown || shown
			return
		}
	}
	if len(r.media) < maxMedia {
		r.media = append(r.media, candidate{Media{address, kind, from, shown}, rank})
	}
}

// isElement tells whether a medium is named by something one can see.
func isElement(from string) bool {
	switch from {
	case "img", "video", "audio", "source", "poster":
		return true
	}
	return false
}

// ranked gives the media, the most telling first, otherwise in the page's order.
func (r *reader) ranked() []Media {
	slices.SortStableFunc(r.media, func(a, b candidate) int { return a.rank - b.rank })
	var out []Media
	for _, c := range r.media {
		out = append(out, c.Media)
	}
	return out
}

// tiny tells whether a picture says of itself that it is an icon or a counter.
func tiny(e element) bool {
	for _, side := range []string{"width", "height"} {
		n, err := strconv.Atoi(strings.TrimSuffix(e.get(side), "px"))
		if err == nil && n < 48 {
			return true
		}
	}
	return false
}

// best picks the largest picture of an img element.
func best(e element) string {
	link, widest := e.get("src"), 0.0
	for _, part := range strings.Split(e.get("srcset"), ", ") {
		fields := strings.Fields(strings.TrimSuffix(strings.TrimSpace(part), ","))
		if len(fields) != 2 || len(fields[1]) < 2 {
			continue
		}
		size, err := strconv.ParseFloat(fields[1][:len(fields[1])-1], 64)
		if err == nil && size > widest {
			link, widest = fields[0], size
		}
	}
	if link == "" {
		link = e.get("data-src") // pictures that a script would load on sight
	}
	return link
}

// linkedKind tells whether a link leads to a medium by the look of its path.
func linkedKind(link string) (Kind, bool) {
	link, _, _ = strings.Cut(link, "?")
	link, _, _ = strings.Cut(link, "#")
	switch strings.ToLower(path.Ext(link)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif":
		return Image, true
	case ".mp4", ".webm", ".mov", ".mkv", ".m4v":
		return Video, true
	case ".mp3", ".ogg", ".m4a", ".opus":
		return Audio, true
	}
	return "", false
}
