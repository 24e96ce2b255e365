// Package app opens, wires, runs and stops the parts. Nothing else knows them all: each part is given what it needs as
// fields, by the functions here, and only here stands which job is done by whom (kinds.go).
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/api/hma"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/jobs"
	"github.com/staydown/staydown/internal/seal"
	"github.com/staydown/staydown/internal/store"
)

// App is one open desk.
type App struct {
	Options
	Mode  Mode
	Store *store.Store
	Clock *Clock
	Keys  *seal.Ring
	Guard *dial.Guard
	Audit *audit.Log
	Desks Desks

	Runner *jobs.Runner

	hma *hma.Surface // nil: not opened
	few bool         // lookups only: no pages, no door

	listener net.Listener
	server   *http.Server
	lock     *workLock
	stop     context.CancelFunc
	running  sync.WaitGroup
}

// Open opens the data directory, makes it when it is not there, and wires every part. It does not serve or work yet.
func Open(ctx context.Context, o Options) (a *App, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a = &App{Options: o, Clock: &Clock{}}
	opened := a // a failing return sets a to nil before this runs
	defer func() {
		if err != nil {
			opened.Close()
		}
	}()
	if err := os.MkdirAll(o.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	if a.Store, err = store.Open(ctx, o.dsn(), a.Clock.Now); err != nil {
		return nil, err
	}
	if err := a.decideMode(ctx); err != nil {
		return nil, err
	}
	if err := a.openKeys(ctx); err != nil {
		return nil, err
	}
	policy, err := o.policy(a.Mode)
	if err != nil {
		return nil, err
	}
	policy.Used = func(u dial.Use) {
		o.Log.Debug("an admission was used", "purpose", u.Purpose, "asked", u.Asked, "pair", u.Pair)
	}
	if a.Guard, err = dial.New(policy); err != nil {
		return nil, err
	}
	if err := a.listen(); err != nil {
		return nil, err
	}
	if err := a.wire(ctx); err != nil {
		return nil, err
	}
	a.Runner = &jobs.Runner{Queue: a.Store, Kinds: a.kinds(), Log: o.Log}
	return a, nil
}

// decideMode settles for good whether the directory is an exercise's.
func (a *App) decideMode(ctx context.Context) error {
	if a.Exercise != nil {
		if err := claimMode(ctx, a.Store, a.DataDir); err != nil {
			return err
		}
	}
	v, err := a.Store.Setting(ctx, settingMode)
	if err != nil {
		return err
	}
	if a.Mode = Mode(v); v == "" {
		a.Mode = Real
		if err := a.Store.SetSetting(ctx, settingMode, string(Real)); err != nil {
			return err
		}
	}
	if a.Mode != Exercising {
		return nil
	}
	if err := a.Store.Relax(ctx); err != nil {
		return err
	}
	start := time.Now()
	if a.Exercise != nil {
		start = a.Exercise.Start
	}
	return a.loadClock(ctx, start)
}

// openKeys opens the keys folder, outside the database, and the key that signs the log.
func (a *App) openKeys(ctx context.Context) (err error) {
	if a.Keys, err = seal.Open(filepath.Join(a.DataDir, "keys")); err != nil {
		return err
	}
	if _, err := a.Keys.Log(); errors.Is(err, seal.ErrNoKey) {
		// A new key would sign a log whose checkpoints another key signed, and nothing could be verified any more.
		if signed, err := a.Store.Checkpoints(ctx, 1); err != nil || len(signed) > 0 {
			return errors.Join(err, staydown.Errorf(staydown.Refused, "keys.missing", "the keys folder %s lacks the key that signed this log: put the folder back that belongs to this database",
				filepath.Join(a.DataDir, "keys")))
		}
	}
	key, err := a.Keys.EstablishLog("staydown-log")
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(key.Verifier)
	if err != nil {
		return fmt.Errorf("reading the log's public key: %w", err)
	}
	a.Audit = &audit.Log{Store: a.Store.Audit(), Signer: key.Signer, Verifier: verifier}
	return nil
}

func (a *App) listen() error {
	if a.Listen == "" {
		return nil
	}
	l, err := net.Listen("tcp", a.Listen)
	if err != nil {
		return staydown.Errorf(staydown.Usage, "serve.listen", "cannot listen on %s: %v; choose another with --listen", a.Listen, err)
	}
	a.listener = l
	if a.BaseURL == "" {
		a.BaseURL = "http://" + l.Addr().String()
	}
	return nil
}

// Start serves, works (when Options.Work says so) and keeps the log sealed, until Close.
func (a *App) Start(ctx context.Context) error {
	ctx, a.stop = context.WithCancel(ctx)
	if _, err := a.Audit.Sequence(ctx); err != nil {
		return err
	}
	if a.listener != nil {
		a.server = &http.Server{Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
			ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug)}
		a.running.Go(func() {
			if err := a.server.Serve(a.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
				a.Log.Error("serving", "err", err)
			}
		})
	}
	a.running.Go(func() { a.sealing(ctx) })
	return a.startWork(ctx)
}

// startWork takes the work lock, frees what a killed worker left, and runs the jobs on a real desk; an exercise drains them
// by itself, step by step.
func (a *App) startWork(ctx context.Context) error {
	if !a.Work {
		return nil
	}
	lock, alone, err := lockWork(a.DataDir)
	if err != nil {
		return err
	}
	a.lock = lock
	n, err := a.Store.FreeJobs(ctx, alone && a.Database == "")
	if err != nil {
		return err
	}
	if n > 0 {
		a.Log.Info("jobs of a worker that died were freed", "n", n)
	}
	if err := lock.share(); err != nil {
		return fmt.Errorf("sharing the work lock: %w", err)
	}
	if a.Mode == Real {
		a.running.Go(func() { a.Runner.Run(ctx) })
	}
	return nil
}

// sealing puts new events into the tree every second, and once more at the end.
func (a *App) sealing(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := a.Audit.Sequence(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("sealing the log", "err", err)
			}
		}
	}
}

// Close stops serving and working, seals the log, and closes the data directory.
func (a *App) Close() error {
	var errs []error
	if a.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := a.server.Shutdown(ctx); err != nil {
			a.server.Close()
		}
	} else if a.listener != nil {
		a.listener.Close()
	}
	if a.stop != nil {
		a.stop()
	}
	a.running.Wait()
	if a.Store != nil {
		if a.stop != nil {
			if _, err := a.Audit.Sequence(context.Background()); err != nil {
				errs = append(errs, err)
			}
		}
		errs = append(errs, a.Store.Close())
	}
	if a.lock != nil {
		a.lock.release()
	}
	return errors.Join(errs...)
}

// Now is the desk's clock.
func (a *App) Now() time.Time { return a.Clock.Now() }

// Drain carries out everything that is due on an exercise's clock, and what that leaves, until nothing is.
func (a *App) Drain(ctx context.Context) (int, error) { return a.Runner.Drain(ctx) }

// NextJob tells when the next job is due; zero when none waits.
func (a *App) NextJob(ctx context.Context) (time.Time, error) {
	at, _, err := a.Store.NextJob(ctx)
	return at, err
}

// Address is where the desk listens: host and port.
func (a *App) Address() string {
	if a.listener == nil {
		return ""
	}
	return a.listener.Addr().String()
}
