package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// attempts are what became of each attempt to get through the walls.
type attempts struct {
	Made   bool
	File   attempt // reading a file of the system
	Write  attempt // making a file
	TCP    attempt // reaching a port of this machine
	UDP    attempt // the same without a connection
	Fork   attempt // making a process
	Signal attempt // signalling the process that started this one
	Memory attempt // taking more memory than allowed
	Fixed  bool    // no new privileges can be had
	Root   bool    // is the machine's administrator
}

// attempt is 0 when it went through, else the number of the error it met.
type attempt syscall.Errno

// refused tells whether the attempt met a wall. Errors of what lies behind, such
// as "connection refused", mean that it went through.
func (a attempt) refused() bool {
	switch syscall.Errno(a) {
	case unix.EPERM, unix.EACCES, unix.ENETUNREACH, unix.ENETDOWN, unix.ESRCH, unix.ENOMEM, unix.EAGAIN:
		return true
	}
	return false
}

func met(err error) attempt {
	var e syscall.Errno
	if errors.As(err, &e) {
		return attempt(e)
	}
	if err != nil {
		return attempt(unix.EIO)
	}
	return 0
}

var errNoTrial = errors.New("the child that tries the walls said nothing")

// trialMemory is the limit under which memory is tried, and twice of it is asked
// for.
const trialMemory = 64 << 30

func tryAll(order) attempts {
	a := attempts{Made: true, Fork: tryFork(), TCP: trySocket(unix.SOCK_STREAM), UDP: trySocket(unix.SOCK_DGRAM), Memory: tryMemory()}
	f, err := os.Open("/etc/passwd")
	a.File = met(err)
	f.Close()
	a.Write = tryWrite()
	parent := unix.Getppid()
	a.Signal = attempt(unix.ESRCH) // 0 means: a process one cannot see
	if parent > 0 {
		a.Signal = met(unix.Kill(parent, 0))
	}
	fixed, _ := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	a.Fixed, a.Root = fixed == 1, os.Geteuid() == 0
	return a
}

func tryWrite() attempt {
	name := filepath.Join("/tmp", "staydown-wall-"+strconv.Itoa(os.Getpid()))
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		f.Close()
		os.Remove(name)
	}
	return met(err)
}

// trySocket reaches for a port of this machine where hardly anything listens:
// that it is refused there means that it was reached.
func trySocket(kind int) attempt {
	fd, err := unix.Socket(unix.AF_INET, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return met(err)
	}
	defer unix.Close(fd)
	discard := &unix.SockaddrInet4{Port: 9, Addr: [4]byte{127, 0, 0, 1}}
	if kind == unix.SOCK_STREAM {
		return met(unix.Connect(fd, discard))
	}
	return met(unix.Sendto(fd, []byte{0}, 0, discard))
}

// tryFork makes a process that ends at once.
func tryFork() attempt {
	pid, _, failed := syscall.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if failed != 0 {
		return attempt(failed)
	}
	if pid == 0 {
		syscall.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
	unix.Wait4(int(pid), nil, 0, nil)
	return 0
}

// tryMemory asks for twice the limit, and takes the limit off again.
func tryMemory() attempt {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &before); err != nil {
		return met(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: trialMemory, Max: before.Max}); err != nil {
		return met(err)
	}
	defer unix.Setrlimit(unix.RLIMIT_AS, &before)
	m, err := unix.Mmap(-1, 0, 2*trialMemory, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	if err == nil {
		unix.Munmap(m)
	}
	return met(err)
}
