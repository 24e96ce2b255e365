package hamming

import (
	"iter"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// loadRun is how many entries are sorted at a time.
const loadRun = 1 << 22

// Load puts many hashes in at once, in place of what stood under their keys:
// ten millions in seconds. All of them count from the moment it returns, none
// before; queries and writers go on meanwhile. Beside the index itself it takes
// 40 bytes for each hash while it runs. A key may come only once: a second time
// is an error with the code "index.key_twice", and nothing is put in; so is more
// than two thousand million hashes, "index.full".
func (x *Index) Load(seq iter.Seq2[uint64, pdq.Hash]) error {
	var runs [][]entry
	var memories []*memory
	defer func() {
		for _, m := range memories {
			m.free()
		}
	}()
	n := 0
	var run []entry
	for key, h := range seq {
		if n == isWide-1 {
			return staydown.Errorf(staydown.Invalid, "index.full", "an index holds fewer than %d hashes", n)
		}
		if len(run) == cap(run) {
			sortEntries(run)
			m := reserve(room(loadRun, entrySize))
			memories = append(memories, m)
			run = cutArray[entry](m, loadRun)[:0]
			runs = append(runs, nil)
		}
		run = append(run, entry{codeOf(h), key})
		runs[len(runs)-1] = run
		n++
	}
	if n == 0 {
		return nil
	}
	sortEntries(run)
	var from []*source
	for _, run := range runs {
		from = append(from, sourceOf(run))
	}
	p := assemble(n, from)
	for i := 1; i < len(p.byKey); i++ {
		if key := p.keys[p.byKey[i]]; key == p.keys[p.byKey[i-1]] {
			return staydown.Errorf(staydown.Invalid, "index.key_twice", "the key %d comes twice", key)
		}
	}
	x.adopt(p)
	return nil
}

// adopt takes in a part whose keys stand in place of the same keys elsewhere.
// Finding those in the other parts is done before the lock is taken, as far as
// the parts are still there then.
func (x *Index) adopt(p *part) {
	twice := map[*part][]uint64{}
	for _, old := range x.view().parts {
		twice[old] = sharedKeys(old, p)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	for _, old := range x.parts {
		keys, known := twice[old]
		if !known {
			keys = sharedKeys(old, p)
		}
		for _, key := range keys {
			x.kill(key)
		}
	}
	for _, t := range []*tail{x.tail, x.full} {
		if t == nil {
			continue
		}
		var keys []uint64
		for key := range t.places {
			if _, ok := p.locate(key); ok {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		for _, key := range keys {
			x.kill(key)
		}
	}
	x.keys += len(p.keys)
	x.replace(nil, p)
	x.tidy()
}

// sharedKeys lists the keys that two parts have both. Their keys are sorted, so
// one walk along each is enough.
func sharedKeys(a, b *part) (shared []uint64) {
	for i, j := 0, 0; i < len(a.byKey) && j < len(b.byKey); {
		switch ka, kb := a.keys[a.byKey[i]], b.keys[b.byKey[j]]; {
		case ka < kb:
			i++
		case ka > kb:
			j++
		default:
			shared = append(shared, ka)
			i++
			j++
		}
	}
	return shared
}
