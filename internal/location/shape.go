package location

import (
	"regexp"
	"strings"
)

// Shape is what the form of an address tells about the thing behind it: the
// account, channel or room it belongs to, and the posting. It is read from the
// path alone and may be wrong; only a capture shows what is there.
type Shape struct {
	Account string // "name", "c/123" for a room without a public name; "" if the form does not tell
	Post    string // identifier of a posting, video or message; "" if the form does not tell
}

var (
	numeric = regexp.MustCompile(`^\d{1,25}$`)
	handle  = regexp.MustCompile(`^@?[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.\-]{0,63}(@[a-z0-9.\-]+)?$`)
	postID  = regexp.MustCompile(`^[A-Za-z0-9_\-]{5,64}$`)
	pageExt = regexp.MustCompile(`\.(html?|php|aspx?|jsp)$`)
)

// accountWords are first path segments behind which an account's name stands.
var accountWords = set("user", "users", "u", "channel", "channels", "c", "profile", "profiles", "people", "author", "authors",
	"account", "accounts", "member", "members", "a", "video-channels", "room", "rooms")

// postWords are path segments behind which a posting's identifier stands.
var postWords = set("status", "statuses", "post", "posts", "p", "video", "videos", "reel", "reels", "watch", "v", "w", "w/p", "embed",
	"photo", "photos", "message", "messages", "note", "notes", "notice", "objects", "item", "items", "file", "files", "shorts", "details", "paste", "i")

// reserved are first path segments that never name an account.
var reserved = set("about", "help", "login", "signup", "register", "terms", "privacy", "legal", "contact", "settings", "explore",
	"home", "jobs", "imprint", "impressum", "faq", "support", "download", "downloads", "share", "intent", "joinchat", "s", "en", "ar", "de", "fr", "es", "nl", "ru", "tr", "it", "index")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// ShapeOf reads the shape of a canonical address.
func ShapeOf(canonical string) Shape {
	p, err := split(canonical)
	if err != nil {
		return Shape{}
	}
	return shapeOf(p.host, segments(p.path), p.query)
}

// segments are the non-empty parts of a path, decoded where that is safe.
func segments(path string) []string {
	var out []string
	for s := range strings.SplitSeq(path, "/") {
		if s != "" {
			out = append(out, readable(s))
		}
	}
	return out
}

func shapeOf(host string, seg []string, query string) Shape {
	if len(seg) > 1 && seg[0] == "s" { // the public preview of a channel: /s/name/123
		seg = seg[1:]
	}
	if len(seg) == 0 {
		return Shape{}
	}
	if id := queryValue(query, "v"); id != "" && strings.HasPrefix(seg[0], "watch") {
		return Shape{Post: id}
	}
	if len(seg) == 3 && seg[0] == "c" && numeric.MatchString(seg[1]) && numeric.MatchString(seg[2]) {
		return Shape{Account: "c/" + seg[1], Post: seg[2]} // a room without a public name: /c/123/45
	}
	shape, rest := accountIn(seg)
	shape.Post = postIn(shape.Account, rest)
	if shape.Account == "" && shape.Post != "" && Shared(host) {
		shape.Account, _, _ = strings.Cut(host, ".")
	}
	return shape
}

// accountIn reads the account from the head of a path and returns what
// follows it.
func accountIn(seg []string) (Shape, []string) {
	first := strings.ToLower(seg[0])
	switch {
	case strings.HasPrefix(seg[0], "@") && handle.MatchString(seg[0]):
		return Shape{Account: strings.TrimPrefix(seg[0], "@")}, seg[1:]
	case accountWords[first] && len(seg) > 1 && handle.MatchString(seg[1]):
		return Shape{Account: strings.TrimPrefix(seg[1], "@")}, seg[2:]
	case postWords[first] || accountWords[first] || reserved[first]:
		return Shape{}, seg
	case len(seg) > 1 && handle.MatchString(seg[0]) && !numeric.MatchString(seg[0]) && (numeric.MatchString(seg[1]) || postWords[strings.ToLower(seg[1])]):
		return Shape{Account: seg[0]}, seg[1:]
	}
	return Shape{}, seg
}

// postIn reads the posting from what follows the account. Without an account
// only a word that announces a posting makes one of the part behind it.
func postIn(account string, rest []string) string {
	if len(rest) == 0 {
		return ""
	}
	if account != "" && numeric.MatchString(rest[len(rest)-1]) {
		return rest[len(rest)-1]
	}
	for i := len(rest) - 2; i >= 0; i-- {
		if id := pageExt.ReplaceAllString(rest[i+1], ""); postWords[strings.ToLower(rest[i])] && postID.MatchString(id) {
			return id
		}
	}
	if len(rest) == 2 && numeric.MatchString(rest[1]) && postWords[strings.ToLower(rest[0])] {
		return rest[1]
	}
	return ""
}

func queryValue(query, name string) string {
	for p := range strings.SplitSeq(query, "&") {
		if k, v, _ := strings.Cut(p, "="); asciiLower(k) == name {
			return v
		}
	}
	return ""
}
