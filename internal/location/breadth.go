package location

import (
	"regexp"
	"strings"
)

// Kind says how much lies behind an address.
type Kind string

const (
	HostRoot    Kind = "host_root"    // a whole site
	ProfileRoot Kind = "profile_root" // all of an account, channel or room
	Collection  Kind = "collection"   // an album, list, category, folder or numbered page of postings
	SearchPage  Kind = "search_page"  // whatever answers a query on the day it is opened
	Feed        Kind = "feed"         // whatever is newest
	TagPage     Kind = "tag_page"     // whatever carries a label
	APIEndpoint Kind = "api_endpoint" // an answer for machines, not what the public sees
	Exact       Kind = "exact"        // one posting, file or page, as far as the form tells
)

// Breadth is the kind of an address with the reason it was given, a sentence
// for the officer.
type Breadth struct {
	Kind   Kind
	Reason string
}

// Wide reports whether the address reaches beyond one posting, so that it may
// be referred only if that very thing was captured and judged.
func (b Breadth) Wide() bool { return b.Kind != Exact }

var (
	pagination   = regexp.MustCompile(`^(page|p|seite|offset|start|from|cursor|after|before|max_id)$`)
	dateArchive  = regexp.MustCompile(`^(19|20)\d\d$`)
	month        = regexp.MustCompile(`^(0?[1-9]|1[0-2])$`)
	apiVersion   = regexp.MustCompile(`^v\d{1,2}$`)
	fileName     = regexp.MustCompile(`(?i)\.[a-z0-9]{2,5}$`)
	indexPage    = regexp.MustCompile(`(?i)^(index|default|home)\.(html?|php|aspx?|jsp)$`)
	languageRoot = regexp.MustCompile(`^[a-z]{2}(-[a-z]{2,4})?$`)
)

var (
	searchWords     = set("search", "recherche", "suche", "zoeken", "buscar", "cerca", "find", "results", "advancedsearch.php", "search.php", "hledat", "ara", "بحث", "поиск")
	searchKeys      = set("q", "query", "search", "search_query", "keyword", "keywords", "searchtext", "text")
	feedWords       = set("feed", "feeds", "rss", "atom", "rss.xml", "feed.xml", "atom.xml", "index.xml", "sitemap.xml", "sitemap_index.xml", "rss.php", "feed.json", "outbox")
	tagWords        = set("tag", "tags", "hashtag", "hashtags", "topic", "topics", "label", "labels", "وسم")
	collectionWords = set("category", "categories", "collection", "collections", "album", "albums", "playlist", "playlists", "folder", "folders", "list", "lists",
		"series", "archive", "archives", "browse", "gallery", "galleries", "set", "sets", "latest", "popular", "trending", "explore", "all", "drive")
	listingWords = set("videos", "photos", "posts", "media", "reels", "shorts", "streams", "playlists", "featured", "about", "followers", "following",
		"likes", "with_replies", "community", "files", "links", "members", "tagged", "stories")
	accountHosts = set("t.me", "telegram.me", "telegram.dog", "x.com", "twitter.com", "instagram.com", "facebook.com", "tiktok.com", "threads.net",
		"threads.com", "vk.com", "ok.ru", "soundcloud.com", "odysee.com", "tamtam.chat", "medium.com", "github.com", "dailymotion.com", "vimeo.com", "twitch.tv", "rumble.com")
)

// BreadthOf tells from its form how much lies behind a canonical address. It
// leans to the wide side: a false warning costs an officer a look, a missed
// one takes down what is lawful.
func BreadthOf(canonical string) Breadth {
	p, err := split(canonical)
	if err != nil {
		return Breadth{HostRoot, "the address cannot be read, so nothing narrows it"}
	}
	seg := segments(p.path)
	for i := range seg {
		seg[i] = strings.ToLower(seg[i])
	}
	if strings.HasPrefix(p.fragment, "!") || strings.HasPrefix(p.fragment, "/") {
		seg = append(seg, segments(strings.TrimLeft(p.fragment, "!#"))...) // the route a script reads
	}
	for _, rule := range []func(parts, []string) (Breadth, bool){isAPI, isFeed, isSearch, isTag, isRoot, isListing, isProfile, isCollection} {
		if b, ok := rule(p, seg); ok {
			return b
		}
	}
	return Breadth{Exact, "names one thing"}
}

func isAPI(p parts, seg []string) (Breadth, bool) {
	label, _, _ := strings.Cut(p.host, ".")
	if label == "api" || label == "graph" || strings.HasPrefix(label, "api-") {
		return Breadth{APIEndpoint, "the host answers machines"}, true
	}
	if len(seg) == 0 {
		return Breadth{}, false
	}
	switch seg[0] {
	case "api", "graphql", "wp-json", "rest", "xrpc", "oembed", "ajax", "rpc":
		return Breadth{APIEndpoint, "the path /" + seg[0] + " answers machines"}, true
	}
	if apiVersion.MatchString(seg[0]) && len(seg) > 1 {
		return Breadth{APIEndpoint, "the path begins with the version of an interface"}, true
	}
	return Breadth{}, false
}

func isFeed(p parts, seg []string) (Breadth, bool) {
	if len(seg) > 0 {
		last := seg[len(seg)-1]
		if feedWords[last] || strings.HasSuffix(last, ".rss") || strings.HasSuffix(last, ".atom") {
			return Breadth{Feed, "a feed: what it shows changes by the hour"}, true
		}
	}
	if queryValue(p.query, "feed") != "" || queryValue(p.query, "format") == "rss" {
		return Breadth{Feed, "the query asks for a feed"}, true
	}
	return Breadth{}, false
}

