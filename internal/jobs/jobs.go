// Package jobs runs what changes have left for later. Jobs lie in the store's own table, left in the transaction of the
// change that wants them and ended in the transaction of their effect, and only while their lease still holds: a handler
// that was overtaken leaves nothing behind.
//
// Due times follow the desk's clock; leases and time-outs follow the machine's.
package jobs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/staydown/staydown"
)

// Queue is what the runner needs of the store.
type Queue interface {
	TakeJobs(ctx context.Context, kinds []string, n int, token string, lease time.Duration) ([]staydown.Job, error)
	DueKinds(ctx context.Context) ([]string, error)
	RenewJobs(ctx context.Context, token string, lease time.Duration) (int, error)
	RetryJob(ctx context.Context, j staydown.Job, at time.Time, why string) error
	FreeJobs(ctx context.Context, all bool) (int, error)
	Now() time.Time
}

// Handler does one job. Doing it means: I/O first, then one Finish of the store, which commits the effect and ends the
// job. It returns nil only after that; any error puts the job back.
type Handler func(ctx context.Context, j staydown.Job) error

// Kind is one row of the table of jobs: who leaves it, who does it, how many at once, and how often.
type Kind struct {
	Name    string
	LeftBy  string // packages, for the table in the papers
	DoneBy  string
	AtOnce  int           // handlers running side by side in this process
	Timeout time.Duration // of one try, on the machine's clock
	Handle  Handler
}

// Later is an error that puts a job back until a time of the handler's choosing, without counting as a failure of ours.
type Later struct {
	At  time.Time
	Why string
}

func (l *Later) Error() string { return "later: " + l.Why }

// Lease is how long a job is held before somebody else may take it; the runner renews at a third of it.
const Lease = 30 * time.Second

// Runner takes due jobs and runs their handlers.
type Runner struct {
	Queue   Queue
	Kinds   []Kind
	Log     *slog.Logger
	Backoff func(tries int) time.Duration // on the desk's clock
	Poll    time.Duration                 // how often to look when nothing was due

	busy   atomic.Int64
	failed atomic.Int64
}

// Backoff is the usual wait before another try: 30 s, 2 min, 8 min, 32 min, then every two hours.
func Backoff(tries int) time.Duration {
	d := 30 * time.Second
	for range tries - 1 {
		d *= 4
		if d > 2*time.Hour {
			return 2 * time.Hour
		}
	}
	return d
}

// Run works until the context ends, then waits for the handlers under way.
func (r *Runner) Run(ctx context.Context) {
	r.init()
	var wg sync.WaitGroup
	for _, k := range r.Kinds {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.lane(ctx, k)
		}()
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		r.free(ctx)
	}()
	wg.Wait()
}

func (r *Runner) init() {
	if r.Log == nil {
		r.Log = slog.New(slog.DiscardHandler)
	}
	if r.Backoff == nil {
		r.Backoff = Backoff
	}
	if r.Poll == 0 {
		r.Poll = time.Second
	}
}

// free gives back, now and then, leases whose holder died.
func (r *Runner) free(ctx context.Context) {
	t := time.NewTicker(Lease / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if n, err := r.Queue.FreeJobs(ctx, false); err != nil && ctx.Err() == nil {
				r.Log.Error("freeing jobs", "err", err)
			} else if n > 0 {
				r.Log.Warn("jobs of a worker that died were freed", "n", n)
			}
		}
	}
}

