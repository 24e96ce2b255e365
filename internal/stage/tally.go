package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
)

// event is one line of "go test -json" (see go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output
	Test       string
	Output     string
	Elapsed    float64
}

// tally counts what became of each test over all stages.
type tally struct {
	passed, failed int
	ran            map[string]bool   // package and test that passed or failed somewhere
	skipped        map[string]string // package and test, with the reason last given
	output         map[string][]string
}

func newTally() *tally {
	return &tally{ran: map[string]bool{}, skipped: map[string]string{}, output: map[string][]string{}}
}

// read follows one run of "go test -json": it prints a line for each package,
// and everything that a failed test or build has said.
func (t *tally) read(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(out, "%s", line) // the go command talking past -json
			} else {
				t.count(e, out)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the output of go test: %w", err)
		}
	}
}

func (t *tally) count(e event, out io.Writer) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "output":
		t.output[key] = append(t.output[key], e.Output)
	case "pass":
		if e.Test == "" {
			fmt.Fprintf(out, "ok    %s  %.1f s\n", short(e.Package), e.Elapsed)
		} else {
			t.passed++
			t.ran[key] = true
		}
		delete(t.output, key)
	case "fail":
		if e.Test != "" {
			t.failed++
			t.ran[key] = true
		}
		fmt.Fprintf(out, "FAIL  %s %s  %.1f s\n%s", short(e.Package), e.Test, e.Elapsed, strings.Join(t.output[key], ""))
		delete(t.output, key)
	case "skip":
		if e.Test != "" {
			t.skipped[key] = reason(t.output[key])
		}
		delete(t.output, key)
	}
}

// neverRan lists the tests that were skipped and ran in no stage.
func (t *tally) neverRan() []string {
	var list []string
	for key, why := range t.skipped {
		if !t.ran[key] {
			list = append(list, short(key)+": "+why)
		}
	}
	sort.Strings(list)
	return list
}

// reason is what a test said when it skipped: its last words that are not a
// line of the test runner.
func reason(output []string) string {
	for i := len(output) - 1; i >= 0; i-- {
		line := strings.TrimSpace(output[i])
		if line != "" && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "===") {
			return line
		}
	}
	return "no reason given"
}

func short(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "github.com/staydown/staydown"), "/")
}
