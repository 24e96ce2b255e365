package site

import (
	"cmp"
	"slices"

	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/htmltext"
	"github.com/staydown/staydown/internal/location"
)

// Version names how signatures are made; those of different versions must not
// be compared.
const Version = "site-v1"

const (
	maxIdentifiers = 200
	maxMedia       = 200
	templateRun    = 4 // tags in a run
)

// Signature is what is kept of a site or page to recognise it again. It can be
// stored as JSON.
type Signature struct {
	Version     string         `json:"version"`
	Host        string         `json:"host"`
	Title       string         `json:"title"`       // in normal words
	Text        text.Signature `json:"text"`        // of the visible text
	Template    text.Signature `json:"template"`    // of runs of four tags
	Identifiers []string       `json:"identifiers"` // "kind:value", sorted
	Icon        *Icon          `json:"icon,omitempty"`
	Media       []Media        `json:"media,omitempty"` // sorted by SHA256
}

// Icon is the fingerprint of a site's icon.
type Icon struct {
	Hash   int32        `json:"hash"`   // MurmurHash3 of the base64 form, as search engines for hosts list it
	SHA256 exact.SHA256 `json:"sha256"` // of its bytes
}

// Media is the fingerprint of a picture or clip shown on the site.
type Media struct {
	SHA256  exact.SHA256 `json:"sha256"`
	PDQ     pdq.Hash     `json:"pdq"`     // zero where there is none
	Quality int          `json:"quality"` // of the PDQ hash
}

// Page is what a signature is made from.
type Page struct {
	Address string        // canonical address it was found at
	HTML    []byte        // as received; identifiers hide in its scripts
	Page    htmltext.Page // the same, read
	Icon    []byte        // the icon's bytes, if they were fetched
	Media   []Media       // fingerprints of what it shows, if known
}

// Of makes the signature of a page.
func Of(p Page) Signature {
	s := Signature{
		Version:     Version,
		Host:        location.Host(p.Address),
		Title:       text.Normal(p.Page.Title),
		Text:        text.Of(p.Page.Text),
		Template:    text.OfHashes(text.Shingles(p.Page.Tags, templateRun)),
		Identifiers: identifiers(p),
	}
	if len(p.Icon) > 0 {
		s.Icon = &Icon{Hash: iconHash(p.Icon), SHA256: exact.Of(p.Icon).SHA256}
	}
	s.Media = slices.SortedFunc(slices.Values(p.Media), func(a, b Media) int { return cmp.Compare(a.SHA256.String(), b.SHA256.String()) })
	s.Media = slices.CompactFunc(s.Media, func(a, b Media) bool { return a.SHA256 == b.SHA256 })
	s.Media = s.Media[:min(len(s.Media), maxMedia)]
	return s
}
