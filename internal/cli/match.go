package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match/bank"
)

type matchCmd struct {
	keeper
	What    []string `arg:"" help:"Files (- is standard input) or hashes. With --compare: two of them."`
	Kind    string   `help:"The kind of the hashes; judged by their form when left out: 64 digits are pdq, 32 are md5." placeholder:"KIND"`
	Bank    []string `help:"Only this bank; known-good banks are always asked." sep:"none" placeholder:"NAME"`
	Why     bool     `help:"Also what did not count, and why not."`
	Radius  int      `help:"Leave out pictures and frames farther than this; at most what their bank counts." default:"-1" placeholder:"N"`
	Compare bool     `help:"Compare two hashes, or two files, with each other; no bank is asked."`
}

// Help says how it is used.
func (matchCmd) Help() string {
	return `Asked are the banks in the data directory. Having found nothing is an answer, too: the exit code is 0.

Examples:
  staydown match poster.jpg
  staydown match f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22 --why
  staydown match clip.mp4 --bank EXERCISE_POSTERS
  staydown match --compare original.jpg copy.jpg`
}

// Matched is one hit, or with --why what was none.
type Matched struct {
	Query    string            `json:"query"`
	Kind     string            `json:"kind"`
	Distance int               `json:"distance"`
	Radius   int               `json:"radius"`
	Bank     string            `json:"bank"`
	Entry    int64             `json:"entry"`
	Outcome  staydown.Outcome  `json:"outcome"` // match, review; empty where it does not count
	Labels   staydown.Labels   `json:"labels"`
	Opinion  staydown.Opinion  `json:"opinion"`
	Value    string            `json:"value,omitempty"`
	Turn     string            `json:"turn,omitempty"`
	AtMS     int64             `json:"at_ms,omitempty"` // into the video asked for
	Why      []staydown.Reason `json:"why"`
}

// Answered is what match says of one query when it is through.
type Answered struct {
	Query   string            `json:"query"`
	Signals int               `json:"signals"` // asked for
	Hits    int               `json:"hits"`
	Cut     bool              `json:"cut,omitempty"` // there is more that is near
	Skipped []staydown.Reason `json:"skipped,omitempty"`
	Error   *staydown.Error   `json:"error,omitempty"`
}

func (r *matchCmd) Run(ctx context.Context, g *Globals, out *Out, s Streams) error {
	if r.Compare {
		return r.compare(ctx, out, s.In)
	}
	a, c, err := r.keeps(ctx, g, out)
	if err != nil {
		return err
	}
	defer a.Close()
	var only []staydown.ID
	for _, name := range r.Bank {
		b, err := a.Desks.Banks.Named(ctx, c, name)
		if err != nil {
			return err
		}
		only = append(only, b.ID)
	}
	failed := 0
	for _, what := range r.What {
		asked, err := r.signals(ctx, what, s.In)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			e := asError(err, what)
			if err := out.Row(Answered{Query: what, Error: e}, "%s: %s", location.Visible(what), e); err != nil {
				return err
			}
			continue
		}
		if err := r.one(ctx, a, c, what, bank.Ask{Signals: asked, Banks: only, Bypass: true, Why: r.Why}, out); err != nil {
			return err
		}
	}
	if failed > 0 {
		return staydown.Errorf(staydown.Invalid, "match.some", "%d of %d could not be looked up; see above", failed, len(r.What))
	}
	return nil
}

func (r *matchCmd) one(ctx context.Context, a *app.App, c access.Caller, what string, ask bank.Ask, out *Out) error {
	got, err := a.Desks.Banks.Lookup(ctx, c, ask)
	if err != nil {
		return err
	}
	done := Answered{Query: what, Signals: len(ask.Signals), Cut: got.Cut}
	for _, x := range got.Asked {
		if x.Skipped != nil && !slices.Contains(done.Skipped, *x.Skipped) {
			done.Skipped = append(done.Skipped, *x.Skipped)
		}
	}
	for _, h := range got.Hits {
		if r.far(h) {
			continue
		}
		done.Hits++
		if err := r.say(out, what, h, h.Outcome); err != nil {
			return err
		}
	}
	if r.Why {
		for _, h := range append(got.Good, got.Not...) {
			if err := r.say(out, what, h, ""); err != nil {
				return err
			}
		}
	}
	text := fmt.Sprintf("%s: %d hits for %d signals", location.Visible(what), done.Hits, done.Signals)
	if len(done.Skipped) > 0 {
		text += "; not asked for: " + staydown.Say(done.Skipped)
	}
	if done.Cut {
		text += "; there is more that is near"
	}
	return out.Row(done, "%s", text)
}

// far reports a picture farther than asked for.
func (r *matchCmd) far(h bank.Hit) bool {
	return r.Radius >= 0 && h.Distance > r.Radius && (h.Kind == staydown.SignalPDQ || h.Kind == staydown.SignalFrame)
}

func (r *matchCmd) say(out *Out, what string, h bank.Hit, o staydown.Outcome) error {
	m := Matched{Query: what, Kind: h.Kind, Distance: h.Distance, Radius: h.Radius, Bank: h.Bank.Name, Entry: h.Content.Number, Outcome: o, Labels: h.Content.Labels,
		Opinion: h.Opinion, Value: h.Value, Turn: h.Turn, Why: h.Why}
	if len(h.Pairs) > 0 {
		m.AtMS = h.Pairs[0].AtMS
	}
	word := string(o)
	switch {
	case o == "" && h.Bank.Negative:
		word = "known good"
	case o == "":
		word = "no"
	}
	text := fmt.Sprintf("%-10s %s #%d  %s, distance %d of %d", word, h.Bank.Name, h.Content.Number, h.Kind, h.Distance, h.Radius)
	if h.Opinion != "" {
		text += ", sources say " + string(h.Opinion)
	}
	for _, l := range labelsOf(h.Content.Labels) {
		text += "  " + location.Visible(l.String())
	}
	if len(h.Why) > 0 {
		text += "\n           " + location.Visible(staydown.Say(h.Why))
	}
	return out.Row(m, "%s", text)
}

// signals are what a file or a hash is looked up by.
func (r *matchCmd) signals(ctx context.Context, what string, in io.Reader) ([]bank.Signal, error) {
	if _, err := os.Stat(what); err != nil && what != "-" {
		return r.hash(what)
	}
	h := hasher{every: mostFrameStep, turns: true}
	f := h.path(ctx, what, in)
	if f.SHA256 == "" {
		return nil, f.Error
	}
	all := signalsOf(f)
	if len(all) > mostSignals {
		all = all[:mostSignals]
	}
	return all, nil
}

// hash is a signal given as such.
func (r *matchCmd) hash(what string) ([]bank.Signal, error) {
	kind := r.Kind
	switch {
	case kind != "":
	case isHex(what, 64):
		kind = staydown.SignalPDQ
	case isHex(what, 32):
		kind = staydown.SignalMD5
	case strings.HasPrefix(what, "T1") && len(what) == 72:
		kind = staydown.SignalTLSH
	case strings.Contains(what, "://"):
		kind = staydown.SignalURL
	default:
		return nil, staydown.Errorf(staydown.NotFound, "match.what", "there is no such file, and it has the form of no hash; say which with --kind").At(what)
	}
	v, err := bank.Clean(kind, what)
	return []bank.Signal{{Kind: kind, Value: v, Quality: staydown.UnknownQuality}}, err
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
