package practice

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/staydown/staydown/internal/exercise/world"
)

// maxListed bounds the postings a channel's page lists.
const maxListed = 50

// serveFront is a platform's front page; of the site, its list of reports.
func (h *House) serveFront(w http.ResponseWriter, p world.Provider, host string) {
	out := (&sheet{}).head(p, p.Language, brand(p)).raw("</head>\n<body>\n<header><a href=\"/\">", brand(p), "</a></header>\n<main>\n<h1>", brand(p), "</h1>\n")
	if p.Name == world.SiteName {
		links := h.siteReports(host)
		if len(links) == 0 {
			says := phrasesIn(p.Language)
			page(w, http.StatusGone, notice(p, p.Language, says.hosting, "error"))
			return
		}
		out.list(links)
	}
	out.raw("</main>\n")
	page(w, http.StatusOK, out.foot(p.Language))
}

// siteReports lists what is up at a host of the site.
func (h *House) siteReports(host string) []link {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var out []link
	for i, a := range h.world.Accounts {
		if a.Kind != "site" {
			continue
		}
		for g := range world.SiteReturns + 1 {
			if h.world.SiteHost(g) == host {
				out = append(out, h.listed(i, g)...)
			}
		}
	}
	return out
}

type link struct{ path, title string }

// listed are the postings of an account in a generation that are up. The
// caller holds the lock.
func (h *House) listed(account, generation int) []link {
	var out []link
	for _, n := range h.world.Posts(account) {
		item := n + generation*h.world.Count
		if p := h.state.posts[item]; p != nil && p.up(HomeCountry) && len(out) < maxListed {
			it := h.world.Item(item)
			if it.Account == account {
				out = append(out, link{it.Path, h.world.Title(it)})
			}
		}
	}
	return out
}

func (s *sheet) list(links []link) {
	s.raw("<ul>\n")
	for _, l := range links {
		s.raw("<li><a href=\"").text(l.path).raw("\">").text(l.title).raw("</a></li>\n")
	}
	s.raw("</ul>\n")
}

// serveAccount answers the pages of publishers and their everyday posts; false
// when there is no such publisher.
func (h *House) serveAccount(w http.ResponseWriter, p world.Provider, path, country string) bool {
	kind, handle, rest := splitAccountPath(p, path)
	if handle == "" {
		return false
	}
	h.mu.RLock()
	found, a, closed := h.publisher(p, kind, handle)
	var links []link
	if found && !closed {
		links = h.listed(a[0], a[1])
	}
	h.mu.RUnlock()
	if !found {
		return false
	}
	account := h.world.Accounts[a[0]]
	everyday, err := strconv.Atoi(strings.TrimPrefix(rest, "status/"))
	switch {
	case closed:
		h.serveGone(w, p, account.Language, "provider", true)
	case rest == "":
		for i := range everydayPosts {
			links = append(links, link{everydayPath(p, account, handle, i+1), account.Title + " " + strconv.Itoa(i+1)})
		}
		out := (&sheet{}).head(p, account.Language, account.Title).raw("</head>\n<body>\n<header><a href=\"/\">", brand(p), "</a></header>\n<main class=\"profile\">\n<h1>")
		out.text(account.Title).raw("</h1>\n<p class=\"handle\">@", handle, "</p>\n").list(links)
		page(w, http.StatusOK, out.raw("</main>\n").foot(account.Language))
	case err == nil && everyday >= 1 && everyday <= everydayPosts:
		words := h.world.Everyday(account, everyday)
		out := (&sheet{}).head(p, account.Language, account.Title).raw("</head>\n<body>\n<header><a href=\"/\">", brand(p), "</a></header>\n<main>\n")
		out.raw("<article><p>").text(strings.Join(words, " ")).raw("</p></article>\n</main>\n")
		page(w, http.StatusOK, out.foot(account.Language))
	default:
		return false
	}
	return true
}

func everydayPath(p world.Provider, a world.Account, handle string, n int) string {
	middle := "/"
	if p.Name == "chirp" {
		middle = "/status/"
	}
	return accountPath(p, a, handle) + middle + strconv.Itoa(n)
}

// splitAccountPath takes /c/handle/rest apart, in the platform's own form.
func splitAccountPath(p world.Provider, path string) (kind, handle, rest string) {
	parts := strings.SplitN(strings.Trim(path, "/"), "/", 3)
	switch {
	case p.Name == world.SiteName:
		return "", "", ""
	case p.Name == "chirp" && len(parts) >= 1:
		return "", parts[0], strings.Join(parts[1:], "/")
	case p.Name != "chirp" && len(parts) >= 2 && (parts[0] == "c" || parts[0] == "r" || parts[0] == "user"):
		return parts[0], parts[1], strings.Join(parts[2:], "/")
	}
	return "", "", ""
}

// publisher finds an account and its generation by handle. The caller holds
// the lock.
func (h *House) publisher(p world.Provider, kind, handle string) (found bool, key [2]int, closed bool) {
	key, found = h.state.handles[p.Name+" "+handle]
	if !found || kind == "r" != (h.world.Accounts[key[0]].Kind == "room") {
		return false, key, false
	}
	return true, key, h.state.accounts[key].closed
}
