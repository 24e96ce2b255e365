package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// role is what a column of a table is about.
type role string

const (
	roleURL       role = "address"
	roleBody      role = "text"
	roleAuthor    role = "author"
	rolePosted    role = "time posted"
	roleCollected role = "time seen"
	roleTitle     role = "title"
	roleLanguage  role = "language"
	roleKind      role = "kind"
	roleReference role = "reference"
	roleHash      role = "hash"
	roleTime      role = "time" // posted or seen: the rest of the header tells
)

// synonyms are the names of columns in their plain form (plainHeader), the strongest first: with both "id" and "reference"
// in a table the second is the source's number. English and Arabic; columns with other names are judged by their content.
var synonyms = map[role][]string{
	roleURL: {"sourceurl", "url", "contenturl", "posturl", "itemurl", "videourl", "permalink", "link", "postlink", "uri", "address", "webaddress", "href", "location", "source",
		"رابطالمصدر", "رابطالمحتوي", "رابطالمنشور", "الرابط", "رابط", "الروابط", "عنوانالرابط", "عنوانالويب", "المصدر"},
	roleBody: {"body", "text", "content", "message", "posttext", "textcontent", "caption", "description", "tweet", "comment",
		"النص", "نص", "المحتوي", "نصالمنشور", "الرساله", "المنشور", "الوصف"},
	roleAuthor: {"author", "authorname", "username", "account", "accountname", "user", "publisher", "uploader", "channel", "screenname", "handle", "poster", "postedby", "from",
		"الناشر", "الكاتب", "المولف", "الحساب", "اسمالحساب", "المستخدم", "اسمالمستخدم", "القناه"},
	rolePosted: {"posted", "postedat", "publishedat", "published", "publicationdate", "postdate", "dateposted", "uploadtimestamp", "uploaddate", "createdat", "created",
		"تاريخالنشر", "وقتالنشر"},
	roleCollected: {"collectedat", "collected", "capturedat", "captured", "dateseen", "seen", "firstseen", "archivedate", "accessed", "dateaccessed", "retrieved", "timestamputc",
		"تاريخالرصد", "وقتالرصد", "تاريخالحفظ"},
	roleTime:      {"unixtimestamp", "timestamp", "datetime", "date", "time", "التاريخ", "تاريخ", "الوقت", "وقت", "التاريخوالوقت"},
	roleTitle:     {"title", "subject", "headline", "uploadtitle", "name", "العنوان", "عنوان", "الموضوع"},
	roleLanguage:  {"language", "lang", "languageguess", "اللغه", "لغه"},
	roleKind:      {"kind", "type", "contenttype", "mediatype", "النوع", "نوع", "نوعالمحتوي"},
	roleReference: {"reference", "ref", "casenumber", "caseid", "case", "itemid", "item", "itemnumber", "exhibit", "id", "number", "no", "المرجع", "رقمالمرجع", "رقمالقضيه", "الرقم", "رقم", "المعرف"},
	roleHash:      {"sha256", "hash", "filehash", "sha256hash", "md5", "sha1", "checksum", "digest", "البصمه", "بصمه", "التجزئه"},
}

// plainHeader brings a column's name to letters and digits in one spelling: no case, marks, tatweel or punctuation, and the
// Arabic letters that are written one for another folded.
func plainHeader(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'أ', 'إ', 'آ', 'ٱ':
			return 'ا'
		case 'ة':
			return 'ه'
		case 'ى':
			return 'ي'
		case 'ؤ':
			return 'و'
		case 'ئ':
			return 'ي'
		case 'ـ':
			return -1
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFC.String(norm.NFKC.String(s)))
}

// columns is how the cells of a table are to be read.
type columns struct {
	names  []string // as written; empty without a header
	at     map[role]int
	header bool // the first record is a header
	log    bool // an investigator's log of what was seen
	forum  bool // 4CAT: posts, addresses stand in their bodies
	chat   int  // column of the room's public name in 4CAT's Telegram table, -1 without
	post   int  // column of its id, "thread-message"
	said   []Notice
}

func (c columns) has(r role) bool { _, ok := c.at[r]; return ok }

// cell gives the cell of a role, or "".
func (c columns) cell(cells []string, r role) string {
	if i, ok := c.at[r]; ok && i < len(cells) {
		return cells[i]
	}
	return ""
}

// name is what a column is called, for people.
func (c columns) name(i int) string {
	if i < len(c.names) && strings.TrimSpace(c.names[i]) != "" {
		return strings.TrimSpace(c.names[i])
	}
	return fmt.Sprintf("column %d", i+1)
}

