package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/report"
)

// boards are the campaigns whose boards somebody watches. Each has one poller, however many watch; it ends with the last.
type boards struct {
	mu      sync.Mutex
	pollers map[staydown.ID]*poller
}

// poller asks for the figures of one campaign and hands them to its watchers.
type poller struct {
	watchers map[chan report.Figures]bool
	stop     context.CancelFunc
	last     report.Figures
	known    bool
}

const (
	pollEvery = time.Second
	pollShare = 10 // a poll takes at most a tenth of the time: figures that cost more are asked for less often
	pingEvery = 20 * time.Second
)

// watch begins to watch a campaign; the caller has been let through to it. leave has to be called.
func (b *boards) watch(d *Desk, c access.Caller, campaign staydown.ID) (news <-chan report.Figures, leave func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pollers == nil {
		b.pollers = map[staydown.ID]*poller{}
	}
	p, ok := b.pollers[campaign]
	if !ok {
		ctx, stop := context.WithCancel(context.Background())
		p = &poller{watchers: map[chan report.Figures]bool{}, stop: stop}
		b.pollers[campaign] = p
		go b.poll(ctx, d, c, campaign, p)
	}
	ch := make(chan report.Figures, 1)
	p.watchers[ch] = true
	if p.known {
		ch <- p.last
	}
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(p.watchers, ch)
		if len(p.watchers) == 0 {
			p.stop()
			delete(b.pollers, campaign)
		}
	}
}

func (b *boards) poll(ctx context.Context, d *Desk, c access.Caller, campaign staydown.ID, p *poller) {
	for ctx.Err() == nil {
		began := time.Now()
		f, err := d.Figures.Figures(ctx, c, campaign)
		took := time.Since(began)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			d.Site.Log.Error("asking for live figures", "campaign", campaign, "err", err)
			took = pollEvery
		default:
			b.tell(p, f)
		}
		select {
		case <-ctx.Done():
		case <-time.After(max(pollEvery, took*pollShare)):
		}
	}
}

// tell hands figures to every watcher; who has not read the last ones gets the new ones instead.
func (b *boards) tell(p *poller, f report.Figures) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.last, p.known = f, true
	for ch := range p.watchers {
		select {
		case <-ch:
		default:
		}
		ch <- f
	}
}

// boardLive is the stream of one board: its big figures as text, and "stale" when a provider's row has changed, upon which
// the page asks for the table.
func (v *visit) boardLive() error {
	c, err := v.Letters.Campaign(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	out := http.NewResponseController(v.w)
	if err := out.SetWriteDeadline(time.Time{}); err != nil {
		v.Site.Log.Debug("a stream keeps the server's write deadline", "err", err)
	}
	v.w.Header().Set("Content-Type", "text/event-stream")
	news, leave := v.boards.watch(v.Desk, v.caller, c.ID)
	defer leave()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	var said map[string]string
	var rows []BoardRow
	for {
		message := ": here\n\n"
		select {
		case <-v.ctx().Done():
			return nil
		case <-ping.C:
		case f := <-news:
			message = v.news(f, &said, &rows)
		}
		if _, err := fmt.Fprint(v.w, message); err != nil {
			return nil // the watcher has gone
		}
		if err := out.Flush(); err != nil {
			return nil
		}
	}
}

// news writes what has changed since what was said before.
func (v *visit) news(f report.Figures, said *map[string]string, rows *[]BoardRow) string {
	text := liveTexts(v.words, f)
	message := ""
	if !maps.Equal(text, *said) {
		body, err := json.Marshal(map[string]any{"text": text})
		if err != nil {
			return ": \n\n"
		}
		message = "data: " + string(body) + "\n\n"
	}
	now := boardRows(f)
	if *said != nil && !equalRows(now, *rows) {
		message += "event: stale\ndata: {}\n\n"
	}
	*said, *rows = text, now
	if message == "" {
		return ": same\n\n"
	}
	return message
}

func equalRows(a, b []BoardRow) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// liveTexts are the big figures by their names, as the reader's language writes them.
func liveTexts(p *locale.Printer, f report.Figures) map[string]string {
	text := map[string]string{}
	for _, one := range boardFigures(f, f.Campaign) {
		text[one.Live] = p.Number(one.Value)
	}
	return text
}
