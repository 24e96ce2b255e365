package staydown

import "time"

// LeadState is how far a lead has come.
type LeadState string

// The states of a lead.
const (
	LeadReceived  LeadState = "received"  // handed in
	LeadTaken     LeadState = "taken"     // an item stands for it
	LeadRejected  LeadState = "rejected"  // cannot be worked on; the reason is kept
	LeadWithdrawn LeadState = "withdrawn" // its unit took it back
)

// LeadTable is the machine of a lead.
var LeadTable = Table[LeadState]{
	{"", "receive", LeadReceived},
	{LeadReceived, "take", LeadTaken},
	{LeadReceived, "reject", LeadRejected},
	{LeadReceived, "withdraw", LeadWithdrawn},
	{LeadTaken, "withdraw", LeadWithdrawn},
}

// Lead is what one unit handed in. It stays that unit's own; the item may have many.
type Lead struct {
	ID          ID        `db:"id"`
	Owner       ID        `db:"owner"`  // the unit
	Circle      ID        `db:"circle"` // where the item lives
	Campaign    ID        `db:"campaign"`
	Item        ID        `db:"item"`
	State       LeadState `db:"state"`
	Reason      string    `db:"reason"`
	URL         string    `db:"url"`         // as handed in
	Location    string    `db:"location"`    // canonical
	Source      string    `db:"source"`      // where the unit has it from
	Reliability string    `db:"reliability"` // 4x4 evaluation: A, B, C, X of the source
	Credibility string    `db:"credibility"` // 1-4 of the information
	Handling    string    `db:"handling"`    // handling code
	Consent     bool      `db:"consent"`     // the originator agrees to further use
	Reference   string    `db:"reference"`   // the unit's own
	Author      string    `db:"author"`
	Note        string    `db:"note"` // what the unit says of it, at most 4 KiB
	Kind        string    `db:"kind"`
	Language    string    `db:"language"`
	PostedAt    time.Time `db:"posted_at"`
	ReceivedAt  time.Time `db:"received_at"`
	Import      ID        `db:"import"`
	Place       string    `db:"place"` // file and line or row in the import; with Import unique
}

// Take ties the lead to the item that stands for it.
func (l *Lead) Take(item ID, now time.Time) (Event, error) {
	return l.act("take", func() { l.Item = item })
}

// Reject says why nothing can be done with the lead.
func (l *Lead) Reject(reason string) (Event, error) {
	return l.act("reject", func() { l.Reason = reason })
}

// Withdraw takes the lead back; the item stays if other leads hold it.
func (l *Lead) Withdraw(reason string) (Event, error) {
	return l.act("withdraw", func() { l.Reason = reason })
}

func (l *Lead) act(a Act, set func()) (Event, error) {
	to, err := LeadTable.Next("lead", l.State, a)
	if err != nil {
		return Event{}, err
	}
	l.State = to
	set()
	return Event{Act: a, Noun: "lead", Subject: l.ID, Circle: l.Circle, Data: map[string]any{"item": l.Item, "reason": l.Reason}}, nil
}
