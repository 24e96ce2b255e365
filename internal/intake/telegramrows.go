package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// entries gives what a message is worth: itself where it has an address, else its file, and each link in it. The file is
// read only when the entry is asked for.
func (t *telegramReader) entries(base Row, p post) []func(bool) (Entry, error) {
	var out []func(bool) (Entry, error)
	chat := t.chats[t.current]
	w := t.watch[t.current]
	info := t.lookAt(&p, w)
	t.fillPost(&base, p)
	if !t.opt.NoMessages && (p.text != "" || p.facts.Media != "") {
		row := base
		row.Notes = slices.Clone(base.Notes)
		if place := t.place(chat, p.facts.ID); place != "" {
			row.From, row.Kind = FromMessage, "post"
			row.Reference = fmt.Sprintf("%d/%d", chat.ID, p.facts.ID)
			if t.publicName(chat) == "" && chat.public() {
				row.note(NoteNoName)
			}
			if reason, why := row.takeAddress(address{found: row.Reference, url: place}); reason != "" {
				out = append(out, rejected(base, reason, why))
			} else {
				out = append(out, t.withFile(row, p, info))
			}
		} else if info != nil {
			row.From = FromFile
			out = append(out, t.withFile(row, p, info))
		}
	}
	if !t.opt.NoLinks {
		for _, link := range p.links {
			out = append(out, linkEntry(base, link))
		}
	}
	return out
}

// place is the address of a message: under the room's public name, or under its number, which only members can open.
func (t *telegramReader) place(chat ChatHead, id int64) string {
	if !chat.numbered() || id <= 0 {
		return ""
	}
	if name := t.publicName(chat); name != "" {
		return fmt.Sprintf("https://t.me/%s/%d", name, id)
	}
	return fmt.Sprintf("https://t.me/c/%d/%d", chat.ID, id)
}

// fillPost puts the message's facts into a row. Names of persons are kept only where the importer says so.
func (t *telegramReader) fillPost(row *Row, p post) {
	facts := p.facts
	row.Author = p.author
	if strings.HasPrefix(facts.From, "user") && !t.opt.KeepAuthors {
		row.note(NoteAuthor)
		row.Author = ""
		if t.opt.Pseudonym != nil {
			row.Author = t.opt.Pseudonym(facts.From)
		}
		facts.From = row.Author
	}
	if t.opt.KeepAuthors {
		row.field("signature", p.signature)
	} else if p.signature != "" {
		row.note(NoteAuthor)
	}
	row.setText(p.text)
	row.Posted = p.at
	if p.badTime != "" {
		row.note(NoteTime)
		row.field("date", cutText(p.badTime, headBytes))
	} else if !p.at.IsZero() && !p.hasZone {
		row.note(NoteZone)
	}
	switch facts.FileState {
	case FileUnsafe:
		row.note(NoteUnsafeName)
	case FileMissing:
		row.note(NoteFileGone)
	}
	row.Telegram = &facts
}

// lookAt finds the message's file in the folder of the export without opening it.
func (t *telegramReader) lookAt(p *post, w *gapWatch) fs.FileInfo {
	if p.facts.FileState != FilePresent {
		w.file(p.facts.FileState)
		return nil
	}
	info, state := t.find(p.path)
	p.facts.FileState = state
	w.file(state)
	return info
}

func (t *telegramReader) find(name string) (fs.FileInfo, FileState) {
	if t.root == nil {
		return nil, FileMissing
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.Contains(name, `\`) {
		return nil, FileUnsafe
	}
	var info fs.FileInfo
	at := ""
	for part := range strings.SplitSeq(path.Clean(name), "/") {
		at = path.Join(at, part)
		var err error
		if info, err = t.root.Lstat(at); err != nil {
			return nil, FileMissing
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, FileUnsafe
		}
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return nil, FileMissing
	}
	if info.Size() > t.reader.opt.Limits.FileBytes {
		return nil, FileTooBig
	}
	return info, FilePresent
}

// withFile gives the row with its file hashed.
func (t *telegramReader) withFile(row Row, p post, info fs.FileInfo) func(bool) (Entry, error) {
	return func(skip bool) (Entry, error) {
		if info == nil || skip {
			return Entry{Row: &row}, nil
		}
		file, err := hashFile(t.root, path.Clean(p.path), info, t.reader)
		if ctx := t.reader.ctx.Err(); ctx != nil {
			return Entry{}, ctx
		}
		if err == nil {
			row.File, row.Hashes = file, []string{file.SHA256}
			if row.URL == "" {
				row.Kind, row.Title = kindOfMedia(file.MediaType), file.Path
			}
			return Entry{Row: &row}, nil
		}
		if row.URL == "" {
			reason := Unreadable
			if errors.Is(err, errChanged) {
				reason = Changed
			}
			return rejected(row, reason, "the message's file cannot be read: "+plainError(err))(skip)
		}
		row.Telegram.FileState = FileUnavailable
		row.note(NoteFileGone)
		return Entry{Row: &row}, nil
	}
}

// linkEntry gives the lead that a link in a message is; it carries the message's words as its source.
func linkEntry(base Row, link string) func(bool) (Entry, error) {
	row := base
	row.Notes, row.Fields = slices.Clone(base.Notes), slices.Clone(base.Fields)
	row.From = FromLink
	found := findAddresses(link, true)
	if len(found) == 0 { // not to be expected: it was found before
		return rejected(base, NoAddress, "the link is none")
	}
	if reason, why := row.takeAddress(found[0]); reason != "" {
		return rejected(base, reason, why)
	}
	return func(bool) (Entry, error) { return Entry{Row: &row}, nil }
}

// rejected gives the reject for an address in a message. Its head is the address's own message, found by its place.
func rejected(base Row, reason Reason, why string) func(bool) (Entry, error) {
	e := Entry{Reject: &Reject{Path: base.Path, Line: base.Line, Offset: base.Offset, Length: base.Length, Reason: reason, Text: why, Head: headOf([]byte(base.Text))}}
	return func(bool) (Entry, error) { return e, nil }
}
