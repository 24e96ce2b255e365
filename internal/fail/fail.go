// Package fail holds the named points at which a run of the exercise may be killed on purpose, so that a test can show
// that nothing is lost or doubled there. Nothing is armed but by the exercise: a real desk passes every point.
package fail

import (
	"os"
	"sync/atomic"
	"syscall"
)

// The points.
const (
	Accepted   = "accepted"   // a provider took a message, and we have not committed that; "accepted/email" is the same on one channel
	Commit     = "commit"     // a job's effect is ready; it is not committed yet
	Checkpoint = "checkpoint" // leaves are in the tree; the checkpoint over them is not kept yet
)

var armed atomic.Pointer[string]

// Arm makes the process kill itself the first time it passes the named point.
func Arm(point string) { armed.Store(&point) }

var killAt, seen atomic.Int64

// ArmEvent makes the process kill itself inside the change that leaves its n-th event since the start.
func ArmEvent(n int64) { killAt.Store(n) }

// Event is passed whenever an event is left, inside its transaction.
func Event() {
	if n := seen.Add(1); n == killAt.Load() {
		kill()
	}
}

func kill() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way
}

// Point is passed on the way; it does nothing unless it is armed.
func Point(name string) {
	if p := armed.Load(); p != nil && *p == name {
		kill()
	}
}
