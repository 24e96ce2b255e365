package intake

import (
	"bytes"
	"path"
	"strings"
)

const (
	maxShortcut = 64 << 10 // a .url file has a few lines
	maxSidecar  = 8 << 20  // downloaders write a megabyte of formats into theirs
)

// sidecarEndings are what files beside a file end in, the longest first.
var sidecarEndings = []string{".info.json", ".json", ".url"}

// NoteSidecar says that a file beside the file could not be used.
const NoteSidecar = "sidecar"

// pairSidecars finds, among the sorted names of a directory, files that describe another: clip.mp4.url, clip.url,
// clip.mp4.json, clip.info.json beside clip.mp4. They are taken out of the walk.
func pairSidecars(names []string) (rest []string, sides map[string][]string) {
	have, stems := map[string]bool{}, map[string][]string{}
	for _, n := range names {
		if stem, ending := cutSidecar(n); ending == "" {
			have[n] = true
			stem = strings.TrimSuffix(n, path.Ext(n))
			stems[stem] = append(stems[stem], n)
		}
	}
	sides = map[string][]string{}
	for _, n := range names {
		stem, ending := cutSidecar(n)
		switch {
		case ending == "":
			rest = append(rest, n)
		case have[stem]:
			sides[stem] = append(sides[stem], n)
		case len(stems[stem]) > 0:
			for _, of := range stems[stem] {
				sides[of] = append(sides[of], n)
			}
		default:
			rest = append(rest, n)
		}
	}
	return rest, sides
}

func cutSidecar(name string) (stem, ending string) {
	lower := strings.ToLower(name)
	for _, e := range sidecarEndings {
		if strings.HasSuffix(lower, e) && len(name) > len(e) {
			return name[:len(name)-len(e)], e
		}
	}
	return name, ""
}

// readSidecar adds what a file beside the file says. One that cannot be used costs nothing but its own words.
func (f *folderReader) readSidecar(row *Row, at string) {
	row.field("sidecar", pathText(at))
	isURL := strings.HasSuffix(strings.ToLower(at), ".url")
	limit := int64(maxSidecar)
	if isURL {
		limit = maxShortcut
	}
	b, err := f.small(at, limit)
	if err != nil {
		row.note(NoteSidecar)
		return
	}
	if isURL {
		target, ok := shortcutTarget(b)
		if !ok || !row.sidecarAddress(target) {
			row.note(NoteSidecar)
		}
		return
	}
	v, notes, err := parseLoose(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")), f.reader.opt.Limits.Depth)
	m, isObject := v.(map[string]any)
	if err != nil || !isObject {
		row.note(NoteSidecar)
		return
	}
	for _, n := range notes {
		row.note(n)
	}
	row.sidecarFacts(m, f.reader)
}

// sidecarAddress takes the first address of a text, unless the row has one already.
func (r *Row) sidecarAddress(text string) bool {
	found := findAddresses(cutText(text, 64<<10), true)
	if len(found) == 0 {
		return false
	}
	if r.URL != "" {
		return true
	}
	if reason, _ := r.takeAddress(found[0]); reason != "" {
		r.field("sidecar address", cutText(found[0].found, headBytes))
		return false
	}
	r.From = FromSidecar
	return true
}

// sidecarFacts reads what downloaders and archivers write beside a file. The page comes before the address of the bare
// medium, which expires.
func (r *Row) sidecarFacts(m map[string]any, reader *Reader) {
	if address := firstText(m, "webpage_url", "original_url", "source_url", "post_url", "page_url", "permalink", "link", "url"); address != "" && !r.sidecarAddress(address) {
		r.note(NoteSidecar)
	}
	if title := firstText(m, "fulltitle", "title", "headline"); title != "" {
		r.Title = cutText(title, 1<<10)
	}
	if text := firstText(m, "description", "text", "body", "caption", "content"); text != "" {
		r.setText(text)
	}
	r.Author = cutText(firstText(m, "uploader", "channel", "author", "account", "username", "uploader_id"), 1<<10)
	r.Language = cutText(firstText(m, "language", "lang"), 64)
	r.Reference = cutText(firstText(m, "reference", "id"), 1<<10)
	r.takeTime(&r.Posted, "time", firstText(m, "timestamp", "published", "created_at", "taken_at", "date", "upload_date"), reader.opt.Zone)
	for _, h := range hashesIn(firstText(m, "sha256", "hash", "md5")) {
		if h != r.File.SHA256 {
			r.Hashes = append(r.Hashes, h)
		}
	}
}

func firstText(m map[string]any, keys ...string) string {
	for _, k := range keys {
		if s := strings.TrimSpace(textAt(m, k)); s != "" {
			return s
		}
	}
	return ""
}

// shortcutTarget reads the address out of an Internet shortcut, whatever its encoding.
func shortcutTarget(b []byte) (string, bool) {
	lines, _, err := openLines(bytes.NewReader(b), "", "", maxShortcut)
	if err != nil {
		return "", false
	}
	for {
		ln, err := lines.next()
		if err != nil {
			return "", false
		}
		key, value, ok := strings.Cut(strings.TrimFunc(ln.text, blank), "=")
		if ok && strings.EqualFold(strings.TrimSpace(key), "url") {
			return strings.TrimSpace(value), true
		}
	}
}
