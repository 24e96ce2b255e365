package fingerprint

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/site"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/htmltext"
	"github.com/staydown/staydown/internal/location"
)

const (
	mostMedia = 32 // media of one item that are fingerprinted
	mostMarks = 40 // identifiers kept of one page
)

// made is what was made of an item's material.
type made struct {
	prints    []staydown.Fingerprint
	published time.Time // when the content says it appeared
	medium    string    // SHA-256 of what "the same content" means for the item
	unread    int       // pictures and videos that could not be read
}

func (m made) counts() map[string]any {
	n := map[string]int{}
	for _, f := range m.prints {
		n[f.Kind]++
	}
	return map[string]any{"sha256": n[SHA256], "pdq": n[PDQ], "text": n[Text], "site": n[Site], "unread": m.unread}
}

// make makes the fingerprints of everything that is there of an item.
func (d *Desk) make(ctx context.Context, from Material) (made, error) {
	var m made
	var pictures []site.Media
	known := byExhibit(from.Known)
	media := mediaOf(from)
	for _, x := range media {
		prints, err := d.medium(ctx, x, known[x.ID], &m)
		if err != nil {
			return made{}, err
		}
		m.prints = append(m.prints, prints...)
		pictures = append(pictures, pictureOf(prints))
	}
	words, err := d.page(ctx, from, pictures, &m)
	if err != nil {
		return made{}, err
	}
	if !slices.ContainsFunc(m.prints, func(f staydown.Fingerprint) bool { return f.Kind == Text }) {
		if err := d.document(ctx, media, &m); err != nil {
			return made{}, err
		}
	}
	m.medium = contentOf(media)
	if m.medium == "" && strings.TrimSpace(words) != "" {
		m.medium = exact.Of([]byte(words)).SHA256.String()
		m.prints = append(m.prints, staydown.Fingerprint{Kind: SHA256, Value: m.medium})
	}
	for k, f := range m.prints { // what is known already keeps its name
		m.prints[k].ID = nameOf(from.Known, f)
	}
	return m, nil
}

// nameOf finds the identifier under which the same fingerprint is kept.
func nameOf(known []staydown.Fingerprint, f staydown.Fingerprint) staydown.ID {
	for _, k := range known {
		if k.Exhibit == f.Exhibit && k.Kind == f.Kind && k.Value == f.Value && k.Frame == f.Frame {
			return k.ID
		}
	}
	return ""
}

func byExhibit(prints []staydown.Fingerprint) map[staydown.ID][]staydown.Fingerprint {
	m := map[staydown.ID][]staydown.Fingerprint{}
	for _, f := range prints {
		if f.Exhibit != "" && (f.Kind == SHA256 || f.Kind == PDQ || f.Kind == Turned) {
			m[f.Exhibit] = append(m[f.Exhibit], f)
		}
	}
	return m
}

// shownIn are the media that stand in the main part of a captured page, as the
// capture's facts tell. Logos, avatars and buttons, which a platform's every
// page carries, do not.
func shownIn(facts string) map[string]bool {
	var f struct {
		Media []struct {
			SHA256 string `json:"sha256"`
			Shown  bool   `json:"shown"`
		} `json:"media"`
	}
	if json.Unmarshal([]byte(facts), &f) != nil {
		return nil
	}
	shown := map[string]bool{}
	for _, x := range f.Media {
		if x.Shown && x.SHA256 != "" {
			shown[x.SHA256] = true
		}
	}
	return shown
}

// mediaOf chooses the media worth fingerprinting, each content once: those in
// the main part where the capture tells them apart, the weightiest first.
func mediaOf(from Material) []staydown.Exhibit {
	shown := map[staydown.ID]map[string]bool{}
	for _, c := range from.Captures {
		shown[c.ID] = shownIn(c.Facts)
	}
	var out []staydown.Exhibit
	seen := map[string]bool{}
	for _, x := range from.Exhibits {
		if x.Kind != "media" && x.Kind != "file" || seen[x.SHA256] {
			continue
		}
		if s := shown[x.Capture]; len(s) > 0 && !s[x.SHA256] && x.Kind == "media" {
			continue
		}
		seen[x.SHA256] = true
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b staydown.Exhibit) int {
		if a.Bytes != b.Bytes {
			return int(b.Bytes - a.Bytes)
		}
		return strings.Compare(a.SHA256, b.SHA256)
	})
	return out[:min(len(out), mostMedia)]
}

