package sandbox

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// denied are the system calls that no decoder needs: those that reach other
// machines, other processes and the kernel's less used parts, where its faults
// are found. They fail with "operation not permitted".
var denied = append([]uint32{
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_KCMP,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_FSOPEN, unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_MOUNT_SETATTR,
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_ACCT, unix.SYS_SYSLOG, unix.SYS_QUOTACTL,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_FANOTIFY_INIT, unix.SYS_SETSID, unix.SYS_PERSONALITY, unix.SYS_VMSPLICE,
}, deniedHere...)

// Where a filter finds what it judges, in the kernel's struct seccomp_data.
const (
	atNumber = 0
	atArch   = 4
	atFirst  = 16 // the first argument, its low half on little-endian machines
)

// filter closes the system calls of this thread and what it becomes. Of the
// calls that make processes, those that make threads pass.
func filter() error {
	if architecture == 0 {
		return fmt.Errorf("filtering system calls: not written for %s", runtime.GOARCH)
	}
	program := filterProgram()
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if _, _, failed := syscall.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&p))); failed != 0 {
		return fmt.Errorf("filtering system calls: %w", failed)
	}
	runtime.KeepAlive(program)
	return nil
}

// filterProgram is the filter as the kernel's small machine runs it.
func filterProgram() []unix.SockFilter {
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		above = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		bits  = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		give  = unix.BPF_RET | unix.BPF_K
	)
	refuse := func(e syscall.Errno) unix.SockFilter {
		return unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ERRNO | uint32(e)}
	}
	allow := unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ALLOW}
	p := []unix.SockFilter{
		{Code: load, K: atArch},
		{Code: equal, K: architecture, Jt: 1},
		refuse(unix.EPERM), // another architecture numbers its calls otherwise
		{Code: load, K: atNumber},
		{Code: above, K: 0x40000000, Jf: 1}, // so does the x32 variety
		refuse(unix.EPERM),
		{Code: equal, K: unix.SYS_CLONE3, Jf: 1},
		refuse(unix.ENOSYS), // its flags cannot be seen from here; the C library then calls clone
	}
	for _, n := range denied {
		p = append(p, unix.SockFilter{Code: equal, K: n, Jf: 1}, refuse(unix.EPERM))
	}
	return append(p,
		unix.SockFilter{Code: equal, K: unix.SYS_CLONE, Jt: 1},
		allow,
		unix.SockFilter{Code: load, K: atFirst},
		unix.SockFilter{Code: bits, K: unix.CLONE_THREAD, Jt: 1},
		refuse(unix.EPERM),
		allow,
	)
}
