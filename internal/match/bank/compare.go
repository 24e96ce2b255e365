package bank

import (
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/tlsh"
)

// Compared is how two signals stand to each other.
type Compared struct {
	Kind     string
	A, B     string // in the one form of their kind
	Distance int    // bits, or percent unlike; 0 the same, 1 different where there is nothing between
	Radius   int    // what a bank counts that names no other
	Matches  bool
	Why      []staydown.Reason
}

// Compare tells how far two signals of one kind lie apart, and what that means.
// Invalid for what is no signal of the kind.
func (d *Desk) Compare(c access.Caller, kind, a, b string) (Compared, error) {
	if err := c.May(access.Lookup); err != nil {
		return Compared{}, err
	}
	if err := c.May(access.Explain); err != nil {
		return Compared{}, err
	}
	return Compare(kind, a, b)
}

// Compare is the rule behind Desk.Compare.
func Compare(kind, a, b string) (Compared, error) {
	r := Compared{Kind: kind, Radius: staydown.Bank{}.RadiusOf(kind)}
	var err error
	if r.A, err = Clean(kind, a); err != nil {
		return r, at(err, "a")
	}
	if r.B, err = Clean(kind, b); err != nil {
		return r, at(err, "b")
	}
	r.Distance = distance(kind, r.A, r.B)
	r.Matches = r.Distance <= r.Radius
	r.Why = []staydown.Reason{r.explain()}
	return r, nil
}

// distance between two clean values.
func distance(kind, a, b string) int {
	switch kind {
	case staydown.SignalPDQ, staydown.SignalFrame:
		x, _ := pdq.Parse(a)
		y, _ := pdq.Parse(b)
		return x.Distance(y)
	case staydown.SignalText:
		x, _ := text.Parse(a)
		y, _ := text.Parse(b)
		return int(100*(1-x.Similarity(y)) + 0.5)
	}
	if kind == staydown.SignalTLSH {
		x, _ := tlsh.Parse(a)
		y, _ := tlsh.Parse(b)
		return x.Distance(y)
	}
	if a == b {
		return 0
	}
	return 1
}

func (r Compared) explain() staydown.Reason {
	switch {
	case r.Distance == 0:
		return staydown.Reason{Code: "same", Text: "the same " + r.Kind}
	case staydown.IsExact(r.Kind) || r.Kind == staydown.SignalTrend:
		return staydown.Reason{Code: "different", Text: "different, and a " + r.Kind + " says nothing about likeness"}
	case r.Matches:
		return staydown.Reason{Code: "within", Text: fmt.Sprintf("%s apart, up to %d count", r.measure(), r.Radius)}
	}
	return staydown.Reason{Code: "radius", Text: fmt.Sprintf("%s apart, only up to %d count", r.measure(), r.Radius)}
}

func (r Compared) measure() string {
	if r.Kind == staydown.SignalTLSH {
		return fmt.Sprintf("%d by TLSH's measure", r.Distance)
	}
	if r.Kind == staydown.SignalText {
		return fmt.Sprintf("%d percent", r.Distance)
	}
	return fmt.Sprintf("%d of 256 bits", r.Distance)
}