// contentOf is what "the same content" means where there are media: the
// weightiest one.
func contentOf(media []staydown.Exhibit) string {
	if len(media) == 0 {
		return ""
	}
	return media[0].SHA256
}

// page makes the fingerprints of the newest page, or of a message that came
// without one, and returns its words.
func (d *Desk) page(ctx context.Context, from Material, pictures []site.Media, m *made) (string, error) {
	if len(from.Captures) == 0 {
		return "", nil
	}
	newest := from.Captures[0]
	m.published = from.PostedAt
	words, exhibit := newest.Text, staydown.ID("")
	if x, ok := pageOf(from); ok {
		data, err := d.read(ctx, x.SHA256, htmltext.MaxBytes)
		if err != nil {
			return "", err
		}
		if p, err := htmltext.Read(data, x.MediaType, newest.Reached); err == nil {
			exhibit = x.ID
			if !p.Published.IsZero() {
				m.published = p.Published
			}
			if main := mainOf(p); main != "" && p.Charset != guessed {
				words = main
			}
			m.site(from.Item, site.Page{Address: addressOf(from.Item, newest), HTML: data, Page: p, Media: pictures}, exhibit)
		}
	}
	if sig := text.Of(words); !sig.Weak() {
		m.prints = append(m.prints, staydown.Fingerprint{Exhibit: exhibit, Kind: Text, Value: sig.String()})
	}
	return words, nil
}

// guessed is the encoding a page is read in when it names none. The header may
// have named one, which the capture saw: then its own text is better.
const guessed = "windows-1252"

// mainOf is the main part of a page, unless that is hardly anything.
func mainOf(p htmltext.Page) string {
	if len(strings.Fields(p.Main)) >= text.MinShingles {
		return p.Main
	}
	return p.Text
}

func addressOf(i staydown.Item, c staydown.Capture) string {
	if reached, err := location.Canonical(c.Reached); err == nil {
		return reached
	}
	return i.Location
}

func pageOf(from Material) (staydown.Exhibit, bool) {
	for _, x := range from.Exhibits {
		if x.Kind == "page" && x.Capture == from.newest() && (strings.HasPrefix(x.MediaType, "text/") || strings.HasSuffix(x.MediaType, "xml")) {
			return x, true
		}
	}
	return staydown.Exhibit{}, false
}

// site keeps the signature of the page, and of pages that stand for a whole
// site the identifiers of its makers: on a platform's postings those of the
// platform would be meant.
func (m *made) site(i staydown.Item, p site.Page, exhibit staydown.ID) {
	sig := site.Of(p)
	sig.Text = text.Signature{} // kept for itself
	value, err := json.Marshal(sig)
	if err != nil {
		return
	}
	m.prints = append(m.prints, staydown.Fingerprint{Exhibit: exhibit, Kind: Site, Value: string(value)})
	if !standsForSite(i) {
		return
	}
	for _, id := range sig.Identifiers[:min(len(sig.Identifiers), mostMarks)] {
		m.prints = append(m.prints, staydown.Fingerprint{Exhibit: exhibit, Kind: Mark, Value: id})
	}
}

// standsForSite reports items that are a site, an account, or a page or
// article of a site.
func standsForSite(i staydown.Item) bool {
	switch i.Kind {
	case "site", "account", "page", "article":
		return true
	}
	return location.BreadthOf(i.Location).Wide()
}

// read reads an exhibit up to a bound; more is cut off.
func (d *Desk) read(ctx context.Context, sha256 string, most int64) ([]byte, error) {
	r, err := d.Open(ctx, sha256)
	if err != nil {
		return nil, fmt.Errorf("opening exhibit %s: %w", sha256, err)
	}
	defer r.Close()
	data, err := readAll(r, most)
	if err != nil {
		return nil, fmt.Errorf("reading exhibit %s: %w", sha256, err)
	}
	return data, nil
}