func isSearch(p parts, seg []string) (Breadth, bool) {
	for i, s := range seg {
		if searchWords[s] && i < 2 {
			return Breadth{SearchPage, "the path part " + s + " opens a search"}, true
		}
	}
	for param := range strings.SplitSeq(p.query, "&") {
		key, value, _ := strings.Cut(param, "=")
		key = asciiLower(key)
		if value != "" && (searchKeys[key] || key == "s" && len(seg) == 0) {
			return Breadth{SearchPage, "the parameter " + key + " holds a search"}, true
		}
	}
	return Breadth{}, false
}

func isTag(_ parts, seg []string) (Breadth, bool) {
	for i, s := range seg {
		if tagWords[s] && i < 2 && len(seg)-i <= 3 {
			return Breadth{TagPage, "lists everything under a label"}, true
		}
	}
	return Breadth{}, false
}

func isRoot(p parts, seg []string) (Breadth, bool) {
	if p.query != "" {
		return Breadth{}, false
	}
	switch {
	case len(seg) == 0:
		return Breadth{HostRoot, "no path: this is the whole site"}, true
	case len(seg) == 1 && (indexPage.MatchString(seg[0]) || seg[0] == "index" || seg[0] == "home"):
		return Breadth{HostRoot, "the first page of the whole site"}, true
	case len(seg) == 1 && languageRoot.MatchString(seg[0]) && strings.HasSuffix(p.path, "/"):
		return Breadth{HostRoot, "the site's first page in one language"}, true
	}
	return Breadth{}, false
}

// isListing knows an account's tabs: /@name/videos, /channel/name/photos.
func isListing(_ parts, seg []string) (Breadth, bool) {
	if len(seg) < 2 || !listingWords[seg[len(seg)-1]] {
		return Breadth{}, false
	}
	if shape, rest := accountIn(seg); shape.Account != "" && len(rest) == 1 {
		return Breadth{ProfileRoot, "lists what an account has of one kind"}, true
	}
	return Breadth{}, false
}

func isProfile(p parts, seg []string) (Breadth, bool) {
	if len(seg) == 0 {
		return Breadth{}, false
	}
	shape := shapeOf(p.host, seg, p.query)
	if shape.Account != "" && shape.Post == "" && len(seg) <= 2 {
		return Breadth{ProfileRoot, "an account with all it holds"}, true
	}
	if seg[0] == "profile.php" && queryValue(p.query, "id") != "" {
		return Breadth{ProfileRoot, "an account with all it holds"}, true
	}
	if seg[0] == "s" && len(seg) == 2 {
		return Breadth{ProfileRoot, "the public preview of a whole channel"}, true
	}
	if len(seg) == 1 && strings.HasPrefix(seg[0], "+") || len(seg) == 2 && seg[0] == "joinchat" {
		return Breadth{ProfileRoot, "an invite to a whole room"}, true
	}
	if len(seg) != 1 || p.query != "" || reserved[seg[0]] {
		return Breadth{}, false
	}
	if accountHosts[strings.TrimPrefix(Registrable(p.host), "www.")] {
		return Breadth{ProfileRoot, "on this platform a single path part is an account"}, true
	}
	if readsLikeName(seg[0]) {
		return Breadth{ProfileRoot, "a single path part that reads like the name of an account"}, true
	}
	return Breadth{}, false
}

// readsLikeName tells "newsroom" from the identifier of a paste ("aB3xK9qz")
// and from a headline ("three-words-or-more").
func readsLikeName(s string) bool {
	if !handle.MatchString(s) || fileName.MatchString(s) || strings.Count(s, "-") >= 2 {
		return false
	}
	return !mixesDigits(s)
}

// mixesDigits reports digits between letters, as in random identifiers;
// digits only at the end ("relay24") are usual in names.
func mixesDigits(s string) bool {
	return strings.ContainsAny(strings.TrimRight(s, "0123456789"), "0123456789") || numeric.MatchString(s)
}

func isCollection(p parts, seg []string) (Breadth, bool) {
	for _, s := range seg {
		if s == "*" || strings.Contains(s, "*") {
			return Breadth{Collection, "holds a star: all captures or all names"}, true
		}
	}
	for i, s := range seg {
		if collectionWords[s] && len(seg)-i <= 2 && !lastIsFile(seg) {
			return Breadth{Collection, "the path part " + s + " lists several things"}, true
		}
	}
	if queryValue(p.query, "list") != "" && queryValue(p.query, "v") == "" {
		return Breadth{Collection, "a playlist"}, true
	}
	if n := len(seg); n >= 2 && seg[n-2] == "page" && numeric.MatchString(seg[n-1]) {
		return Breadth{Collection, "a numbered page of a list"}, true
	}
	for param := range strings.SplitSeq(p.query, "&") {
		if key, value, _ := strings.Cut(param, "="); pagination.MatchString(key) && numeric.MatchString(value) && !lastIsFile(seg) {
			return Breadth{Collection, "a numbered page of a list"}, true
		}
	}
	if n := len(seg); n > 0 && n <= 2 && dateArchive.MatchString(seg[0]) && (n == 1 || month.MatchString(seg[1])) {
		return Breadth{Collection, "everything from one year or month"}, true
	}
	return Breadth{}, false
}

func lastIsFile(seg []string) bool {
	return len(seg) > 0 && fileName.MatchString(seg[len(seg)-1])
}
