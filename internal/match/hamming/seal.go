package hamming

import (
	"cmp"
	"runtime"
	"slices"
)

// build is the making of one part out of others and a tail. It holds the lock
// of the index only to begin and to swap: what is withdrawn in between is noted
// here, and withdrawn again from the result.
type build struct {
	parts  []*part
	tail   *tail
	moment uint64   // what died later is in lost
	lost   []uint64 // keys withdrawn from the sources since
}

const (
	// mergeSmall is the number of entries up to which parts are merged together
	// with sealing a tail, which must not take long.
	mergeSmall = 1 << 17
	// worthMerging: a part is merged with all smaller ones once they hold an
	// eighth of what it holds, and made anew once an eighth of it is dead. So
	// there are few parts, and each entry is moved few times.
	worthMerging = 8
)

// tidy starts sealing and merging where there is need. The caller holds the
// lock.
func (x *Index) tidy() {
	if !x.sealing && x.tail.n >= x.sealAt {
		go x.run(x.beginSeal())
	}
	if !x.merging {
		if parts := x.mergeable(); parts != nil {
			go x.run(x.beginMerge(parts))
		}
	}
}

// beginSeal opens a new tail. The small parts are taken along.
func (x *Index) beginSeal() *build {
	b := &build{tail: x.tail, moment: x.change}
	room := mergeSmall
	for _, p := range x.parts {
		if p.moving == nil && len(p.keys) <= room {
			room -= len(p.keys)
			b.parts = append(b.parts, p)
			p.moving = b
		}
	}
	b.tail.moving = b
	x.full, x.tail, x.sealing = x.tail, newTail(), true
	return b
}

func (x *Index) beginMerge(parts []*part) *build {
	b := &build{parts: parts, moment: x.change}
	for _, p := range parts {
		p.moving = b
	}
	x.merging = true
	return b
}

// mergeable lists the parts worth merging, or one worth making anew; nil if
// none.
func (x *Index) mergeable() []*part {
	var still []*part
	for _, p := range x.parts {
		if p.moving == nil {
			still = append(still, p)
		}
	}
	slices.SortStableFunc(still, func(a, b *part) int { return cmp.Compare(len(b.keys), len(a.keys)) })
	smaller := 0
	for _, p := range still {
		smaller += len(p.keys)
	}
	for i, p := range still {
		smaller -= len(p.keys)
		if i+1 < len(still) && smaller >= len(p.keys)/worthMerging && smaller > 0 {
			return still[i:]
		}
		if p.dying() > max(len(p.keys)/worthMerging, 1000) {
			return []*part{p}
		}
	}
	return nil
}

// run makes the part and puts it in the place of its sources.
func (x *Index) run(b *build) {
	p := b.merge()
	x.mu.Lock()
	for _, key := range b.lost {
		if entry, ok := p.locate(key); ok {
			p.kill(entry, x.change)
		}
	}
	x.replace(b.parts, p)
	if b.tail != nil {
		x.full, x.sealing = nil, false
	} else {
		x.merging = false
	}
	x.done.Broadcast()
	x.tidy()
	x.mu.Unlock()
	retire(b.parts)
}

// merge makes one part of what lived in the sources when the build began.
func (b *build) merge() *part {
	var from []*source
	n := 0
	if b.tail != nil {
		all := b.tail.view().living(b.moment)
		sortEntries(all)
		n += len(all)
		from = append(from, sourceOf(all))
	}
	for _, p := range b.parts {
		n += len(p.keys)
		from = append(from, p.living(b.moment))
	}
	p := assemble(n, from)
	for _, old := range b.parts {
		runtime.KeepAlive(old)
	}
	return p
}

// retire lets the memory of large parts go at once. It is given back when the
// collector finds that no query holds the part; the collector itself, which
// sees only a small heap, would take its time.
func retire(parts []*part) {
	size := 0
	for _, p := range parts {
		size += p.bytes()
	}
	clear(parts)
	if size > 64<<20 {
		runtime.GC()
	}
}

// Compact brings everything into one part, without the dead, and returns when
// that is done. Queries and writers go on meanwhile; for that time twice the
// memory is taken. What is put in while it runs may stand beside the part.
func (x *Index) Compact() {
	x.mu.Lock()
	for x.sealing || x.merging {
		x.done.Wait()
	}
	if x.tail.n > 0 {
		b := x.beginSeal()
		x.mu.Unlock()
		x.run(b)
		x.mu.Lock()
	}
	for x.sealing || x.merging {
		x.done.Wait()
	}
	if len(x.parts) > 1 || len(x.parts) == 1 && x.parts[0].dying() > 0 {
		b := x.beginMerge(slices.Clone(x.parts))
		x.mu.Unlock()
		x.run(b)
		return
	}
	x.mu.Unlock()
}
