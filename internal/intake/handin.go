package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/location"
)

// What became of a lead.
const (
	New      = "new"      // nothing stood at its location; an item was made
	Known    = "known"    // an item stood there already; the lead joined it, or had been handed in before
	Merged   = "merged"   // the item there had been merged into another, which the lead joined
	Rejected = "rejected" // nothing can be done with it; Reason says why
)

// Result says what became of one lead.
type Result struct {
	Result string      `json:"result"`
	Item   staydown.ID `json:"item,omitempty"`
	Lead   staydown.ID `json:"lead,omitempty"`
	Reason string      `json:"reason,omitempty"`
}

// MostAtOnce is how many leads one call takes.
const MostAtOnce = 200

// HandIn takes leads of the caller's unit, up to MostAtOnce in one change. Each unit's lead is kept; one item stands for
// all leads to one location of a circle. A lead that says the same as one before changes nothing. campaign may be empty.
func (d *Desk) HandIn(ctx context.Context, c access.Caller, campaign staydown.ID, leads []staydown.Lead) ([]Result, error) {
	if err := c.May(access.HandIn); err != nil {
		return nil, err
	}
	if len(leads) > MostAtOnce {
		return nil, staydown.Errorf(staydown.Usage, "intake.too_many", "at most %d leads at once; %d came", MostAtOnce, len(leads))
	}
	circle, err := circleOf(c, campaign)
	if err != nil {
		return nil, err
	}
	ready := make([]handed, len(leads))
	for i, l := range leads {
		l.Owner, l.Circle, l.Campaign = c.Actor.Authority, circle, campaign
		if l.Place != "" {
			// What a caller calls its imports and places is its own: units never meet under one name.
			l.Place = strings.Join([]string{string(l.Owner), string(l.Import), l.Place}, "/")
		}
		l.Import = ""
		ready[i] = prepare(l)
	}
	var out []Result
	err = d.Store.Act(ctx, c, func(tx Tx) error {
		out = nil
		if err := takesLeads(tx, campaign); err != nil {
			return err
		}
		for _, h := range ready {
			r, err := receive(tx, h)
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// handed is one lead ready to be received: checked, with what came along.
type handed struct {
	lead   staydown.Lead
	reason string // why it cannot be used; empty when it can
	title  string
	came   *came // bytes or a message that came with it, or nil
}

const (
	maxNote  = 4 << 10
	maxField = 1 << 10
)

// prepare brings a lead into its one spelling and says what is wrong with it.
func prepare(l staydown.Lead) handed {
	l.URL, l.Note = cutText(storable(l.URL), 2*location.MaxLength), cutText(storable(l.Note), maxNote)
	for _, f := range []*string{&l.Source, &l.Handling, &l.Reference, &l.Author, &l.Place, &l.Language, &l.Kind} {
		*f = cutText(storable(*f), maxField)
	}
	if l.Kind != "" {
		l.Kind = kindOf(l.Kind)
	}
	l.Reliability, l.Credibility = strings.ToUpper(strings.TrimSpace(l.Reliability)), strings.TrimSpace(l.Credibility)
	h := handed{lead: l}
	switch {
	case l.Reliability != "" && !slices.Contains(reliabilities, l.Reliability):
		h.reason = "the reliability of a source is A, B, C or X"
	case l.Credibility != "" && !slices.Contains(credibilities, l.Credibility):
		h.reason = "the credibility of information is 1, 2, 3 or 4"
	case l.Location == "":
		h.place()
	}
	return h
}

// storable is text that every database keeps as it is, so that it is found again.
func storable(s string) string {
	s, _ = cleanNUL(strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD")))
	return s
}

// The 4x4 evaluation of source and information.
var (
	reliabilities = []string{"A", "B", "C", "X"}
	credibilities = []string{"1", "2", "3", "4"}
)

// place finds the lead's location.
func (h *handed) place() {
	if h.lead.URL == "" {
		h.reason = "no address"
		return
	}
	found := findAddresses(h.lead.URL, true)
	if len(found) != 1 {
		h.reason = "this is no address"
		return
	}
	loc, err := canonical(found[0].url)
	if err != nil {
		h.reason = "this is no address that can be examined: " + err.Error()
		return
	}
	h.lead.Location = loc
}
