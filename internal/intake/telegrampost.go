package intake

import (
	"strings"
	"time"
)

// Message is what an export says about a message besides its text.
type Message struct {
	Chat         int64     `json:"chat"` // the bare number of the peer
	ChatName     string    `json:"chat_name"`
	ChatType     string    `json:"chat_type"`
	ID           int64     `json:"id"`
	Type         string    `json:"type"` // message | service | unsupported
	Edited       time.Time `json:"edited,omitzero"`
	From         string    `json:"from,omitempty"`           // user123, channel123; a pseudonym where persons are not kept
	Forwarded    string    `json:"forwarded_from,omitempty"` // a display name only: the export drops where it came from
	SavedFrom    string    `json:"saved_from,omitempty"`
	ReplyTo      int64     `json:"reply_to,omitempty"`
	ViaBot       string    `json:"via_bot,omitempty"`
	Media        string    `json:"media,omitempty"` // photo | video_file | voice_message | ... | document
	FileState    FileState `json:"file,omitempty"`
	FileName     string    `json:"file_name,omitempty"`
	FileSize     int64     `json:"file_size,omitempty"`
	MediaType    string    `json:"mime_type,omitempty"` // as the export says
	Seconds      int64     `json:"seconds,omitempty"`   // length of a clip
	SelfDestruct int64     `json:"self_destruct_seconds,omitempty"`
	Reactions    int64     `json:"reactions,omitempty"` // how many; who reacted is not read
}

// FileState is what became of a message's file in the export.
type FileState string

// The states of a file in an export.
const (
	FilePresent     FileState = "present"
	FileUnavailable FileState = "unavailable"   // Telegram could not deliver it
	FileTooBig      FileState = "too_big"       // above the exporter's limit
	FileNotIncluded FileState = "not_included"  // of a kind the exporter did not choose
	FileDestructed  FileState = "self_destruct" // it had a timer: Telegram Desktop drops it from every export
	FileMissing     FileState = "missing"       // named, but not in the folder
	FileUnsafe      FileState = "unsafe"        // named outside of the folder; not opened
)

// sentences stand in place of a path.
var sentences = []struct {
	begin string
	state FileState
}{
	{"(File unavailable", FileUnavailable},
	{"(File exceeds maximum size", FileTooBig},
	{"(File not included", FileNotIncluded},
}

// post is one message as read.
type post struct {
	facts     Message
	at        time.Time
	hasZone   bool
	badTime   string
	text      string
	author    string // display name; "" where the account is deleted
	signature string // of a channel's editor
	noAuthor  bool   // the account is deleted
	path      string // of the file, as the export names it
	links     []string
	action    string // of a service message
	period    int64  // of set_messages_ttl, seconds
}

// readPost reads what is needed of a message. Contacts, places, invoices and the names of those who reacted are not among it.
func readPost(m map[string]any, id int64, chat ChatHead, zone *time.Location) post {
	p := post{facts: Message{
		Chat: chat.ID, ChatName: chat.Name, ChatType: chat.Type, ID: id, Type: textAt(m, "type"),
		From: textAt(m, "from_id"), Forwarded: textAt(m, "forwarded_from"), SavedFrom: textAt(m, "saved_from"), ViaBot: textAt(m, "via_bot"),
	}}
	if p.facts.Type == "" {
		p.facts.Type = "message"
	}
	p.author, p.signature, p.action = textAt(m, "from"), textAt(m, "author"), textAt(m, "action")
	if from, there := m["from"]; there && from == nil {
		p.noAuthor = true
	}
	p.period, _ = numberAt(m, "period")
	p.facts.ReplyTo, _ = numberAt(m, "reply_to_message_id")
	p.readTimes(m, zone)
	p.readText(m)
	p.readMedia(m)
	for _, r := range listAt(m, "reactions") {
		if r, ok := r.(map[string]any); ok {
			n, _ := numberAt(r, "count")
			p.facts.Reactions += n
		}
	}
	return p
}

// readTimes prefers the seconds since 1970: the other form is the exporting machine's own time, without its zone.
func (p *post) readTimes(m map[string]any, zone *time.Location) {
	if edited := firstText(m, "edited_unixtime", "edited"); edited != "" {
		p.facts.Edited, _, _ = parseTime(edited, zone)
	}
	for _, key := range []string{"date_unixtime", "date"} {
		text := textAt(m, key)
		if text == "" {
			continue
		}
		var ok bool
		if p.at, p.hasZone, ok = parseTime(text, zone); ok {
			p.badTime = ""
			return
		}
		p.badTime = text
	}
}

// readText joins a text that is a string, or an array of strings and objects, and collects its links.
func (p *post) readText(m map[string]any) {
	var sb strings.Builder
	parts := listAt(m, "text")
	if s := textAt(m, "text"); s != "" {
		parts = []any{s}
	}
	if len(parts) == 0 {
		parts = listAt(m, "text_entities")
	}
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			sb.WriteString(part)
		case map[string]any:
			sb.WriteString(textAt(part, "text"))
		}
	}
	p.text = sb.String()
	if poll, ok := m["poll"].(map[string]any); ok && p.text == "" {
		p.text = textAt(poll, "question")
	}
	p.links = linksIn(p.text, append(parts, listAt(m, "text_entities")...), m)
}

// linksIn gives the links of a message once each, in their order: those a reader sees, those behind words, those on buttons.
func linksIn(text string, entities []any, m map[string]any) []string {
	var out []string
	seen := map[string]bool{}
	add := func(text string, loose bool) {
		for _, a := range findAddresses(text, loose) {
			if !seen[a.url] {
				seen[a.url] = true
				out = append(out, text[a.start:a.end])
			}
		}
	}
	add(text, false)
	for _, e := range entities {
		if e, ok := e.(map[string]any); ok {
			switch textAt(e, "type") {
			case "link":
				add(textAt(e, "text"), true)
			case "text_link":
				add(textAt(e, "href"), true)
			}
		}
	}
	for _, row := range listAt(m, "inline_bot_buttons") {
		buttons, _ := row.([]any)
		for _, b := range buttons {
			if b, ok := b.(map[string]any); ok && textAt(b, "type") == "url" {
				add(textAt(b, "data"), true)
			}
		}
	}
	return out
}

// readMedia reads which file the message had, and what became of it.
func (p *post) readMedia(m map[string]any) {
	_, isPhoto := m["photo"]
	_, isFile := m["file"]
	f := &p.facts
	f.SelfDestruct, _ = numberAt(m, "self_destruct_period_seconds")
	f.MediaType, f.FileName = textAt(m, "mime_type"), textAt(m, "file_name")
	f.Seconds, _ = numberAt(m, "duration_seconds")
	path := ""
	switch {
	case isPhoto:
		f.Media, path = "photo", textAt(m, "photo")
		f.FileSize, _ = numberAt(m, "photo_file_size")
	case isFile || textAt(m, "media_type") != "":
		f.Media, path = firstText(m, "media_type"), textAt(m, "file")
		f.FileSize, _ = numberAt(m, "file_size")
		if f.Media == "" {
			f.Media = "document"
		}
	case f.SelfDestruct > 0:
		f.Media = "self_destruct"
	default:
		return
	}
	f.FileState = FilePresent
	for _, s := range sentences {
		if strings.HasPrefix(path, s.begin) {
			f.FileState, path = s.state, ""
		}
	}
	if f.SelfDestruct > 0 && path == "" {
		f.FileState = FileDestructed
	} else if path == "" && f.FileState == FilePresent {
		f.FileState = FileMissing
	}
	p.path = path
}
