// Package exercise runs synthetic action days: it starts the practice providers as a process of their own, opens a desk that
// can reach nothing but them, lets scripted officers do the work through the same doors as people, moves the simulated
// clock, and compares what the desk saw with what the providers did.
//
// Time stands still while anything is in flight and then jumps to whatever is due next; all figures follow from the seed.
// Nothing is kept in this package's memory that a stop would lose: what was done is in the desk and in the providers' truth.
package exercise

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/fail"
)

// Options say which exercise to run.
type Options struct {
	DataDir  string
	Database string
	Listen   string // of the desk, on loopback; "127.0.0.1:0" when empty
	Items    int
	Seed     uint64
	Speed    float64 // simulated seconds a second at the most; 0: as fast as it goes
	Tamper   bool
	File     string // a providers file of other providers; empty: our own practice providers
	Say      io.Writer
	Bar      bool // a progress line that is written over
	Log      *slog.Logger
}

// Run is one exercise under way.
type Run struct {
	Options
	app         *app.App
	file        File
	providers   providers
	child       *child
	programme   programme
	units       []unit
	outside     unit
	byCode      map[string]int
	providerIDs map[string]staydown.ID
	camp        campaignRow
	http        *http.Client
	progress    *progress

	lists, finds int // handed in so far
	round        int
	decided      bool // something was decided since letters were last put together
}

// Outcome is what a finished run leaves to be compared and shown.
type Outcome struct {
	Rows    []byte // the desk's rows, one JSON object a line
	Figures []byte // the desk's figures, JSON
	Took    time.Duration
}

// Do runs the exercise to its end, or goes on with one that was stopped.
func Do(ctx context.Context, o Options) (out Outcome, err error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	start := time.Now()
	r := &Run{Options: o, byCode: map[string]int{}, providerIDs: map[string]staydown.ID{}, progress: newProgress(o.Say, o.Bar), decided: true}
	arm()
	r.progress.say("Exercise november: %d items, seed %d. Nothing leaves this machine.", o.Items, o.Seed)
	defer func() {
		if cerr := r.close(); err == nil {
			err = cerr
		}
		if err != nil && ctx.Err() != nil {
			err = ctx.Err() // whatever broke while everything was being stopped broke because of that
		}
	}()
	if err := r.begin(ctx); err != nil {
		return out, err
	}
	if err := r.days(ctx); err != nil {
		return out, err
	}
	if out, err = r.figures(ctx); err != nil {
		return out, err
	}
	out.Took = time.Since(start)
	return out, nil
}

// arm sets the points at which a test wants the run killed.
func arm() {
	if p := os.Getenv("STAYDOWN_FAIL_AT"); p != "" {
		fail.Arm(p)
	}
	if n, err := strconv.ParseInt(os.Getenv("STAYDOWN_KILL_AT_EVENT"), 10, 64); err == nil && n > 0 {
		fail.ArmEvent(n)
	}
}

// begin starts the providers, opens the desk and sets everything up; what stands already is left as it is.
func (r *Run) begin(ctx context.Context) (err error) {
	if err := r.claim(ctx); err != nil {
		return err
	}
	if r.file, r.child, err = r.startProviders(ctx); err != nil {
		return err
	}
	if r.providers, err = openProviders(r.file); err != nil {
		return err
	}
	if err := r.providers.get(ctx, "/world", &r.programme); err != nil {
		return err
	}
	if err := r.claimWorld(ctx); err != nil {
		return err
	}
	if r.app, err = open(ctx, r.Options, r.file, r.programme.Start.Add(-24*time.Hour)); err != nil {
		return err
	}
	r.http = newHTTP(r.app.Address())
	if err := r.app.Start(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{r.setUp, r.register, r.campaign, r.placeHolds} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// scenario is the only one there is yet.
const scenario = "november"

// claim makes the data directory this exercise's, and refuses one that holds another exercise or a real authority's data. It
// comes before anything is put there. What other providers have in store is known only once they were asked.
func (r *Run) claim(ctx context.Context) error {
	what := named(scenario, r.Items, r.Seed, r.Tamper)
	if r.File != "" {
		what = ""
	}
	return app.Claim(ctx, r.place(), what)
}

// claimWorld does the same when other providers have told what they play.
func (r *Run) claimWorld(ctx context.Context) error {
	if r.File == "" {
		return nil
	}
	return app.Claim(ctx, r.place(), named(r.programme.Scenario, r.programme.Items, r.programme.Seed, r.Tamper))
}

func (r *Run) place() app.Options {
	return app.Options{DataDir: r.DataDir, Database: r.Database, Log: r.Log}
}

func named(scenario string, items int, seed uint64, tamper bool) string {
	return fmt.Sprintf("%s items=%d seed=%d tamper=%v", scenario, items, seed, tamper)
}

func (r *Run) close() error {
	var err error
	if r.app != nil {
		err = r.app.Close()
	}
	if r.child != nil {
		r.child.stop()
	}
	r.progress.end()
	return err
}

// days moves the clock from one thing that is due to the next, until the watching ends.
func (r *Run) days(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := r.app.Now()
		next, err := r.moment(ctx, now)
		if err != nil {
			return err
		}
		if next.IsZero() || !now.Before(r.programme.Horizon) {
			return nil
		}
		if next.After(r.programme.Horizon) {
			next = r.programme.Horizon
		}
		if err := r.pace(ctx, next.Sub(now)); err != nil {
			return err
		}
		if err := r.app.SetClock(ctx, next); err != nil {
			return err
		}
	}
}

// pace slows the run down for watching.
func (r *Run) pace(ctx context.Context, simulated time.Duration) error {
	if r.Speed <= 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(float64(simulated) / r.Speed)):
		return nil
	}
}

