package sandbox

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// libraries are where the parts of programs lie that are loaded when they start.
var libraries = []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"}

const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE
	execute  = unix.LANDLOCK_ACCESS_FS_EXECUTE
)

// landlockVersion is the version of landlock that the kernel speaks, 0 without.
func landlockVersion() int {
	v, _, failed := syscall.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if failed != 0 {
		return 0
	}
	return int(v)
}

// handled is everything that a version of landlock can forbid; what no rule
// allows then is forbidden. The system's documentation of landlock lists which
// version brought what.
func handled(version int) unix.LandlockRulesetAttr {
	a := unix.LandlockRulesetAttr{Handled_access_fs: unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1} // version 1: from EXECUTE to MAKE_SYM
	for _, since := range []struct {
		version int
		fs, net uint64
		scoped  uint64
	}{
		{version: 2, fs: unix.LANDLOCK_ACCESS_FS_REFER},
		{version: 3, fs: unix.LANDLOCK_ACCESS_FS_TRUNCATE},
		{version: 4, net: unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP},
		{version: 5, fs: unix.LANDLOCK_ACCESS_FS_IOCTL_DEV},
		{version: 6, scoped: unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL},
	} {
		if version >= since.version {
			a.Handled_access_fs |= since.fs
			a.Handled_access_net |= since.net
			a.Scoped |= since.scoped
		}
	}
	return a
}

// landlockTCP is the version from which landlock knows TCP.
const landlockTCP = 4

// wallFiles closes files, and TCP where the kernel can, to this thread and what
// it becomes. Libraries can be read, not executed: the loader maps them, which
// landlock counts as reading. So the tool can start nothing but itself.
func wallFiles(o order) error {
	a := handled(landlockVersion())
	fd, _, failed := syscall.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&a)), unsafe.Sizeof(a), 0)
	if failed != 0 {
		return fmt.Errorf("making landlock's rules: %w", failed)
	}
	defer unix.Close(int(fd))
	allow := map[string]uint64{}
	for _, path := range append(libraries, o.Reads...) {
		allow[path] = readFile
	}
	if o.Path != "" {
		allow[o.Path] = readFile | execute
		if loader := loaderOf(o.Path); loader != "" {
			allow[loader] = readFile | execute
		}
	}
	for path, access := range allow {
		if err := allowPath(int(fd), path, access); err != nil {
			return fmt.Errorf("allowing %s: %w", path, err)
		}
	}
	if err := allowFile(int(fd), 0, readFile); err != nil { // the input
		return fmt.Errorf("allowing the input: %w", err)
	}
	if _, _, failed := syscall.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); failed != 0 {
		return fmt.Errorf("closing landlock: %w", failed)
	}
	return nil
}

// allowPath allows what is there; what is not there needs no rule.
func allowPath(rules int, path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return allowFile(rules, fd, access)
}

func allowFile(rules, fd int, access uint64) error {
	r := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	if _, _, failed := syscall.RawSyscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&r)), 0, 0, 0); failed != 0 {
		return failed
	}
	return nil
}

// loaderOf is the program that loads a dynamically linked one, "" for others.
func loaderOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	e, err := elf.NewFile(f)
	if err != nil {
		return ""
	}
	for _, p := range e.Progs {
		if p.Type == elf.PT_INTERP && p.Filesz < 4096 {
			name, _ := io.ReadAll(p.Open())
			return strings.TrimRight(string(name), "\x00")
		}
	}
	return ""
}
