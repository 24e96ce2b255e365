package desk

import (
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

// KnownLine is one content of a bank that an item resembled when it was looked up.
type KnownLine struct {
	Bank, Link, Kind string
	Number           string
	Distance         int
	Measured         bool // the distance says something, and this reader may see it
	Outcome          staydown.Outcome
	State            staydown.ContentState // of the content, now
	Labels           []LabelLine
	At               time.Duration // into the video
}

// knownShown bounds the hits on the page of an item.
const knownShown = 10

// fillKnown shows what an item hit in banks. It proposes; the finding is the officer's.
func (v *visit) fillKnown(p *ItemPage, i staydown.Item, _ assess.Opened) error {
	if v.Banks == nil {
		return nil
	}
	hits, err := v.Banks.Hits(v.ctx(), v.caller, i.ID)
	if err != nil {
		return err
	}
	exact := v.caller.May(access.Explain) == nil
	for _, h := range hits {
		if len(p.Known) == knownShown {
			break
		}
		p.Known = append(p.Known, KnownLine{Bank: h.BankName, Link: "/banks/" + string(h.Bank) + "/contents/" + string(h.Content), Number: strconv.FormatInt(h.Number, 10), Kind: h.Kind, Distance: h.Distance, Measured: exact && !staydown.IsExact(h.Kind),
			Outcome: h.Outcome, State: h.State, Labels: said(h.Labels), At: time.Duration(h.AtMS) * time.Millisecond})
	}
	return nil
}
