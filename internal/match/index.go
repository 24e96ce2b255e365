package match

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/exact"
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
	pictures *hamming.Index // by an item's number and a count, see pictureKey
	texts    *neartext.Index[uint64]

	following sync.Mutex // one goroutine brings the copy up to date at a time
	at        int64      // the last change taken in

	mu      sync.RWMutex
	numbers map[staydown.ID]uint32
	items   []indexed                 // by number
	bytes   map[exact.SHA256][]uint32 // numbers of the items that carry them
}

// indexed is one item of the copy.
type indexed struct {
	id       staydown.ID
	circle   staydown.ID
	pictures int            // how many picture keys it has
	bytes    []exact.SHA256 // what it carries
}

// NewIndex returns an empty copy.
func NewIndex() *Index {
	return &Index{pictures: hamming.New(), texts: neartext.New[uint64](), numbers: map[staydown.ID]uint32{}, bytes: map[exact.SHA256][]uint32{}}
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
	now := indexed{id: id}
	var sig text.Signature
	for _, f := range prints {
		now.circle = f.Circle
		switch f.Kind {
		case fingerprint.SHA256:
			if d, err := exact.ParseSHA256(f.Value); err == nil && !slices.Contains(now.bytes, d) {
				now.bytes = append(now.bytes, d)
			}
		case fingerprint.PDQ:
			if h, err := pdq.Parse(f.Value); err == nil && f.Quality >= pdq.MinQuality && now.pictures < mostPictures {
				x.pictures.Put(pictureKey(number, now.pictures), h)
				now.pictures++
			}
		case fingerprint.Text:
			if s, err := text.Parse(f.Value); err == nil {
				sig = s
			}
		}
	}
	for n := now.pictures; n < before.pictures; n++ {
		x.pictures.Withdraw(pictureKey(number, n))
	}
	x.texts.Put(uint64(number), sig) // one without words is taken out
	x.mu.Lock()
	defer x.mu.Unlock()
	x.items[number] = now
	x.carry(number, before.bytes, now.bytes)
}

// carry files an item under the bytes it carries now instead of before.
func (x *Index) carry(number uint32, before, now []exact.SHA256) {
	for _, d := range before {
		list := slices.DeleteFunc(x.bytes[d], func(n uint32) bool { return n == number })
		if x.bytes[d] = list; len(list) == 0 {
			delete(x.bytes, d)
		}
	}
	for _, d := range now {
		x.bytes[d] = append(x.bytes[d], number)
	}
}

// number gives an item its number in this copy, and what it was indexed by.
func (x *Index) number(id staydown.ID) (number uint32, before indexed) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n, ok := x.numbers[id]; ok {
		return n, x.items[n]
	}
	n := uint32(len(x.items))
	x.numbers[id] = n
	x.items = append(x.items, indexed{id: id})
	return n, indexed{id: id}
}

// Near is an item within reach of a probe.
type Near struct {
	Item     staydown.ID
	Kind     string // "sha256", "pdq" or "text"
	Distance int    // 0, bits of 256, or percent unlike
}

// Search lists the items of a circle that carry the same bytes, or whose
// pictures or text are near: for each item and kind the smallest distance; the
// same bytes first, then nearest first, then the oldest.
func (x *Index) Search(circle staydown.ID, p Probe) []Near {
	pictures, texts := map[uint32]int{}, map[uint32]int{}
	for _, h := range p.Pictures {
		x.pictures.Each(h, pdq.Radius, func(m hamming.Match) bool {
			keepLeast(pictures, uint32(m.Key/mostPictures), m.Distance)
			return true
		})
	}
	if !p.Text.Weak() {
		for _, m := range x.texts.Find(p.Text, neartext.Threshold, 0) {
			keepLeast(texts, uint32(m.Key), int(100*(1-m.Similarity)+0.5))
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := append(x.within(circle, fingerprint.PDQ, pictures), x.within(circle, fingerprint.Text, texts)...)
	out = append(out, x.within(circle, fingerprint.SHA256, x.carrying(p.SHA256))...)
	order := map[string]int{fingerprint.SHA256: 0, fingerprint.PDQ: 1, fingerprint.Text: 1}
	slices.SortFunc(out, func(a, b Near) int {
		return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// carrying finds the items that carry one of these bytes. The caller holds the
// lock.
func (x *Index) carrying(sha256 []string) map[uint32]int {
	found := map[uint32]int{}
	for _, s := range sha256 {
		d, err := exact.ParseSHA256(s)
		if err != nil {
			continue
		}
		for _, number := range x.bytes[d] {
			found[number] = 0
		}
	}
	return found
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
