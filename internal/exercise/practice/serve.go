package practice

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// pages answers every request to a provider's hosts.
func (h *House) pages(w http.ResponseWriter, r *http.Request) {
	host := lower(r.Host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	country, _ := r.Context().Value(countryKey{}).(string)
	p, ok := h.providerAt(host)
	if !ok {
		http.Error(w, "no such host here", http.StatusMisdirectedRequest)
		return
	}
	h.probes[country+" "+host].Add(1)
	w.Header().Set("X-Exercise", world.Mark("en"))
	if r.Method == http.MethodPost && "https://"+host+r.URL.Path == p.Webhook {
		h.webhook(w, r, p)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if country == "" {
		country = HomeCountry
	}
	h.get(w, r, p, host, country)
}

func (h *House) providerAt(host string) (world.Provider, bool) {
	for _, p := range h.world.Providers {
		if slices.Contains(p.Hosts, host) {
			return p, true
		}
	}
	return world.Provider{}, false
}

// sight is what the providers know of one posting at one moment.
type sight struct {
	item    world.Item
	plan    world.Plan
	posted  time.Time
	gone    bool
	shut    bool
	walled  bool
	cause   string
	account bool
}

// look returns the posting at a place as one country would see it.
func (h *House) look(place, country string) (sight, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	item, ok := h.state.places[place]
	if !ok {
		return sight{}, false
	}
	return h.sightOf(item, country), true
}

func (h *House) sightOf(item int, country string) sight {
	p := h.state.posts[item]
	it := h.world.Item(item)
	s := sight{item: it, plan: h.world.Plan(it), posted: p.posted, cause: p.cause, account: p.account}
	s.gone = p.gone && !p.unremove
	s.shut = slices.Contains(p.shut, country)
	s.walled = !s.plan.WalledFrom.IsZero() && !h.now.Before(s.plan.WalledFrom)
	return s
}

func (h *House) get(w http.ResponseWriter, r *http.Request, p world.Provider, host, country string) {
	path := r.URL.Path
	if strings.HasPrefix(path, "/m/") {
		h.serveMedia(w, r, country)
		return
	}
	if h.stumbles(r.URL.RequestURI()) {
		w.Header().Set("Retry-After", "600")
		http.Error(w, "503 Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	place := host + path
	if v := r.URL.Query().Get("v"); v != "" && path == "/watch" {
		place += "?v=" + v
	}
	if s, ok := h.look(place, country); ok {
		h.servePosting(w, r, p, s)
		return
	}
	switch {
	case path == "/":
		h.serveFront(w, p, host)
	case path == "/robots.txt":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("User-agent: *\nAllow: /\n"))
	case path == "/search" || path == "/login":
		h.serveLogin(w, p, p.Language)
	default:
		if !h.serveAccount(w, p, path, country) {
			h.serveGone(w, p, p.Language, "", false)
		}
	}
}

// stumbles: a platform is down for ten minutes now and then. It depends on the
// simulated time, so a later try succeeds, and on nothing else, so every run
// stumbles alike.
func (h *House) stumbles(path string) bool {
	h.mu.RLock()
	slot := h.now.Unix() / 600
	h.mu.RUnlock()
	sum := 0
	for i := 0; i < len(path); i++ {
		sum = sum*31 + int(path[i])
	}
	return h.world.Chance(4, "503", sum, int(slot))
}

func (h *House) serveMedia(w http.ResponseWriter, r *http.Request, country string) {
	item, clip, ok := mediaItem(h.world, r.URL.Path)
	var s sight
	h.mu.RLock()
	if ok {
		if _, ok = h.state.posts[item]; ok {
			s = h.sightOf(item, country)
		}
	}
	h.mu.RUnlock()
	if !ok || s.gone || s.shut || s.walled || s.item.Family < 0 {
		http.NotFound(w, r)
		return
	}
	m, err := h.media.get(mediaKey{s.item.Family, s.item.Transform, clip && h.world.Families[s.item.Family].Clip})
	if err != nil {
		h.log.Error("encoding media", "error", err)
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", m.Type)
	w.Header().Set("Content-Length", strconv.Itoa(len(m.Body)))
	w.Write(m.Body)
}

func (h *House) servePosting(w http.ResponseWriter, r *http.Request, p world.Provider, s sight) {
	switch {
	case s.gone:
		h.serveGone(w, p, s.item.Language, s.cause, s.account)
	case s.walled && s.item.Number%2 == 0:
		http.Redirect(w, r, "/login?next="+s.item.Path, http.StatusFound)
	case s.walled:
		h.serveLogin(w, p, s.item.Language)
	case s.shut:
		h.serveShut(w, p, s.item.Language)
	default:
		page(w, http.StatusOK, h.posting(p, s))
	}
}
