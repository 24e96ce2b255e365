package compare

import (
	"github.com/staydown/staydown/internal/exercise/practice"
	"github.com/staydown/staydown/internal/exercise/world"
)

// Counts are the figures of an exercise, under the keys the command prints. All
// but minutes and deliveries nobody can be sure of count items.
type Counts struct {
	Items           int  `json:"items"`                      // planted, and returns that units handed in
	Assessed        *int `json:"assessed,omitempty"`         // a verdict stands; only the desk knows
	LawfulStopped   int  `json:"lawful_stopped"`             // truly lawful, in no delivered letter
	WronglyReferred int  `json:"wrongly_referred"`           // truly lawful, in a delivered letter
	TermsOnly       int  `json:"terms_only"`                 // delivered on the provider's terms alone
	Referred        int  `json:"referred"`                   // in a letter that was sent; the truth knows those that came
	Delivered       int  `json:"delivered"`                  // in a letter the provider took
	Gone            int  `json:"gone"`                       // of those, gone at our last look
	GoneByAuthor    int  `json:"gone_by_author"`             // by the author's hand or a timer
	Refused         int  `json:"refused"`                    // the provider's last word is no
	NoAnswer        int  `json:"no_answer"`                  // delivered, and no word
	Returned        int  `json:"returned"`                   // back again
	Stopped         int  `json:"stopped"`                    // under an investigation's hold, in no delivered letter
	HoldsBreached   int  `json:"holds_breached"`             // under a hold, and referred
	Doubled         int  `json:"doubled"`                    // asked about twice at a time
	DeliveryUnknown *int `json:"delivery_unknown,omitempty"` // letters; only the desk knows
	Lost            int  `json:"lost"`                       // the desk says delivered, the provider does not have it; and messages that never left
	OfficerMinutes  *int `json:"officer_minutes,omitempty"`  // only the desk knows
}

// both is one posting on both sides; either may be nil.
type both struct {
	fate *practice.Fate
	row  *Row
}

func (b both) taken() bool { return b.fate != nil && len(b.fate.Lines) > 0 }
func (b both) given() bool { return b.row != nil && b.row.Delivered }

// moment is the truth at the time of the desk's last look; at the end when it
// never looked.
func (b both) moment(t *practice.Truth) practice.Change {
	if b.row == nil || b.row.WeSawAt.IsZero() {
		return b.fate.At(t.Now)
	}
	return b.fate.At(b.row.WeSawAt)
}

// word is what the desk has of the provider's word: empty for none.
func (r Row) word() string {
	switch r.TheySay {
	case "asked", "no_answer":
		return ""
	default:
		return r.TheySay
	}
}

// said is what the provider told the desk last about a posting. A question that
// the desk gave up on, because nobody had more to say, is no answer.
func (b both) said(t *practice.Truth) string {
	if len(b.fate.Lines) == 0 {
		return ""
	}
	s := t.Said(b.fate.Lines[len(b.fate.Lines)-1])
	switch {
	case s.Withdrawn:
		return "withdrawn"
	case s.Status == "need_more" && b.row != nil && b.row.TheySay == "no_answer":
		return ""
	default:
		return s.Status
	}
}

// handedIn says whether a unit ever handed a posting in.
func handedIn(f *practice.Fate) bool { return f.Of < 0 || !f.Found.IsZero() }

func (c *Counts) addTruth(t *practice.Truth, b both) {
	f := b.fate
	if handedIn(f) {
		c.Items++
	}
	if f.Of >= 0 && !f.Found.IsZero() {
		c.Returned++
	}
	if f.Held && !b.taken() {
		c.Stopped++
	}
	if !b.taken() {
		if f.Class == world.Lawful && handedIn(f) {
			c.LawfulStopped++
		}
		return
	}
	c.Referred++
	c.Delivered++
	count(&c.WronglyReferred, f.Class == world.Lawful)
	count(&c.TermsOnly, f.Terms)
	count(&c.HoldsBreached, f.Held)
	count(&c.Doubled, t.AskedTwice(f))
	now := b.moment(t)
	count(&c.Gone, now.State == "gone")
	count(&c.GoneByAuthor, now.State == "gone" && now.Cause != "provider")
	word := b.said(t)
	count(&c.Refused, word == "refused")
	count(&c.NoAnswer, word == "")
}

// addDesk counts what the desk believes; what a posting truly is comes from the
// truth, since the desk cannot know it.
func (c *Counts) addDesk(b both) {
	r := b.row
	c.Items++
	count(&c.Returned, r.ReturnOf != "")
	count(&c.Referred, r.Delivered || !r.SentAt.IsZero())
	count(&c.Doubled, r.Doubled)
	lawful := b.fate != nil && b.fate.Class == world.Lawful
	held := b.fate != nil && b.fate.Held
	if !b.given() {
		count(&c.LawfulStopped, lawful)
		count(&c.Stopped, held)
		return
	}
	c.Delivered++
	count(&c.WronglyReferred, lawful)
	count(&c.HoldsBreached, held)
	count(&c.TermsOnly, r.Verdict == "terms_only")
	count(&c.Gone, r.WeSaw == "gone")
	count(&c.GoneByAuthor, r.WeSaw == "gone" && (r.WeSawCause == "author" || r.WeSawCause == "timer"))
	count(&c.Refused, r.word() == "refused")
	count(&c.NoAnswer, r.word() == "")
	count(&c.Lost, !b.taken())
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}
