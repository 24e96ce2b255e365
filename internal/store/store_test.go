package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

var system = access.System("test")

func person(id string) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID(id), Authority: "unit"}, Circles: []staydown.ID{"unit"}}
}

func see(id staydown.ID) staydown.Event {
	return staydown.Event{Act: "see", Noun: "item", Subject: id, Circle: "c"}
}

func addItem(t *testing.T, s *store.Store, i staydown.Item) error {
	t.Helper()
	return s.Act(t.Context(), system, func(tx *store.Tx) error {
		if err := tx.AddItem(i); err != nil {
			return err
		}
		return tx.Event(see(i.ID))
	})
}

func TestEverythingComesBackAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		when := staydown.At(time.Date(2019, 11, 21, 23, 59, 59, 987654321, time.FixedZone("x", 7200)))
		if when.Nanosecond() != 987000000 || when.Location() != time.UTC {
			t.Fatalf("rounding: %v", when)
		}
		i := staydown.Item{ID: staydown.NewID(c.At), Circle: "c", Location: "https://relay.example/\u0627\u0644\u062e\u0628\u0631?\u202e", Title: "quote ' \" \\ \u2028", State: staydown.ItemSeen,
			Priority: -7, PriorityWhy: []string{"trusted source", "\u0645\u0635\u062f\u0631"}, Leads: 3, SeenAt: when}
		k := staydown.Check{ID: staydown.NewID(c.At), Item: i.ID, State: staydown.CheckDone, N: 2, DueAt: when, At: when, Verdict: staydown.Gone,
			Places: []staydown.Place{{From: "direct", Country: "BE", Verdict: staydown.Gone, Signal: "410", Status: 410}}}
		a := staydown.Assessment{ID: staydown.NewID(c.At), Item: i.ID, Public: true, Context: false, Viewed: true, BeganAt: when}
		l := staydown.Letter{ID: staydown.NewID(c.At), Owner: "u", Reference: "BE-1", Checks: []staydown.Finding{{Check: 3, Lines: []staydown.ID{"x"}, Text: "t"}},
			Overrides: []staydown.Override{{Check: 4, By: "p", Reason: "r", At: when}}}
		err := s.Act(t.Context(), system, func(tx *store.Tx) error {
			return errors.Join(tx.AddItem(i), tx.AddCheck(k), tx.AddAssessment(a), tx.AddLetter(l), tx.Event(see(i.ID)))
		})
		if err != nil {
			t.Fatal(err)
		}
		same := func(got, want any, err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("came back otherwise (-want +got):\n%s", d)
			}
		}
		gi, err := s.Item(t.Context(), i.ID)
		same(gi, i, err)
		gk, err := s.Check(t.Context(), k.ID)
		same(gk, k, err)
		ga, err := s.Assessment(t.Context(), a.ID)
		same(ga, a, err)
		gl, err := s.Letter(t.Context(), l.ID)
		same(gl, l, err)
	})
}

func TestTextThatNoEngineMayChoke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		i := staydown.Item{ID: staydown.NewID(c.At), Circle: "c", Location: "l", Title: "nul \x00 and broken \xff\xfe utf"}
		if err := addItem(t, s, i); err != nil {
			t.Fatal(err)
		}
		got, err := s.Item(t.Context(), i.ID)
		if err != nil || got.Title != "nul \uFFFD and broken \uFFFD utf" {
			t.Errorf("%q %v", got.Title, err)
		}
	})
}

func TestIdentifiersDifferByCaseAndSortByByte(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		camp := func(id string) error {
			return s.Act(t.Context(), system, func(tx *store.Tx) error {
				return errors.Join(tx.AddCampaign(staydown.Campaign{ID: staydown.ID(id), Name: id}), tx.Event(see("x")))
			})
		}
		for _, id := range []string{"a", "B", "A", "b", "\u00e9", "_", "Z"} {
			if err := camp(id); err != nil {
				t.Fatalf("%s: %v", id, err)
			}
		}
		all, err := s.Campaigns(t.Context(), []staydown.ID{"a", "B", "A", "b", "\u00e9", "_", "Z"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range all {
			got = append(got, x.Name)
		}
		if d := cmp.Diff([]string{"\u00e9", "b", "a", "_", "Z", "B", "A"}, got); d != "" {
			t.Error(d)
		}
	})
}

