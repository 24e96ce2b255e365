package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestInterrupt stops an action day as Ctrl-C does, which reaches the practice
// providers too: at the very beginning, when leads come in, and when a letter is
// out. Each time the command says that it can be taken up again, and so it can.
func TestInterrupt(t *testing.T) {
	story(t)
	x := exercise{dir: t.TempDir(), items: 60, seed: 9}
	for _, c := range []struct{ name, until string }{
		{"at the start", ""},
		{"when leads come in", `"kind":"clock"`},
		{"when a letter is out", `"kind":"letter"`},
		{"when something is gone", `"kind":"removed"`},
		{"while watching", `"kind":"reuploaded"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := runWatched(t, nil, func(ctx context.Context, pid int) {
				if x.written(ctx, c.until) {
					for _, p := range append(children(pid), pid) {
						syscall.Kill(p, syscall.SIGINT)
					}
				}
			}, x.args()...)
			s.ends(t, 130)
			rows := s.rows(t)
			e, _ := rows[len(rows)-1]["error"].(map[string]any)
			if e["code"] != "interrupted" || !strings.Contains(s.err, "the same command goes on") {
				t.Errorf("the last row is %v; standard error: %s", rows[len(rows)-1], tail(s.err))
			}
			if strings.Contains(s.err, "level=ERROR") || strings.Contains(s.err, "goroutine ") {
				t.Errorf("an interruption left an error: %s", tail(s.err))
			}
		})
	}
	v, _ := x.run(t)
	if v.counts["doubled"] != 0 || v.counts["lost"] != 0 {
		t.Errorf("after the interruptions: %v", v.counts)
	}
	x.sound(t)
}

// written waits until the truth contains something; false when the run has ended
// before.
func (x exercise) written(ctx context.Context, what string) bool {
	for ctx.Err() == nil {
		truth, err := os.ReadFile(filepath.Join(x.dir, "truth.jsonl"))
		if err == nil && strings.Contains(string(truth), what) {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}
