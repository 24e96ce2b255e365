package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/staydown/staydown"
)

// Out is what a command says.
type Out struct {
	JSON bool
	out  io.Writer
	err  io.Writer
	tty  bool // standard error is a terminal: progress may be drawn
	drew bool // a progress line stands there
}

func newOut(s Streams, asJSON bool) *Out {
	f, ok := s.Err.(*os.File)
	return &Out{JSON: asJSON, out: s.Out, err: s.Err, tty: ok && term.IsTerminal(int(f.Fd()))}
}

// Row gives one result: the value to programs, the line to people.
func (o *Out) Row(v any, format string, args ...any) error {
	o.clear()
	if !o.JSON {
		_, err := fmt.Fprintf(o.out, format+"\n", args...)
		return err
	}
	enc := json.NewEncoder(o.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// Note says something beside the result, on standard error.
func (o *Out) Note(format string, args ...any) {
	o.clear()
	fmt.Fprintf(o.err, format+"\n", args...)
}

// progressEvery is how often a line of progress is drawn anew.
const progressEvery = 100 * time.Millisecond

// Progress gives a function to be told how far a long piece of work is; of may be 0
// when nobody knows. It draws on a terminal only.
func (o *Out) Progress(doing string) func(done, of int64) {
	var last time.Time
	return func(done, of int64) {
		if !o.tty || time.Since(last) < progressEvery && done != of {
			return
		}
		last = time.Now()
		o.drew = true
		if of > 0 {
			fmt.Fprintf(o.err, "\r\x1b[K%s %d of %d (%d %%)", doing, done, of, done*100/of)
			return
		}
		fmt.Fprintf(o.err, "\r\x1b[K%s %d", doing, done)
	}
}

// Doing draws what is being done just now, on a terminal only.
func (o *Out) Doing(what string) {
	if o.tty {
		o.drew = true
		fmt.Fprintf(o.err, "\r\x1b[K%s", what)
	}
}

// clear takes a progress line away before something else is said.
func (o *Out) clear() {
	if o.drew {
		fmt.Fprint(o.err, "\r\x1b[K")
		o.drew = false
	}
}

// logger writes what the desk logs to standard error.
func (o *Out) logger(verbose bool) *slog.Logger {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(o.err, &slog.HandlerOptions{Level: level}))
}

// interrupted is the exit code of a command that was stopped and can be taken up
// again.
const interrupted = 130

// end says how a command ended and gives its exit code.
func (o *Out) end(ctx context.Context, err error) int {
	o.clear()
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		o.say(staydown.Errorf(staydown.Refused, "interrupted", "interrupted; the same command goes on"))
		return interrupted
	}
	return o.fail(err)
}

// fail says what went wrong: one line, and for programs the error as an object.
func (o *Out) fail(err error) int {
	var e *staydown.Error
	if !errors.As(err, &e) {
		e = staydown.Errorf(staydown.Internal, "internal", "something went wrong here (reference %s): %v", rand.Text()[:10], err)
	}
	o.say(e)
	return staydown.ExitCode(e)
}

func (o *Out) say(e *staydown.Error) {
	o.clear()
	fmt.Fprintf(o.err, "staydown: %s\n", e)
	if o.JSON {
		json.NewEncoder(o.out).Encode(map[string]any{"error": e})
	}
}
