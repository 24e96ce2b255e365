package cli

import (
	"context"
	"io"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match/bank"
)

// mostFrameStep is the time between frames of a video that is looked up.
const mostFrameStep = 500 * time.Millisecond

// signalsOf are the signals of a hashed file.
func signalsOf(f HashedFile) []bank.Signal {
	var out []bank.Signal
	add := func(kind, value string, s bank.Signal) {
		if v, err := bank.Clean(kind, value); err == nil {
			s.Kind, s.Value = kind, v
			out = append(out, s)
		}
	}
	plain := bank.Signal{Quality: staydown.UnknownQuality}
	add(staydown.SignalSHA256, f.SHA256, plain)
	add(staydown.SignalMD5, f.MD5, plain)
	if f.Quality != nil {
		add(staydown.SignalPDQ, f.PDQ, bank.Signal{Quality: *f.Quality})
		for _, t := range f.Turned {
			add(staydown.SignalPDQ, t.PDQ, bank.Signal{Quality: *f.Quality, Turn: t.Turn})
		}
		if f.Alt != "" {
			add(staydown.SignalPDQ, f.Alt, bank.Signal{Quality: *f.Quality})
		}
	}
	kind := staydown.SignalPDQ
	if f.Kind == "video" {
		kind = staydown.SignalFrame
	}
	for _, x := range f.Frames {
		add(kind, x.PDQ, bank.Signal{Quality: x.Quality, Frame: x.Frame, AtMS: int64(x.Seconds * 1000)})
	}
	if f.Signature != "" {
		add(staydown.SignalText, f.Signature, plain)
	}
	if f.TLSH != "" {
		add(staydown.SignalTLSH, f.TLSH, plain)
	}
	return out
}

// Compared is how two things stand to each other by one kind of signal.
type Compared struct {
	Kind     string            `json:"kind"`
	A        string            `json:"a"`
	B        string            `json:"b"`
	Distance int               `json:"distance"`
	Radius   int               `json:"radius"`
	Matches  bool              `json:"matches"`
	Why      []staydown.Reason `json:"why"`
}

// compare tells how far two hashes or files lie apart, by every kind that both have: the closest of each.
func (r *matchCmd) compare(ctx context.Context, out *Out, in io.Reader) error {
	if len(r.What) != 2 {
		return staydown.Errorf(staydown.Usage, "usage", "--compare takes two files or hashes")
	}
	a, err := r.signals(ctx, r.What[0], in)
	if err != nil {
		return err
	}
	b, err := r.signals(ctx, r.What[1], in)
	if err != nil {
		return err
	}
	any := false
	for _, kind := range staydown.SignalKinds() {
		best, found, err := closest(ctx, kind, a, b)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		any = true
		word := "apart"
		if best.Matches {
			word = "alike"
		}
		c := Compared{best.Kind, best.A, best.B, best.Distance, best.Radius, best.Matches, best.Why}
		if err := out.Row(c, "%-6s %-8s %s", word, kind, location.Visible(staydown.Say(best.Why))); err != nil {
			return err
		}
	}
	if !any {
		return staydown.Errorf(staydown.Invalid, "match.compare", "the two have no kind of signal in common")
	}
	return nil
}

// closest finds the closest pair of a kind.
func closest(ctx context.Context, kind string, a, b []bank.Signal) (best bank.Compared, found bool, err error) {
	for _, x := range a {
		if ctx.Err() != nil {
			return best, found, ctx.Err()
		}
		for _, y := range b {
			if x.Kind != kind || y.Kind != kind || y.Turn != "" {
				continue
			}
			c, err := bank.Compare(kind, x.Value, y.Value)
			if err != nil {
				return best, found, err
			}
			if !found || c.Distance < best.Distance {
				best, found = c, true
			}
		}
	}
	return best, found, nil
}
