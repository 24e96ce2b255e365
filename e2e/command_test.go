package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long one command may take, by the machine's clock, before it
// counts as stuck.
const patience = 8 * time.Minute

// said is what a command left: its streams, and how it ended.
type said struct {
	args     []string
	out, err string
	code     int            // -1: by a signal
	signal   syscall.Signal // 0: it ended by itself
	first    time.Duration  // until the first byte on standard error
	took     time.Duration
}

// run carries out one command line to its end; env is added to the environment.
func run(t *testing.T, env []string, args ...string) said {
	t.Helper()
	return runWatched(t, env, nil, args...)
}

// runWatched lets somebody look at the process while it runs; watch is to return
// when the context ends.
func runWatched(t *testing.T, env []string, watch func(ctx context.Context, pid int), args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out bytes.Buffer
	errs := &clocked{start: time.Now()}
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append(cleanEnv(), env...)
	cmd.Dir = t.TempDir() // a command that forgets --data must not write here
	cmd.Stdout, cmd.Stderr = &out, errs
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Start()
	if err == nil {
		looking, enough := context.WithCancel(ctx)
		var watching sync.WaitGroup
		if watch != nil {
			watching.Go(func() { watch(looking, cmd.Process.Pid) })
		}
		err = cmd.Wait()
		enough()
		watching.Wait()
	}
	s := said{args: args, out: out.String(), err: errs.text.String(), first: errs.first, took: time.Since(errs.start)}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) || ctx.Err() != nil {
		t.Fatalf("%s: %v %v\n%s", s, err, ctx.Err(), tail(s.err))
	}
	s.code = cmd.ProcessState.ExitCode()
	if st, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && st.Signaled() {
		s.signal = st.Signal()
	}
	return s
}

// cleanEnv is the environment without anything that steers the command.
func cleanEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "STAYDOWN_") {
			env = append(env, v)
		}
	}
	return env
}

// clocked keeps what is written and notes when it began.
type clocked struct {
	text  bytes.Buffer
	start time.Time
	first time.Duration
}

func (c *clocked) Write(p []byte) (int, error) {
	if c.first == 0 {
		c.first = time.Since(c.start)
	}
	return c.text.Write(p)
}

func (s said) String() string { return "staydown " + strings.Join(s.args, " ") }

// ends wants an exit code.
func (s said) ends(t *testing.T, code int) said {
	t.Helper()
	if s.code != code || s.signal != 0 {
		t.Fatalf("%s ended with %d (signal %v), want %d\n%s", s, s.code, s.signal, code, tail(s.err))
	}
	return s
}

// rows parses standard output, on which nothing but JSON objects may stand.
func (s said) rows(t *testing.T) []map[string]any {
	t.Helper()
	var rows []map[string]any
	for line := range strings.Lines(s.out) {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%s wrote %.200q on standard output, which is no JSON object: %v", s, line, err)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s wrote nothing on standard output\n%s", s, tail(s.err))
	}
	return rows
}

// tail is the end of a stream, for messages.
func tail(text string) string {
	const most = 3000
	if len(text) > most {
		text = "..." + text[len(text)-most:]
	}
	return text
}

// verdictOf decodes the row of an exercise.
func verdictOf(t *testing.T, s said, row map[string]any) verdict {
	t.Helper()
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	v := verdict{counts: map[string]int{}, truth: map[string]int{}, row: row}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("reading the row of %s: %v\n%s", s, err, raw)
	}
	numbers(v.counts, row)
	if truth, ok := row["truth"].(map[string]any); ok {
		numbers(v.truth, truth)
	}
	return v
}

func numbers(into map[string]int, row map[string]any) {
	for key, value := range row {
		if n, ok := value.(float64); ok && n == float64(int(n)) {
			into[key] = int(n)
		}
	}
}

// verdict is the last row of an exercise.
type verdict struct {
	Equal       bool         `json:"equal"`
	Differences []difference `json:"differences"`
	counts      map[string]int
	truth       map[string]int
	row         map[string]any
}

// difference is one thing on which desk and truth disagree.
type difference struct {
	Kind, URL, Desk, Truth string
	Hard                   bool
}

func (d difference) String() string {
	return fmt.Sprintf("%s %s: the desk says %s; the truth is: %s", d.Kind, d.URL, d.Desk, d.Truth)
}
