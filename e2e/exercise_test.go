package e2e

import (
	"strconv"
	"testing"
)

// exercise is one November on one data directory.
type exercise struct {
	dir   string
	items int
	seed  uint64
	more  []string
}

// args is the command line; the same one again goes on, or says again how it went.
func (x exercise) args() []string {
	return append([]string{"exercise", "november", "--items", strconv.Itoa(x.items), "--seed", strconv.FormatUint(x.seed, 10), "--data", x.dir, "--json"}, x.more...)
}

// run lets the exercise come to its end and wants it to agree with the truth.
func (x exercise) run(t *testing.T) (verdict, said) {
	t.Helper()
	s := run(t, nil, x.args()...)
	if s.code != 6 {
		s.ends(t, 0)
	}
	v := verdictOf(t, s, s.rows(t)[0])
	for _, d := range v.Differences {
		if d.Hard {
			t.Errorf("%v", d)
		}
	}
	if s.code == 6 || !v.Equal {
		t.Fatalf("%s ended with %d: the desk differs from the truth (%v, %v)", s, s.code, v.row["recall"], v.row["precision"])
	}
	return v, s
}

// sound wants the log to verify and the database to be whole, and returns how
// many events there are.
func (x exercise) sound(t *testing.T) int {
	t.Helper()
	log := run(t, nil, "audit", "verify", "--data", x.dir, "--json").ends(t, 0).rows(t)[0]
	events, _ := log["events"].(float64)
	if log["ok"] != true || events == 0 || log["unsequenced"] != 0.0 {
		t.Errorf("audit verify says %v", log)
	}
	check := run(t, nil, "db", "check", "--data", x.dir, "--json").ends(t, 0).rows(t)
	if end := check[len(check)-1]; end["ok"] != true {
		t.Errorf("db check says %v", end)
	}
	return int(events)
}
