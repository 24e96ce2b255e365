package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// workLock is held by every process that carries out jobs of a data directory, shared; whoever can have it alone at start
// knows that no other worker is alive, and frees leases that a killed one left behind without waiting for them to run out.
type workLock struct{ f *os.File }

func lockWork(dir string) (l *workLock, alone bool, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "work.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("opening the work lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	alone = err == nil
	if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, false, fmt.Errorf("taking the work lock: %w", err)
	}
	return &workLock{f}, alone, nil
}

// share lets other workers start beside this one.
func (l *workLock) share() error { return syscall.Flock(int(l.f.Fd()), syscall.LOCK_SH) }

func (l *workLock) release() { l.f.Close() }
