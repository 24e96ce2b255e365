// Package hamming finds, among many PDQ hashes in memory, all that lie within
// a number of bits of a given one. It is exact: it answers what comparing with
// every hash would answer, only sooner.
//
// Two hashes of 256 bits that differ in at most 31 agree, in at least one of 16
// slots of 16 bits, up to a single bit (otherwise they would differ in two bits
// sixteen times). So hashes are filed by the value of every slot, and a query
// looks up, for each slot, its value and the sixteen values one bit beside it
// (Norouzi, Punjani, Fleet, "Fast search in Hamming space with multi-index
// hashing", 2012). Few hashes, wide radii and crowded slots are compared one by
// one instead, so that no input makes a query dearer than that.
//
// What is put in or withdrawn counts from the next query on.
package hamming

import (
	"cmp"
	"slices"
	"sync"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Match is a hash within the radius asked for.
type Match[K cmp.Ordered] struct {
	Key      K
	Hash     pdq.Hash
	Distance int // bits that differ
}

// Index holds hashes under keys of the caller's choice. It is safe for use by
// several goroutines. The zero value is not ready; use [New].
type Index[K cmp.Ordered] struct {
	mu     sync.RWMutex
	places map[K]uint32                // where the hash of a key is kept
	byHash map[pdq.Hash]uint32         // the place of a hash
	hashes []pdq.Hash                  // each different hash once, so that a million equal ones cost one comparison
	keys   [][]K                       // the keys of a place; empty for a free one
	free   []uint32                    // places given up
	slots  [nSlots]map[uint16][]uint32 // places by the value of each slot
}

// New returns an empty index.
func New[K cmp.Ordered]() *Index[K] {
	x := &Index[K]{places: map[K]uint32{}, byHash: map[pdq.Hash]uint32{}}
	for i := range x.slots {
		x.slots[i] = map[uint16][]uint32{}
	}
	return x
}

// Len is the number of keys.
func (x *Index[K]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.places)
}

// Put files a hash under a key, in place of what stood there before.
func (x *Index[K]) Put(key K, h pdq.Hash) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if at, ok := x.places[key]; ok {
		if x.hashes[at] == h {
			return
		}
		x.withdraw(key, at)
	}
	at, ok := x.byHash[h]
	if !ok {
		at = x.take(h)
	}
	x.keys[at] = append(x.keys[at], key)
	x.places[key] = at
}

// Withdraw takes a key and its hash out. It reports whether it was there.
func (x *Index[K]) Withdraw(key K) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, ok := x.places[key]
	if ok {
		x.withdraw(key, at)
	}
	return ok
}

// take finds a place for a hash the index does not hold and files it.
func (x *Index[K]) take(h pdq.Hash) uint32 {
	var at uint32
	if n := len(x.free); n > 0 {
		at, x.free = x.free[n-1], x.free[:n-1]
		x.hashes[at] = h
	} else {
		at = uint32(len(x.hashes))
		x.hashes = append(x.hashes, h)
		x.keys = append(x.keys, nil)
	}
	x.byHash[h] = at
	for i, v := range slotsOf(h) {
		x.slots[i][v] = append(x.slots[i][v], at)
	}
	return at
}

func (x *Index[K]) withdraw(key K, at uint32) {
	delete(x.places, key)
	keys := x.keys[at]
	if i := slices.Index(keys, key); i >= 0 {
		keys[i] = keys[len(keys)-1]
		clear(keys[len(keys)-1:])
		x.keys[at] = keys[:len(keys)-1]
	}
	if len(x.keys[at]) > 0 {
		return
	}
	h := x.hashes[at]
	delete(x.byHash, h)
	for i, v := range slotsOf(h) {
		list := x.slots[i][v]
		list[slices.Index(list, at)] = list[len(list)-1]
		if list = list[:len(list)-1]; len(list) == 0 {
			delete(x.slots[i], v)
		} else {
			x.slots[i][v] = list
		}
	}
	x.keys[at] = nil
	x.free = append(x.free, at)
}
