package signin

import (
	"context"
	"sync"
	"time"

	"github.com/staydown/staydown/internal/access"
)

// memory holds for a moment for whom a token acts, where that is allowed: the
// scripted officers of an exercise show the same tokens thousands of times a
// second. Every change that goes through this desk wipes it; what another process
// changes counts after that moment. A real desk has none: a token that is revoked
// anywhere opens nothing from then on.
type memory struct {
	moment time.Duration // zero: nothing is held
	mu     sync.Mutex
	wiped  int // how often
	held   map[string]held
}

type held struct {
	caller access.Caller // its circles are asked anew each time
	until  time.Time
}

const mostHeld = 4096

// recall tells for whom a token acts, and how often the memory had been wiped.
func (m *memory) recall(hash string, now time.Time) (c access.Caller, wiped int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.held[hash]
	return h.caller, m.wiped, ok && now.Before(h.until)
}

// keep holds what was read, unless the memory was wiped since the reading began.
func (m *memory) keep(hash string, c access.Caller, wiped int, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if wiped != m.wiped || m.moment == 0 {
		return
	}
	if m.held == nil || len(m.held) >= mostHeld {
		m.held = map[string]held{}
	}
	m.held[hash] = held{c, now.Add(m.moment)}
}

func (m *memory) wipe() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wiped++
	clear(m.held)
}

// wiping is a store whose every change wipes the memory, also one whose outcome
// is an error: it may have been committed.
type wiping struct {
	Store
	memory *memory
}

func (w wiping) Act(ctx context.Context, c access.Caller, fn func(Tx) error) error {
	defer w.memory.wipe()
	return w.Store.Act(ctx, c, fn)
}
