package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// start prepares a command that dies with its context, together with everything
// it has started: it gets a process group of its own.
func start(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// show runs a command and lets its output through.
func (s *session) show(ctx context.Context, name string, args ...string) error {
	fmt.Fprintf(s.out, "$ %s %s\n", name, strings.Join(args, " "))
	cmd := start(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = s.out, s.out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// silent runs a command that should print nothing; what it prints is the error.
func (s *session) silent(ctx context.Context, complaint, name string, args ...string) error {
	fmt.Fprintf(s.out, "$ %s %s\n", name, strings.Join(args, " "))
	out, err := start(ctx, name, args...).CombinedOutput()
	if text := strings.TrimSpace(string(out)); text != "" {
		fmt.Fprintln(s.out, head(text, 60))
		return errors.New(complaint)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// head is the first lines of a text.
func head(text string, lines int) string {
	all := strings.SplitAfter(text, "\n")
	if len(all) <= lines {
		return text
	}
	return strings.Join(all[:lines], "") + fmt.Sprintf("(%d lines more)", len(all)-lines)
}

// found is the first of the programs that is on the machine, or "".
func found(programs ...string) string {
	for _, p := range programs {
		if at, err := exec.LookPath(p); err == nil {
			return at
		}
	}
	return ""
}

// environ is this process's environment with more in it; a later value of the
// same name wins.
func environ(more ...string) []string { return append(os.Environ(), more...) }
