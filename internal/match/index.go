package match

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/match/hamming"
	"github.com/staydown/staydown/internal/match/neartext"
)

// Change says that an item's fingerprints were set anew.
type Change struct {
	N    int64 // rises in the order of commits, without gaps
	Item staydown.ID
}

// Feed is what an index follows.
type Feed interface {
	// FingerprintChanges lists the changes behind a number, oldest first.
	FingerprintChanges(ctx context.Context, after int64, limit int) ([]Change, error)
	FingerprintsOf(ctx context.Context, items []staydown.ID) ([]staydown.Fingerprint, error)
}

// Index is a copy of the fingerprints in this process's memory. The database is
// the truth: a new copy is built from the first change on. It is safe for use
// by several goroutines. The zero value is not ready; use [NewIndex].
type Index struct {
	pictures *hamming.Index[uint64] // by an item's number and a count, see pictureKey
	texts    *neartext.Index[uint64]

	following sync.Mutex // one goroutine brings the copy up to date at a time
	at        int64      // the last change taken in

	mu      sync.RWMutex
	numbers map[staydown.ID]uint32
	items   []indexed // by number
}

// indexed is one item of the copy.
type indexed struct {
	id       staydown.ID
	circle   staydown.ID
	pictures int // how many picture keys it has
}

// NewIndex returns an empty copy.
func NewIndex() *Index {
	return &Index{pictures: hamming.New[uint64](), texts: neartext.New[uint64](), numbers: map[staydown.ID]uint32{}}
}

// mostPictures bounds the pictures and frames of one item that are indexed.
const mostPictures = 256

func pictureKey(number uint32, n int) uint64 { return uint64(number)*mostPictures + uint64(n) }

// Follow takes in all changes committed so far.
func (x *Index) Follow(ctx context.Context, feed Feed) error {
	x.following.Lock()
	defer x.following.Unlock()
	const atOnce = 500
	for {
		changes, err := feed.FingerprintChanges(ctx, x.at, atOnce)
		if err != nil {
			return fmt.Errorf("following the fingerprints: %w", err)
		}
		if len(changes) == 0 {
			return nil
		}
		ids := make([]staydown.ID, len(changes))
		for i, c := range changes {
			ids[i] = c.Item
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		prints, err := feed.FingerprintsOf(ctx, ids)
		if err != nil {
			return fmt.Errorf("following the fingerprints: %w", err)
		}
		x.replace(ids, prints)
		x.at = changes[len(changes)-1].N
		if len(changes) < atOnce {
			return nil
		}
	}
}

// replace makes these the fingerprints of the items.
func (x *Index) replace(ids []staydown.ID, prints []staydown.Fingerprint) {
	of := map[staydown.ID][]staydown.Fingerprint{}
	for _, f := range prints {
		of[f.Item] = append(of[f.Item], f)
	}
	for _, id := range ids {
		x.set(id, of[id])
	}
}

func (x *Index) set(id staydown.ID, prints []staydown.Fingerprint) {
	number, before := x.number(id)
	pictures := 0
	var sig text.Signature
	circle := staydown.ID("")
	for _, f := range prints {
		circle = f.Circle
		switch f.Kind {
		case fingerprint.PDQ:
			if h, err := pdq.Parse(f.Value); err == nil && f.Quality >= pdq.MinQuality && pictures < mostPictures {
				x.pictures.Put(pictureKey(number, pictures), h)
				pictures++
			}
		case fingerprint.Text:
			if s, err := text.Parse(f.Value); err == nil {
				sig = s
			}
		}
	}
	for n := pictures; n < before; n++ {
		x.pictures.Withdraw(pictureKey(number, n))
	}
	x.texts.Put(uint64(number), sig) // one without words is taken out
	x.mu.Lock()
	defer x.mu.Unlock()
	x.items[number] = indexed{id: id, circle: circle, pictures: pictures}
}

// number gives an item its number in this copy, and how many picture keys it
// had.
func (x *Index) number(id staydown.ID) (number uint32, pictures int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n, ok := x.numbers[id]; ok {
		return n, x.items[n].pictures
	}
	n := uint32(len(x.items))
	x.numbers[id] = n
	x.items = append(x.items, indexed{id: id})
	return n, 0
}

// Near is an item within reach of a probe.
type Near struct {
	Item     staydown.ID
	Kind     string // "pdq" or "text"
	Distance int    // bits of 256, or percent unlike
}

// Search lists the items of a circle whose pictures or text are near, nearest
// first: for each item and kind the smallest distance.
func (x *Index) Search(circle staydown.ID, p Probe) []Near {
	pictures, texts := map[uint32]int{}, map[uint32]int{}
	for _, h := range p.Pictures {
		for _, m := range x.pictures.Find(h, pdq.Radius, 0) {
			keepLeast(pictures, uint32(m.Key/mostPictures), m.Distance)
		}
	}
	if !p.Text.Weak() {
		for _, m := range x.texts.Find(p.Text, neartext.Threshold, 0) {
			keepLeast(texts, uint32(m.Key), int(100*(1-m.Similarity)+0.5))
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := append(x.within(circle, fingerprint.PDQ, pictures), x.within(circle, fingerprint.Text, texts)...)
	slices.SortFunc(out, func(a, b Near) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Item, b.Item))
	})
	return out
}

func (x *Index) within(circle staydown.ID, kind string, found map[uint32]int) []Near {
	var out []Near
	for number, distance := range found {
		if i := x.items[number]; i.circle == circle {
			out = append(out, Near{Item: i.id, Kind: kind, Distance: distance})
		}
	}
	return out
}

func keepLeast(m map[uint32]int, key uint32, d int) {
	if have, ok := m[key]; !ok || d < have {
		m[key] = d
	}
}