// moment does all that is due at one time and tells when something is due next.
func (r *Run) moment(ctx context.Context, now time.Time) (next time.Time, err error) {
	r.round++
	_, theirs, err := r.providers.advance(ctx, now)
	if err != nil {
		return next, err
	}
	if err := r.phase(ctx, now); err != nil {
		return next, err
	}
	if _, err := r.handIn(ctx, now); err != nil {
		return next, err
	}
	if _, err := r.handInFinds(ctx); err != nil {
		return next, err
	}
	if _, err := r.app.Drain(ctx); err != nil {
		return next, err
	}
	if onShift(now) && !now.Before(r.programme.Start) {
		if err = r.officers(ctx, now); err != nil {
			return next, err
		}
		if _, err := r.app.Drain(ctx); err != nil {
			return next, err
		}
		refused, err := r.failed(ctx)
		if err != nil {
			return next, err
		}
		r.decided = r.decided || refused
	}
	left, err := r.waiting(ctx)
	if err != nil {
		return next, err
	}
	busy := left["new"]+left["second"]+left["third"] > 0
	r.progress.tick(ctx, r, now)
	return r.next(ctx, now, theirs, busy)
}

// phase moves the campaign when its hour has come.
func (r *Run) phase(ctx context.Context, now time.Time) error {
	if r.camp.State == staydown.CampaignCollecting && !now.Before(r.programme.Release) {
		if err := r.move(ctx, "release"); err != nil {
			return err
		}
	}
	if r.camp.State == staydown.CampaignReleased && !now.Before(r.programme.End) {
		return r.move(ctx, "follow_up")
	}
	return nil
}

// quantum is the grain of simulated time: ten minutes in the action days, an hour afterwards.
func (r *Run) quantum(at time.Time) time.Duration {
	if at.Before(r.programme.End) {
		return 10 * time.Minute
	}
	return time.Hour
}

// next is the earliest moment at which anything is due, rounded up to the grain of time.
func (r *Run) next(ctx context.Context, now, theirs time.Time, busy bool) (time.Time, error) {
	job, err := r.app.NextJob(ctx)
	if err != nil {
		return time.Time{}, err
	}
	candidates := []time.Time{job, theirs}
	if r.lists < len(r.programme.Lists) {
		candidates = append(candidates, r.programme.Lists[r.lists].At)
	}
	switch r.camp.State {
	case staydown.CampaignCollecting:
		candidates = append(candidates, r.programme.Release)
	case staydown.CampaignReleased:
		candidates = append(candidates, r.programme.End)
	}
	if busy {
		candidates = append(candidates, r.nextShift(now))
	}
	if r.decided {
		candidates = append(candidates, r.nextLetters(now))
	}
	var next time.Time
	for _, c := range candidates {
		if !c.IsZero() && (next.IsZero() || c.Before(next)) {
			next = c
		}
	}
	if next.IsZero() {
		return next, nil
	}
	q := r.quantum(now)
	if !next.After(now) {
		next = now.Add(time.Second)
	}
	if rounded := next.Truncate(q); rounded.Before(next) {
		next = rounded.Add(q)
	}
	return next, nil
}

