package report

import (
	"time"

	"github.com/staydown/staydown"
)

// Figures are the numbers of one circle at one moment. All but leads, letters, minutes and returns count items.
type Figures struct {
	Campaign staydown.ID `json:"campaign,omitempty"`
	At       time.Time   `json:"at"` // of measurement, on the desk's clock

	Leads int `json:"leads"`
	Items int `json:"items"`

	Captured    int `json:"captured"`     // their bytes are kept, assessed ones included
	NotCaptured int `json:"not_captured"` // could not be kept
	Assessed    int `json:"assessed"`     // a verdict stands
	Count

	Verdicts map[staydown.Verdict]int     `json:"verdicts"` // standing
	Letters  map[staydown.LetterState]int `json:"letters"`

	Returned         int `json:"returned"` // confirmed by a person
	ReturnCandidates int `json:"return_candidates"`
	Trouble

	// OfficerMinutes is the attention given to findings; missing where fewer than eight people gave it.
	OfficerMinutes *int `json:"officer_minutes,omitempty"`

	Seen      Curve      `json:"seen"` // from a delivered letter to our own sight that it is gone
	Said      Curve      `json:"said"` // from a delivered letter to the provider's word that it removed
	Providers []Provider `json:"providers"`
	Units     []Unit     `json:"units"`
}

// Count is what is counted of items alike in the whole and per provider.
type Count struct {
	LawfulStopped  int `json:"lawful_stopped"`   // found not to be acted on, and in no delivered letter
	TermsOnly      int `json:"terms_only"`       // delivered on the provider's terms alone
	Referred       int `json:"referred"`         // in a letter that was sent
	Delivered      int `json:"delivered"`        // in a letter that the provider's channel took
	Withdrawn      int `json:"wrongly_referred"` // of those, taken back since
	SayRemoved     int `json:"they_say_removed"` // removed or disabled or gone already, says the provider
	Gone           int `json:"gone"`             // delivered, and gone at our last look
	GoneByProvider int `json:"gone_by_provider"` // of those, where the platform shows that the provider did it
	GoneByAuthor   int `json:"gone_by_author"`   // or the author, or a timer
	GoneByUnknown  int `json:"gone_by_unknown"`  // or nobody can tell: no notice is credited with it
	Up             int `json:"still_up"`         // there at our last look
	Changed        int `json:"changed"`          // something else is there
	Unknown        int `json:"cannot_tell"`      // not verifiable, or not looked at yet
	SaidRemovedUp  int `json:"said_removed_up"`  // the provider says removed, and we see it
	Refused        int `json:"refused"`          // the provider's last word is no
	NoAnswer       int `json:"no_answer"`        // delivered, and no word
}

// Provider is the figures of one provider. An empty ID stands for hosts that are in no register entry.
type Provider struct {
	ID      staydown.ID `json:"id"`
	Name    string      `json:"name"`
	Letters int         `json:"letters"` // sent
	Items   int         `json:"items"`
	Count
	Back int   `json:"back"` // confirmed returns of what had been gone here
	Seen Curve `json:"seen"`
	Said Curve `json:"said"`
}

// Unit is one authority's share of the work: counts, never speed.
type Unit struct {
	ID       staydown.ID `json:"id"`
	Name     string      `json:"name"`
	Leads    int         `json:"leads"`
	Items    int         `json:"items"` // that its lead made
	Assessed int         `json:"assessed"`
	Lawful   int         `json:"lawful_stopped"`
	Letters  int         `json:"letters"` // sent
	Held     int         `json:"held"`    // stopped by an investigation's hold
}

// Trouble is what must not happen, and what nobody can be sure of.
type Trouble struct {
	Stopped         int `json:"stopped"`          // items under an investigation's hold, in no delivered letter
	HoldsBreached   int `json:"holds_breached"`   // items referred although a hold stood
	Doubled         int `json:"doubled"`          // items asked about twice at a time
	DeliveryUnknown int `json:"delivery_unknown"` // messages of which nobody can tell whether they were taken
	Lost            int `json:"lost"`             // messages that were to leave, have not, and that no job will send
}

// Work is how much attention officers gave, and how many they were.
type Work struct {
	Officers int
	Seconds  int64
}

// Group is how many items have these things in common.
type Group struct {
	N          int
	Provider   staydown.ID
	Owner      staydown.ID
	State      staydown.ItemState
	Verdict    staydown.Verdict
	Held       bool // a hold answers the question about it
	Sent       bool // its line's letter was sent
	Delivered  bool
	TheySay    staydown.LineState
	WeSaw      staydown.Sight
	WeSawCause string
}

// LetterGroup is how many letters have these things in common.
type LetterGroup struct {
	N        int
	Provider staydown.ID
	Owner    staydown.ID
	State    staydown.LetterState
	Sent     bool
}

func (f *Figures) add(g Group) {
	f.Items += g.N
	switch g.State {
	case staydown.ItemCaptured, staydown.ItemAssessed:
		f.Captured += g.N
	case staydown.ItemNotCaptured:
		f.NotCaptured += g.N
	}
	if g.Verdict != "" {
		f.Assessed += g.N
		if f.Verdicts == nil {
			f.Verdicts = map[staydown.Verdict]int{}
		}
		f.Verdicts[g.Verdict] += g.N
	}
	f.Count.add(g)
}

func (p *Provider) add(g Group) {
	p.Items += g.N
	p.Count.add(g)
}

func (u *Unit) add(g Group) {
	u.Items += g.N
	if g.Verdict != "" {
		u.Assessed += g.N
	}
	if stopped(g) {
		u.Lawful += g.N
	}
	if g.Held && !g.Delivered {
		u.Held += g.N
	}
}

// stopped tells that somebody found nothing to act on, before anything left.
func stopped(g Group) bool {
	return g.Verdict != "" && g.Verdict != staydown.Unclear && !g.Verdict.Actionable() && !g.Delivered
}

// SaysRemoved tells that the provider's word is that it is not there any more.
func SaysRemoved(s staydown.LineState) bool {
	return s == staydown.LineRemoved || s == staydown.LineDisabled || s == staydown.LineAlreadyGone
}

func (c *Count) add(g Group) {
	count := func(n *int, yes bool) {
		if yes {
			*n += g.N
		}
	}
	count(&c.LawfulStopped, stopped(g))
	count(&c.Referred, g.Sent)
	if !g.Delivered {
		return
	}
	c.Delivered += g.N
	count(&c.TermsOnly, g.Verdict == staydown.TermsOnly)
	count(&c.Withdrawn, g.TheySay == staydown.LineWithdrawn)
	count(&c.SayRemoved, SaysRemoved(g.TheySay))
	count(&c.Refused, g.TheySay == staydown.LineRefused)
	count(&c.NoAnswer, g.TheySay == "" || g.TheySay == staydown.LineAsked || g.TheySay == staydown.LineNoAnswer)
	switch g.WeSaw {
	case staydown.Gone:
		c.Gone += g.N
		byAuthor := g.WeSawCause == "author" || g.WeSawCause == "timer"
		count(&c.GoneByAuthor, byAuthor)
		count(&c.GoneByProvider, g.WeSawCause == "provider")
		count(&c.GoneByUnknown, !byAuthor && g.WeSawCause != "provider")
	case staydown.Up:
		c.Up += g.N
		count(&c.SaidRemovedUp, SaysRemoved(g.TheySay) && g.TheySay != staydown.LineDisabled)
	case staydown.Changed:
		c.Changed += g.N
	default:
		c.Unknown += g.N
	}
}
