package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
)

// tally remembers how much waits in the queues, for as long as counting it anew would cost too much: counts that take a
// quarter of a second are shown for up to two and a half, those of a small desk are always counted. It is shared by all
// who see the same circles; what one holds oneself is asked for each time.
type tally struct {
	mu    sync.Mutex
	known map[string]*counted
}

// counted is one count of the queues, how long it took, and whether it is being taken anew.
type counted struct {
	tabs []assess.Tab
	at   time.Time
	took time.Duration
	busy bool
}

const (
	cheap      = 20 * time.Millisecond // a count that takes less is taken for every page
	oldest     = 15 * time.Second      // what is older is counted before the page is shown
	tallyShare = 10                    // counting may take a tenth of the time
	tallyKeys  = 256                   // sets of circles remembered; beyond, all is forgotten
)

// count gives the queues' tabs, counted now or a little while ago.
func (t *tally) count(v *visit) ([]assess.Tab, error) {
	key := circlesKey(v.caller.Circles)
	t.mu.Lock()
	c := t.known[key]
	if c == nil || c.took < cheap || time.Since(c.at) > oldest {
		t.mu.Unlock()
		return t.take(v.ctx(), v, key)
	}
	defer t.mu.Unlock()
	if time.Since(c.at) > c.took*tallyShare && !c.busy {
		c.busy = true
		go t.anew(context.WithoutCancel(v.ctx()), v, key)
	}
	return slices.Clone(c.tabs), nil
}

// anew counts in the background; what it finds is shown to the next reader.
func (t *tally) anew(ctx context.Context, v *visit, key string) {
	if _, err := t.take(ctx, v, key); err != nil {
		v.Site.Log.Error("counting the queues", "err", err)
		t.mu.Lock()
		delete(t.known, key)
		t.mu.Unlock()
	}
}

func (t *tally) take(ctx context.Context, v *visit, key string) ([]assess.Tab, error) {
	began := time.Now()
	tabs, err := v.Findings.Tabs(ctx, v.caller)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= tallyKeys {
		t.known = map[string]*counted{}
	}
	t.known[key] = &counted{tabs: slices.Clone(tabs), at: time.Now(), took: time.Since(began)}
	return tabs, nil
}

func circlesKey(circles []staydown.ID) string {
	list := texts(circles)
	slices.Sort(list)
	return strings.Join(list, " ")
}
