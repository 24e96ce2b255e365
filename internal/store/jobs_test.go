package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/jobs"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

func leave(t *testing.T, s *store.Store, js ...staydown.Job) {
	t.Helper()
	err := s.Act(t.Context(), system, func(tx *store.Tx) error {
		for _, j := range js {
			if err := tx.Job(j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, s *store.Store, kind, token string, n int) []staydown.Job {
	t.Helper()
	js, err := s.TakeJobs(t.Context(), []string{kind}, n, token, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func nothing(*store.Tx) error { return nil }

func TestJobsAreDueOnTheDesksClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		leave(t, s, staydown.Job{Kind: "k", Key: "late", RunAt: c.At.Add(time.Hour)}, staydown.Job{Kind: "k", Key: "now"}, staydown.Job{Kind: "other", Key: "x"})
		if js := take(t, s, "k", "t1", 10); len(js) != 1 || js[0].Key != "now" || js[0].Tries != 1 || js[0].Token != "t1" {
			t.Fatalf("took %+v", js)
		}
		next, leased, err := s.NextJob(t.Context())
		if err != nil || leased != 1 || !next.Equal(c.At) {
			t.Errorf("next %v, leased %d: %v", next, leased, err)
		}
		c.At = c.At.Add(2 * time.Hour)
		if js := take(t, s, "k", "t2", 10); len(js) != 1 || js[0].Key != "late" {
			t.Errorf("took %+v", js)
		}
	})
}

func TestAKeyIsOpenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		leave(t, s, staydown.Job{Kind: "k", Key: "one"}, staydown.Job{Kind: "k", Key: "one"}, staydown.Job{Kind: "k", Key: "One"}, staydown.Job{Kind: "k"}, staydown.Job{Kind: "k"})
		js := take(t, s, "k", "t", 10)
		if len(js) != 4 {
			t.Fatalf("%d jobs", len(js))
		}
		for _, j := range js {
			if j.Key != "one" {
				continue
			}
			// Ending a job may leave the next of the same kind and key.
			err := s.Finish(t.Context(), system, j, func(tx *store.Tx) error {
				return tx.Job(staydown.Job{Kind: "k", Key: "one", RunAt: c.At.Add(time.Hour)})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		c.At = c.At.Add(2 * time.Hour)
		if js := take(t, s, "k", "t2", 10); len(js) != 1 || js[0].Key != "one" {
			t.Errorf("the next: %+v", js)
		}
	})
}

func TestARolledBackChangeLeavesNoJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		err := s.Act(t.Context(), system, func(tx *store.Tx) error {
			return errors.Join(tx.Job(staydown.Job{Kind: "k"}), errors.New("no"))
		})
		if err == nil {
			t.Fatal("no error")
		}
		if js := take(t, s, "k", "t", 10); len(js) != 0 {
			t.Errorf("%+v", js)
		}
	})
}

func TestAnOvertakenHandlerLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		leave(t, s, staydown.Job{Kind: "k", Key: "one"})
		slow := take(t, s, "k", "slow", 1)[0]
		if n, err := s.FreeJobs(t.Context(), false); err != nil || n != 0 {
			t.Fatalf("a fresh lease was freed: %d %v", n, err)
		}
		if n, err := s.FreeJobs(t.Context(), true); err != nil || n != 1 {
			t.Fatalf("freed %d: %v", n, err)
		}
		quick := take(t, s, "k", "quick", 1)[0]
		id := staydown.NewID(c.At)
		effect := func(tx *store.Tx) error {
			return errors.Join(tx.AddItem(staydown.Item{ID: id, Circle: "c", Location: "l"}), tx.Event(see(id)))
		}
		if err := s.Finish(t.Context(), system, slow, effect); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the overtaken handler committed: %v", err)
		}
		if err := s.RetryJob(t.Context(), slow, c.At, "x"); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the overtaken handler put the job back: %v", err)
		}
		if _, err := s.Item(t.Context(), id); staydown.KindOf(err) != staydown.NotFound {
			t.Errorf("its effect is there: %v", err)
		}
		if err := s.Finish(t.Context(), system, quick, effect); err != nil {
			t.Error(err)
		}
		if err := s.Finish(t.Context(), system, quick, nothing); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("ended twice: %v", err)
		}
	})
}

