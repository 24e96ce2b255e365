package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What go test -json says of two runs: in the first one test fails, one is
// skipped for good and one runs only in the second.
const firstRun = `{"Action":"start","Package":"github.com/staydown/staydown/internal/x"}
{"Action":"run","Package":"github.com/staydown/staydown/internal/x","Test":"TestGood"}
{"Action":"output","Package":"github.com/staydown/staydown/internal/x","Test":"TestGood","Output":"words of a good test\n"}
{"Action":"pass","Package":"github.com/staydown/staydown/internal/x","Test":"TestGood","Elapsed":0.1}
{"Action":"output","Package":"github.com/staydown/staydown/internal/x","Test":"TestBad","Output":"    x_test.go:7: wrong\n"}
{"Action":"fail","Package":"github.com/staydown/staydown/internal/x","Test":"TestBad","Elapsed":0.2}
{"Action":"output","Package":"github.com/staydown/staydown/internal/x","Test":"TestData","Output":"    x_test.go:9: no data beside the repository\n"}
{"Action":"output","Package":"github.com/staydown/staydown/internal/x","Test":"TestData","Output":"--- SKIP: TestData (0.00s)\n"}
{"Action":"skip","Package":"github.com/staydown/staydown/internal/x","Test":"TestData","Elapsed":0}
{"Action":"skip","Package":"github.com/staydown/staydown/internal/x","Test":"TestEngine","Elapsed":0}
{"Action":"fail","Package":"github.com/staydown/staydown/internal/x","Elapsed":0.4}
not json at all
{"ImportPath":"github.com/staydown/staydown/internal/y","Action":"build-output","Output":"y.go:3: undefined: z\n"}
`
const secondRun = `{"Action":"pass","Package":"github.com/staydown/staydown/internal/x","Test":"TestEngine","Elapsed":0.3}
{"Action":"pass","Package":"github.com/staydown/staydown/internal/x","Elapsed":0.4}
{"Action":"skip","Package":"github.com/staydown/staydown/internal/none","Elapsed":0}
`

func TestTally(t *testing.T) {
	tests, out := newTally(), &bytes.Buffer{}
	for _, run := range []string{firstRun, secondRun} {
		if err := tests.read(strings.NewReader(run), out); err != nil {
			t.Fatal(err)
		}
	}
	if tests.passed != 2 || tests.failed != 1 {
		t.Errorf("%d passed and %d failed, want 2 and 1", tests.passed, tests.failed)
	}
	want := []string{"internal/x TestData: x_test.go:9: no data beside the repository"}
	if diff := cmp.Diff(want, tests.neverRan()); diff != "" {
		t.Error(diff)
	}
	for _, said := range []string{"x_test.go:7: wrong", "FAIL  internal/x TestBad", "undefined: z", "not json at all", "ok    internal/x"} {
		if !strings.Contains(out.String(), said) {
			t.Errorf("the output does not contain %q:\n%s", said, out)
		}
	}
	if strings.Contains(out.String(), "words of a good test") {
		t.Error("a test that passed was heard")
	}
}

func TestStrict(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for name, c := range map[string]struct {
		run          string
		strict, want bool
	}{
		"skipped, tolerant": {firstRun, false, true},
		"skipped, strict":   {firstRun, true, false},
		"all ran, strict":   {secondRun, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := &session{tests: newTally(), out: null}
			if err := s.tests.read(strings.NewReader(c.run), null); err != nil {
				t.Fatal(err)
			}
			if got := s.closing(c.strict); got != c.want {
				t.Errorf("closing(%v) = %v", c.strict, got)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	all, err := choose(nil)
	if err != nil || len(all) != len(stages) {
		t.Errorf("no names chose %d stages, %v", len(all), err)
	}
	two, err := choose([]string{"race", "check"})
	if err != nil || len(two) != 2 || two[0].name != "race" {
		t.Errorf("chose %v, %v", two, err)
	}
	if _, err := choose([]string{"unti"}); err == nil {
		t.Error("a stage that does not exist was chosen")
	}
}

func TestMentioning(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, src := range map[string]string{
		"a/a_test.go":             "WORD",
		"a/b_test.go":             "WORD",
		"b/b.go":                  "WORD",
		"c/testdata/c_test.go":    "WORD",
		"internal/stage/_test.go": "WORD",
	} {
		dir := name[:strings.LastIndex(name, "/")]
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := mentioning("WORD")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"./a"}, got); diff != "" {
		t.Error(diff)
	}
}

// A stage that hangs is stopped with everything it started: the grandchild, too,
// which holds the pipe open.
func TestLimitStopsWhatWasStarted(t *testing.T) {
	if found("sh") == "" {
		t.Skip("no shell on this machine")
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	grandchild := t.TempDir() + "/pid"
	hangs := stage{"hangs", "", 300 * time.Millisecond, func(ctx context.Context, s *session) error {
		return s.show(ctx, "sh", "-c", fmt.Sprintf("sleep 600 & echo $! >%s; wait", grandchild))
	}}
	r := runOne(context.Background(), hangs, &session{tests: newTally(), out: null})
	if r.err == nil || !strings.Contains(r.err.Error(), "limit") {
		t.Errorf("the stage ended with %v", r.err)
	}
	pid, err := os.ReadFile(grandchild)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 { // a killed process may take a moment to go
		if !runs(strings.TrimSpace(string(pid))) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %s outlived its stage", pid)
}

// runs tells whether a process is there and is more than a zombie.
func runs(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	return err == nil && !strings.Contains(string(stat), ") Z ")
}