// columnsOf maps a header by its names. A header none of whose names is known gives an empty map.
func columnsOf(cells []string) columns {
	c := columns{names: cells, at: map[role]int{}, header: true, chat: -1}
	where := map[string]int{}
	for i, cell := range cells {
		if p := plainHeader(cell); p != "" {
			if _, twice := where[p]; !twice {
				where[p] = i
			}
		}
	}
	for r, names := range synonyms {
		for _, n := range names {
			if i, ok := where[n]; ok {
				c.at[r] = i
				break
			}
		}
	}
	_, thread := where["threadid"]
	_, method := where["method"]
	_, operator := where["operator"]
	c.forum = thread && c.has(roleBody)
	c.log = (method || operator) && c.has(roleURL)
	if chat, ok := where["chat"]; ok && c.forum && known(where, "id") && known(where, "chatnoforwards") {
		c.chat, c.post = chat, where["id"]
	}
	c.settleTime()
	c.settleSource(where)
	return c
}

func known(where map[string]int, name string) bool { _, ok := where[name]; return ok }

var publicName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,63}$`)

// telegramPost is the place of a post in 4CAT's table of a Telegram search, made of the room's public name and the number
// behind the last hyphen of its id.
func (c columns) telegramPost(cells []string) (address, bool) {
	if c.chat < 0 || c.chat >= len(cells) || c.post >= len(cells) {
		return address{}, false
	}
	room, id := strings.TrimSpace(cells[c.chat]), strings.TrimSpace(cells[c.post])
	n, err := strconv.ParseUint(id[strings.LastIndexByte(id, '-')+1:], 10, 32)
	if err != nil || !publicName.MatchString(room) {
		return address{}, false
	}
	return address{found: id, url: fmt.Sprintf("https://t.me/%s/%d", room, n)}, true
}

// settleTime decides what a column called "timestamp" means: in an investigator's log when it was seen, elsewhere when it
// was posted.
func (c *columns) settleTime() {
	i, ok := c.at[roleTime]
	if !ok {
		return
	}
	delete(c.at, roleTime)
	meant := rolePosted
	if c.log {
		meant = roleCollected
	}
	if !c.has(meant) {
		c.at[meant] = i
	}
}

// settleSource: "source" names a platform where another column carries the addresses, which the order of the synonyms
// sees to; in a table of posts without one it is never an address.
func (c *columns) settleSource(where map[string]int) {
	if i, ok := c.at[roleURL]; ok && c.forum && i == where["source"] && plainHeader(c.names[i]) == "source" {
		delete(c.at, roleURL)
	}
}

// guessColumns judges columns by what is in them, for tables whose header is missing or says nothing we know.
func guessColumns(c *columns, sample [][]string, zone zoneOf) {
	width := 0
	for _, cells := range sample {
		width = max(width, len(cells))
	}
	whole, inside, times := make([]int, width), make([]int, width), make([]int, width)
	for _, cells := range sample {
		for i, cell := range cells {
			found := findAddresses(cell, true)
			switch {
			case len(found) == 1 && around(cell, found) == "":
				whole[i]++
			case len(findAddresses(cell, false)) > 0:
				inside[i]++
			}
			if _, _, ok := parseTime(cell, zone()); ok {
				times[i]++
			}
		}
	}
	if i := most(whole); i >= 0 && whole[i]*2 >= len(sample) {
		c.at[roleURL] = i
	} else if j := most(inside); j >= 0 && !c.has(roleBody) {
		c.at[roleBody] = j
	} else if i >= 0 {
		c.at[roleURL] = i
	}
	if i := most(times); i >= 0 && times[i]*5 >= len(sample)*4 && !c.has(rolePosted) && !c.has(roleCollected) {
		c.at[rolePosted] = i
	}
}

// most is the first index of the largest count above zero, or -1.
func most(counts []int) int {
	best := -1
	for i, n := range counts {
		if n > 0 && (best < 0 || n > counts[best]) {
			best = i
		}
	}
	return best
}

// describe says in one sentence how a table is read.
func (c columns) describe() string {
	var parts []string
	for _, r := range []role{roleURL, roleBody, roleAuthor, rolePosted, roleCollected, roleTitle, roleLanguage, roleKind, roleReference, roleHash} {
		if i, ok := c.at[r]; ok {
			parts = append(parts, fmt.Sprintf("%s from %q", r, cutText(c.name(i), 80)))
		}
	}
	return strings.Join(parts, ", ")
}
