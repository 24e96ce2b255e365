package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// exitConfine is the exit status of a child that could not close its walls.
const exitConfine = 125

// order is what a child is told: the walls to close, and what to become.
type order struct {
	Path     string   `json:"path,omitempty"`
	Args     []string `json:"args,omitempty"`
	Reads    []string `json:"reads,omitempty"`
	Landlock bool     `json:"landlock"`
	Filter   bool     `json:"filter"`
	Memory   uint64   `json:"memory"`
	CPU      uint64   `json:"cpu"`             // seconds
	Threads  uint64   `json:"threads"`         // 0: not limited
	Trial    bool     `json:"trial,omitempty"` // try the walls, see attempts, and become nothing
}

// Confine is the child's side: it closes the walls around this process as the
// order (the JSON that [Box.Run] passed) says, and becomes the tool. It returns
// the exit status of a child that could not; then it has said why on standard
// error.
func Confine(text string) int {
	runtime.LockOSThread() // walls are closed around a thread, and this one becomes the tool
	if err := confine(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitConfine
	}
	return 0
}

func confine(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	if err := unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC); err != nil && err != unix.ENOSYS {
		return fmt.Errorf("closing files: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up new privileges: %w", err)
	}
	if o.Landlock {
		if err := wallFiles(o); err != nil {
			return err
		}
	}
	path, err := syscall.BytePtrFromString(o.Path)
	if err != nil {
		return err
	}
	args, err := syscall.SlicePtrFromStrings(append([]string{o.Path}, o.Args...))
	if err != nil {
		return err
	}
	if err := limit(o); err != nil {
		return err
	}
	if o.Filter {
		if err := filter(); err != nil {
			return err
		}
	}
	if o.Trial {
		return json.NewEncoder(os.Stdout).Encode(tryAll(o))
	}
	return become(path, args, o.Memory, o.Threads)
}

// limit sets every limit but those of memory and threads, under which this program
// could not go on itself.
func limit(o order) error {
	limits := []struct {
		name  string
		which int
		most  uint64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"processor time", unix.RLIMIT_CPU, o.CPU},
		{"file size", unix.RLIMIT_FSIZE, 0},
		{"open files", unix.RLIMIT_NOFILE, 64},
		{"locked memory", unix.RLIMIT_MEMLOCK, 1 << 20},
		{"messages", unix.RLIMIT_MSGQUEUE, 0},
	}
	for _, l := range limits {
		// Through package syscall: it otherwise puts the old limit of open files
		// back when a process becomes another.
		if err := syscall.Setrlimit(l.which, &syscall.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limiting %s: %w", l.name, err)
		}
	}
	return nil
}