func TestTriesAreCountedAndBuried(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		leave(t, s, staydown.Job{Kind: "k", Key: "one", MaxTries: 2})
		for try := 1; try <= 2; try++ {
			js := take(t, s, "k", fmt.Sprint(try), 1)
			if len(js) != 1 || js[0].Tries != try {
				t.Fatalf("try %d: %+v", try, js)
			}
			if err := s.RetryJob(t.Context(), js[0], c.At, "did not work"); err != nil {
				t.Fatal(err)
			}
		}
		if js := take(t, s, "k", "3", 1); len(js) != 0 {
			t.Errorf("a dead job was taken: %+v", js)
		}
		dead, err := s.DeadJobs(t.Context(), 10)
		if err != nil || len(dead) != 1 || dead[0].Error != "did not work" {
			t.Errorf("dead: %+v %v", dead, err)
		}
	})
}

func TestTwoWorkersNeverShareAJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		const n = 300
		var js []staydown.Job
		for i := range n {
			js = append(js, staydown.Job{Kind: "k", Key: fmt.Sprint(i)})
		}
		leave(t, s, js...)
		var mu sync.Mutex
		done := map[string]int{}
		var wg sync.WaitGroup
		for range 2 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r := jobs.Runner{Queue: s, Kinds: []jobs.Kind{{Name: "k", AtOnce: 4, Handle: func(ctx context.Context, j staydown.Job) error {
					mu.Lock()
					done[j.Key]++
					mu.Unlock()
					return s.Finish(ctx, system, j, nothing)
				}}}}
				if _, err := r.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		if len(done) != n {
			t.Errorf("%d of %d jobs done", len(done), n)
		}
		for k, times := range done {
			if times != 1 {
				t.Errorf("job %s done %d times", k, times)
			}
		}
	})
}

func TestTheRunnerPutsBackWhatFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		leave(t, s, staydown.Job{Kind: "k", Key: "fails"}, staydown.Job{Kind: "k", Key: "panics"}, staydown.Job{Kind: "k", Key: "later"})
		r := jobs.Runner{Queue: s, Kinds: []jobs.Kind{{Name: "k", AtOnce: 2, Handle: func(ctx context.Context, j staydown.Job) error {
			switch j.Key {
			case "fails":
				return errors.New("no")
			case "panics":
				panic("no")
			}
			return &jobs.Later{At: c.At.Add(time.Hour), Why: "not yet"}
		}}}}
		if _, err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r.Failed() != 2 {
			t.Errorf("%d failures", r.Failed())
		}
		next, leased, err := s.NextJob(t.Context())
		if err != nil || leased != 0 || !next.Equal(c.At.Add(30*time.Second)) {
			t.Errorf("next %v leased %d: %v", next, leased, err)
		}
	})
}

// What a round leaves for another kind is done in the same Drain, however the two overlap.
func TestDrainFollowsTheChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		const n = 60
		chain := []string{"c", "a", "b"} // later kinds before earlier ones in the table
		var done [3]atomic.Int64
		var kinds []jobs.Kind
		for i, name := range chain {
			next := map[string]string{"a": "b", "b": "c"}[name]
			kinds = append(kinds, jobs.Kind{Name: name, AtOnce: 3, Handle: func(ctx context.Context, j staydown.Job) error {
				done[i].Add(1)
				return s.Finish(ctx, system, j, func(tx *store.Tx) error {
					if next == "" {
						return nil
					}
					return tx.Job(staydown.Job{Kind: next, Key: j.Key})
				})
			}})
		}
		var js []staydown.Job
		for i := range n {
			js = append(js, staydown.Job{Kind: "a", Key: fmt.Sprint(i)})
		}
		leave(t, s, js...)
		r := jobs.Runner{Queue: s, Kinds: kinds}
		total, err := r.Drain(t.Context())
		if err != nil || total != 3*n || done[0].Load() != n || done[1].Load() != n || done[2].Load() != n {
			t.Errorf("%d jobs (%d %d %d): %v", total, done[1].Load(), done[2].Load(), done[0].Load(), err)
		}
		if next, _, err := s.NextJob(t.Context()); err != nil || !next.IsZero() {
			t.Errorf("something is left for %v: %v", next, err)
		}
	})
}
