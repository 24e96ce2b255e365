package desk

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

// counting is findings that say how often the queues were counted.
type counting struct {
	Findings
	calls int
}

func (c *counting) Tabs(context.Context, access.Caller) ([]assess.Tab, error) {
	c.calls++
	return []assess.Tab{{Name: "new", N: c.calls}}, nil
}

func TestCountsAreRememberedOnlyWhileTheyAreDear(t *testing.T) {
	for _, c := range []struct {
		name      string
		took, age time.Duration
		calls     int
	}{
		{"a cheap count is taken anew", time.Millisecond, 0, 1},
		{"a dear one is shown again", time.Minute, time.Second, 0},
		{"an old one is not", time.Minute, time.Hour, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &counting{}
			v := &visit{Desk: &Desk{Findings: f}, r: httptest.NewRequest("GET", "/", nil), caller: access.Caller{Circles: []staydown.ID{"B", "A"}}}
			v.tally.known = map[string]*counted{"A B": {tabs: []assess.Tab{{Name: "new", N: 99}}, at: time.Now().Add(-c.age), took: c.took}}
			tabs, err := v.tally.count(v)
			if err != nil || len(tabs) != 1 || f.calls != c.calls || (tabs[0].N == 99) != (c.calls == 0) {
				t.Errorf("%v, counted %d times, %v", tabs, f.calls, err)
			}
		})
	}
	f := &counting{}
	v := &visit{Desk: &Desk{Findings: f}, r: httptest.NewRequest("GET", "/", nil), caller: access.Caller{Circles: []staydown.ID{"A"}}}
	v.tally.known = map[string]*counted{"A B": {tabs: []assess.Tab{{Name: "new", N: 99}}, at: time.Now(), took: time.Minute}}
	if tabs, err := v.tally.count(v); err != nil || tabs[0].N == 99 {
		t.Errorf("the counts of other circles are shown: %v, %v", tabs, err)
	}
}
