package assess_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/staydown/staydown"
)

func TestTwoOfficersTakeAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		for range 60 {
			r.item()
		}
		var mu sync.Mutex
		holder := map[staydown.ID]string{}
		var wg sync.WaitGroup
		for k := range 6 {
			name := fmt.Sprint("officer-", k)
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 4 {
					got, err := r.desk.Take(r.ctx, officer(name), "new", "", 3)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					for _, x := range got {
						if other, ok := holder[x.Item]; ok {
							t.Errorf("%s is taken by %s and by %s", x.Location, other, name)
						}
						holder[x.Item] = name
					}
					mu.Unlock()
				}
			}()
		}
		wg.Wait()
		if len(holder) != 60 {
			t.Errorf("%d of 60 items were taken", len(holder))
		}
	})
}

func TestTwoOfficersOpenAndGiveTheSameItemAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, r *rig) {
		for range 20 {
			id := r.item()
			var wg sync.WaitGroup
			var mu sync.Mutex
			drafts, given := 0, 0
			for k := range 4 {
				c := officer(fmt.Sprint("officer-", k))
				wg.Add(1)
				go func() {
					defer wg.Done()
					o, err := r.desk.Open(r.ctx, c, id)
					if err != nil {
						t.Error(err)
					}
					_, gerr := r.desk.Give(r.ctx, c, id, verdict(staydown.Lawful))
					if gerr != nil && staydown.KindOf(gerr) != staydown.Refused {
						t.Error(gerr)
					}
					mu.Lock()
					defer mu.Unlock()
					if o.Assessment != "" {
						drafts++
					}
					if gerr == nil {
						given++
					}
				}()
			}
			wg.Wait()
			if drafts != 1 || given != 1 {
				t.Errorf("%d drafts and %d findings on one item", drafts, given)
			}
		}
	})
}
