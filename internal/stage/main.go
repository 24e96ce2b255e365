// Command stage runs the stages of "make test", one after the other, and prints
// how many seconds each took: tools, check, unit, postgres, race, e2e, browser.
//
//	go run ./internal/stage [-strict] [STAGE...]
//
// Without names it runs them all; a stage that fails does not keep the others
// from running. Each stage has a time limit, and whatever it started is stopped
// with it. A test that was skipped in one stage and ran in another counts as
// run; the tests that ran nowhere are named at the end with their reasons, and
// with -strict they are a failure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A stage is one part of the proof that the tree is sound.
type stage struct {
	name  string
	what  string
	limit time.Duration
	run   func(context.Context, *session) error
}

var stages = []stage{
	{"tools", "installs missing Debian packages when it may", 10 * time.Minute, tools},
	{"check", "gofmt, vet, go.mod tidy and verified", 8 * time.Minute, check},
	{"unit", "every package, with nothing but Go", 10 * time.Minute, unit},
	{"postgres", "the suites that need PostgreSQL, on a throw-away cluster", 6 * time.Minute, postgres},
	{"race", "packages that share memory, under the race detector", 12 * time.Minute, race},
	{"e2e", "whole-system stories on the built binary", 15 * time.Minute, endToEnd},
	{"browser", "the pages in Chromium", 8 * time.Minute, browser},
}

// session is what the stages of one run have in common.
type session struct {
	tests *tally
	out   *os.File
}

func main() {
	strict := flag.Bool("strict", false, "fail when a test was skipped in every stage")
	flag.Usage = usage
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	chosen, err := choose(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !runAll(ctx, chosen, *strict) {
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: stage [-strict] [STAGE...]")
	for _, s := range stages {
		fmt.Fprintf(os.Stderr, "  %-9s %s (at most %s)\n", s.name, s.what, s.limit)
	}
}

func choose(names []string) ([]stage, error) {
	if len(names) == 0 {
		return stages, nil
	}
	var chosen []stage
	for _, name := range names {
		at := slices.IndexFunc(stages, func(s stage) bool { return s.name == name })
		if at < 0 {
			return nil, fmt.Errorf("no stage %q", name)
		}
		chosen = append(chosen, stages[at])
	}
	return chosen, nil
}

// result is one line of the closing table.
type result struct {
	name    string
	seconds float64
	err     error
}

func runAll(ctx context.Context, chosen []stage, strict bool) bool {
	s := &session{tests: newTally(), out: os.Stdout}
	var results []result
	for _, st := range chosen {
		if ctx.Err() != nil {
			break
		}
		fmt.Fprintf(s.out, "\n== %s: %s\n", st.name, st.what)
		results = append(results, runOne(ctx, st, s))
	}
	ok := ctx.Err() == nil
	fmt.Fprintf(s.out, "\n%-10s %8s\n", "stage", "seconds")
	for _, r := range results {
		verdict := ""
		if r.err != nil {
			ok = false
			verdict = "  FAILED: " + firstLine(r.err.Error())
		}
		fmt.Fprintf(s.out, "%-10s %8.1f%s\n", r.name, r.seconds, verdict)
	}
	return s.closing(strict) && ok
}

func runOne(ctx context.Context, st stage, s *session) result {
	began := time.Now()
	limited, cancel := context.WithTimeout(ctx, st.limit)
	defer cancel()
	err := st.run(limited, s)
	if limited.Err() == context.DeadlineExceeded {
		err = fmt.Errorf("stopped after its limit of %s", st.limit)
	}
	if err != nil {
		fmt.Fprintf(s.out, "%s failed: %v\n", st.name, err)
	}
	return result{st.name, time.Since(began).Seconds(), err}
}

// closing prints how many tests ran and which ran nowhere; it is false when that
// is a failure.
func (s *session) closing(strict bool) bool {
	never := s.tests.neverRan()
	fmt.Fprintf(s.out, "%d tests and cases passed, %d failed, %d ran in no stage\n", s.tests.passed, s.tests.failed, len(never))
	for _, n := range never {
		fmt.Fprintf(s.out, "  skipped: %s\n", n)
	}
	if strict && len(never) > 0 {
		fmt.Fprintln(s.out, "a skipped test is a failure here")
		return false
	}
	return true
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
