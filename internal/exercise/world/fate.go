package world

import "time"

// Plan is what will become of a posting: what its provider does when a letter
// about it arrives, and what happens by itself.
type Plan struct {
	Outcome   Outcome
	Minutes   int      // from receipt to the provider's act
	Countries []string // of Disabled
	Reason    string   // of Refused
	// AfterReminder says that a reminder moves a provider that would otherwise
	// neither act nor answer.
	AfterReminder bool
	// Restores: when a letter is withdrawn, the provider puts the posting back
	// after so many minutes; zero: it keeps it down under its own terms.
	Restores int

	AuthorDeletes time.Time // zero: never
	Vanishes      time.Time // by the timer of its room; zero: never
	WalledFrom    time.Time // a login wall from then on; zero: none

	// Returns: removed, it comes back after so many minutes; zero: never.
	Returns int
}

// latestForReturn is how long, in minutes, a provider may take to remove what is
// to come back while there is time to watch it.
const latestForReturn = 4 * 1440

// drawFates deals what must occur in exact numbers: holds, returns, deletions
// by authors, lies.
func (w *World) drawFates() {
	w.returns = make([]int8, w.Count)
	w.authors = make([]int32, w.Count)
	w.liars = make([]bool, w.Count)
	var holdable, dropped []int
	for n := range w.Items {
		w.returns[n] = -1
		it := w.Items[n]
		a := w.Accounts[it.Account]
		name := w.Providers[it.Provider].Name
		if name == LiarName && it.Class != Lawful {
			dropped = append(dropped, n)
		}
		if it.Class == Terrorist && name != SiteName && name != LiarName && !a.Timed && !a.Walled && !a.Closes {
			holdable = append(holdable, n)
		}
	}
	for _, n := range w.dice.deal(holdable, share(w.Count, 20, 15), "held") {
		w.Items[n].Held = true
	}
	var open, pictures, texts []int
	for _, n := range holdable {
		if !w.Items[n].Held {
			open = append(open, n)
		}
	}
	for _, n := range w.dice.deal(open, share(w.Count, 30, 12), "author") {
		w.authors[n] = int32(1 + w.dice.below(20*1440, "author deletes", n))
	}
	for _, n := range open {
		switch {
		case w.authors[n] > 0:
		case w.Items[n].Family >= 0:
			pictures = append(pictures, n)
		default:
			texts = append(texts, n)
		}
	}
	w.dealReturns(pictures, texts)
	for _, n := range w.dice.deal(dropped, share(len(dropped), liarPermille, 1), "lies") {
		w.liars[n] = true
	}
}

// dealReturns picks what comes back: four in five are pictures and clips, each
// transform in its turn; the rest are texts put up again as they were.
func (w *World) dealReturns(pictures, texts []int) {
	returns := max(share(w.Count, 50, 10), min(5, w.Count/4))
	pictures = w.dice.deal(pictures, returns-returns/5, "returns")
	for i, n := range pictures {
		w.returns[n] = int8(i % len(returnMix))
		w.Items[n].Transform = Exact
	}
	for _, n := range w.dice.deal(texts, returns-len(pictures), "returns") {
		w.returns[n] = 0
	}
}

// outcome of a first letter about a posting.
func (w *World) outcome(it Item) Outcome {
	p := w.Providers[it.Provider]
	weights := p.outcomes
	switch it.Class {
	case Lawful:
		weights = [7]int{250, 0, 0, 650, 0, 0, 100}
	case Unclear:
		weights = [7]int{300, 0, 0, 500, 0, 0, 200}
	case TermsOnly:
		weights[3] += 120
	}
	if p.Name == SiteName || w.returns[it.Origin] >= 0 && it.Generation == 0 {
		return Removed
	}
	o := outcomeOrder[w.dice.weighted(weights[:], "outcome", it.Number)]
	if p.Name == LiarName && it.Class != Lawful && it.Generation == 0 && w.liars[it.Origin] {
		return Lies
	}
	return o
}

var refusals = []string{
	"The content is within our terms.",
	"We see journalistic or educational purpose.",
	"Please address the author of the page.",
	"The passage quoted is not on the page.",
}

var shutOff = [][]string{{"DE"}, {"FR"}, {"DE", "FR"}}

// Plan returns what will become of a posting.
func (w *World) Plan(it Item) Plan {
	d, n := w.dice, it.Number
	p := w.Providers[it.Provider]
	a := w.Accounts[it.Account]
	plan := Plan{Outcome: w.outcome(it), Minutes: p.delay(d, "delay", n)}
	if w.returns[it.Origin] >= 0 && plan.Minutes > latestForReturn {
		plan.Minutes = latestForReturn
	}
	switch plan.Outcome {
	case Disabled:
		plan.Countries = shutOff[d.below(len(shutOff), "countries", n)]
	case Refused:
		plan.Reason = refusals[d.below(len(refusals), "reason", n)]
	}
	plan.AfterReminder = d.chance(400, "reminder", n)
	if d.chance(850, "restores", n) {
		plan.Restores = 60 + d.below(2*1440, "restores after", n)
	}
	if it.Generation == 0 {
		if m := w.authors[n]; m > 0 {
			plan.AuthorDeletes = Start.Add(time.Duration(m) * time.Minute)
		}
		if a.Timed {
			plan.Vanishes = it.Posted.Add(time.Duration(1440+d.below(9*1440, "vanishes", n)) * time.Minute)
			plan.Vanishes = maxTime(plan.Vanishes, Start.Add(10*time.Minute))
		}
	}
	switch {
	case a.Walled:
		plan.WalledFrom = Start.AddDate(0, -1, 0)
	case it.Class == Terrorist && it.Generation == 0 && w.returns[n] < 0 && d.chance(4, "walled later", n):
		plan.WalledFrom = End.Add(time.Duration(d.below(15*1440, "walled from", n)) * time.Minute)
	}
	plan.Returns = w.returnsAfter(it)
	return plan
}

// returnsAfter says how many minutes after its removal a posting is back. The
// first return is dealt; one in seven of those comes back once more.
func (w *World) returnsAfter(it Item) int {
	if w.returns[it.Origin] < 0 || it.Generation > 1 {
		return 0
	}
	if it.Generation == 1 && !w.dice.chance(150, "returns again", it.Origin) {
		return 0
	}
	return 600 + w.dice.below(9*1440, "returns after", it.Number)
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
