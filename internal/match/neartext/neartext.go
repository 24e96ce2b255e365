// Package neartext finds, among many text signatures in memory, those of near
// copies of a text. Signatures are filed under their band keys; a query
// compares only those that share one. Unlike the index of pictures it may miss:
// of two texts that have 80 % of their word runs in common it finds all but one
// in ten thousand, at 50 % seven of eight.
//
// What is put in or withdrawn counts from the next query on.
package neartext

import (
	"cmp"
	"slices"
	"sync"

	"github.com/staydown/staydown/internal/fingerprint/text"
)

// Threshold is the similarity from which two texts count as candidates for a
// person to compare.
const Threshold = 0.6

// Match is a text that resembles the one asked for.
type Match[K cmp.Ordered] struct {
	Key        K
	Similarity float64 // estimated share of common word runs, 0 to 1
}

// Index holds signatures under keys of the caller's choice. It is safe for use
// by several goroutines. The zero value is not ready; use [New].
type Index[K cmp.Ordered] struct {
	mu     sync.RWMutex
	places map[K]uint32
	same   map[[text.NBands]uint64][]uint32 // places by all band keys, to find equal signatures
	sigs   []text.Signature                 // each different signature once
	keys   [][]K
	free   []uint32
	bands  [text.NBands]map[uint64][]uint32
}

// New returns an empty index.
func New[K cmp.Ordered]() *Index[K] {
	x := &Index[K]{places: map[K]uint32{}, same: map[[text.NBands]uint64][]uint32{}}
	for i := range x.bands {
		x.bands[i] = map[uint64][]uint32{}
	}
	return x
}

// Len is the number of keys.
func (x *Index[K]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.places)
}

// Put files a signature under a key, in place of what stood there before. The
// signature of a text without words is not filed.
func (x *Index[K]) Put(key K, sig text.Signature) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if at, ok := x.places[key]; ok {
		x.withdraw(key, at)
	}
	if sig.Shingles == 0 {
		return
	}
	bands := sig.Bands()
	at, ok := x.equal(bands, sig)
	if !ok {
		at = x.take(bands, sig)
	}
	x.keys[at] = append(x.keys[at], key)
	x.places[key] = at
}

// Withdraw takes a key and its signature out. It reports whether it was there.
func (x *Index[K]) Withdraw(key K) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, ok := x.places[key]
	if ok {
		x.withdraw(key, at)
	}
	return ok
}

func (x *Index[K]) equal(bands [text.NBands]uint64, sig text.Signature) (uint32, bool) {
	for _, at := range x.same[bands] {
		if x.sigs[at] == sig {
			return at, true
		}
	}
	return 0, false
}

func (x *Index[K]) take(bands [text.NBands]uint64, sig text.Signature) uint32 {
	var at uint32
	if n := len(x.free); n > 0 {
		at, x.free = x.free[n-1], x.free[:n-1]
		x.sigs[at] = sig
	} else {
		at = uint32(len(x.sigs))
		x.sigs = append(x.sigs, sig)
		x.keys = append(x.keys, nil)
	}
	x.same[bands] = append(x.same[bands], at)
	for i, b := range bands {
		x.bands[i][b] = append(x.bands[i][b], at)
	}
	return at
}

func (x *Index[K]) withdraw(key K, at uint32) {
	delete(x.places, key)
	if i := slices.Index(x.keys[at], key); i >= 0 {
		x.keys[at] = slices.Delete(x.keys[at], i, i+1)
	}
	if len(x.keys[at]) > 0 {
		return
	}
	bands := x.sigs[at].Bands()
	remove(x.same, bands, at)
	for i, b := range bands {
		remove(x.bands[i], b, at)
	}
	x.sigs[at], x.keys[at] = text.Signature{}, nil
	x.free = append(x.free, at)
}

func remove[B comparable](lists map[B][]uint32, b B, at uint32) {
	list := lists[b]
	list[slices.Index(list, at)] = list[len(list)-1]
	if list = list[:len(list)-1]; len(list) == 0 {
		delete(lists, b)
	} else {
		lists[b] = list
	}
}

// Find returns the keys of texts whose estimated similarity is at least
// threshold, most similar first, equal ones by key. If most is above zero, only
// the first most of them.
func (x *Index[K]) Find(sig text.Signature, threshold float64, most int) []Match[K] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var found []Match[K]
	compare := func(at uint32) {
		if s := sig.Similarity(x.sigs[at]); s >= threshold {
			for _, key := range x.keys[at] {
				found = append(found, Match[K]{Key: key, Similarity: s})
			}
		}
	}
	for _, at := range x.candidates(sig) {
		compare(at)
	}
	slices.SortFunc(found, func(a, b Match[K]) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Key, b.Key))
	})
	if most > 0 && len(found) > most {
		found = slices.Clone(found[:most])
	}
	return found
}

// candidates are the places that share a band, each once.
func (x *Index[K]) candidates(sig text.Signature) []uint32 {
	if sig.Shingles == 0 {
		return nil
	}
	seen := map[uint32]bool{}
	var list []uint32
	for i, b := range sig.Bands() {
		for _, at := range x.bands[i][b] {
			if !seen[at] {
				seen[at] = true
				list = append(list, at)
			}
		}
	}
	return list
}
