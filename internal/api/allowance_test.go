package api

import (
	"testing"
	"time"

	"github.com/staydown/staydown"
)

func TestAllowance(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	a := newAllowance(60, 3, func() time.Time { return now })
	take := func(who staydown.ID, want bool) {
		t.Helper()
		if a.take(who) != want {
			t.Errorf("%s: want %v", who, want)
		}
	}
	for range 3 {
		take("x", true)
	}
	take("x", false)
	take("y", true)
	now = now.Add(time.Second)
	take("x", true)
	take("x", false)
	now = now.Add(time.Hour)
	for range 3 {
		take("x", true)
	}
	take("x", false)
	a.forget(now)
	if len(a.left) != 1 {
		t.Errorf("%d remembered", len(a.left))
	}
}
