package api

import (
	"sync"
	"time"

	"github.com/staydown/staydown"
)

// allowance lets each person do something so often a minute, with some at once.
// It is working state of this process.
type allowance struct {
	perMinute, atOnce float64
	now               func() time.Time

	mu   sync.Mutex
	left map[staydown.ID]*bucket
}

type bucket struct {
	n  float64
	at time.Time
}

// mostBuckets bounds the people remembered; full ones are forgotten first.
const mostBuckets = 10_000

func newAllowance(perMinute, atOnce float64, now func() time.Time) *allowance {
	return &allowance{perMinute: perMinute, atOnce: atOnce, now: now, left: map[staydown.ID]*bucket{}}
}

// take reports whether a person may once more.
func (a *allowance) take(who staydown.ID) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	b := a.left[who]
	if b == nil {
		if len(a.left) >= mostBuckets {
			a.forget(now)
		}
		b = &bucket{n: a.atOnce, at: now}
		a.left[who] = b
	}
	b.n, b.at = a.filled(b, now), now
	if b.n < 1 {
		return false
	}
	b.n--
	return true
}

func (a *allowance) filled(b *bucket, now time.Time) float64 {
	return min(a.atOnce, b.n+now.Sub(b.at).Minutes()*a.perMinute)
}

// forget drops those who have not asked for a while: they would find a full
// allowance anyway.
func (a *allowance) forget(now time.Time) {
	for who, b := range a.left {
		if a.filled(b, now) >= a.atOnce {
			delete(a.left, who)
		}
	}
}
