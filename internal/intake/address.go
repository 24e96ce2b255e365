package intake

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// address is an address found in text.
type address struct {
	found string // exactly as written
	url   string // defanging undone
	notes []string
	start int
	end   int
}

// opening is how addresses begin, in earnest or made harmless: https://, hxxp://, h**ps[:]//, http:\\, [://]. What may be
// glued before it is looked at apart.
var opening = regexp.MustCompile(`(?i)(h(?:tt|xx|\*\*|__|xt|tx)p(s)?|ftps?|tg|ipfs|magnet)(\[://\]|\(://\)|[\[({]?:[\])}]?(?:\[//\]|//|\\\\|\?))`)

// nameless is how addresses begin whose scheme nobody writes: the short hosts of messengers, and www.
var nameless = regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}@./_-])((?:t(?:\[\.\]|\.)me|telegram(?:\[\.\]|\.)(?:me|dog))/|www(?:\[\.\]|\.))`)

// dots are the ways a dot is made harmless in a host.
var dots = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", "[DOT]", ".", "(DOT)", ".", `\.`, ".", "[.", ".", ".]", ".")

// moreHarmless undoes what is also done to the rest of an address whose host was made harmless.
var moreHarmless = strings.NewReplacer("[.]", ".", "[dot]", ".", "[:]", ":", "[@]", "@")

// findAddresses gives the addresses in a text in their order. It finds what has a scheme, even a broken one; the whole of
// the text may be an address without one only where loose is set (a list, or a column for addresses).
func findAddresses(text string, loose bool) []address {
	var out []address
	starts := beginnings(text)
	limits := limitsOf(text, starts)
	pos := 0
	for i, b := range starts {
		if b.at < pos {
			continue // inside of the address before: an archive's address holds another one
		}
		pos = b.body + tokenEnd(text[b.body:max(b.body, limits[i])])
		if a := settle(text, b, pos); a.url != "" {
			out = append(out, a)
		}
	}
	if len(out) == 0 && loose {
		if a, ok := bareAddress(text); ok {
			out = append(out, a)
		}
	}
	return out
}

// beginning is where an address begins: at, its scheme; body, what follows it.
type beginning struct {
	at, body int
	scheme   string // empty: none written
}

func beginnings(text string) []beginning {
	out := openings(text)
	if mayBeNameless(text) {
		for _, m := range nameless.FindAllStringSubmatchIndex(text, -1) {
			out = append(out, beginning{m[2], m[2], ""})
		}
	}
	slices.SortFunc(out, func(a, b beginning) int { return a.at - b.at })
	return out
}

// openings looks at the few bytes around each colon: running the expression over every text costs thirty times as much.
func openings(text string) []beginning {
	const before, behind = 8, 6 // "magnet[" and "[//]:" fit
	var out []beginning
	done := 0
	for colon := strings.IndexByte(text, ':'); colon >= 0; {
		from := max(done, colon-before)
		window := text[from:min(len(text), colon+behind)]
		if m := opening.FindStringSubmatchIndex(window); m != nil && from+m[1] > colon {
			scheme := strings.ToLower(window[m[2]:m[3]])
			if scheme[0] == 'h' {
				scheme = "http"
				if m[4] >= 0 {
					scheme = "https"
				}
			}
			out = append(out, beginning{from + m[0], from + m[1], scheme})
			done = from + m[1]
		}
		next := strings.IndexByte(text[colon+1:], ':')
		if next < 0 {
			break
		}
		colon += 1 + next
	}
	return out
}

// mayBeNameless is cheap and leans to yes.
func mayBeNameless(text string) bool {
	for i := strings.IndexByte(text, '.'); i >= 0; {
		rest := text[i+1:]
		if strings.HasPrefix(rest, "]") {
			rest = rest[1:]
		}
		host := strings.TrimSuffix(text[:i], "[")
		if len(rest) >= 3 && (strings.EqualFold(rest[:3], "me/") || strings.EqualFold(rest[:3], "dog")) || len(host) >= 3 && strings.EqualFold(host[len(host)-3:], "www") {
			return true
		}
		next := strings.IndexByte(text[i+1:], '.')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// limitsOf is, for each beginning, where the next one after a comma or semicolon cuts it off: lists are joined that way.
func limitsOf(text string, starts []beginning) []int {
	limits := make([]int, len(starts))
	limit := len(text)
	for i := len(starts) - 1; i >= 0; i-- {
		limits[i] = limit
		if at := starts[i].at; at > 0 && strings.IndexByte(",;", text[at-1]) >= 0 {
			limit = at - 1
		}
	}
	return limits
}

// tokenEnd is where an address that began stops: white space, a quotation mark, an angle bracket or the seam of a Markdown
// link.
func tokenEnd(s string) int {
	for i, r := range s {
		if unicode.IsSpace(r) || r < 0x20 || r == 0x7F || strings.ContainsRune("<>\"`“”«»„|", r) {
			return i
		}
		if r == ']' && strings.HasPrefix(s[i:], "](") {
			return i
		}
	}
	return len(s)
}

