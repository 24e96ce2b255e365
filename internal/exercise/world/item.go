package world

import (
	"strconv"
	"time"
)

// Item is one posting at one location: what the exercise counts.
type Item struct {
	Number     int // Origin + generation * number of items of the world
	Origin     int // the posting it goes back to
	Generation int // 0 as planted; 1, 2, ... when it came back
	Provider   int
	Account    int
	Host       string
	Path       string // with query, as in its canonical URL
	Kind       string // "message", "video", "post", "photo", "file", "document", "text", "article"
	Language   string
	Class      Class
	Ground     string // "a" to "e" when Terrorist
	Purpose    Purpose
	Family     int // media shown; -1: text only
	Transform  Transform
	Tract      int // text repeated by several postings; -1: its own
	TextOf     int // whose words it carries: its own number, or the posting it repeats
	Rewritten  bool
	Posted     time.Time // zero in a return: it is posted when it happens
	Held       bool      // an authority outside investigates: must stay up
}

// URL is the canonical location.
func (it Item) URL() string { return "https://" + it.Host + it.Path }

// kindOn names what a posting on a provider is.
func kindOn(provider string) string {
	switch provider {
	case "relay":
		return "message"
	case "tube", "clips":
		return "video"
	case "chirp":
		return "post"
	case "stills":
		return "photo"
	case LiarName:
		return "file"
	case "shelf":
		return "document"
	case "paste":
		return "text"
	default:
		return "article"
	}
}

// place gives a posting its host and path, in the manner of its provider.
func (w *World) place(it *Item) {
	p := w.Providers[it.Provider]
	a := w.Accounts[it.Account]
	handle := w.handle(a, it.Generation)
	id := w.dice.code(11, "identifier", it.Number)
	it.Host = p.Host
	switch p.Name {
	case "relay":
		number := 100 + it.Number
		it.Path = "/c/" + handle + "/" + strconv.Itoa(number)
		if a.Kind == "room" {
			it.Path = "/r/" + handle + "/" + strconv.Itoa(number)
		}
	case "tube":
		it.Path = "/watch?v=" + id
	case "clips":
		it.Path = "/v/" + id
	case "chirp":
		it.Path = "/" + handle + "/status/" + strconv.FormatUint(1_000_000_000_000+w.dice.roll("status", it.Number)%1_000_000_000_000, 10)
	case "stills":
		it.Path = "/p/" + id
	case LiarName:
		it.Path = "/f/" + id
	case "shelf":
		it.Path = "/details/" + id
	case "paste":
		it.Path = "/t/" + id
	default:
		it.Host = w.SiteHost(it.Generation)
		it.Path = "/news/report-" + id
	}
}

// mediaMix are the shares, in thousandths, of postings that show media.
func mediaMix(provider string) int {
	switch provider {
	case "relay":
		return 700
	case "chirp":
		return 500
	case "tube", "clips", "stills":
		return 1000
	case LiarName:
		return 900
	case "shelf", SiteName:
		return 600
	default:
		return 0
	}
}

// wantsClip says whether a provider shows moving pictures.
func wantsClip(provider string) bool { return provider == "tube" || provider == "clips" }