// nextShift is when officers work again.
func (r *Run) nextShift(now time.Time) time.Time {
	at := now.Add(r.quantum(now))
	if onShift(at) {
		return at
	}
	day := at.Truncate(24 * time.Hour).Add(shiftFrom * time.Hour)
	if day.Before(at) {
		day = day.Add(24 * time.Hour)
	}
	return day
}

// officers lets everybody on shift work for one grain of time: second and third looks first, then what is new; then letters
// and returns.
func (r *Run) officers(ctx context.Context, now time.Time) error {
	waiting, err := r.waiting(ctx)
	if err != nil {
		return err
	}
	given := 0
	if r.round == 1 {
		if given, err = r.takeUp(ctx); err != nil {
			return err
		}
	}
	for _, queue := range []string{"third", "second", "new"} {
		if waiting[queue] == 0 {
			continue
		}
		n := 1
		if queue == "new" {
			n = 2
		}
		done, err := r.everybody(ctx, queue, n)
		if err != nil {
			return err
		}
		given += done
	}
	if r.letterHour(now) {
		if err := r.everyUnit(func(u unit) error {
			if err := r.finishDrafts(ctx, u); err != nil {
				return err
			}
			_, err := r.letters(ctx, u, 1)
			return err
		}); err != nil {
			return err
		}
		r.decided = false
	}
	// What was given in this hour stands a minute from now: it waits for the next letters, as what was refused does.
	r.decided = r.decided || given > 0
	_, err = r.confirmReturns(ctx, r.units[0].officers[0])
	return err
}

// letterHour tells when units put together what is ready: four times a day in the action days, twice a day afterwards.
func (r *Run) letterHour(now time.Time) bool {
	if now.Before(r.programme.End) {
		return now.Hour()%3 == 1 && now.Minute() == 0
	}
	return (now.Hour() == 10 || now.Hour() == 16) && now.Minute() == 0
}

// nextLetters is the next hour at which letters are put together.
func (r *Run) nextLetters(now time.Time) time.Time {
	at := now.Truncate(time.Hour)
	for range 48 {
		if at = at.Add(time.Hour); r.letterHour(at) && onShift(at) {
			break
		}
	}
	return at
}

// waiting counts the queues.
func (r *Run) waiting(ctx context.Context) (map[string]int, error) {
	var tabs struct {
		Rows []struct {
			Name string `json:"name"`
			N    int    `json:"n"`
		} `json:"rows"`
	}
	if err := r.units[0].officers[0].get(ctx, "/queues", &tabs); err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, t := range tabs.Rows {
		out[t.Name] = t.N
	}
	return out, nil
}

// sideBySide is how many officers work at the same time; who comes first does not change what is found.
const sideBySide = 24

// everybody lets each officer take up to n items of a queue, a different one first every round, until the queue gives
// nothing more.
func (r *Run) everybody(ctx context.Context, queue string, n int) (int, error) {
	var all []desk
	for i := range perUnit {
		for _, u := range r.units {
			all = append(all, u.officers[(i+r.round)%perUnit])
		}
	}
	var mu sync.Mutex
	var first error
	total, empty := 0, 0
	gate := make(chan struct{}, sideBySide)
	var wg sync.WaitGroup
	for _, d := range all {
		gate <- struct{}{}
		mu.Lock()
		stop := first != nil || empty >= 3
		mu.Unlock()
		if stop {
			<-gate
			break
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-gate }()
			took, err := r.look(ctx, d, queue, n)
			mu.Lock()
			defer mu.Unlock()
			total += took
			if took == 0 {
				empty++
			}
			if err != nil && first == nil {
				first = err
			}
		}()
	}
	wg.Wait()
	return total, first
}

// everyUnit lets all units work at the same time, each on what is its own.
func (r *Run) everyUnit(work func(unit) error) error {
	errs := make([]error, len(r.units))
	var wg sync.WaitGroup
	for i, u := range r.units {
		wg.Go(func() { errs[i] = work(u) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// figures asks the desk for what it knows at the end.
func (r *Run) figures(ctx context.Context) (Outcome, error) {
	var o Outcome
	lead := r.units[0].lead
	if err := lead.get(ctx, "/campaigns/"+string(r.camp.ID)+"/rows", &o.Rows); err != nil {
		return o, err
	}
	return o, lead.get(ctx, "/campaigns/"+string(r.camp.ID)+"/figures", &o.Figures)
}
