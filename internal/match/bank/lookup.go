package bank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Ask is one question: one thing, by its signals, or its bytes, or its text.
type Ask struct {
	Signals []Signal
	Bytes   []byte        // hashed first
	Text    string        // compared with texts and queries
	Banks   []staydown.ID // only these; empty: all open banks of the caller's circles
	Seed    string        // makes the roll-out the same for the same seed
	Bypass  bool          // every enabled bank takes part, whatever its roll-out
	Why     bool          // list what did not count, too
	Most    int           // hits given at the most; 0: 100
}

// Pair is one place where the two are alike: a frame, a picture.
type Pair struct {
	Asked    int // which of the signals asked for
	Frame    int // of the signal asked for
	AtMS     int64
	ToFrame  int // of the content's signal
	ToAtMS   int64
	Distance int
}

// Hit is one content that resembles what was asked for, by its closest signal of
// one kind.
type Hit struct {
	Bank     staydown.Bank
	Content  staydown.BankContent
	Kind     string
	Value    string // the content's signal
	Turn     string // how the picture asked for is laid down to fit
	Quality  int    // of the content's signal
	Distance int    // bits, or percent unlike; 0 the same
	Radius   int    // what the bank counts
	Opinions []staydown.BankOpinion
	Opinion  staydown.Opinion // what they come to
	Outcome  staydown.Outcome
	Why      []staydown.Reason
	Pairs    []Pair // the closest, at most 50
	Frames   int    // different frames asked for that resemble it
	Fits     int    // different frames of the content that are resembled
}

// Asked is what became of one signal of the question.
type Asked struct {
	Signal
	Skipped *staydown.Reason // why it was not looked up
}

// Answer is what banks know of what was asked.
type Answer struct {
	Asked []Asked
	Hits  []Hit // match or review, the closest first
	Good  []Hit // what it resembles in negative banks
	Not   []Hit // what did not count, where Why was asked
	// Cut says that a bank had more that is near than is read for one question.
	Cut bool
	// Blunt says that distances and reasons were left out: the caller is not cleared for them.
	Blunt bool
}

const (
	usualHits = 100
	mostHits  = 1000
	mostBank  = 100 // different values of one bank that are read for one question, the closest
	mostRows  = 20  // contents read that share one value
	mostPairs = 50
)

// Lookup tells what the banks of the caller's circles know of something, and why
// it counts or does not. That somebody asked is logged, what they asked for is
// not, but for a digest. A caller who may not see explanations gets neither
// distances nor reasons: both teach how to get around a match.
// Law: LED 25
func (d *Desk) Lookup(ctx context.Context, c access.Caller, ask Ask) (Answer, error) {
	if err := c.May(access.Lookup); err != nil {
		return Answer{}, err
	}
	asked, err := d.ask(ctx, ask)
	if err != nil {
		return Answer{}, err
	}
	banks, err := d.askedBanks(ctx, c.Circles, ask.Banks)
	if err != nil {
		return Answer{}, err
	}
	cleared := c.May(access.Explain) == nil
	if !cleared {
		ask.Why = false
	}
	a, err := d.look(ctx, c.Circles, banks, asked, ask)
	if err != nil {
		return a, fmt.Errorf("looking up: %w", err)
	}
	if err := d.flood(ctx, a); err != nil {
		return a, fmt.Errorf("looking up: %w", err)
	}
	if !cleared {
		a.blunt()
	}
	e := staydown.Event{Stream: staydown.Access, Act: "look_up", Noun: "bank", Circle: c.Actor.Authority, Data: map[string]any{
		"signals": len(asked), "digest": digest(plain(asked)), "hits": len(a.Hits), "bypass": ask.Bypass, "why": ask.Why}}
	return a, d.Store.Act(ctx, c, func(tx Tx) error { return tx.Event(e) })
}

