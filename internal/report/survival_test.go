package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEstimate(t *testing.T) {
	span := func(from, to int64) *Span { return &Span{from, to} }
	tests := []struct {
		name   string
		obs    []observation
		gone   int
		points []Point
		median *Span
	}{
		{"nothing", nil, 0, nil, nil},
		{"all in one stretch", []observation{{10, 20}, {10, 20}}, 2, []Point{{20, 1}}, span(10, 20)},
		{"half of them", []observation{{10, 20}, {100, never}}, 1, []Point{{20, 0.5}}, span(10, 20)},
		{"fewer than half", []observation{{10, 20}, {100, never}, {100, never}}, 1, []Point{{20, 0.3333}}, nil},
		{"gone before anybody looked", []observation{{0, 0}, {0, 0}, {50, never}}, 2, []Point{{0, 0.6667}}, span(0, 0)},
		{"two steps", []observation{{0, 10}, {20, 30}, {40, never}, {40, never}}, 2, []Point{{10, 0.25}, {30, 0.5}}, span(20, 30)},
		// Known exactly, the estimate is that of Kaplan and Meier: 1/4, then 1/3 of the rest, one leaves, then all of the last.
		{"exact times, one leaves early", []observation{{9, 10}, {19, 20}, {25, never}, {29, 30}}, 3, []Point{{10, 0.25}, {20, 0.5}, {30, 1}}, span(19, 20)},
		// Two stretches that overlap hold their mass where they do.
		{"overlap", []observation{{0, 20}, {10, 30}}, 2, []Point{{20, 1}}, span(10, 20)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := estimate(tt.obs)
			if c.N != len(tt.obs) || c.Gone != tt.gone {
				t.Errorf("%d of %d", c.Gone, c.N)
			}
			if d := cmp.Diff(tt.points, c.Points); d != "" {
				t.Errorf("points (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.median, c.Median); d != "" {
				t.Errorf("median (-want +got):\n%s", d)
			}
		})
	}
}

// From looks a day apart at events whose law is known, the estimate finds that law again, on the grid as well.
func TestEstimateFindsTheLaw(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	const day = 86400
	mean := 3.0 * day
	for _, looks := range []int64{day, 97} { // the second makes thousands of different times
		var obs []observation
		for range 8000 {
			at := int64(dice.ExpFloat64() * mean)
			if at > 20*day {
				obs = append(obs, observation{20 * day, never})
				continue
			}
			offset := dice.Int64N(looks)
			n := (at - offset + looks - 1) / looks
			obs = append(obs, observation{max(offset+(n-1)*looks, 0), max(offset+n*looks, 1)})
		}
		c := estimate(obs)
		if len(c.Points) > mostEdges || len(c.Marks) != 3 {
			t.Fatalf("%d points, %d marks", len(c.Points), len(c.Marks))
		}
		for _, m := range c.Marks[1:] {
			want := 1 - math.Exp(-float64(m.Seconds)/mean)
			if m.Low > want+0.03 || m.High < want-0.03 {
				t.Errorf("looks every %d s: after %d s between %.3f and %.3f, want %.3f", looks, m.Seconds, m.Low, m.High, want)
			}
		}
		half := int64(mean * math.Ln2)
		if c.Median == nil || c.Median.From > half+day/4 || c.Median.To < half-day/4 {
			t.Errorf("looks every %d s: median %+v, want %d in it", looks, c.Median, half)
		}
		for i := 1; i < len(c.Points); i++ {
			if c.Points[i].Gone < c.Points[i-1].Gone || c.Points[i].Seconds <= c.Points[i-1].Seconds {
				t.Fatalf("the curve falls at %v", c.Points[i])
			}
		}
	}
}

func TestSeenAndSaid(t *testing.T) {
	t0 := time.Date(2019, 11, 22, 9, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return t0.Add(time.Duration(hours) * time.Hour) }
	looks := []Look{
		{AskedAt: t0, LastUpAt: at(1), GoneAt: at(3), LookedAt: at(3), RemovedAt: at(2)},
		{AskedAt: t0, GoneAt: at(1), LookedAt: at(5)},                     // gone at the first look
		{AskedAt: t0, LastUpAt: at(5), LookedAt: at(5), RemovedAt: at(1)}, // says removed, and is there
		{AskedAt: t0, GoneAt: t0.Add(-time.Hour), LookedAt: at(5)},        // was gone before
		{AskedAt: t0}, // never looked at
		{AskedAt: t0, LookedAt: t0.Add(-time.Hour), LastUpAt: t0.Add(-2 * time.Hour)}, // nor since the letter
	}
	s := seen(looks)
	if s.N != 4 || s.Gone != 3 {
		t.Errorf("seen %+v", s)
	}
	if d := cmp.Diff([]Point{{0, 0.25}, {3600, 0.5}, {10800, 0.75}}, s.Points); d != "" {
		t.Errorf("seen (-want +got):\n%s", d)
	}
	w := said(looks)
	if w.N != 6 || w.Gone != 2 || fmt.Sprint(w.Points) != "[{3600 0.1667} {7200 0.3333}]" || w.Median != nil {
		t.Errorf("said %+v", w)
	}
}

func BenchmarkEstimate(b *testing.B) {
	dice := rand.New(rand.NewPCG(1, 2))
	var obs []observation
	for range 26_000 {
		at := int64(dice.ExpFloat64() * 200_000)
		obs = append(obs, observation{max(at-dice.Int64N(40_000), 0), at + dice.Int64N(40_000)})
	}
	for b.Loop() {
		estimate(obs)
	}
}
