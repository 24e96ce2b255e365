package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/staydown/staydown/bench/machine"
)

// cost is what one round took, in seconds: by the clock, and of processors.
type cost struct{ clock, cpu float64 }

// spread is the rounds of one side, seconds.
type spread struct {
	Median float64 `json:"median"`
	Best   float64 `json:"best"`
	Worst  float64 `json:"worst"`
}

// row is one comparison. Above 1, the product took less than the peer.
type row struct {
	What   string `json:"what"`
	Data   string `json:"data"`
	Peer   string `json:"peer"`
	Status string `json:"status"` // "measured", "not installed: ..." or "failed: ..."; figures only with the first
	Rounds int    `json:"rounds,omitempty"`
	Work   int    `json:"work_each_round,omitempty"` // queries, files, frames or bytes, as Unit says
	Unit   string `json:"unit,omitempty"`

	PeerCPU    *spread `json:"peer_processor_seconds,omitempty"`
	OursCPU    *spread `json:"ours_processor_seconds,omitempty"` // all threads of the product, the collection of garbage among them
	PeerClock  *spread `json:"peer_clock_seconds,omitempty"`
	OursClock  *spread `json:"ours_clock_seconds,omitempty"`
	RatioCPU   float64 `json:"ratio_of_processor_medians,omitempty"`
	RatioClock float64 `json:"ratio_of_clock_medians,omitempty"`
	RatioLeast float64 `json:"least_processor_ratio_of_a_round,omitempty"`
	RatioMost  float64 `json:"greatest_processor_ratio_of_a_round,omitempty"`

	Hits        *int    `json:"hits_compared,omitempty"`
	Differences *int    `json:"hits_that_differ,omitempty"`
	PeerBuild   float64 `json:"peer_build_processor_seconds,omitempty"`
	OursBuild   float64 `json:"ours_build_processor_seconds,omitempty"`
	PeerBytes   float64 `json:"peer_bytes_per_hash,omitempty"`
	OursBytes   float64 `json:"ours_bytes_per_hash,omitempty"`
	Load        string  `json:"load_average"`
	Note        string  `json:"note,omitempty"`
}

// duel takes rounds of both by turns, each first every other time.
func (r *row) duel(rounds int, peer, ours func() (cost, error)) {
	var p, o []cost
	for i := range rounds {
		sides := []func() (cost, error){peer, ours}
		var got [2]cost
		for j := range sides {
			at := (i + j) % 2
			c, err := sides[at]()
			if err != nil {
				r.fail(err)
				return
			}
			got[at] = c
		}
		p, o = append(p, got[0]), append(o, got[1])
	}
	r.count(p, o)
}

// count fills in the figures of rounds taken by turns.
func (r *row) count(peer, ours []cost) {
	cpu := func(c cost) float64 { return c.cpu }
	clock := func(c cost) float64 { return c.clock }
	r.Status, r.Rounds, r.Load = "measured", len(peer), machine.Load()
	r.PeerCPU, r.OursCPU = spreadOf(peer, cpu), spreadOf(ours, cpu)
	r.PeerClock, r.OursClock = spreadOf(peer, clock), spreadOf(ours, clock)
	r.RatioCPU, r.RatioClock = ratio(r.PeerCPU.Median, r.OursCPU.Median), ratio(r.PeerClock.Median, r.OursClock.Median)
	for i := range peer {
		one := ratio(peer[i].cpu, ours[i].cpu)
		r.RatioMost = max(r.RatioMost, one)
		if i == 0 || one < r.RatioLeast {
			r.RatioLeast = one
		}
	}
}

func ratio(peer, ours float64) float64 {
	if ours <= 0 {
		return 0
	}
	return math.Round(peer/ours*1000) / 1000
}

func spreadOf(all []cost, of func(cost) float64) *spread {
	v := make([]float64, len(all))
	for i, c := range all {
		v[i] = of(c)
	}
	slices.Sort(v)
	return &spread{v[len(v)/2], v[0], v[len(v)-1]}
}

// fail leaves the row without figures and says why.
func (r *row) fail(err error) {
	r.Load = machine.Load()
	r.Status = "failed: " + err.Error()
	if errors.Is(err, errAbsent) {
		r.Status = fmt.Sprint(err)
	}
}

// timed is what work cost this process, all its threads.
func timed(work func() error) (cost, error) {
	began, cpu := time.Now(), machine.ProcessCPU()
	err := work()
	return cost{time.Since(began).Seconds(), (machine.ProcessCPU() - cpu).Seconds()}, err
}