// settle turns a stretch of text into an address: invisible characters out, defanging undone, the punctuation of the
// sentence around it off. Its url stays empty when nothing is left.
func settle(text string, b beginning, end int) address {
	a := address{start: b.at, end: end}
	clean := strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, text[b.body:end])
	rest, undone := refang(clean)
	rest = trimSentence(rest)
	if rest == "" {
		return a
	}
	a.found = text[b.at : b.body+len(trimSentence(text[b.body:end]))]
	a.url = b.scheme + "://" + rest
	if b.scheme == "" {
		a.url = "https://" + rest
		a.notes = append(a.notes, NoteScheme)
	} else if !strings.EqualFold(text[b.at:b.body], b.scheme+"://") {
		undone = true
	}
	if b.scheme == "tg" {
		a.url = webAddress(a.url)
	}
	if undone {
		a.notes = append(a.notes, NoteDefanged)
	}
	if strings.ContainsFunc(a.found, invisible) {
		a.notes = append(a.notes, NoteInvisible)
	}
	return a
}

// webAddress turns the in-app addresses of Telegram that name a public place into those of the web.
func webAddress(tg string) string {
	u, err := url.Parse(tg)
	if err != nil {
		return tg
	}
	q := u.Query()
	switch {
	case u.Host == "resolve" && q.Get("domain") != "" && q.Get("post") != "":
		return "https://t.me/" + url.PathEscape(q.Get("domain")) + "/" + url.PathEscape(q.Get("post"))
	case u.Host == "resolve" && q.Get("domain") != "":
		return "https://t.me/" + url.PathEscape(q.Get("domain"))
	case u.Host == "join" && q.Get("invite") != "":
		return "https://t.me/+" + url.PathEscape(q.Get("invite"))
	}
	return tg
}

// refang undoes harmless dots in the host and, when there were any, in the rest.
func refang(s string) (string, bool) {
	plain := strings.ReplaceAll(strings.TrimPrefix(s, "[//]"), "[/]", "/")
	host, tail := plain, ""
	if i := strings.IndexAny(plain, "/?#"); i >= 0 {
		host, tail = plain[:i], plain[i:]
	}
	if strings.HasPrefix(host, "[") && strings.Contains(host, ":") && !strings.Contains(host, ".") {
		return s, false // an IPv6 address stands in brackets by right
	}
	safe := moreHarmless.Replace(dots.Replace(host))
	if safe == host && plain == s && !strings.Contains(tail, "[.]") && !strings.Contains(tail, "[dot]") {
		return s, false
	}
	return safe + moreHarmless.Replace(tail), true
}

const closers = ")]}"

// trimSentence takes off what belongs to the sentence and not to the address: full stops, quotes, a closing bracket that
// was never opened in it.
func trimSentence(s string) string {
	var open [len(closers)]int // how many more are opened than closed
	for _, c := range []byte(s) {
		if i := strings.IndexByte("([{", c); i >= 0 {
			open[i]++
		} else if i := strings.IndexByte(closers, c); i >= 0 {
			open[i]--
		}
	}
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		if i := strings.IndexRune(closers, r); i >= 0 && open[i] < 0 {
			open[i]++
		} else if !strings.ContainsRune(".,;:!?'*…،؛؟۔’>", r) {
			return s
		}
		s = s[:len(s)-n]
	}
	return s
}

// bareHost is a dotted name with a known ending, perhaps a port.
var bareHost = regexp.MustCompile(`^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.([\p{L}][\p{L}\p{N}-]+)\.?(?::\d{1,5})?$`)

// reserved endings that no registry sells: exercises use the first, hidden services the second.
var reserved = map[string]bool{"example": true, "onion": true, "test": true}

// fileEndings are endings that registries sell and file names have: without a path behind it a file name is meant.
var fileEndings = map[string]bool{"zip": true, "mov": true, "md": true, "py": true, "sh": true, "rs": true, "pl": true, "ps": true, "ai": true}

// bareAddress takes the first word of a list's line as an address without a scheme, where its host has a public ending.
func bareAddress(text string) (address, bool) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return address{}, false
	}
	word := strings.Trim(words[0], "<>\"'“”«»,;|")
	at := strings.Index(text, word)
	if word == "" || at < 0 {
		return address{}, false
	}
	a := settle(text, beginning{at: at, body: at}, at+len(word))
	host, hasPath := strings.TrimPrefix(a.url, "https://"), false
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host, hasPath = host[:i], true
	}
	m := bareHost.FindStringSubmatch(host)
	if m == nil {
		return address{}, false
	}
	ending := strings.ToLower(m[1])
	if !reserved[ending] {
		suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(strings.TrimSuffix(host, ".")))
		known := icann || strings.Contains(suffix, ".")
		if !known && !isIDN(ending) || !hasPath && fileEndings[ending] {
			return address{}, false
		}
	}
	if !hasPath && len(words) > 1 && !strings.HasPrefix(words[1], "#") && !slices.Contains(a.notes, NoteDefanged) {
		return address{}, false // a sentence, not an address with a remark
	}
	return a, true
}

// isIDN lets endings in other scripts through: the list has them in punycode only.
func isIDN(ending string) bool {
	return strings.IndexFunc(ending, func(r rune) bool { return r > 0x7F }) >= 0 || strings.HasPrefix(ending, "xn--")
}
