package htmltext

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

var styleURL = regexp.MustCompile(`(?i)url\(\s*['"]?([^'")\s]+)`)

// noteMedia lists what an element shows.
func (r *reader) noteMedia(n *html.Node, attrs map[string]string) {
	switch n.Data {
	case "img":
		r.show(Image, first(attrs["src"], attrs["data-src"], attrs["data-original"], attrs["data-lazy-src"]), attrs["alt"], "img")
		r.srcset(attrs["srcset"], attrs["alt"])
	case "source":
		kind := Video
		if n.Parent != nil && n.Parent.Data == "picture" {
			kind = Image
		} else if n.Parent != nil && n.Parent.Data == "audio" {
			kind = Audio
		}
		r.show(kind, attrs["src"], "", "source")
		r.srcset(attrs["srcset"], "")
	case "video":
		r.show(Video, attrs["src"], attrs["title"], "video")
		r.show(Image, attrs["poster"], attrs["title"], "poster")
		r.sources(n)
	case "audio":
		r.show(Audio, attrs["src"], attrs["title"], "audio")
		r.sources(n)
	case "iframe":
		r.show(Embed, attrs["src"], attrs["title"], "iframe")
	case "embed":
		r.show(Embed, attrs["src"], attrs["title"], "embed")
	case "object":
		r.show(Embed, attrs["data"], attrs["title"], "object")
	case "image": // within SVG the parser keeps the name
		r.show(Image, attrs["href"], "", "image")
	}
	if style := attrs["style"]; style != "" && len(style) < maxValue {
		for _, m := range styleURL.FindAllStringSubmatch(style, 8) {
			r.show(Image, m[1], "", "style")
		}
	}
}

// sources goes through the children of a player, which are not walked for
// text.
func (r *reader) sources(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "source" {
			r.noteMedia(c, attributes(c))
		}
	}
}

// srcset lists the largest of the pictures offered: the last one named.
func (r *reader) srcset(list, alt string) {
	if list == "" || len(list) > 8*maxValue {
		return
	}
	candidates := strings.Split(list, ", ")
	if fields := strings.Fields(candidates[len(candidates)-1]); len(fields) > 0 {
		r.show(Image, strings.TrimSuffix(fields[0], ","), alt, "srcset")
	}
}

func (r *reader) show(kind, ref, alt, from string) {
	address := r.resolve(ref)
	if address == "" || r.seen[kind+" "+address] {
		return
	}
	if len(r.page.Media) >= MaxMedia {
		r.page.Truncated = true
		return
	}
	r.seen[kind+" "+address] = true
	r.page.Media = append(r.page.Media, Media{Kind: kind, URL: address, Alt: collapse(alt, 200), From: from})
}

// metaMedia lists the pictures and clips a page names for previews.
func (r *reader) metaMedia() {
	for _, m := range []struct{ key, kind string }{
		{"og:image:secure_url", Image}, {"og:image", Image}, {"og:image:url", Image}, {"twitter:image", Image}, {"twitter:image:src", Image}, {"image", Image},
		{"og:video:secure_url", Video}, {"og:video", Video}, {"og:video:url", Video}, {"contenturl", Video}, {"thumbnailurl", Image},
		{"twitter:player:stream", Video}, {"og:audio", Audio}, {"twitter:player", Embed},
	} {
		r.show(m.kind, r.page.Meta[m.key], "", m.key)
	}
}