// lane takes and runs jobs of one kind.
func (r *Runner) lane(ctx context.Context, k Kind) {
	for ctx.Err() == nil {
		n, err := r.round(ctx, k)
		if err != nil && ctx.Err() == nil {
			r.Log.Error("taking jobs", "kind", k.Name, "err", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(r.Poll):
		}
	}
}

// Drain works until nothing of any kind is due, and returns how many jobs it did. It is how an exercise lets its clock
// stand still while anything is in flight.
//
// What a round leaves for another kind is begun while the first kind goes on: after every round it is asked anew which
// kinds are due.
func (r *Runner) Drain(ctx context.Context) (int, error) {
	r.init()
	told := make(chan finished)
	running, idle := map[string]bool{}, map[string]bool{} // idle: had nothing due, and no round has ended since
	total, worked := 0, false
	var errs []error
	for {
		if len(errs) == 0 {
			due, err := r.Queue.DueKinds(ctx)
			if err != nil {
				errs = append(errs, err)
			}
			for _, k := range r.Kinds {
				if slices.Contains(due, k.Name) && !running[k.Name] && !idle[k.Name] {
					running[k.Name] = true
					go r.drainKind(ctx, k, told)
				}
			}
		}
		if len(running) == 0 {
			if !worked || len(errs) > 0 {
				return total, errors.Join(errs...)
			}
			// A job may have been left just after its kind had nothing due: look once more.
			worked = false
			clear(idle)
			continue
		}
		f := <-told
		if total += f.n; f.n > 0 {
			worked = true
			clear(idle)
		}
		if f.over {
			delete(running, f.kind)
			idle[f.kind] = f.n == 0
		}
		if f.err != nil {
			errs = append(errs, f.err)
		}
	}
}

// finished is one round that was worked off; over when it was the last of its lane.
type finished struct {
	kind string
	n    int
	over bool
	err  error
}

// drainKind works until nothing of one kind is due.
func (r *Runner) drainKind(ctx context.Context, k Kind, told chan<- finished) {
	for {
		n, err := r.round(ctx, k)
		over := n == 0 || err != nil
		told <- finished{k.Name, n, over, err}
		if over {
			return
		}
	}
}

// round takes a batch of one kind and runs it, renewing the lease while it lasts.
func (r *Runner) round(ctx context.Context, k Kind) (int, error) {
	token := newToken()
	batch, err := r.Queue.TakeJobs(ctx, []string{k.Name}, max(1, k.AtOnce)*4, token, Lease)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	r.busy.Add(int64(len(batch)))
	defer r.busy.Add(-int64(len(batch)))
	renew, stop := context.WithCancel(ctx)
	defer stop()
	go r.renew(renew, token)

	gate := make(chan struct{}, max(1, k.AtOnce))
	var wg sync.WaitGroup
	for _, j := range batch {
		gate <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-gate }()
			r.one(ctx, k, j)
		}()
	}
	wg.Wait()
	return len(batch), nil
}

func (r *Runner) renew(ctx context.Context, token string) {
	t := time.NewTicker(Lease / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := r.Queue.RenewJobs(ctx, token, Lease); err != nil && ctx.Err() == nil {
				r.Log.Error("renewing a lease", "err", err)
			}
		}
	}
}

func (r *Runner) one(ctx context.Context, k Kind, j staydown.Job) {
	timeout := k.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	tctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := safely(tctx, k.Handle, j)
	if err == nil {
		return
	}
	at := r.Queue.Now().Add(r.Backoff(j.Tries))
	var later *Later
	if errors.As(err, &later) {
		at = later.At
	} else if ctx.Err() != nil {
		r.Log.Info("a job is put back, since this process stops", "kind", k.Name, "job", j.ID)
	} else {
		r.failed.Add(1)
		r.Log.Warn("a job failed", "kind", k.Name, "job", j.ID, "subject", j.Subject, "try", j.Tries, "err", err)
	}
	// The process may be shutting down: the put-back must still go through, or the lease has to run out first.
	back, cancelBack := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancelBack()
	if ctx.Err() != nil {
		at = r.Queue.Now()
	}
	if rerr := r.Queue.RetryJob(back, j, at, err.Error()); rerr != nil {
		r.Log.Warn("putting a job back", "kind", k.Name, "job", j.ID, "err", rerr)
	}
}

func safely(ctx context.Context, h Handler, j staydown.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler broke off: %v", p)
		}
	}()
	return h(ctx, j)
}

// Busy tells how many jobs are in hand in this process.
func (r *Runner) Busy() int { return int(r.busy.Load()) }

// Failed tells how many tries failed since the start.
func (r *Runner) Failed() int { return int(r.failed.Load()) }

func newToken() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
