package hamming

import (
	"slices"
	"sync"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Index holds hashes under keys of the caller's choice, one hash under each. It
// is safe for use by several goroutines. The zero value is not ready; use
// [New], or [Open] for a file.
type Index struct {
	mu      sync.RWMutex
	change  uint64 // counts what was put in and withdrawn
	keys    int
	tail    *tail   // what is put in goes here
	full    *tail   // the tail being sealed, if any
	parts   []*part // newest first; a new list each time it changes
	sealAt  int
	sealing bool       // a goroutine is sealing the tail
	merging bool       // a goroutine is merging parts
	done    *sync.Cond // one of the two has ended
}

// sealAt is how long the tail gets. Comparing with this many takes about as
// long as a search among a million in tables.
const sealAt = 16 << 10

// New returns an empty index.
func New() *Index {
	x := &Index{tail: newTail(), sealAt: sealAt}
	x.done = sync.NewCond(&x.mu)
	return x
}

// Len is the number of keys.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.keys
}

// Put files a hash under a key, in place of what stood there before. It counts
// for every query that begins after.
func (x *Index) Put(key uint64, h pdq.Hash) {
	c := codeOf(h)
	x.mu.Lock()
	defer x.mu.Unlock()
	if have, ok := x.get(key); ok && have == c {
		return
	}
	x.change++
	x.kill(key)
	x.tail.add(key, c)
	x.keys++
	x.tidy()
}

// Withdraw takes a key and its hash out. It reports whether it was there. No
// query that begins after finds it.
func (x *Index) Withdraw(key uint64) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	ok := x.kill(key)
	x.tidy()
	return ok
}

// place is where a key lives.
type place struct {
	tail  *tail
	part  *part
	entry uint32 // of the part
}

func (x *Index) locate(key uint64) (place, bool) {
	for _, t := range []*tail{x.tail, x.full} {
		if t == nil {
			continue
		}
		if _, ok := t.places[key]; ok {
			return place{tail: t}, true
		}
	}
	for _, p := range x.parts {
		if entry, ok := p.locate(key); ok && p.alive(entry, x.change) {
			return place{part: p, entry: entry}, true
		}
	}
	return place{}, false
}

func (x *Index) get(key uint64) (code, bool) {
	at, ok := x.locate(key)
	switch {
	case !ok:
		return code{}, false
	case at.tail != nil:
		b, i := at.tail.at(at.tail.places[key])
		return b.codes[i], true
	}
	return at.part.codes[at.part.numberOf(at.entry)], true
}

// kill marks the key dead from the present change on, where it lives and, if
// that is being moved, where it is moved to.
func (x *Index) kill(key uint64) bool {
	at, ok := x.locate(key)
	if !ok {
		return false
	}
	var moving *build
	if at.tail != nil {
		at.tail.kill(key, x.change)
		moving = at.tail.moving
	} else {
		at.part.kill(at.entry, x.change)
		moving = at.part.moving
	}
	if moving != nil {
		moving.lost = append(moving.lost, key)
	}
	x.keys--
	return true
}

// view is the index as it is at one moment. It stays so, whatever is done to
// the index.
type view struct {
	moment uint64
	keys   int
	tails  []tailView
	parts  []*part
}

func (x *Index) view() view {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.now()
}

// now is view for who holds the lock.
func (x *Index) now() view {
	v := view{moment: x.change, keys: x.keys, parts: x.parts, tails: []tailView{x.tail.view()}}
	if x.full != nil {
		v.tails = append(v.tails, x.full.view())
	}
	return v
}

// replace puts one part in the place of others, in a new list, since views hold
// the old one.
func (x *Index) replace(old []*part, by *part) {
	parts := slices.DeleteFunc(slices.Clone(x.parts), func(p *part) bool { return slices.Contains(old, p) })
	if len(by.keys) > 0 {
		parts = append([]*part{by}, parts...)
	}
	x.parts = parts
}
