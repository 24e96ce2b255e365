package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := access.System("test")
	start := time.Now()
	var wg sync.WaitGroup
	const n = 5000
	sem := make(chan bool, 64)
	for i := range n {
		wg.Add(1)
		sem <- true
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			err := s.Act(ctx, c, func(tx *Tx) error {
				id := tx.NewID()
				it := staydown.Item{ID: id, Circle: "c", Location: fmt.Sprint("https://x.example/", i), State: "seen", PriorityWhy: []string{"a"}, SeenAt: tx.Now()}
				if err := tx.AddItem(it); err != nil {
					return err
				}
				if err := tx.Job(staydown.Job{Kind: "capture", Key: string(id), Subject: id}); err != nil {
					return err
				}
				return tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: id, Circle: "c"})
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	t.Log(n, "changes", time.Since(start))
	start = time.Now()
	for {
		_, added, err := s.Sequence(ctx, 2000)
		if err != nil {
			t.Fatal(err)
		}
		if added == 0 {
			break
		}
	}
	t.Log("sequenced", time.Since(start))
	start = time.Now()
	took := 0
	for {
		js, err := s.TakeJobs(ctx, []string{"capture"}, 64, "tok", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(js) == 0 {
			break
		}
		took += len(js)
		var wg sync.WaitGroup
		for _, j := range js {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := s.Finish(ctx, c, j, func(tx *Tx) error {
					it, err := tx.Item(j.Subject)
					if err != nil {
						return err
					}
					e, err := it.Capture(staydown.Capture{ID: tx.NewID(), EndedAt: tx.Now()})
					if err != nil {
						return err
					}
					if err := tx.PutItem(it); err != nil {
						return err
					}
					return tx.Event(e)
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
	}
	t.Log("finished", took, time.Since(start))
}
