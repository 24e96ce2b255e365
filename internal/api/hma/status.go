package hma

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// What /status says, to the byte: clients compare it.
const (
	alive     = "I-AM-ALIVE"
	notLoaded = "INDEX-NOT-LOADED"
	stale     = "INDEX-STALE"
)

// mostStale is how old this process's copy of the banks may be before it is called
// stale, as HMA's INDEX_CACHE_MAX_STALE_SEC; patience is how long /status waits for
// the copy to come up to date. Both on the machine's clock.
const (
	mostStale = 65 * time.Second
	patience  = 2 * time.Second
)

// tide knows how fresh this process's copy of the banks is.
type tide struct {
	follow func(context.Context) error
	now    func() time.Time

	mu      sync.Mutex
	running chan struct{} // closed when the bringing up to date under way ends
	last    time.Time     // when it last succeeded
}

// rise brings the copy up to date, or waits a while for whoever does.
func (t *tide) rise(ctx context.Context) {
	t.mu.Lock()
	done := t.running
	if done == nil {
		done = make(chan struct{})
		t.running = done
		go t.run(done)
	}
	t.mu.Unlock()
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-done:
	case <-wait.Done():
	}
}

// run outlives the request that asked: the first reading of many hashes takes longer
// than anybody waits for a status.
func (t *tide) run(done chan struct{}) {
	defer close(done)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	at := t.now()
	err := t.follow(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = nil
	if err == nil {
		t.last = at
	}
}

// state says how it stands, and up to when the copy is complete.
func (t *tide) state() (string, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.last.IsZero():
		return notLoaded, t.last
	case t.now().Sub(t.last) > mostStale:
		return stale, t.last
	}
	return alive, t.last
}

func (s *Surface) status(w http.ResponseWriter, r *http.Request) {
	s.tide.rise(r.Context())
	state, _ := s.tide.state()
	code := http.StatusOK
	if state != alive {
		code = http.StatusServiceUnavailable
	}
	plain(w, code, state)
}
