package match

import (
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
)

// Probe is what is searched for.
type Probe struct {
	SHA256   []string   // of media, or of a text
	Pictures []pdq.Hash // of pictures and frames worth comparing; of the first frame of each in all eight turns
	Text     text.Signature
	Marks    []string // identifiers of a site's makers
}

// ProbeOf is the probe made of an item's own fingerprints.
func ProbeOf(prints []staydown.Fingerprint) Probe {
	var p Probe
	for _, f := range prints {
		switch f.Kind {
		case fingerprint.SHA256:
			p.SHA256 = append(p.SHA256, f.Value)
		case fingerprint.PDQ:
			if h, err := pdq.Parse(f.Value); err == nil && f.Quality >= pdq.MinQuality {
				p.Pictures = append(p.Pictures, h)
			}
		case fingerprint.Turned:
			if d, err := fingerprint.ParseTurned(f.Value); err == nil && f.Quality >= pdq.MinQuality {
				p.Pictures = append(p.Pictures, d[:]...)
			}
		case fingerprint.Text:
			if s, err := text.Parse(f.Value); err == nil {
				p.Text = s
			}
		case fingerprint.Mark:
			p.Marks = append(p.Marks, f.Value)
		}
	}
	slices.SortFunc(p.Pictures, func(a, b pdq.Hash) int { return slices.Compare(a[:], b[:]) })
	p.Pictures = slices.Compact(p.Pictures)
	return p
}
