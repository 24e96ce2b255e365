package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/staydown/staydown"
)

// Clock is the desk's clock: the machine's on a real desk, a simulated one in an exercise, where it stands still until it is
// set. Legal clocks, schedules and officers' leases run on it; job leases and network time-outs run on the machine's.
type Clock struct {
	mu  sync.RWMutex
	sim bool
	at  time.Time
}

// Now tells the desk's time.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.sim {
		return c.at
	}
	return staydown.At(time.Now())
}

// Simulated tells whether the clock is an exercise's.
func (c *Clock) Simulated() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.sim
}

func (c *Clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sim, c.at = true, staydown.At(at)
}

// Names of settings that say what a data directory is.
const (
	settingMode  = "mode"  // "exercise", for good, or "real"
	settingClock = "clock" // the exercise's time, RFC 3339
)

// SetClock moves an exercise's clock forward and keeps it, so that the exercise goes on from there after a stop.
func (a *App) SetClock(ctx context.Context, at time.Time) error {
	if a.Mode != Exercising {
		return staydown.Errorf(staydown.Refused, "clock.real", "the clock of a real desk cannot be set")
	}
	if at.Before(a.Clock.Now()) {
		return fmt.Errorf("the exercise's clock cannot go back from %s to %s", a.Clock.Now(), at)
	}
	if err := a.Store.SetSetting(ctx, settingClock, staydown.At(at).Format(time.RFC3339Nano)); err != nil {
		return err
	}
	a.Clock.set(at)
	return nil
}

// loadClock takes up an exercise's clock where it stood.
func (a *App) loadClock(ctx context.Context, start time.Time) error {
	v, err := a.Store.Setting(ctx, settingClock)
	if err != nil {
		return err
	}
	if v == "" {
		a.Clock.set(start)
		return a.Store.SetSetting(ctx, settingClock, staydown.At(start).Format(time.RFC3339Nano))
	}
	at, err := time.Parse(time.RFC3339Nano, v)
	if err != nil {
		return fmt.Errorf("reading the exercise's clock: %w", err)
	}
	a.Clock.set(at)
	return nil
}
