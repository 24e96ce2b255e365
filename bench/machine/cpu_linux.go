package machine

import (
	"time"

	"golang.org/x/sys/unix"
)

// ThreadCPU is what the calling thread has used of a processor; the caller locks
// its goroutine to it. It asks CLOCK_THREAD_CPUTIME_ID, which counts what
// getrusage(RUSAGE_THREAD) counts, to the nanosecond instead of to the tick.
func ThreadCPU() time.Duration { return clock(unix.CLOCK_THREAD_CPUTIME_ID) }

// ProcessCPU is what all threads of this process have used.
func ProcessCPU() time.Duration { return clock(unix.CLOCK_PROCESS_CPUTIME_ID) }

func clock(id int32) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(id, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
