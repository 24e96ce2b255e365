package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contract is the keys of the last row, as docs/design/doors.md promises them to
// scripts.
var contract = append([]string{"delivery_unknown", "truth", "recall", "precision", "wall_s", "max_rss_bytes"}, countKeys...)

// deskOnly is what the providers cannot know, so that the truth lacks it.
var deskOnly = []string{"assessed", "delivery_unknown", "officer_minutes"}

// TestFirstCommand is what a newcomer does first, in a directory where nothing is.
func TestFirstCommand(t *testing.T) {
	story(t)
	x := exercise{dir: filepath.Join(t.TempDir(), "new"), items: 60, seed: 5}
	v, s := x.run(t)
	t.Logf("the first line after %s, the end after %s", s.first, s.took)

	first, _, _ := strings.Cut(s.err, "\n")
	if !strings.Contains(first, "60 items") || !strings.Contains(first, "Nothing leaves this machine") {
		t.Errorf("the first line on standard error is %q", first)
	}
	if line := errorLine(s.err); line != "" {
		t.Errorf("an error line in a run that ended with 0: %s", line)
	}
	if rows := s.rows(t); len(rows) != 1 {
		t.Errorf("%d rows on standard output, want the result alone", len(rows))
	}
	missing(t, "the row", v.row, contract)
	truth, _ := v.row["truth"].(map[string]any)
	missing(t, "its truth", truth, slices.DeleteFunc(slices.Clone(countKeys), func(k string) bool { return slices.Contains(deskOnly, k) }))
	if v.counts["items"] < 60 || v.counts["delivered"] == 0 || v.counts["gone"] == 0 {
		t.Errorf("hardly anything happened: %v", v.counts)
	}
	x.sound(t)
	t.Run("again", func(t *testing.T) { x.sayAgain(t, v) })
	t.Run("other", func(t *testing.T) { x.refuseOthers(t) })
}

// errorLine finds a line that an error, a warning or a crash would leave.
func errorLine(log string) string {
	for line := range strings.Lines(log) {
		for _, mark := range []string{"level=ERROR", "level=WARN", "staydown: ", "panic", "goroutine ", "WARNING: DATA RACE"} {
			if strings.Contains(line, mark) {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}

func missing(t *testing.T, what string, row map[string]any, keys []string) {
	t.Helper()
	for _, key := range keys {
		if _, ok := row[key]; !ok {
			t.Errorf("%s lacks %q", what, key)
		}
	}
}

// sayAgain: the same command on the same directory prints the same figures and
// does nothing twice.
func (x exercise) sayAgain(t *testing.T, before verdict) {
	truth, err := os.ReadFile(filepath.Join(x.dir, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	v, s := x.run(t)
	t.Logf("said again after %s", s.took)
	for _, row := range []map[string]any{before.row, v.row} {
		delete(row, "wall_s")
		delete(row, "max_rss_bytes")
	}
	if diff := cmp.Diff(before.row, v.row); diff != "" {
		t.Errorf("the second telling differs:\n%s", diff)
	}
	after, err := os.ReadFile(filepath.Join(x.dir, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if done := strings.TrimPrefix(string(after), string(truth)); done == string(after) {
		t.Error("the truth was written anew")
	} else if strings.Contains(done, `"kind":"letter"`) || strings.Contains(done, `"kind":"duplicate_delivery"`) {
		t.Errorf("a letter left in a run that was over:\n%s", done)
	}
	x.sound(t)
}

// refuseOthers: a directory holds one exercise, for good.
func (x exercise) refuseOthers(t *testing.T) {
	for name, other := range map[string]exercise{
		"seed":   {dir: x.dir, items: x.items, seed: x.seed + 1},
		"size":   {dir: x.dir, items: x.items + 1, seed: x.seed},
		"tamper": {dir: x.dir, items: x.items, seed: x.seed, more: []string{"--tamper"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := listing(t, x.dir)
			refused(t, run(t, nil, other.args()...), "exercise.other")
			if diff := cmp.Diff(before, listing(t, x.dir)); diff != "" {
				t.Errorf("a refused run changed the directory:\n%s", diff)
			}
		})
	}
}

// refused wants exit code 5, and the reason as one line and as an object.
func refused(t *testing.T, s said, code string) {
	t.Helper()
	s.ends(t, 5)
	rows := s.rows(t)
	raw, _ := json.Marshal(rows[len(rows)-1]["error"])
	var e struct{ Kind, Code, Text string }
	if err := json.Unmarshal(raw, &e); err != nil || e.Kind != "refused" || e.Code != code || e.Text == "" {
		t.Errorf("the last row is %v, want an error refused, %s", rows[len(rows)-1], code)
	}
	if !strings.Contains(s.err, "staydown: "+e.Text) {
		t.Errorf("standard error does not say why: %s", s.err)
	}
}

// listing is every file below a directory with its size, but for the database's
// own, whose size says nothing.
func listing(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if !info.IsDir() && !strings.HasPrefix(name, "staydown.db") {
			all[name] = info.Size()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRealDataIsRefused: an exercise never runs in a directory where a real
// authority works.
func TestRealDataIsRefused(t *testing.T) {
	story(t)
	made := map[string]func(t *testing.T, dir string){
		"admin create": func(t *testing.T, dir string) {
			run(t, nil, "admin", "create", "anna", "--authority", "Unit North", "--country", "BE", "--email", "unit@north.example", "--data", dir).ends(t, 0)
		},
		"serve": func(t *testing.T, dir string) {
			d := serve(t, dir)
			if d.Mode != "real" {
				t.Errorf("a new desk is %q", d.Mode)
			}
			d.stop()
		},
	}
	for name, make := range made {
		t.Run(name, func(t *testing.T) {
			x := exercise{dir: filepath.Join(t.TempDir(), "real"), items: 20, seed: 1}
			make(t, x.dir)
			before := listing(t, x.dir)
			refused(t, run(t, nil, x.args()...), "exercise.real_data")
			if diff := cmp.Diff(before, listing(t, x.dir)); diff != "" {
				t.Errorf("a refused exercise left something behind:\n%s", diff)
			}
			d := serve(t, x.dir)
			if d.Mode != "real" {
				t.Errorf("after the refusal the desk is %q", d.Mode)
			}
		})
	}
}
