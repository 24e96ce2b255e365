package staydown

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// Outcome is what a resemblance comes to.
type Outcome string

// The outcomes.
const (
	OutcomeMatch  Outcome = "match"  // it counts; still a person decides on an item
	OutcomeReview Outcome = "review" // a person must look before anything follows from it
	OutcomeNone   Outcome = "none"   // it does not count, and why
)

// Found is one resemblance between what was asked and one signal of a bank, with all that is needed to weigh it.
type Found struct {
	Bank     Bank
	Content  BankContent
	Signal   BankSignal
	Opinions []BankOpinion
	Distance int
	Stone    *Tombstone // that of the signal, where it was withdrawn
}

// Draw decides which banks take part in a request: a bank does while its ratio lies above the coin.
type Draw struct {
	Coin   float64            // from 0 up to, but not, 1
	Bypass bool               // every enabled bank takes part
	Kinds  map[string]float64 // ratio by kind of signal, where it is not 1
}

// Coin is the same for the same seed on every machine. As in HMA, one coin serves all banks of a request.
func Coin(seed string) float64 {
	sum := sha256.Sum256([]byte(seed))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

func (d Draw) in(ratio float64) bool { return ratio > 0 && (d.Bypass || ratio > d.Coin) }

// Weigh says what a resemblance comes to, and why. The first reason against it is enough. Suppression by negative banks
// needs all resemblances of a request: see Suppress.
func (f Found) Weigh(d Draw, now time.Time) (Outcome, []Reason) {
	if r, against := f.against(d, now); against {
		return OutcomeNone, []Reason{r}
	}
	return f.opinion()
}

func (f Found) against(d Draw, now time.Time) (Reason, bool) {
	b, c, s := f.Bank, f.Content, f.Signal
	ratio, switched := d.Kinds[s.Kind]
	switch {
	case f.Stone != nil || c.State == ContentWithdrawn:
		return f.withdrawn(), true
	case c.State == ContentQuarantined:
		return Reason{"quarantined", "quarantined until a person has looked: " + c.QuarantineWhy}, true
	case !b.Enabled || !b.ClosedAt.IsZero():
		return Reason{"bank_disabled", "bank " + b.Name + " is disabled"}, true
	case switched && !d.in(ratio):
		return Reason{"kind_off", fmt.Sprintf("signals of kind %s take part in %s of requests, this one is not among them", s.Kind, percent(ratio))}, true
	case c.Standing == StandingRejected:
		return Reason{"rejected", "rejected by a person on " + day(c.StandingAt) + because(c.StandingWhy)}, true
	case c.Disabled(now):
		return Reason{"disabled", f.disabled()}, true
	case c.Expired(now):
		return Reason{"expired", "expired on " + day(c.ExpiresAt)}, true
	case !Worth(s.Kind, s.Quality):
		return Reason{"quality", fmt.Sprintf("below quality: %d of at least %d", s.Quality, MinQuality)}, true
	case f.Distance > b.RadiusOf(s.Kind):
		return Reason{"radius", fmt.Sprintf("%d apart, bank %s counts up to %d", f.Distance, b.Name, b.RadiusOf(s.Kind))}, true
	case !d.in(b.Ratio):
		return Reason{"rolled_out", fmt.Sprintf("rolled out to %s, this request not among them", percent(b.Ratio))}, true
	}
	return Reason{}, false
}

func (f Found) withdrawn() Reason {
	at, why := f.Content.WithdrawnAt, f.Content.WithdrawnWhy
	if f.Stone != nil {
		at, why = f.Stone.At, f.Stone.Why
	}
	return Reason{"withdrawn", "withdrawn at " + at.UTC().Format(time.RFC3339) + because(why)}
}

func (f Found) disabled() string {
	if f.Content.DisableUntil == DisabledNow {
		return "disabled by the bank's keeper"
	}
	return "disabled until " + time.Unix(f.Content.DisableUntil, 0).UTC().Format(time.RFC3339)
}

// opinion gates what nothing else speaks against: our own word first, then what the sources come to.
func (f Found) opinion() (Outcome, []Reason) {
	near := Reason{"within", fmt.Sprintf("%d apart, bank %s counts up to %d", f.Distance, f.Bank.Name, f.Bank.RadiusOf(f.Signal.Kind))}
	if f.Bank.RadiusOf(f.Signal.Kind) == 0 {
		near = Reason{"same", "the same " + f.Signal.Kind}
	}
	if f.Content.Standing == StandingConfirmed {
		return OutcomeMatch, []Reason{near, {"confirmed", "confirmed by a person on " + day(f.Content.StandingAt)}}
	}
	switch Aggregate(f.Opinions) {
	case OpinionDisputed:
		return OutcomeReview, []Reason{near, {"disputed", "disputed: review"}}
	case OpinionSeed:
		return OutcomeReview, []Reason{near, {"seed", "only suspected by its source: review"}}
	case OpinionNegative:
		return OutcomeNone, []Reason{{"negative", "its source says it is not what the bank says"}}
	case OpinionPositive:
		return OutcomeMatch, []Reason{near, {"positive", "its source vouches for it"}}
	}
	return OutcomeMatch, []Reason{near}
}

// Suppress names the first negative bank that keeps a resemblance from counting: one with a resemblance of its own that is
// not looser. A near likeness of known-good things does not outweigh the same bytes as something known.
func Suppress(f Found, good []Found) (Reason, bool) {
	i := slices.IndexFunc(good, func(g Found) bool {
		return g.Bank.Suppresses(f.Bank) && (IsExact(g.Signal.Kind) || !IsExact(f.Signal.Kind))
	})
	if i < 0 {
		return Reason{}, false
	}
	return Reason{"suppressed", fmt.Sprintf("suppressed by bank %s: it resembles content %d there", good[i].Bank.Name, good[i].Content.Number)}, true
}

// IsExact reports whether two signals of the kind are the same or not, with nothing between.
func IsExact(kind string) bool {
	switch kind {
	case SignalPDQ, SignalFrame, SignalText, SignalTLSH, SignalTrend:
		return false
	}
	return true
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02") }

func percent(ratio float64) string { return fmt.Sprintf("%.4g %%", 100*ratio) }
