package desk

import (
	"sync"
	"time"

	"github.com/staydown/staydown"
)

// asks bounds how often one person may look up on the pages: answers with distances teach how to get around a match to
// whoever may ask without end. It runs on the machine's clock, since that of an exercise may stand still.
type asks struct {
	mu    sync.Mutex
	since time.Time
	taken map[staydown.ID]int
}

// asksPerMinute is more than anybody types, and too little to feel one's way around a hash with.
const asksPerMinute = 60

// take counts one question, or refuses it.
func (a *asks) take(person staydown.ID) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now(); a.taken == nil || now.Sub(a.since) >= time.Minute {
		a.since, a.taken = now, map[staydown.ID]int{}
	}
	if a.taken[person] >= asksPerMinute {
		return staydown.Errorf(staydown.Refused, "lookup.rate", "more than %d lookups a minute; wait a little", asksPerMinute)
	}
	a.taken[person]++
	return nil
}
