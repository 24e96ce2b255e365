package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParseAnswer(t *testing.T) {
	got, err := parseAnswer(`{"clock_seconds":1.5,"thread_seconds":0.5,"count":7}` + "\n")
	if err != nil || got != (answer{Clock: 1.5, Thread: 0.5, Count: 7}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "no JSON", `{"clock_seconds":"x"}`, `{"clock_seconds":-1}`} {
		if _, err := parseAnswer(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestReadHits(t *testing.T) {
	got, err := readHits(strings.NewReader("0 17 3\n4 2 31\n"))
	if diff := cmp.Diff([]hit{{0, 17, 3}, {4, 2, 31}}, got, cmp.AllowUnexported(hit{})); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, bad := range []string{"1 2", "1 2 3 4", "1 x 3", "-1 2 3"} {
		if _, err := readHits(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestDifference(t *testing.T) {
	a := []hit{{0, 1, 2}, {0, 2, 5}, {1, 1, 0}}
	for _, c := range []struct {
		name string
		b    []hit
		want int
	}{
		{"the same in another order", []hit{{1, 1, 0}, {0, 2, 5}, {0, 1, 2}}, 0},
		{"one missed", a[:2], 1},
		{"another distance", []hit{{0, 1, 2}, {0, 2, 6}, {1, 1, 0}}, 2},
		{"one twice", append(a[:3:3], hit{1, 1, 0}), 1},
	} {
		if got := difference(a, c.b); got != c.want {
			t.Errorf("%s: %d", c.name, got)
		}
	}
}

// The ratio is of medians, peer by product, and a round's least and most stand
// beside it.
func TestCount(t *testing.T) {
	var r row
	r.count([]cost{{4, 2}, {8, 4}, {40, 30}}, []cost{{1, 1}, {2, 1}, {3, 6}})
	want := row{Status: "measured", Rounds: 3,
		PeerCPU: &spread{4, 2, 30}, OursCPU: &spread{1, 1, 6}, PeerClock: &spread{8, 4, 40}, OursClock: &spread{2, 1, 3},
		RatioCPU: 4, RatioClock: 4, RatioLeast: 2, RatioMost: 5}
	if diff := cmp.Diff(want, r, cmpopts.IgnoreFields(row{}, "Load")); diff != "" {
		t.Error(diff)
	}
}

// A peer that is absent leaves a row that says so and holds no figure.
func TestAbsent(t *testing.T) {
	r := row{What: "w", Data: "d", Peer: "p"}
	r.fail(fmt.Errorf("libfaiss-dev: %w", errAbsent))
	if r.Status != "libfaiss-dev: not installed" || r.Rounds != 0 || r.PeerCPU != nil || r.RatioCPU != 0 {
		t.Errorf("%+v", r)
	}
	if got := line(r); !strings.Contains(got, "not installed") {
		t.Error(got)
	}
	r = row{}
	r.duel(7, func() (cost, error) { return cost{}, errors.New("gone") }, func() (cost, error) { return cost{1, 1}, nil })
	if r.Status != "failed: gone" || r.PeerCPU != nil {
		t.Errorf("%+v", r)
	}
}

func TestVersionOf(t *testing.T) {
	if got := versionOf("int f();\nVERSION faiss 1.7.3\n"); got != "faiss 1.7.3" {
		t.Errorf("%q", got)
	}
	if got := versionOf("VERSION \"OpenSSL 3.0.19 27 Jan 2026\"\n"); got != "OpenSSL 3.0.19 27 Jan 2026" {
		t.Errorf("%q", got)
	}
}
