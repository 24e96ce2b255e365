package world

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// MaxItems bounds a world: far above the 26,000 of the scenario, far below
// what would not fit into memory.
const MaxItems = 1_000_000

// World is one drawn world. It does not change after New and may be read from
// many goroutines.
type World struct {
	Seed      uint64
	Count     int // items planted at the start
	Providers []Provider
	Units     []Unit
	Accounts  []Account
	Families  []Family
	Items     []Item // the planted ones, by number
	Batches   []Batch
	Holds     []Hold

	dice    dice
	site    int     // index of the provider with the site
	posts   [][]int // account -> numbers of its planted items
	returns []int8  // item -> transform it comes back with, as index of returnMix; -1: it does not
	authors []int32 // item -> minutes after Start at which its author deletes it; 0: never
	liars   []bool  // item -> the provider will lie about it
}

// New draws the world of a seed.
func New(seed uint64, items int) (*World, error) {
	if items < 1 || items > MaxItems {
		return nil, fmt.Errorf("drawing a world of %d items: want 1 to %d", items, MaxItems)
	}
	w := &World{Seed: seed, Count: items, dice: dice{seed}, Units: units()}
	for i, p := range providers() {
		w.Providers = append(w.Providers, p.finish())
		if p.Name == SiteName {
			w.site = i
		}
	}
	for i := range w.Units {
		w.Units[i].Desk = w.Units[i].Code + "-" + w.dice.code(4, "desk code", i)
	}
	w.drawFamilies()
	w.drawItems()
	w.drawFates()
	w.drawBatches()
	if err := w.check(); err != nil {
		return nil, err
	}
	return w, nil
}

// drawItems deals providers and classes in exact shares and then gives each
// posting its account, language, media and place.
func (w *World) drawItems() {
	w.Items = make([]Item, w.Count)
	home := w.dealProviders()
	class := w.dealClasses(home)
	groups := map[[3]int][]int{} // provider, class, purpose -> items; read in a fixed order
	for n := range w.Items {
		it := &w.Items[n]
		it.Number, it.Origin, it.TextOf = n, n, n
		it.Provider, it.Class = home[n], class[n]
		name := w.Providers[it.Provider].Name
		it.Kind = kindOn(name)
		key := [3]int{it.Provider, slices.Index(classes, it.Class), 0}
		if it.Class == Lawful {
			choices := purposesOn(name)
			k := w.dice.below(len(choices), "purpose", n)
			it.Purpose, key[2] = choices[k], k
		}
		groups[key] = append(groups[key], n)
	}
	for p := range w.Providers {
		for c, group := range classes {
			for k := range 4 {
				members := groups[[3]int{p, c, k}]
				if len(members) > 0 {
					w.settle(p, group, w.Items[members[0]].Purpose, members)
				}
			}
		}
	}
	w.posts = make([][]int, len(w.Accounts))
	for n := range w.Items {
		w.furnish(&w.Items[n])
		w.posts[w.Items[n].Account] = append(w.posts[w.Items[n].Account], n)
	}
}

var classes = []Class{Terrorist, TermsOnly, Lawful, Unclear}

// dealProviders returns each item's provider, the shares exact.
func (w *World) dealProviders() []int {
	weights := make([]int, len(w.Providers))
	for i, p := range w.Providers {
		weights[i] = p.share
	}
	home := make([]int, 0, w.Count)
	for i, n := range apportion(w.Count, weights) {
		home = append(home, slices.Repeat([]int{i}, n)...)
	}
	w.dice.shuffle(home, "provider")
	return home
}

// dealClasses returns each item's class: a tenth lawful, exactly. The first
// posting of each provider is always one to be referred, so that every
// provider has something to do in the smallest exercise; the site publishes
// nothing else.
func (w *World) dealClasses(home []int) []Class {
	class := make([]Class, w.Count)
	seen := make([]bool, len(w.Providers))
	var open []int
	for n := range class {
		class[n] = Terrorist
		if seen[home[n]] && home[n] != w.site {
			open = append(open, n)
		}
		seen[home[n]] = true
	}
	lawful := share(w.Count, 100, 10)
	terms := share(w.Count, 60, 16)
	unclear := share(w.Count, 30, 20)
	for i, n := range w.dice.deal(open, lawful+terms+unclear, "class") {
		switch {
		case i < lawful:
			class[n] = Lawful
		case i < lawful+terms:
			class[n] = TermsOnly
		default:
			class[n] = Unclear
		}
	}
	return class
}

// settle opens the accounts of a group and gives each posting one of them,
// some accounts with many postings and some with few.
func (w *World) settle(provider int, group Class, purpose Purpose, members []int) {
	accounts := w.accountsFor(provider, group, purpose, len(members))
	for i, n := range members {
		pick := i
		if i >= len(accounts) {
			a := w.dice.below(len(accounts), "account", n, 0)
			b := w.dice.below(len(accounts), "account", n, 1)
			pick = min(a, b)
		}
		w.Items[n].Account = accounts[pick]
	}
}

// furnish gives a posting its language, media, text, time and place.
func (w *World) furnish(it *Item) {
	d, n := w.dice, it.Number
	a := w.Accounts[it.Account]
	it.Language = a.Language
	if d.chance(120, "other language", n) {
		it.Language = tongues[d.weighted(languageWeights, "language", n)].code
	}
	if it.Class == Terrorist {
		it.Ground = grounds[d.weighted(groundWeights, "ground", n)]
	}
	it.Family, it.Tract = -1, -1
	name := w.Providers[it.Provider].Name
	if d.chance(mediaMix(name), "media", n) {
		it.Family = w.pickFamily(*it, wantsClip(name))
		it.Transform = plantedMix[d.weighted(plantedWeights, "variant", n)]
		if f := w.Families[it.Family]; it.Class == Terrorist {
			it.Ground = f.Ground
		}
	} else if it.Class == Terrorist && name != SiteName && d.chance(350, "tract", n) {
		it.Tract = d.below(max(1, w.Count/60), "which tract", n)
		it.Language = tongues[d.weighted(languageWeights, "tract language", it.Tract)].code
		it.Ground = grounds[d.weighted(groundWeights, "tract ground", it.Tract)]
	}
	minutes := 60 + d.below(30*1440, "posted", n)
	if a.Timed {
		minutes = 60 + d.below(4*1440, "posted in room", n)
	}
	it.Posted = Start.Add(-time.Duration(minutes) * time.Minute)
	w.place(it)
}

// check proves what the rest of the exercise relies on: no two postings share
// a location.
func (w *World) check() error {
	seen := make(map[string]int, w.Count)
	for n := range w.Items {
		url := w.Items[n].URL()
		if other, twice := seen[url]; twice {
			return fmt.Errorf("drawing a world: items %d and %d share %s", other, n, url)
		}
		seen[url] = n
	}
	if len(w.Batches) == 0 {
		return errors.New("drawing a world: no leads")
	}
	return nil
}

// Posts returns the numbers of the planted postings of an account.
func (w *World) Posts(account int) []int { return w.posts[account] }

// Token names the world: what is true in one must not be taken for another.
func (w *World) Token() string { return fmt.Sprintf("november/1 seed %d items %d", w.Seed, w.Count) }

// Site is the index of the provider with the news site.
func (w *World) Site() int { return w.site }
