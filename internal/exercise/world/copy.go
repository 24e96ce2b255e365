package world

import "time"

// Item returns a posting by number: a planted one, or one that came back. The
// number of a return says what it goes back to, so a return needs no state to
// be drawn: number n + generation * Count is the posting n in its generation.
func (w *World) Item(number int) Item {
	if number < w.Count {
		return w.Items[number]
	}
	origin, generation := number%w.Count, number/w.Count
	before := w.Item(number - w.Count)
	it := before
	it.Number, it.Generation = number, generation
	it.Posted, it.Held = time.Time{}, false
	it.Transform = w.returnTransform(it)
	switch {
	case it.Provider == w.site:
		it.Rewritten = true
	case it.Family < 0 || w.returns[origin] < 0:
		// The same words: a text put up again, or a channel that carries its
		// old postings over.
	default:
		it.TextOf = number // the picture is the thing; the words are new
	}
	w.migrate(&it, before)
	w.place(&it)
	return it
}

// Next returns the number of the return of a posting.
func (w *World) Next(number int) int { return number + w.Count }

// returnTransform is the change a posting comes back with.
func (w *World) returnTransform(it Item) Transform {
	before := w.Items[it.Origin].Transform
	switch {
	case it.Family < 0, it.Provider == w.site:
		return Exact
	case w.returns[it.Origin] >= 0 && it.Generation == 1:
		return returnMix[w.returns[it.Origin]]
	case w.dice.chance(250, "captioned on the way", it.Number) && (before == Exact || before == Reencoded):
		return Captioned
	default:
		return before
	}
}

// neighbours are the providers a posting may move to when it was put out.
var neighbours = map[string]string{"tube": "clips", "clips": "tube", "chirp": "relay", "stills": "chirp"}

// migrate moves three in ten returns to another provider, to an account of
// the same group there.
func (w *World) migrate(it *Item, before Item) {
	if w.returns[it.Origin] < 0 || !w.dice.chance(300, "migrates", it.Number) {
		return
	}
	name, ok := neighbours[w.Providers[before.Provider].Name]
	if !ok {
		return
	}
	var there []int
	for i, a := range w.Accounts {
		if w.Providers[a.Provider].Name == name && a.Group == it.Class && !a.Timed && !a.Walled && !a.Closes {
			there = append(there, i)
		}
	}
	if len(there) == 0 {
		return
	}
	it.Account = there[w.dice.below(len(there), "moves to", it.Number)]
	it.Provider = w.Accounts[it.Account].Provider
	it.Kind = kindOn(name)
}

// CarriedOver lists the postings that a closed account brings back under its
// new handle: its last ones, ten at most. The site brings two in five of its
// pages, and one at least.
func (w *World) CarriedOver(account, generation int) []int {
	posts := w.posts[account]
	var out []int
	if w.Accounts[account].Kind == "site" {
		for i, n := range posts {
			if i == 0 || w.dice.chance(400, "rebuilt", n) {
				out = append(out, n+generation*w.Count)
			}
		}
		return out
	}
	for _, n := range posts[max(0, len(posts)-10):] {
		if !w.Items[n].Held {
			out = append(out, n+generation*w.Count)
		}
	}
	return out
}

// Find says which unit finds a return, and how many minutes after it appeared.
func (w *World) Find(number int) (unit, minutes int) {
	weights := make([]int, len(w.Units))
	for i, u := range w.Units {
		weights[i] = u.weight
	}
	return w.dice.weighted(weights, "finder", number), 90 + w.dice.below(1440, "found after", number)
}
