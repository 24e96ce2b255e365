package match

import (
	"fmt"
	"testing"
	"time"

	"github.com/staydown/staydown"
)

func TestPostedAfter(t *testing.T) {
	at := func(hour int) time.Time {
		if hour < 0 {
			return time.Time{}
		}
		return time.Date(2019, 11, 22, hour, 0, 0, 0, time.UTC)
	}
	for _, tt := range []struct {
		name                            string
		published, seen, lastUp, goneAt int
		want                            bool
	}{
		{"appeared after the other was last up", 10, 12, 8, 14, true},
		{"appeared while the other was up", 7, 12, 8, 9, false},
		{"appeared at that very moment", 8, 12, 8, 9, false},
		{"says nothing, pointed to after the other was gone", -1, 12, 8, 9, true},
		{"says nothing, pointed to before", -1, 9, 8, 10, false},
		{"says nothing, the other was never seen gone", -1, 9, 8, -1, false},
	} {
		if got := PostedAfter(at(tt.published), at(tt.seen), at(tt.lastUp), at(tt.goneAt)); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestCloseness holds the order of what is shown first.
func TestCloseness(t *testing.T) {
	order := []Resemblance{
		{Distances: map[string]int{"sha256": 0, "text": 0}, SameTitle: true, SameBy: true},
		{Distances: map[string]int{"sha256": 0}, SameTitle: true},
		{Distances: map[string]int{"sha256": 0, "pdq": 0}},
		{Distances: map[string]int{"pdq": 31}, SameTitle: true, SameBy: true},
		{Distances: map[string]int{"pdq": 8}},
		{Distances: map[string]int{"text": 40}},
		{Distances: map[string]int{"pdq": 31}},
	}
	for k := range order[:len(order)-1] {
		if a, b := order[k].Closeness(), order[k+1].Closeness(); a < b || a > 1 {
			t.Errorf("%+v (%.2f) is less close than %+v (%.2f)", order[k], a, order[k+1], b)
		}
	}
}

func TestRaise(t *testing.T) {
	i := staydown.Item{Priority: 8, PriorityWhy: []string{"several_units"}}
	before := i.PriorityWhy
	Raise(&i, "maybe_back", 3)
	Raise(&i, "maybe_back", 3)
	if got := fmt.Sprint(i.Priority, i.PriorityWhy, before); got != "10 [several_units maybe_back] [several_units]" {
		t.Errorf("raised to %s", got)
	}
}
