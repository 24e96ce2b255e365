package verify

import (
	"fmt"
	"testing"
	"time"
)

var sent = time.Date(2019, 11, 21, 12, 0, 0, 0, time.UTC)

func TestDue(t *testing.T) {
	seen := map[time.Time]int{}
	for i := range 500 {
		seed := fmt.Sprint("item-", i)
		last := sent
		for n := 1; n <= MaxChecks; n++ {
			at, ok := Due(sent, seed, n)
			again, _ := Due(sent, seed, n)
			if !ok || at != again {
				t.Fatalf("check %d: %v, then %v", n, at, again)
			}
			if off := at.Sub(sent) - after[n-1]; off > after[n-1]/10 || off < -after[n-1]/10 {
				t.Errorf("check %d is %v off", n, off)
			}
			if !at.After(last) || at.After(sent.Add(30*24*time.Hour)) {
				t.Errorf("check %d at %v, the one before at %v", n, at, last)
			}
			last = at
		}
		first, _ := Due(sent, seed, 1)
		seen[first]++
	}
	if len(seen) < 200 {
		t.Errorf("500 items are spread over %d seconds only", len(seen))
	}
	for _, n := range []int{-1, 0, MaxChecks + 1} {
		if _, ok := Due(sent, "x", n); ok {
			t.Errorf("there is a check %d", n)
		}
	}
}

func TestNextDue(t *testing.T) {
	for _, c := range []struct {
		done  int
		later time.Duration
		want  int
	}{
		{0, 0, 1}, {1, 2 * time.Hour, 2}, {7, 20 * 24 * time.Hour, 8}, {8, 31 * 24 * time.Hour, 0},
		{0, 2 * time.Hour, 1},                // one is past and due at once
		{1, 48 * time.Hour, 4},               // those missed are skipped, but for the last of them
		{0, 100 * 24 * time.Hour, MaxChecks}, // the desk stood still for long
	} {
		n, at, ok := NextDue(sent, "item", c.done, sent.Add(c.later))
		if n != c.want || ok != (c.want > 0) {
			t.Errorf("%d done after %v: %d %v", c.done, c.later, n, ok)
		}
		if want, _ := Due(sent, "item", n); ok && at != want {
			t.Errorf("check %d at %v, want %v", n, at, want)
		}
	}
}
