package e2e

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTamper falsifies the record on purpose: postings that the truth calls removed
// stay up, letters stand there twice that came once, letters that came are left
// out. Each must be named, and nothing else. How many there are of each follows
// from the size: 50, 3 and 2 at 26,000.
func TestTamper(t *testing.T) {
	story(t)
	x := exercise{dir: t.TempDir(), items: 90, seed: 6, more: []string{"--tamper"}}
	s := run(t, nil, x.args()...).ends(t, 6)
	rows := s.rows(t)
	if len(rows) != 2 || rows[1]["error"] == nil {
		t.Fatalf("%d rows, the last %v; want the result and then the error", len(rows), rows[len(rows)-1])
	}
	v := verdictOf(t, s, rows[0])
	if v.Equal {
		t.Error("the result says that desk and truth agree")
	}
	named := map[string][]string{}
	for _, d := range v.Differences {
		if d.Hard {
			named[d.Kind] = append(named[d.Kind], d.URL)
		}
	}
	x.namesDoubled(t, named["doubled"])
	x.namesDropped(t, named["lost"])
	if n := len(named["still_there"]); n != scaled(50, x.items) {
		t.Errorf("%d postings are named as called removed and up, want %d: %v", n, scaled(50, x.items), named["still_there"])
	}
	for kind := range named {
		if !slices.Contains([]string{"doubled", "lost", "still_there"}, kind) {
			t.Errorf("nobody planted %s: %v", kind, named[kind])
		}
	}
	people := run(t, nil, slices.DeleteFunc(x.args(), func(a string) bool { return a == "--json" })...).ends(t, 6)
	for kind, urls := range named {
		for _, u := range urls {
			if !strings.Contains(people.out, u) {
				t.Errorf("the text for people does not name %s (%s)", u, kind)
			}
		}
	}
}

func scaled(n, items int) int { return max(1, (n*items+13000)/26000) }

// namesDoubled: the copies that tampering wrote say so in the truth.
func (x exercise) namesDoubled(t *testing.T, named []string) {
	t.Helper()
	var want []string
	letters := 0
	for _, e := range truthOf(t, x.dir) {
		if e.Kind != tookLetter || e.Reason != "copy" {
			continue
		}
		letters++
		for _, l := range e.Lines {
			want = append(want, l.URL)
		}
	}
	if letters != scaled(3, x.items) {
		t.Errorf("%d letters were doubled, want %d", letters, scaled(3, x.items))
	}
	sameURLs(t, "doubled", want, named)
}

// namesDropped: the truth was robbed of these letters; the desk still has their
// lines, under the message that the list of receipts names.
func (x exercise) namesDropped(t *testing.T, named []string) {
	t.Helper()
	f, err := os.Open(filepath.Join(x.dir, "truth.dropped"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dropped := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		_, key, _ := strings.Cut(lines.Text(), " ")
		dropped[strings.Trim(key, `"`)] = true
	}
	if len(dropped) != scaled(2, x.items) {
		t.Errorf("%d letters were dropped, want %d", len(dropped), scaled(2, x.items))
	}
	d := serve(t, x.dir)
	defer d.stop()
	d.as(t, x.dir, "be-lead")
	var want []string
	for _, l := range d.letters(t) {
		if slices.ContainsFunc(l.Messages, func(m message) bool { return dropped[m.ID] }) {
			for _, ln := range l.Lines {
				want = append(want, ln.Location)
			}
		}
	}
	sameURLs(t, "dropped", want, named)
}

func sameURLs(t *testing.T, what string, want, named []string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("nothing was %s", what)
	}
	for _, u := range want {
		if !slices.Contains(named, u) {
			t.Errorf("%s, and not named: %s", what, u)
		}
	}
	for _, u := range named {
		if !slices.Contains(want, u) {
			t.Errorf("named as %s, and is not: %s", what, u)
		}
	}
}
