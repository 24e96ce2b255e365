package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unicode"

	"golang.org/x/sys/unix"

	"github.com/staydown/staydown"
)

// Run runs the tool over the bytes of in and hands read what it writes. The
// input is copied first, so that it can be read from the middle.
//
// Errors have a code of this package; what read returns is returned as it is.
func (b *Box) Run(ctx context.Context, t Tool, in io.Reader, l Limits, read Reader) error {
	l = l.orDefault()
	c := b.Probe(ctx)
	if err := b.enough(c); err != nil {
		return err
	}
	file, err := b.spool(in, l.Input)
	if err != nil {
		return err
	}
	defer file.Close()
	o := order{
		Path: t.Path, Args: t.Args, Reads: t.Reads, Landlock: c.landlock > 0, Filter: c.filter,
		Memory: uint64(l.Memory), CPU: uint64((l.CPU + time.Second - 1) / time.Second),
	}
	if c.walls == apart { // elsewhere all that one user runs on this machine is counted together
		o.Threads = uint64(l.Threads)
	}
	return b.start(ctx, o, c.walls, file, l, read)
}

// enough refuses to run without walls that the caller did not give up.
func (b *Box) enough(c Confinement) error {
	if !c.Files.Stands && !b.OpenFiles {
		return staydown.Errorf(staydown.Refused, CodeUnconfined, "foreign files are not decoded here, because a decoder cannot be kept from this machine's files: %s", c.Files.Why)
	}
	if !c.Network.Stands && !b.OpenNetwork {
		return staydown.Errorf(staydown.Refused, CodeUnconfined, "foreign files are not decoded here, because a decoder cannot be kept from the network: %s", c.Network.Why)
	}
	return nil
}

// spool copies the input to a file that has no name any more and can only be
// read.
func (b *Box) spool(in io.Reader, most int64) (*os.File, error) {
	w, err := os.CreateTemp(b.Dir, "staydown-in-*")
	if err != nil {
		return nil, fmt.Errorf("keeping a decoder's input: %w", err)
	}
	defer w.Close()
	defer os.Remove(w.Name())
	if err := w.Chmod(0o444); err != nil { // the child that reads it may be nobody
		return nil, fmt.Errorf("keeping a decoder's input: %w", err)
	}
	n, err := io.Copy(w, io.LimitReader(in, most+1))
	if err != nil {
		return nil, fmt.Errorf("keeping a decoder's input: %w", err)
	}
	if n > most {
		return nil, staydown.Errorf(staydown.Invalid, CodeInput, "the file is larger than %d bytes, the most that is decoded", most)
	}
	r, err := os.Open(w.Name())
	if err != nil {
		return nil, fmt.Errorf("keeping a decoder's input: %w", err)
	}
	return r, nil
}

// attributes start a child in a group of its own, behind the walls, as nobody
// where we are root; it dies with us.
func attributes(w walls) *syscall.SysProcAttr {
	const nobody = 65534
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	root := os.Geteuid() == 0
	if root {
		a.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if w == apart {
		a.Cloneflags = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWIPC
		uid, gid := os.Geteuid(), os.Getegid()
		if root {
			uid, gid = nobody, nobody
		}
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: gid, Size: 1}}
		a.GidMappingsEnableSetgroups = root
	}
	return a
}

// self is the command that confines itself. A test's program does not have it:
// started again, it would run the tests.
func (b *Box) self() ([]string, error) {
	switch {
	case len(b.Self) > 0:
		return b.Self, nil
	case strings.HasSuffix(os.Args[0], ".test"):
		return nil, errors.New("this is a test, whose program cannot start itself again; Box.Self names one that can")
	}
	return []string{"/proc/self/exe", "confine"}, nil
}

func (b *Box) start(ctx context.Context, o order, w walls, in *os.File, l Limits, read Reader) error {
	spec, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("starting %s: %w", o.Path, err)
	}
	runtime.LockOSThread() // the child dies with the thread that started it
	defer runtime.UnlockOSThread()
	ctx, stop := context.WithTimeout(ctx, l.Wall)
	defer stop()
	self, err := b.self()
	if err != nil {
		return err
	}
	said := &head{most: 4 << 10}
	cmd := exec.CommandContext(ctx, self[0], append(self[1:len(self):len(self)], string(spec))...)
	cmd.Env, cmd.Dir = []string{}, "/"
	cmd.Stdin, cmd.Stderr = in, said
	cmd.SysProcAttr = attributes(w)
	kill := func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
	cmd.Cancel, cmd.WaitDelay = kill, time.Second
	from, to, err := newPipe(ctx)
	if err != nil {
		return fmt.Errorf("starting %s: %w", o.Path, err)
	}
	defer from.close()
	cmd.Stdout = to
	err = cmd.Start()
	to.Close()
	if err != nil {
		return fmt.Errorf("starting %s: %w", o.Path, err)
	}
	output := &bounded{from: from, left: l.Output, most: l.Output}
	failed := read(output)
	if failed != nil || !output.end {
		kill()
	}
	ended := cmd.Wait()
	kill() // whoever of its group is left
	return verdict(ctx, o, l, failed, output.end, ended, said)
}

// verdict makes one error of all that may have gone wrong, the weightiest first.
func verdict(ctx context.Context, o order, l Limits, failed error, whole bool, ended error, said *head) error {
	name := o.Path[strings.LastIndexByte(o.Path, '/')+1:]
	var exit *exec.ExitError
	var confined bool
	if errors.As(ended, &exit) {
		confined = exit.ExitCode() != exitConfine
		used := exit.SystemTime() + exit.UserTime()
		switch {
		case !confined:
			return staydown.Errorf(staydown.Refused, CodeUnconfined, "%s was not run, because it could not be confined: %s", name, reason(said))
		case staydown.CodeOf(failed) == CodeOutput:
			return failed
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return staydown.Errorf(staydown.Invalid, CodeTime, "%s was not done after %s", name, l.Wall)
		case ctx.Err() != nil:
			return ctx.Err()
		case whole && exit.ExitCode() < 0 && used >= l.CPU*3/4: // killed, and the kernel counts in ticks
			return staydown.Errorf(staydown.Invalid, CodeProcessor, "%s was not done after %s of processor time", name, l.CPU)
		}
	}
	switch {
	case whole && exit != nil && exit.ExitCode() > 0:
		return staydown.Errorf(staydown.Invalid, CodeTool, "%s could not read it: %s", name, reason(said))
	case whole && exit != nil:
		return staydown.Errorf(staydown.Invalid, CodeCrash, "%s broke on it (%s): %s", name, exit.ProcessState, reason(said))
	case failed != nil:
		return failed
	case ended != nil && exit == nil:
		return fmt.Errorf("running %s: %w", name, ended)
	}
	return nil
}

// reason is what a tool said, in one line without control characters: it may
// repeat what stands in the foreign file.
func reason(said *head) string {
	line := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.TrimSpace(string(said.kept)))
	if r := []rune(line); len(r) > 300 {
		line = string(r[:300]) + "…"
	}
	if line == "" {
		return "it gave no reason"
	}
	return line
}
