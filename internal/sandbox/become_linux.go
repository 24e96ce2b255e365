package sandbox

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// become limits threads (0: not) and memory and turns this process into the
// tool, in a few calls with nothing in between that could need either. The
// tool's environment is empty.
func become(path *byte, args []*byte, memory, threads uint64) error {
	memories, tasks := unix.Rlimit{Cur: memory, Max: memory}, unix.Rlimit{Cur: threads, Max: threads}
	empty := []*byte{nil}
	var failed syscall.Errno
	if threads > 0 {
		_, _, failed = syscall.RawSyscall6(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NPROC, uintptr(unsafe.Pointer(&tasks)), 0, 0, 0)
	}
	if failed == 0 {
		_, _, failed = syscall.RawSyscall6(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_AS, uintptr(unsafe.Pointer(&memories)), 0, 0, 0)
	}
	if failed == 0 {
		_, _, failed = syscall.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&args[0])), uintptr(unsafe.Pointer(&empty[0])))
	}
	return fmt.Errorf("starting the tool: %w", failed)
}