func plain(asked []Asked) []Signal {
	out := make([]Signal, len(asked))
	for i, a := range asked {
		out[i] = a.Signal
	}
	return out
}

// ask makes the list of signals out of a question, each with why it is not looked
// up where it is not.
func (d *Desk) ask(ctx context.Context, ask Ask) ([]Asked, error) {
	signals, err := cleanAll(ask.Signals)
	if err != nil {
		return nil, err
	}
	var asked []Asked
	if len(ask.Bytes) > 0 {
		h, err := d.hash(ctx, ask.Bytes)
		if err != nil {
			return nil, err
		}
		signals = append(signals, h.Signals...)
		for _, r := range h.Skipped {
			asked = append(asked, Asked{Skipped: &r})
		}
	}
	if ask.Text != "" {
		v, err := Clean(staydown.SignalText, ask.Text)
		if err == nil {
			signals = append(signals, Signal{Kind: staydown.SignalText, Value: v, Quality: staydown.UnknownQuality})
		} else {
			asked = append(asked, Asked{Skipped: &staydown.Reason{Code: "text", Text: err.Error()}})
		}
	}
	if len(signals) == 0 && len(asked) == 0 {
		return nil, staydown.Errorf(staydown.Invalid, "lookup.empty", "say what to look up: signals, a file or a text")
	}
	for _, s := range signals {
		a := Asked{Signal: s}
		if !staydown.Worth(s.Kind, s.Quality) {
			a.Skipped = &staydown.Reason{Code: "quality", Text: fmt.Sprintf("below quality: %d of at least %d", s.Quality, staydown.MinQuality)}
		}
		asked = append(asked, a)
	}
	return asked, nil
}

// askedBanks lists the open banks that are asked, and, so that known-good things
// are never passed over, the negative banks of the same circles.
func (d *Desk) askedBanks(ctx context.Context, circles []staydown.ID, only []staydown.ID) ([]staydown.Bank, error) {
	all, err := d.Store.BanksOf(ctx, circles)
	if err != nil || len(only) == 0 {
		return all, err
	}
	for _, id := range only {
		if !slices.ContainsFunc(all, func(b staydown.Bank) bool { return b.ID == id }) {
			return nil, staydown.Errorf(staydown.NotFound, "bank.not_found", "no bank by the name of %q", id).At("banks")
		}
	}
	return slices.DeleteFunc(all, func(b staydown.Bank) bool { return !b.Negative && !slices.Contains(only, b.ID) }), nil
}

// look searches and weighs.
func (d *Desk) look(ctx context.Context, circles []staydown.ID, banks []staydown.Bank, asked []Asked, ask Ask) (Answer, error) {
	a := Answer{Asked: asked}
	if len(banks) == 0 {
		return a, nil
	}
	if err := d.Index().Follow(ctx, d.Store); err != nil {
		return a, err
	}
	draw, err := d.draw(ctx, circles, ask)
	if err != nil {
		return a, err
	}
	s := search{d: d, banks: banks, asked: asked, text: ask.Text, why: ask.Why}
	founds, err := s.run(ctx)
	if err != nil {
		return a, err
	}
	a.Cut = s.cut
	a.weigh(founds, draw, d.Now())
	a.limit(ask)
	return a, nil
}

func (d *Desk) draw(ctx context.Context, circles []staydown.ID, ask Ask) (staydown.Draw, error) {
	draw := staydown.Draw{Coin: d.coin(ask.Seed), Bypass: ask.Bypass, Kinds: map[string]float64{}}
	switches, err := d.Store.Switches(ctx, circles)
	for _, s := range switches {
		draw.Kinds[s.Kind] = s.Ratio
	}
	return draw, err
}

// found is a resemblance with what of the question it is to.
type found struct {
	staydown.Found
	pair Pair
	turn string
}

// weighed is a resemblance with what it comes to.
type weighed struct {
	found
	outcome staydown.Outcome
	why     []staydown.Reason
}

