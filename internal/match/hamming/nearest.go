package hamming

import (
	"cmp"
	"slices"
)

// sink is what a search hands its matches to.
type sink interface {
	// wants reports whether a match at this distance is of any use.
	wants(distance int) bool
	// take receives a match. False means that no match of the same hash with a
	// higher key is of use.
	take(key uint64, c *code, distance int) bool
	// more reports whether the search should go on.
	more() bool
}

// each hands all on.
type each struct {
	yield   func(Match) bool
	stopped bool
}

func (e *each) wants(int) bool { return !e.stopped }
func (e *each) more() bool     { return !e.stopped }
func (e *each) take(key uint64, c *code, distance int) bool {
	e.stopped = !e.yield(Match{Key: key, Hash: c.hash(), Distance: distance})
	return !e.stopped
}

// nearest keeps the nearest most matches (all, if most is 0): a heap whose top
// is the worst of them.
type nearest struct {
	most int
	kept []candidate
}

type candidate struct {
	key      uint64
	code     code
	distance int
}

func (a *candidate) compare(b *candidate) int {
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.key, b.key))
}

func newNearest(most int) *nearest { return &nearest{most: max(most, 0)} }

func (n *nearest) full() bool { return n.most > 0 && len(n.kept) == n.most }
func (n *nearest) more() bool { return true }

func (n *nearest) wants(distance int) bool {
	return !n.full() || distance <= n.kept[0].distance
}

func (n *nearest) take(key uint64, c *code, distance int) bool {
	m := candidate{key: key, code: *c, distance: distance}
	if n.full() {
		if m.compare(&n.kept[0]) >= 0 {
			return false
		}
		n.kept[0] = m
		n.sink(0)
		return true
	}
	n.kept = append(n.kept, m)
	if n.full() {
		for i := len(n.kept)/2 - 1; i >= 0; i-- {
			n.sink(i)
		}
	}
	return true
}

// sink lets a match go down until none below is worse.
func (n *nearest) sink(i int) {
	for {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(n.kept); child++ {
			if n.kept[child].compare(&n.kept[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		n.kept[i], n.kept[worst] = n.kept[worst], n.kept[i]
		i = worst
	}
}

func (n *nearest) sorted() []Match {
	if len(n.kept) == 0 {
		return nil
	}
	slices.SortFunc(n.kept, func(a, b candidate) int { return a.compare(&b) })
	out := make([]Match, len(n.kept))
	for i := range n.kept {
		out[i] = Match{Key: n.kept[i].key, Hash: n.kept[i].code.hash(), Distance: n.kept[i].distance}
	}
	return out
}
