package page

import (
	"net/url"
	"strings"
)

// reader walks through a page's tags and fills a Page.
type reader struct {
	page *Page
	base *url.URL

	hide      string // the tag of the element that hides what follows; "" when nothing does
	hideDepth int    // open elements of that tag

	chrome  map[string]int // open elements around the content, by tag
	main    map[string]int // open elements that hold the content, by tag
	inChr   int            // sum over chrome
	inMain  int            // sum over main
	title   *flow          // the title or heading that is being read
	titleOf string         // its tag

	all, body, core *flow // everything visible; without chrome; in main
	media           []candidate
	video           string // the poster's element, while one is open
}

func newReader(p *Page, address string) *reader {
	r := &reader{
		page: p, chrome: map[string]int{}, main: map[string]int{},
		all: newFlow(MaxText), body: newFlow(MaxText), core: newFlow(MaxText),
	}
	r.base, _ = url.Parse(address)
	return r
}

// start handles a start tag.
func (r *reader) start(e element) {
	if r.hide != "" && !r.reveals(e) {
		return
	}
	if e.tag == "script" || e.tag == "iframe" || e.tag == "embed" {
		r.embed(e)
	}
	if e.hidden() {
		if !e.void() {
			r.hide, r.hideDepth = e.tag, 1
		}
		return
	}
	if isBlock(e.tag) {
		r.breakLine()
	}
	r.region(e)
	r.content(e)
}

// reveals handles a start tag inside of a hidden element, and tells whether it
// ends that element: a new p or li ends the hidden one.
func (r *reader) reveals(e element) bool {
	if e.tag != r.hide {
		return false
	}
	if closesItself(e.tag) {
		r.hide = ""
		return true
	}
	if !e.void() {
		r.hideDepth++
	}
	return false
}

// closesItself tells whether a start tag ends an open element of the same name.
func closesItself(tag string) bool {
	switch tag {
	case "p", "li", "dd", "dt", "td", "th", "tr", "option":
		return true
	}
	return false
}

// region notes where the content is and where it is not.
func (r *reader) region(e element) {
	switch e.tag {
	case "main", "article":
		r.main[e.tag]++
		r.inMain++
	case "nav", "aside", "footer", "form", "button", "select":
		r.chrome[e.tag]++
		r.inChr++
	case "header":
		if r.inMain == 0 { // inside of an article, a header holds its title
			r.chrome[e.tag]++
			r.inChr++
		}
	}
}

// content handles the elements that say something by themselves.
func (r *reader) content(e element) {
	switch e.tag {
	case "html":
		r.page.Language = clean(e.get("lang"), 35)
	case "base":
		if u := r.resolve(e.get("href")); u != nil {
			r.base = u
		}
	case "title", "h1", "h2":
		r.openTitle(e.tag)
	case "meta":
		r.meta(e)
	case "link":
		r.link(e)
	case "input":
		if strings.EqualFold(e.get("type"), "password") {
			r.page.Password = true
		}
	case "time":
		r.page.Dated = r.page.Dated || r.inChr == 0
	case "img", "video", "audio", "source", "a":
		r.medium(e)
	}
}

// end handles an end tag.
func (r *reader) end(tag string) {
	if r.hide != "" {
		if tag == r.hide {
			if r.hideDepth--; r.hideDepth == 0 {
				r.hide = ""
			}
		}
		return
	}
	if isBlock(tag) {
		r.breakLine()
	}
	if r.main[tag] > 0 {
		r.main[tag]--
		r.inMain--
	}
	if r.chrome[tag] > 0 {
		r.chrome[tag]--
		r.inChr--
	}
	if r.title != nil && tag == r.titleOf {
		r.closeTitle()
	}
	if tag == "video" || tag == "audio" {
		r.video = ""
	}
}

// text handles text between tags.
func (r *reader) text(b []byte) {
	if r.hide != "" {
		return
	}
	if r.title != nil {
		r.title.add(b)
		if r.titleOf == "title" {
			return
		}
	}
	r.all.add(b)
	if r.inChr == 0 {
		r.body.add(b)
		if r.inMain > 0 {
			r.core.add(b)
		}
	}
}

func (r *reader) breakLine() {
	for _, f := range []*flow{r.all, r.body, r.core} {
		f.line()
	}
}

func (r *reader) openTitle(tag string) {
	if r.title == nil {
		r.title, r.titleOf = newFlow(maxTitle), tag
	}
}

func (r *reader) closeTitle() {
	text := strings.ReplaceAll(r.title.String(), "\n", " ")
	tag := r.titleOf
	r.title, r.titleOf = nil, ""
	switch {
	case tag == "title":
		if r.page.Title == "" {
			r.page.Title = text
		}
	case text != "" && len(r.page.Headings) < maxHeadings:
		r.page.Headings = append(r.page.Headings, text)
	}
}

// finish puts together what was read. Where a page marks no main part, all but
// its navigation is it; where everything seems to be navigation, all is.
func (r *reader) finish() {
	if r.title != nil {
		r.closeTitle()
	}
	p := r.page
	p.Text = r.all.String()
	p.Main = r.core.String()
	if p.Main == "" {
		p.Main = r.body.String()
	}
	if p.Main == "" {
		p.Main = p.Text
	}
	p.Media = r.ranked()
}

// resolve makes a link absolute; nil when it is none that can be fetched.
func (r *reader) resolve(link string) *url.URL {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > maxLink || r.base == nil {
		return nil
	}
	u, err := r.base.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	return u
}

// maxLink bounds the length of a link, in bytes.
const maxLink = 8192

// isBlock tells whether an element stands on lines of its own.
func isBlock(tag string) bool {
	switch tag {
	case "address", "article", "aside", "blockquote", "body", "br", "button", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
		"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "label", "li", "main", "nav",
		"ol", "option", "p", "pre", "section", "select", "summary", "table", "td", "th", "tr", "ul", "video":
		return true
	}
	return false
}
