package world

import "sort"

// dice answers every "which?" of the world. It is keyed, not sequential: the
// answer depends on the seed, on the name of the question and on the numbers
// given with it, never on how many questions were asked before. So a new
// question does not shift the answers to old ones, and answers can be asked in
// any order, from any process.
type dice struct{ seed uint64 }

// roll returns 64 well-mixed bits for a question about some numbers.
func (d dice) roll(question string, about ...int) uint64 {
	h := mix(d.seed ^ 0x9e3779b97f4a7c15)
	for i := 0; i < len(question); i++ {
		h = (h ^ uint64(question[i])) * 0x100000001b3
	}
	for _, n := range about {
		h = mix(h ^ uint64(n)*0x9e3779b97f4a7c15)
	}
	return mix(h)
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// below returns an integer in [0, limit); limit must be positive.
func (d dice) below(limit int, question string, about ...int) int {
	return int(d.roll(question, about...) % uint64(limit))
}

// chance is true in so many of a thousand cases.
func (d dice) chance(permille int, question string, about ...int) bool {
	return d.below(1000, question, about...) < permille
}

// weighted returns an index of weights, each as likely as its weight.
func (d dice) weighted(weights []int, question string, about ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := d.below(total, question, about...)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
}

// shuffle puts a list into the seed's own order.
func (d dice) shuffle(list []int, question string) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.below(i+1, question, i)
		list[i], list[j] = list[j], list[i]
	}
}

// deal picks count of the eligible numbers, each as likely as any other, and
// returns them in the seed's order. Exact counts keep the shares of a small
// exercise true: ten per cent of twenty items is two, not "about two".
func (d dice) deal(eligible []int, count int, question string) []int {
	type card struct {
		roll uint64
		n    int
	}
	cards := make([]card, len(eligible))
	for i, n := range eligible {
		cards[i] = card{d.roll(question, n), n}
	}
	sort.Slice(cards, func(i, j int) bool {
		if cards[i].roll != cards[j].roll {
			return cards[i].roll < cards[j].roll
		}
		return cards[i].n < cards[j].n
	})
	picked := make([]int, 0, min(count, len(cards)))
	for _, c := range cards[:min(count, len(cards))] {
		picked = append(picked, c.n)
	}
	return picked
}

// share returns permille of total, rounded, and at least one when total
// reaches floor.
func share(total, permille, floor int) int {
	n := (total*permille + 500) / 1000
	if n == 0 && total >= floor {
		n = 1
	}
	return n
}

// apportion splits total by weights (largest remainder), giving each part at
// least one when there is enough for all.
func apportion(total int, weights []int) []int {
	parts := make([]int, len(weights))
	rest := total
	if total >= len(weights) {
		for i := range parts {
			parts[i] = 1
		}
		rest -= len(weights)
	}
	sum := 0
	for _, w := range weights {
		sum += w
	}
	given := 0
	remainders := make([]int, len(weights))
	for i, w := range weights {
		// The floor of one counts towards the share, so that a small part is
		// not given its minimum on top of what its weight would bring.
		want := max(total*w-parts[i]*sum, 0)
		take := min(want/sum, rest-given)
		parts[i] += take
		given += take
		remainders[i] = want % sum
	}
	for ; given < rest; given++ {
		best := 0
		for i := range remainders {
			if remainders[i] > remainders[best] {
				best = i
			}
		}
		parts[best]++
		remainders[best] = -1
	}
	return parts
}

const base32 = "abcdefghijkmnpqrstuvwxyz23456789"

// code returns length letters of a 32-letter alphabet for a question: the
// identifiers a platform would show.
func (d dice) code(length int, question string, about ...int) string {
	h := d.roll(question, about...)
	out := make([]byte, length)
	for i := range out {
		out[i] = base32[h&31]
		h >>= 5
		if i == 11 {
			h = mix(h ^ d.roll(question, append(about, length)...))
		}
	}
	return string(out)
}

// Chance is true in so many of a thousand cases: for what the providers do on
// the spot. The same question about the same numbers has the same answer.
func (w *World) Chance(permille int, question string, about ...int) bool {
	return w.dice.chance(permille, question, about...)
}
