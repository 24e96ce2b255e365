package practice

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// Pages are put together by hand: many thousand a second must be served while
// the desk under test needs the processor, and nothing in them comes from
// outside.

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func page(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// sheet builds one page.
type sheet struct{ b []byte }

func (s *sheet) raw(parts ...string) *sheet {
	for _, p := range parts {
		s.b = append(s.b, p...)
	}
	return s
}

func (s *sheet) text(t string) *sheet { return s.raw(escape.Replace(t)) }

func (s *sheet) meta(property, content string) *sheet {
	return s.raw(`<meta property="`, property, `" content="`).text(content).raw("\">\n")
}

// names under which the platforms show themselves.
func brand(p world.Provider) string { return strings.ToUpper(p.Name[:1]) + p.Name[1:] }

// head opens a page.
func (s *sheet) head(p world.Provider, language, title string) *sheet {
	s.raw("<!doctype html>\n<html lang=\"", language, "\" dir=\"", world.Direction(language), "\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
	s.text(title).raw(" · ", brand(p), "</title>\n")
	return s.raw("<meta name=\"generator\" content=\"", world.Mark("en"), "\">\n")
}

// foot closes it, with the mark that all of this is an exercise.
func (s *sheet) foot(language string) []byte {
	s.raw("<footer class=\"mark\">").text(world.Mark(language)).raw("</footer>\n</body>\n</html>\n")
	return s.b
}

// markup is how a platform builds its pages; it tells the platforms apart and
// the site's generations too.
type markup struct{ wrap, box, by, words, class string }

func markupOf(p world.Provider, generation int) markup {
	switch p.Name {
	case "relay":
		return markup{"main", "div", "span", "p", "message"}
	case "tube":
		return markup{"main", "article", "p", "p", "watch"}
	case "clips":
		return markup{"section", "div", "div", "p", "lecteur"}
	case "chirp":
		return markup{"main", "article", "div", "p", "status"}
	case "stills":
		return markup{"main", "figure", "figcaption", "p", "photo"}
	case world.LiarName:
		return markup{"div", "div", "small", "p", "file"}
	case "shelf":
		return markup{"main", "section", "dl", "p", "details"}
	case "paste":
		return markup{"div", "div", "div", "p", "paste"}
	}
	return []markup{
		{"main", "article", "p", "p", "report"}, {"div", "section", "address", "p", "story"},
		{"section", "div", "span", "blockquote", "nota"}, {"main", "div", "div", "p", "bulletin"},
	}[generation%4]
}

// posting is the page of something that is there.
func (h *House) posting(p world.Provider, s sight) []byte {
	it, w := s.item, h.world
	title := w.Title(it)
	words := w.Sentences(it)
	handle := w.Handle(it)
	account := w.Accounts[it.Account]
	when := s.posted.UTC().Format(time.RFC3339)
	m := markupOf(p, it.Generation)
	still, clip := "", ""
	if it.Family >= 0 {
		still = mediaPath(w, it, false)
		if w.Families[it.Family].Clip {
			clip = mediaPath(w, it, true)
		}
	}
	out := &sheet{b: make([]byte, 0, 4096)}
	out.head(p, it.Language, title)
	out.meta("og:title", title).meta("og:type", ogType(it.Kind)).meta("og:url", it.URL()).meta("og:site_name", brand(p)).meta("og:description", words[1])
	if still != "" {
		out.meta("og:image", "https://"+it.Host+still)
	}
	out.meta("article:published_time", when)
	out.raw("<link rel=\"canonical\" href=\"").text(it.URL()).raw("\">\n</head>\n<body>\n<header><a href=\"/\">", brand(p), "</a></header>\n")
	out.raw("<", m.wrap, ">\n<", m.box, " class=\"", m.class, "\" data-post=\"", handle, "\">\n<h1>").text(title).raw("</h1>\n")
	out.raw("<", m.by, " class=\"by\"><a href=\"", accountPath(p, account, handle), "\">").text(account.Title).raw("</a> <time datetime=\"", when, "\">", when[:10], "</time></", m.by, ">\n")
	out.media(still, clip, title, p.Name == world.LiarName, phrasesIn(it.Language).download)
	for i := 0; i < len(words); i += 3 {
		out.raw("<", m.words, ">").text(strings.Join(words[i:min(i+3, len(words))], " ")).raw("</", m.words, ">\n")
	}
	out.raw("</", m.box, ">\n</", m.wrap, ">\n")
	if p.Gone == world.GoneNotFound {
		out.sentences()
	}
	return out.foot(it.Language)
}

func ogType(kind string) string {
	switch kind {
	case "video":
		return "video.other"
	case "article", "message", "post":
		return "article"
	default:
		return "website"
	}
}

func (s *sheet) media(still, clip, alt string, file bool, download string) {
	if still == "" {
		return
	}
	if clip != "" {
		s.raw("<video poster=\"", still, "\" controls><source src=\"", clip, "\" type=\"image/gif\"></video>\n<img src=\"", clip, "\" alt=\"").text(alt).raw("\">\n")
		return
	}
	s.raw("<img src=\"", still, "\" alt=\"").text(alt).raw("\">\n")
	if file {
		s.raw("<a href=\"", still, "\" download>", download, "</a>\n")
	}
}

// sentences puts what the platform would say of removed things into a live
// page, as platforms do that translate in the browser: a reader of raw bytes
// must not take it for a tombstone.
func (s *sheet) sentences() {
	s.raw("<script type=\"application/json\" id=\"messages\">{")
	for i, language := range []string{"en", "ar", "fr"} {
		if i > 0 {
			s.raw(",")
		}
		p := phrasesOf[language]
		s.raw("\"", language, "\":[", strconv.Quote(p.removed), ",", strconv.Quote(p.author), ",", strconv.Quote(p.account), "]")
	}
	s.raw("}</script>\n")
}

// accountPath is where a publisher's own page is.
func accountPath(p world.Provider, a world.Account, handle string) string {
	switch {
	case a.Kind == "site":
		return "/"
	case a.Kind == "room":
		return "/r/" + handle
	case p.Name == "relay":
		return "/c/" + handle
	case p.Name == "chirp":
		return "/" + handle
	default:
		return "/user/" + handle
	}
}
