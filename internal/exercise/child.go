package exercise

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/staydown/staydown"
)

// child is the practice providers as a process of their own. It is on a leash: when its standard input ends, because we
// closed it or died, it ends too.
type child struct {
	cmd   *exec.Cmd
	leash io.Closer
	err   *bytes.Buffer
}

// startProviders starts our own practice providers, or reads where others are.
func (r *Run) startProviders(ctx context.Context) (File, *child, error) {
	if r.File != "" {
		f, err := os.Open(r.File)
		if err != nil {
			return File{}, nil, staydown.Errorf(staydown.Invalid, "providers.file", "the providers file cannot be opened: %v", err)
		}
		defer f.Close()
		file, err := ReadFile(f)
		return file, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return File{}, nil, fmt.Errorf("finding this program: %w", err)
	}
	args := []string{"exercise", "providers", "--data", r.DataDir, "--items", strconv.Itoa(r.Items), "--seed", strconv.FormatUint(r.Seed, 10), "--leash"}
	if r.Tamper {
		args = append(args, "--tamper")
	}
	c := &child{cmd: exec.CommandContext(ctx, self, args...), err: &bytes.Buffer{}}
	c.cmd.Stderr = c.err
	c.cmd.WaitDelay = 5 * time.Second
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return File{}, nil, fmt.Errorf("starting the practice providers: %w", err)
	}
	c.leash = in
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return File{}, nil, fmt.Errorf("starting the practice providers: %w", err)
	}
	if err := c.cmd.Start(); err != nil {
		return File{}, nil, fmt.Errorf("starting the practice providers: %w", err)
	}
	line, err := bufio.NewReaderSize(out, 1<<20).ReadBytes('\n')
	if err != nil {
		c.stop()
		return File{}, nil, fmt.Errorf("the practice providers did not start: %s", bytes.TrimSpace(c.err.Bytes()))
	}
	f, err := ReadFile(bytes.NewReader(line))
	if err != nil {
		c.stop()
	}
	return f, c, err
}

// stop lets the providers go and waits for their end.
func (c *child) stop() {
	c.leash.Close()
	c.cmd.Wait()
}
