package intake

import (
	"fmt"
	"path"
	"strings"

	"github.com/staydown/staydown"
)

// Given is what the importer says of every lead in a source.
type Given struct {
	Source      string // where the unit has it from; empty: the format and the file's name
	Reliability string // 4x4 evaluation of the source: A, B, C or X
	Credibility string // of the information: 1 to 4
	Handling    string // handling code
	Consent     bool   // the originator agrees to further use
}

// leadOf makes a lead of a row. What has no place of its own in a lead goes into its note, in the order of the source.
func leadOf(r Row, g Given, place string) staydown.Lead {
	l := staydown.Lead{
		URL: r.URL, Location: locationOf(r), Source: g.Source, Reliability: g.Reliability, Credibility: g.Credibility, Handling: g.Handling,
		Consent: g.Consent, Reference: r.Reference, Author: r.Author, Kind: r.Kind, Language: r.Language, PostedAt: r.Posted, Place: place, Note: noteOf(r),
	}
	if l.Source == "" {
		l.Source = sourceOf(r)
	}
	return l
}

// locationOf is where the thing stands: at its address, or, for a file without one, nowhere but in its own bytes.
func locationOf(r Row) string {
	if r.Location == "" && r.File != nil {
		return urnPrefix + r.File.SHA256
	}
	return r.Location
}

// sourceOf names the source of a row: the chat of an export, or the file.
func sourceOf(r Row) string {
	if r.Telegram != nil {
		return fmt.Sprintf("Telegram export of %s", r.Telegram.ChatName)
	}
	return path.Base(r.Path)
}

// noteOf writes what a row says besides its fields, for people: the words of the post, then one fact a line.
func noteOf(r Row) string {
	var sb strings.Builder
	if r.Text != "" {
		sb.WriteString(cutText(r.Text, 3<<10) + "\n")
	}
	line := func(name, value string) {
		if value != "" && sb.Len() < maxNote {
			fmt.Fprintf(&sb, "%s: %s\n", name, strings.ReplaceAll(value, "\n", " "))
		}
	}
	if r.Title != "" && r.Title != r.Text {
		line("title", r.Title)
	}
	if !r.Collected.IsZero() {
		line("seen", r.Collected.Format("2006-01-02T15:04:05Z"))
	}
	if r.Found != "" && r.Found != r.URL {
		line("written", r.Found)
	}
	if m := r.Telegram; m != nil {
		line("message", fmt.Sprintf("%d in %s (%s)", m.ID, m.ChatName, strings.ReplaceAll(m.ChatType, "_", " ")))
		line("forwarded from", m.Forwarded)
		if m.Media != "" {
			line("file", strings.TrimSpace(m.Media+", "+strings.ReplaceAll(string(m.FileState), "_", " ")))
		}
		if m.SelfDestruct > 0 {
			line("timer", fmt.Sprintf("%d seconds", m.SelfDestruct))
		}
	}
	if r.From == FromLink {
		line("where", "a link in the message")
	}
	for _, h := range r.Hashes {
		line("hash", h)
	}
	for _, f := range r.Fields {
		line(f.Name, f.Value)
	}
	if len(r.Notes) > 0 {
		line("reading", strings.Join(r.Notes, ", "))
	}
	return strings.TrimSuffix(cutText(sb.String(), maxNote), "\n")
}

// cameWith is what of a row is kept beside the lead: its file, and the message where the row is the message itself.
func cameWith(r Row) *came {
	switch {
	case r.From == FromLink, r.File == nil && r.From != FromMessage, r.Telegram == nil && r.File == nil:
		return nil
	}
	c := &came{title: r.Title, facts: r.Telegram}
	if r.File != nil {
		c.name = r.File.Path
		for _, h := range r.Hashes {
			if h != r.File.SHA256 {
				c.hashes = append(c.hashes, h)
			}
		}
	}
	if r.Telegram == nil {
		return c
	}
	c.text = r.Text
	if r.File == nil && r.Text == "" {
		c.missing = "file_" + string(r.Telegram.FileState)
	}
	return c
}