func TestOneItemPerLocationAndCircle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		item := func(circle, location string) staydown.Item {
			return staydown.Item{ID: staydown.NewID(c.At), Circle: staydown.ID(circle), Location: location}
		}
		if err := addItem(t, s, item("c", "https://a.example/X")); err != nil {
			t.Fatal(err)
		}
		if err := addItem(t, s, item("c", "https://a.example/x")); err != nil {
			t.Errorf("paths differ by case: %v", err)
		}
		if err := addItem(t, s, item("d", "https://a.example/X")); err != nil {
			t.Errorf("another circle: %v", err)
		}
		if err := addItem(t, s, item("c", "https://a.example/X")); err == nil {
			t.Error("two items at one location in one circle")
		}
	})
}

func TestAChangeWithoutAnEventIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		id := staydown.NewID(c.At)
		err := s.Act(t.Context(), system, func(tx *store.Tx) error {
			return tx.AddItem(staydown.Item{ID: id, Circle: "c", Location: "l"})
		})
		if !errors.Is(err, store.ErrNoEvent) {
			t.Fatalf("kept in silence: %v", err)
		}
		if _, err := s.Item(t.Context(), id); staydown.KindOf(err) != staydown.NotFound {
			t.Errorf("it is there: %v", err)
		}
		err = s.Act(t.Context(), system, func(tx *store.Tx) error { return tx.Event(see(id)) })
		if !errors.Is(err, store.ErrNoChange) {
			t.Errorf("an event of nothing: %v", err)
		}
		if err := s.Act(t.Context(), system, func(tx *store.Tx) error { return nil }); err != nil {
			t.Errorf("no change, no event: %v", err)
		}
		err = s.Act(t.Context(), person("p"), func(tx *store.Tx) error {
			return tx.Event(staydown.Event{Stream: staydown.Access, Act: "open", Noun: "item", Subject: id, Circle: "unit"})
		})
		if err != nil {
			t.Errorf("access alone: %v", err)
		}
	})
}

func TestARefusalIsLoggedAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		id := staydown.NewID(c.At)
		err := s.Act(t.Context(), person("p"), func(tx *store.Tx) error {
			if err := errors.Join(tx.AddItem(staydown.Item{ID: id, Circle: "c", Location: "l"}), tx.Event(see(id))); err != nil {
				return err
			}
			return staydown.Errorf(staydown.Refused, "test.no", "no")
		})
		if staydown.CodeOf(err) != "test.no" {
			t.Fatal(err)
		}
		all, err := s.Unsequenced(t.Context(), 10)
		if err != nil || len(all) != 1 || all[0].Act != "refuse" || all[0].Actor != "p" {
			t.Errorf("log: %+v %v", all, err)
		}
		if _, err := s.Item(t.Context(), id); staydown.KindOf(err) != staydown.NotFound {
			t.Errorf("half of it was kept: %v", err)
		}
	})
}

func TestABrokenChangeTakesNothingWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		var wg sync.WaitGroup
		var good atomic.Int64
		for i := range 60 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := s.Act(t.Context(), system, func(tx *store.Tx) error {
					id := tx.NewID()
					if err := errors.Join(tx.AddItem(staydown.Item{ID: id, Circle: "c", Location: fmt.Sprint(i)}), tx.Event(see(id))); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return errors.New("no")
					case 2:
						panic("no")
					}
					return nil
				})
				if (err == nil) != (i%3 == 0) {
					t.Errorf("%d: %v", i, err)
				}
				if err == nil {
					good.Add(1)
				}
			}()
		}
		wg.Wait()
		events, _, err := s.LogCounts(t.Context())
		if err != nil || events != good.Load() || good.Load() != 20 {
			t.Errorf("%d events of %d changes: %v", events, good.Load(), err)
		}
	})
}

func TestConcurrentChangesOfOneRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		i := staydown.Item{ID: staydown.NewID(c.At), Circle: "c", Location: "l"}
		if err := addItem(t, s, i); err != nil {
			t.Fatal(err)
		}
		const people, each = 6, 5
		var wg sync.WaitGroup
		for range people {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range each {
					err := s.Act(t.Context(), system, func(tx *store.Tx) error {
						x, err := tx.Item(i.ID)
						if err != nil {
							return err
						}
						x.Leads++
						return errors.Join(tx.PutItem(x), tx.Event(see(x.ID)))
					})
					if err != nil {
						t.Error(err)
					}
				}
			}()
		}
		wg.Wait()
		got, err := s.Item(t.Context(), i.ID)
		if err != nil || got.Leads != people*each {
			t.Errorf("%d of %d changes arrived: %v", got.Leads, people*each, err)
		}
	})
}

func TestChangingWhatIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		err := s.Act(t.Context(), system, func(tx *store.Tx) error {
			return errors.Join(tx.PutItem(staydown.Item{ID: "nobody"}), tx.Event(see("nobody")))
		})
		if err == nil {
			t.Error("a row that is not there was changed")
		}
	})
}
