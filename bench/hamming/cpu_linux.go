package main

import (
	"time"

	"golang.org/x/sys/unix"
)

func threadCPU() time.Duration  { return used(unix.RUSAGE_THREAD) }
func processCPU() time.Duration { return used(unix.RUSAGE_SELF) }

func used(who int) time.Duration {
	var r unix.Rusage
	if err := unix.Getrusage(who, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