// weigh says of every resemblance what it comes to, lets negative banks suppress,
// and joins them to one hit for each content and kind.
func (a *Answer) weigh(founds []found, draw staydown.Draw, now time.Time) {
	all := make([]weighed, len(founds))
	var good []staydown.Found
	for i, f := range founds {
		o, why := f.Weigh(draw, now)
		all[i] = weighed{f, o, why}
		if f.Bank.Negative && o == staydown.OutcomeMatch {
			good = append(good, f.Found)
		}
	}
	for i := range all {
		w := &all[i]
		if w.outcome == staydown.OutcomeNone {
			continue
		}
		if r, ok := staydown.Suppress(w.Found, good); ok {
			w.outcome, w.why = staydown.OutcomeNone, []staydown.Reason{r}
		}
	}
	for _, h := range join(all) {
		switch {
		case h.Outcome == staydown.OutcomeNone:
			a.Not = append(a.Not, h)
		case h.Bank.Negative:
			a.Good = append(a.Good, h)
		default:
			a.Hits = append(a.Hits, h)
		}
	}
}

var rank = map[staydown.Outcome]int{staydown.OutcomeMatch: 0, staydown.OutcomeReview: 1, staydown.OutcomeNone: 2}

// join makes one hit of all resemblances to one content by one kind: the best,
// with the pairs that come to the same.
func join(all []weighed) []Hit {
	slices.SortStableFunc(all, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(rank[a.outcome], rank[b.outcome]), cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Content.Number, b.Content.Number), cmp.Compare(a.Signal.ID, b.Signal.ID))
	})
	type id struct {
		content staydown.ID
		kind    string
	}
	at := map[id]int{}
	var out []Hit
	var frames, fits []map[int]bool
	for _, w := range all {
		k, ok := at[id{w.Content.ID, w.Signal.Kind}]
		if !ok {
			k = len(out)
			at[id{w.Content.ID, w.Signal.Kind}] = k
			out = append(out, w.hit())
			frames, fits = append(frames, map[int]bool{}), append(fits, map[int]bool{})
		}
		if h := &out[k]; h.Outcome == w.outcome {
			if len(h.Pairs) < mostPairs {
				h.Pairs = append(h.Pairs, w.pair)
			}
			frames[k][w.pair.Frame], fits[k][w.pair.ToFrame] = true, true
			h.Frames, h.Fits = len(frames[k]), len(fits[k])
		}
	}
	return out
}

func (w weighed) hit() Hit {
	return Hit{Bank: w.Bank, Content: w.Content, Kind: w.Signal.Kind, Value: w.Signal.Value, Turn: w.turn, Quality: w.Signal.Quality, Distance: w.Distance,
		Radius: w.Bank.RadiusOf(w.Signal.Kind), Opinions: w.Opinions, Opinion: staydown.Aggregate(w.Opinions), Outcome: w.outcome, Why: w.why}
}

func (a *Answer) limit(ask Ask) {
	most := ask.Most
	if most <= 0 {
		most = usualHits
	}
	most = min(most, mostHits)
	a.Hits, a.Good, a.Not = a.Hits[:min(len(a.Hits), most)], a.Good[:min(len(a.Good), most)], a.Not[:min(len(a.Not), most)]
	if !ask.Why {
		a.Not = nil
	}
}

// blunt leaves out what teaches how to get around a match.
func (a *Answer) blunt() {
	a.Blunt, a.Not, a.Good = true, nil, nil
	for i := range a.Hits {
		h := &a.Hits[i]
		h.Distance, h.Radius, h.Quality, h.Why, h.Pairs, h.Value, h.Turn = 0, 0, 0, nil, nil, "", ""
	}
	slices.SortFunc(a.Hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(x.Bank.Name, y.Bank.Name), cmp.Compare(x.Content.Number, y.Content.Number), cmp.Compare(x.Kind, y.Kind))
	})
}
