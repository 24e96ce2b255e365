package match

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// ItemsNear lists the items of a circle, decided or not, that carry the same
// bytes as a probe, whose text resembles its text, or whose pictures lie within
// radius bits of its pictures.
func (d *Desk) ItemsNear(ctx context.Context, circle staydown.ID, p Probe, radius int) ([]Near, error) {
	x := d.Index()
	if err := x.Follow(ctx, d.Store); err != nil {
		return nil, err
	}
	out := x.Search(circle, Probe{SHA256: p.SHA256, Text: p.Text})
	return append(out, x.pictured(circle, p.Pictures, radius)...), nil
}

// pictured lists the items with a picture near one of these.
func (x *Index) pictured(circle staydown.ID, pictures []pdq.Hash, radius int) []Near {
	found := map[uint32]int{}
	for _, h := range pictures {
		for _, m := range x.pictures.Find(h, radius, 0) {
			keepLeast(found, uint32(m.Key/mostPictures), m.Distance)
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.within(circle, fingerprint.PDQ, found)
}
