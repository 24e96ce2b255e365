package practice

import (
	"net/http"

	"github.com/staydown/staydown/internal/exercise/world"
)

// serveGone says, in the manner of the platform, that something is not there.
// An unknown address gets the same without a cause.
func (h *House) serveGone(w http.ResponseWriter, p world.Provider, language, cause string, account bool) {
	says := phrasesIn(language)
	sentence := says.absent
	if p.Gone.ShowsCause() {
		switch {
		case cause == "provider" && p.Name == world.SiteName:
			sentence = says.hosting
		case cause == "provider" && account:
			sentence = says.account
		case cause == "provider" && p.Gone == world.GoneLegal:
			sentence = says.legal + " " + says.removed
		case cause == "provider":
			sentence = says.removed
		case cause == "author":
			sentence = says.author
		case cause == "timer":
			sentence = says.expired
		}
	}
	status := http.StatusNotFound
	switch p.Gone {
	case world.GoneMessage, world.GoneSoft:
		status = http.StatusOK
	case world.GoneHome:
		w.Header().Set("Location", "/")
		status = http.StatusFound
	case world.GoneLegal:
		if cause == "provider" {
			status = http.StatusUnavailableForLegalReasons
			w.Header().Set("Link", `<https://`+p.Host+`/>; rel="blocked-by"`)
		}
	case world.GoneGone:
		if cause != "" {
			status = http.StatusGone
		}
	case world.GoneBare:
		http.Error(w, "404 page not found", status)
		return
	}
	page(w, status, notice(p, language, sentence, "error"))
}

// serveShut says that something is not shown in this country.
func (h *House) serveShut(w http.ResponseWriter, p world.Provider, language string) {
	status := http.StatusUnavailableForLegalReasons
	if p.Name == "tube" || p.Name == "chirp" {
		status = http.StatusOK
	}
	page(w, status, notice(p, language, phrasesIn(language).geo, "withheld"))
}

func (h *House) serveLogin(w http.ResponseWriter, p world.Provider, language string) {
	says := phrasesIn(language)
	out := (&sheet{}).head(p, language, says.login).raw("</head>\n<body>\n<header><a href=\"/\">", brand(p), "</a></header>\n")
	out.raw("<form class=\"login\" action=\"/login\" method=\"post\"><p>").text(says.login).raw("</p><input name=\"user\"><input name=\"password\" type=\"password\"><button>→</button></form>\n")
	page(w, http.StatusOK, out.foot(language))
}

// notice is a page with one sentence.
func notice(p world.Provider, language, sentence, class string) []byte {
	out := (&sheet{}).head(p, language, brand(p)).raw("</head>\n<body>\n<header><a href=\"/\">", brand(p), "</a></header>\n<main><div class=\"", class, "\"><p>")
	return out.text(sentence).raw("</p></div></main>\n").foot(language)
}
