package hamming

import (
	"cmp"
	"runtime"
	"slices"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Place is where very many entries are equal or nearly equal: copies of one
// picture, a blank one, or poison.
type Place struct {
	Hash   pdq.Hash // one of the hashes there
	Keys   int      // how many entries have this very hash
	Near   int      // how many different hashes share a value of a slot with it
	Sample []uint64 // some keys of the hash, the lowest first
}

// crowd is a place in a part: a number, and how many share a list with it.
type crowd struct {
	number uint32
	keys   int
	near   int
}

const (
	// manyKeys of one hash make it a place to name, manyNear times what is usual
	// in one list as well, but never less than leastNear.
	manyKeys  = 1000
	manyNear  = 64
	leastNear = 1000
	// mostCrowds are named of a part.
	mostCrowds = 32
	sampleSize = 5
)

// Crowded names the most crowded places, at most n, the worst first. What is
// still in the tail is not counted yet.
func (x *Index) Crowded(n int) []Place {
	v := x.view()
	type named struct {
		p *part
		crowd
	}
	var all []named
	for _, p := range v.parts {
		for _, c := range p.crowded {
			all = append(all, named{p, c})
		}
	}
	slices.SortStableFunc(all, func(a, b named) int { return cmp.Compare(b.keys+b.near, a.keys+a.near) })
	var places []Place
	for _, c := range all {
		if len(places) == n {
			break
		}
		if place, ok := c.p.describe(c.crowd, v.moment); ok {
			places = append(places, place)
		}
	}
	runtime.KeepAlive(v.parts)
	return places
}

// describe tells what still lives of a place.
func (p *part) describe(c crowd, moment uint64) (Place, bool) {
	place := Place{Hash: p.codes[c.number].hash(), Near: c.near}
	s := &each{yield: func(m Match) bool {
		if place.Keys++; place.Keys <= sampleSize {
			place.Sample = append(place.Sample, m.Key)
		}
		return true
	}}
	p.give(c.number, 0, moment, s)
	return place, place.Keys > 0
}

// findCrowds looks for hashes with many keys and lists with many hashes. Of
// those that lie near each other only the worst is named.
func (p *part) findCrowds() []crowd {
	var found []crowd
	p.entries.crowdedBlocks(manyKeys, func(first, behind uint32) {
		for number := first; number < min(behind, uint32(len(p.codes))); number++ {
			if from, to := p.bounds(number); to-from >= manyKeys {
				found = append(found, crowd{number: number, keys: int(to - from)})
			}
		}
	})
	for i := range p.slots {
		s := &p.slots[i]
		least := max(leastNear, manyNear*(len(p.codes)>>s.width+1))
		s.lists.crowdedBlocks(least, func(first, behind uint32) {
			for b := first; b < min(behind, 1<<s.width); b++ {
				from, to := s.lists.at(b), s.lists.at(b+1)
				if int(to-from) < least {
					continue
				}
				number := from
				if s.numbers != nil {
					number = s.numbers[from+(to-from)/2]
				}
				begin, end := p.bounds(number)
				found = append(found, crowd{number, int(end - begin), int(to - from)})
			}
		})
	}
	slices.SortStableFunc(found, func(a, b crowd) int { return cmp.Compare(b.keys+b.near, a.keys+a.near) })
	var worst []crowd
	for _, c := range found {
		if len(worst) == mostCrowds {
			break
		}
		if !slices.ContainsFunc(worst, func(w crowd) bool {
			return p.codes[w.number].distance(&p.codes[c.number]) <= pdq.Radius
		}) {
			worst = append(worst, c)
		}
	}
	return worst
}
