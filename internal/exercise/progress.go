package exercise

import (
	"context"
	"fmt"
	"io"
	"time"
)

// progress tells how far a run is, at most ten times a second on a terminal and every few seconds elsewhere.
type progress struct {
	w     io.Writer
	bar   bool
	start time.Time
	last  time.Time
	from  time.Time // simulated time at the start
}

func newProgress(w io.Writer, bar bool) *progress {
	if w == nil {
		w = io.Discard
	}
	return &progress{w: w, bar: bar, start: time.Now()}
}

func (p *progress) say(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

// tick writes one line: the simulated time, what was done, and an estimate of what is left.
func (p *progress) tick(ctx context.Context, r *Run, now time.Time) {
	every := 5 * time.Second
	if p.bar {
		every = time.Second
	}
	if p.from.IsZero() {
		p.from = now
	}
	if time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	n, err := r.app.Store.Tally(ctx, r.camp.ID)
	if err != nil {
		return
	}
	line := fmt.Sprintf("%s  leads %d  items %d  assessed %d  in letters %d  seen gone %d  back %d  %s", phaseOf(r, now), n.Leads, n.Items, n.Assessed, n.InLetters, n.Gone, n.Back, p.estimate(r, n.Assessed, now))
	if p.bar {
		fmt.Fprintf(p.w, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(p.w, line)
}

func phaseOf(r *Run, now time.Time) string {
	if now.Before(r.programme.End) {
		return fmt.Sprintf("day %d of 4, %s", max(1, int(now.Sub(r.programme.Start.Truncate(24*time.Hour)).Hours()/24)+1), now.Format("15:04"))
	}
	return fmt.Sprintf("watching, day %d of 30", min(30, int(now.Sub(r.programme.End).Hours()/24)+1))
}

// estimate takes the four days for two thirds of the work.
func (p *progress) estimate(r *Run, assessed int, now time.Time) string {
	share := 0.66 * float64(assessed) / float64(max(1, r.Items))
	if !now.Before(r.programme.End) {
		share = 0.66 + 0.34*now.Sub(r.programme.End).Hours()/r.programme.Horizon.Sub(r.programme.End).Hours()
	}
	spent := time.Since(p.start)
	if share < 0.02 {
		return ""
	}
	left := time.Duration(float64(spent) * (1 - min(share, 1)) / share).Round(time.Second)
	return fmt.Sprintf("about %s left", left)
}

func (p *progress) end() {
	if p.bar && !p.last.IsZero() {
		fmt.Fprintln(p.w)
	}
}
