package practice

import (
	"container/heap"
	"strconv"
	"time"
)

// act is something planned: it happens when the time given by POST /now
// reaches it.
type act struct {
	at    time.Time
	what  string
	item  int    // posting, or account of a respawn
	line  string // of actLine, actRestore
	of    string // letter, of actAnswer
	round int
}

// What is planned.
const (
	actAuthor  = "author"  // the author deletes
	actTimer   = "timer"   // the message vanishes by itself
	actLine    = "line"    // the provider decides about a line
	actAnswer  = "answer"  // the provider answers what it has decided
	actReturn  = "return"  // somebody puts it up again
	actRespawn = "respawn" // a closed account is back
	actFind    = "find"    // a unit comes upon a return
	actRestore = "restore" // put back after a withdrawal
)

// key names the act once and for all: no act of the same key happens twice.
func (a act) key() string {
	return a.what + ":" + strconv.Itoa(a.item) + ":" + a.line + a.of + ":" + strconv.Itoa(a.round)
}

// agenda is the plan, soonest first; at the same time in the order of the
// keys, so that the order never depends on how letters came in.
type agenda struct {
	acts  acts
	known map[string]bool
}

type acts []act

func (a acts) Len() int { return len(a) }
func (a acts) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	if a[i].what != a[j].what {
		return order[a[i].what] < order[a[j].what]
	}
	if a[i].item != a[j].item {
		return a[i].item < a[j].item
	}
	return a[i].key() < a[j].key()
}
func (a acts) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *acts) Push(x any)   { *a = append(*a, x.(act)) }
func (a *acts) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

// order of what falls on the same minute: what happens by itself, then what
// providers do, then what they say.
var order = map[string]int{actAuthor: 0, actTimer: 1, actRestore: 2, actLine: 3, actReturn: 4, actRespawn: 5, actFind: 6, actAnswer: 7}

// add plans an act, once.
func (g *agenda) add(a act) {
	if g.known == nil {
		g.known = map[string]bool{}
	}
	if key := a.key(); !g.known[key] {
		g.known[key] = true
		heap.Push(&g.acts, a)
	}
}

// next returns the soonest act without taking it away.
func (g *agenda) next() (act, bool) {
	if len(g.acts) == 0 {
		return act{}, false
	}
	return g.acts[0], true
}

// drop takes the soonest act away.
func (g *agenda) drop() { heap.Pop(&g.acts) }

// putBack returns an act that could not be done.
func (g *agenda) putBack(a act) { heap.Push(&g.acts, a) }
