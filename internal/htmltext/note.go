package htmltext

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// skipped are elements whose content a visitor does not read as text.
var skipped = set("script", "style", "noscript", "template", "head", "title", "svg", "iframe", "object", "embed", "noembed",
	"noframes", "canvas", "datalist", "audio", "video")

// blocks are elements that begin and end a line.
var blocks = set("address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
	"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "label", "legend",
	"li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "textarea",
	"tfoot", "thead", "tr", "ul")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

func attributes(n *html.Node) map[string]string {
	m := make(map[string]string, len(n.Attr))
	for _, a := range n.Attr {
		if _, twice := m[a.Key]; !twice && a.Namespace == "" {
			m[a.Key] = a.Val
		}
	}
	return m
}

var hiding = regexp.MustCompile(`(?i)(display\s*:\s*none|visibility\s*:\s*hidden|content-visibility\s*:\s*hidden)`)

// hidden reports elements that are there but not shown. What a stylesheet
// hides is not known here.
func hidden(name string, attrs map[string]string) bool {
	if v, ok := attrs["hidden"]; ok && !strings.EqualFold(v, "until-found") {
		return true
	}
	if name == "dialog" {
		_, open := attrs["open"]
		return !open
	}
	if name == "input" && strings.EqualFold(attrs["type"], "hidden") {
		return true
	}
	return len(attrs["style"]) < maxValue && hiding.MatchString(attrs["style"])
}

// note takes from an element what it says beside its text.
func (r *reader) note(n *html.Node, attrs map[string]string) {
	switch n.Data {
	case "html", "body":
		r.page.Language = first(r.page.Language, clip(attrs["lang"], 40))
		if d := strings.ToLower(attrs["dir"]); d == "rtl" || d == "ltr" {
			r.page.Direction = first(r.page.Direction, d)
		}
	case "head": // not walked for text, so gone through here
		r.head(n)
	case "title":
		r.title(n)
	case "time":
		r.date(attrs["datetime"])
	case "script":
		r.linkedData(n, attrs)
	case "form":
		r.page.Forms++
	case "input":
		r.page.Password = r.page.Password || strings.EqualFold(attrs["type"], "password")
		if t := strings.ToLower(attrs["type"]); t == "submit" || t == "button" {
			r.add(" " + attrs["value"] + " ")
		}
	case "base", "meta", "link":
		r.declare(n.Data, attrs)
	default:
		r.noteMedia(n, attrs)
	}
}

func (r *reader) head(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		attrs := attributes(c)
		r.tag(c.Data, attrs)
		switch c.Data {
		case "title":
			r.title(c)
		case "base", "meta", "link":
			r.declare(c.Data, attrs)
		case "script":
			r.linkedData(c, attrs)
		}
	}
}

func (r *reader) title(n *html.Node) {
	if r.page.Title == "" && n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
		r.page.Title = collapse(n.FirstChild.Data, maxValue)
	}
}

// declare reads base, meta and link elements.
func (r *reader) declare(name string, attrs map[string]string) {
	switch name {
	case "base":
		if u := r.resolve(attrs["href"]); u != "" && !r.seen["base"] && r.base != nil {
			if base, err := r.base.Parse(u); err == nil {
				r.base, r.seen["base"] = base, true
			}
		}
	case "meta":
		r.meta(attrs)
	case "link":
		r.linkElement(attrs)
	}
}

func (r *reader) meta(attrs map[string]string) {
	if strings.EqualFold(attrs["http-equiv"], "refresh") {
		if _, target, ok := cutFold(attrs["content"], "url="); ok {
			r.page.Refresh = first(r.page.Refresh, r.resolve(strings.Trim(strings.TrimSpace(target), `'"`)))
		}
		return
	}
	key := strings.ToLower(strings.TrimSpace(first(attrs["property"], attrs["name"], attrs["itemprop"])))
	if key == "" || len(key) > 100 || r.page.Meta[key] != "" {
		return
	}
	if len(r.page.Meta) >= MaxMeta {
		r.page.Truncated = true
		return
	}
	r.page.Meta[key] = collapse(attrs["content"], maxValue)
}

func (r *reader) linkElement(attrs map[string]string) {
	address := r.resolve(attrs["href"])
	if address == "" {
		return
	}
	for _, rel := range strings.Fields(strings.ToLower(attrs["rel"])) {
		kind := strings.ToLower(attrs["type"])
		switch {
		case rel == "canonical":
			r.page.Canonical = first(r.page.Canonical, address)
		case rel == "icon", rel == "apple-touch-icon", rel == "apple-touch-icon-precomposed":
			r.page.Icons = appendNew(r.page.Icons, address, 20)
		case rel == "alternate" && (strings.Contains(kind, "rss") || strings.Contains(kind, "atom") || strings.Contains(kind, "feed+json")):
			r.page.Feeds = appendNew(r.page.Feeds, address, 20)
		}
	}
}

func cutFold(s, sep string) (before, after string, found bool) {
	if i := strings.Index(strings.ToLower(s), sep); i >= 0 && i+len(sep) <= len(s) {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func appendNew(list []string, s string, most int) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	if len(list) >= most {
		return list
	}
	return append(list, s)
}
