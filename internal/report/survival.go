package report

import (
	"math"
	"slices"
	"time"

	"github.com/staydown/staydown"
)

// Look is one item of a delivered letter: when the provider had it, between which looks it went, what the provider said.
type Look struct {
	Provider  staydown.ID
	AskedAt   time.Time // when the letter was delivered
	LastUpAt  time.Time // the last time we saw it there; before AskedAt or zero: not since
	GoneAt    time.Time // the first time we saw it gone; zero: never
	LookedAt  time.Time // the last time we could tell
	RemovedAt time.Time // when the provider said that it removed it; zero: it never did
}

// Curve is the share of items that are gone as time passes, estimated from looks that are far apart. Seconds count from
// the delivery of the letter.
type Curve struct {
	N      int     `json:"n"`    // items observed
	Gone   int     `json:"gone"` // of those, gone by the end
	Points []Point `json:"points,omitempty"`
	Marks  []Mark  `json:"marks,omitempty"` // at the usual times
	// Median is between which times half were gone; missing while fewer are.
	Median *Span `json:"median,omitempty"`
}

// Point is one step of a curve: by then, at the latest, this share was gone.
type Point struct {
	Seconds int64   `json:"seconds"`
	Gone    float64 `json:"gone"`
}

// Span is a stretch of time, in seconds.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Mark is the share gone after a usual time. Between two looks nobody knows, so it has a lower and an upper end.
type Mark struct {
	Seconds int64   `json:"seconds"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// usual are the times at which shares are quoted: an hour, a day, a week, a month.
var usual = []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour}

// observation is an event known to lie in (Low, High]; High is never for one that had not come by Low.
type observation struct{ low, high int64 }

const never = math.MaxInt64

// seen is the curve of our own eyes.
func seen(looks []Look) Curve {
	var obs []observation
	for _, l := range looks {
		o := observation{low: max(between(l.AskedAt, l.LastUpAt), 0), high: never}
		switch {
		case !l.GoneAt.IsZero():
			o.high = max(between(l.AskedAt, l.GoneAt), 0)
			o.low = min(o.low, max(o.high-1, 0))
		case l.LookedAt.IsZero() || l.LookedAt.Before(l.AskedAt):
			continue // never looked at since: nothing is known of it
		default:
			o.low = max(between(l.AskedAt, l.LookedAt), o.low)
		}
		obs = append(obs, o)
	}
	return estimate(obs)
}

// said is the curve of the provider's word, whose times are known. Who has said nothing by now counts as observed until the
// last word or look there was.
func said(looks []Look) Curve {
	var end time.Time
	for _, l := range looks {
		for _, t := range []time.Time{l.LookedAt, l.RemovedAt, l.AskedAt} {
			if t.After(end) {
				end = t
			}
		}
	}
	var obs []observation
	for _, l := range looks {
		if l.RemovedAt.IsZero() {
			obs = append(obs, observation{max(between(l.AskedAt, end), 0), never})
			continue
		}
		at := max(between(l.AskedAt, l.RemovedAt), 0)
		obs = append(obs, observation{max(at-1, 0), at})
	}
	return estimate(obs)
}

func between(from, to time.Time) int64 {
	if to.IsZero() {
		return 0
	}
	return int64(to.Sub(from) / time.Second)
}

// estimate is the non-parametric maximum likelihood estimate for interval-censored times.
// Source: B. W. Turnbull, The empirical distribution function with arbitrarily grouped, censored and truncated data,
// Journal of the Royal Statistical Society B 38 (1976) 290-295; by its self-consistency iteration.
func estimate(obs []observation) Curve {
	c := Curve{N: len(obs)}
	for _, o := range obs {
		if o.high != never {
			c.Gone++
		}
	}
	if c.N == 0 {
		return c
	}
	edges := edgesOf(obs)
	share := turnbull(obs, edges)
	total := 0.0
	var cum []float64 // gone by edges[k]
	for k := range edges {
		total += share[k]
		cum = append(cum, min(total, 1))
	}
	c.fill(edges, cum)
	return c
}

// mostEdges bounds the cells of the estimate. What looks reach is an hour at best, so coarser cells lose nothing.
const mostEdges = 400

// edgesOf are the ends of the cells, rising: cell k is (edges[k-1], edges[k]], the first from nought. Too many times are
// put on a grid that is finer where time is short.
func edgesOf(obs []observation) []int64 {
	set := map[int64]bool{}
	for _, o := range obs {
		set[o.low] = true
		if o.high != never {
			set[o.high] = true
		}
	}
	edges := make([]int64, 0, len(set))
	for t := range set {
		edges = append(edges, t)
	}
	slices.Sort(edges)
	if len(edges) <= mostEdges {
		return edges
	}
	last := float64(max(edges[len(edges)-1], 2))
	grid := []int64{0}
	for k := 1; k < mostEdges; k++ {
		t := int64(math.Ceil(math.Exp(math.Log(last+1)*float64(k)/(mostEdges-1)) - 1))
		if t > grid[len(grid)-1] {
			grid = append(grid, t)
		}
	}
	return grid
}

// cells are the first and last cell an event may lie in; len(edges) is the cell behind the last edge.
func cells(o observation, edges []int64) (first, last int) {
	// The last edge at or before low, so that no part of the interval is lost on the grid.
	first, exact := slices.BinarySearch(edges, o.low)
	if exact {
		first++
	}
	if o.low == 0 && o.high == 0 {
		first = 0 // gone before anybody could look
	}
	if o.high == never {
		return min(first, len(edges)), len(edges)
	}
	last, _ = slices.BinarySearch(edges, o.high)
	return min(first, last), last
}

// turnbull gives the share of events in each cell, and in the one behind the last.
func turnbull(obs []observation, edges []int64) []float64 {
	type stretch struct{ first, last int }
	weight := map[stretch]int{}
	for _, o := range obs {
		first, last := cells(o, edges)
		weight[stretch{first, last}]++
	}
	stretches := make([]stretch, 0, len(weight))
	for s := range weight {
		stretches = append(stretches, s)
	}
	slices.SortFunc(stretches, func(a, b stretch) int { // sums of floats depend on their order
		if a.first != b.first {
			return a.first - b.first
		}
		return a.last - b.last
	})
	n := len(edges) + 1
	p, sum, add := make([]float64, n), make([]float64, n+1), make([]float64, n+1)
	for k := range p {
		p[k] = 1 / float64(n)
	}
	for range 1000 {
		for k, x := range p {
			sum[k+1] = sum[k] + x
		}
		clear(add)
		for _, s := range stretches {
			if mass := sum[s.last+1] - sum[s.first]; mass > 0 {
				x := float64(weight[s]) / mass
				add[s.first] += x
				add[s.last+1] -= x
			}
		}
		change, run := 0.0, 0.0
		for k := range p {
			run += add[k]
			next := max(p[k]*run/float64(len(obs)), 0)
			change = max(change, math.Abs(next-p[k]))
			p[k] = next
		}
		if change < 1e-6 {
			break
		}
	}
	return p
}

// step is the smallest rise that makes a point of a curve.
const step = 0.0005

func (c *Curve) fill(edges []int64, cum []float64) {
	before := 0.0
	for k, at := range edges {
		if cum[k]-before >= step {
			c.Points = append(c.Points, Point{at, round(cum[k])})
			before = cum[k]
		}
		if c.Median == nil && cum[k] >= 0.5 {
			c.Median = &Span{To: at}
			if k > 0 {
				c.Median.From = edges[k-1]
			}
		}
	}
	end := edges[len(edges)-1]
	for _, u := range usual {
		at := int64(u / time.Second)
		if at > end {
			break // nobody has looked that late
		}
		m := Mark{Seconds: at}
		for k, e := range edges {
			if e <= at {
				m.Low = round(cum[k])
			}
			if e >= at {
				m.High = round(cum[k])
				break
			}
		}
		c.Marks = append(c.Marks, m)
	}
}

// round keeps what an estimate of some thousand items can say.
func round(x float64) float64 { return math.Round(x*10000) / 10000 }
