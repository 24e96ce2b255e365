package referral_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/connector"
)

// slow is a channel that takes its time, and counts how many messages it has at once.
type slow struct {
	wire
	now, most atomic.Int64
	began     chan struct{}
	end       chan struct{}
}

func (w *slow) Send(ctx context.Context, m connector.Message) (connector.Result, error) {
	n := w.now.Add(1)
	defer w.now.Add(-1)
	for most := w.most.Load(); n > most && !w.most.CompareAndSwap(most, n); most = w.most.Load() {
	}
	w.began <- struct{}{}
	<-w.end
	return w.wire.Send(ctx, m)
}

// A crash must leave at most one mail in doubt: while one is on its way, no other is marked as tried.
func TestOneMailAtATime(t *testing.T) {
	for name, c := range map[string]struct {
		idempotent bool
		most       int64
		trying     int
	}{"mail": {false, 1, 1}, "webhook": {true, 3, 3}} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, 3)
			w := &slow{began: make(chan struct{}, 3), end: make(chan struct{})}
			w.idempotent = c.idempotent
			r.d.Connectors = map[string]connector.Connector{"webhook": w, "email": w}
			var letters []staydown.ID
			for range 3 {
				l, err := r.d.Draft(r.ctx, r.drafter, "", r.provider.ID, 1)
				r.must(err)
				_, err = r.d.Approve(r.ctx, r.approver, l.ID)
				r.must(err)
				letters = append(letters, l.ID)
			}
			jobs, err := r.s.TakeJobs(r.ctx, []string{"send"}, 100, "token", time.Minute)
			r.must(err)
			var wg sync.WaitGroup
			for _, j := range jobs {
				wg.Go(func() {
					if err := r.d.HandleSend(r.ctx, j); err != nil {
						t.Error(err)
					}
				})
			}
			for range c.trying {
				<-w.began
			}
			if n := r.count(letters, staydown.MessageTrying); n != c.trying {
				t.Errorf("%d messages are marked as tried, want %d", n, c.trying)
			}
			close(w.end)
			wg.Wait()
			if w.most.Load() != c.most {
				t.Errorf("%d messages at once, want %d", w.most.Load(), c.most)
			}
			if n := r.count(letters, staydown.MessageTaken); n != 3 {
				t.Errorf("%d of 3 messages were taken", n)
			}
		})
	}
}

// Whoever waits too long for the turn tries later, and has used up nothing.
func TestWaitingForTheTurnCostsNoTry(t *testing.T) {
	r := newRoom(t, 2)
	w := &slow{began: make(chan struct{}, 2), end: make(chan struct{})}
	r.d.Connectors = map[string]connector.Connector{"webhook": w, "email": w}
	for range 2 {
		l, err := r.d.Draft(r.ctx, r.drafter, "", r.provider.ID, 1)
		r.must(err)
		_, err = r.d.Approve(r.ctx, r.approver, l.ID)
		r.must(err)
	}
	jobs, err := r.s.TakeJobs(r.ctx, []string{"send"}, 100, "token", time.Minute)
	r.must(err)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := r.d.HandleSend(r.ctx, jobs[0]); err != nil {
			t.Error(err)
		}
	})
	<-w.began
	brief, cancel := context.WithTimeout(r.ctx, time.Second) // long enough to see that it is not its turn
	defer cancel()
	r.must(r.d.HandleSend(brief, jobs[1]))
	close(w.end)
	wg.Wait()
	r.now = r.now.Add(2 * time.Minute)
	again, err := r.s.TakeJobs(r.ctx, []string{"send"}, 100, "later", time.Minute)
	r.must(err)
	if len(again) != 1 || again[0].Tries != 1 || again[0].MaxTries != jobs[1].MaxTries {
		t.Fatalf("left %+v", again)
	}
	r.must(r.d.HandleSend(r.ctx, again[0]))
	if len(w.sent) != 2 {
		t.Errorf("%d messages left", len(w.sent))
	}
}

// count counts the messages of letters in a state.
func (r *room) count(letters []staydown.ID, state staydown.MessageState) int {
	n := 0
	for _, id := range letters {
		for _, m := range r.letter(id).Messages {
			if m.State == state {
				n++
			}
		}
	}
	return n
}
