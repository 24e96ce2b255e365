package staydown

import (
	"strconv"
	"time"
)

// ContentState is whether a known thing may match.
type ContentState string

// The states of a content.
const (
	ContentActive      ContentState = "active"
	ContentQuarantined ContentState = "quarantined" // put aside until a person has looked
	ContentWithdrawn   ContentState = "withdrawn"   // with a tombstone per signal; only a person brings it back
)

// ContentTable is the machine of a content.
var ContentTable = Table[ContentState]{
	{"", "add", ContentActive},
	{ContentActive, "quarantine", ContentQuarantined},
	{ContentQuarantined, "release", ContentActive},
	{ContentActive, "withdraw", ContentWithdrawn},
	{ContentQuarantined, "withdraw", ContentWithdrawn},
	{ContentWithdrawn, "add_again", ContentActive},
	{ContentActive, "confirm", ContentActive},
	{ContentActive, "reject", ContentActive},
	{ContentActive, "change", ContentActive},
	{ContentQuarantined, "confirm", ContentQuarantined},
	{ContentQuarantined, "reject", ContentQuarantined},
	{ContentQuarantined, "change", ContentQuarantined},
}

// Standing is our own word on a content. It outweighs what any source says, and no fetch changes it.
type Standing string

// The standings.
const (
	StandingNone      Standing = ""
	StandingConfirmed Standing = "confirmed" // a person has seen that it is what the bank says
	StandingRejected  Standing = "rejected"  // a person has seen that it is not: it never matches
)

// SourceOwn is the source of what people of the bank's owner put in.
const SourceOwn = "own"

// BankContent is one known thing, with as many signals as it takes to recognise it.
type BankContent struct {
	ID         ID     `db:"id"`
	Bank       ID     `db:"bank"`
	Owner      ID     `db:"owner"`
	Circle     ID     `db:"circle"`
	Number     int64  `db:"number"` // "bank_content_id" to clients; unique in its circle
	Note       string `db:"note"`
	ContentID  string `db:"content_id"`  // the keeper's own name for it
	ContentURI string `db:"content_uri"` // where the keeper has it
	Extra      string `db:"extra"`       // the keeper's own JSON
	Source     string `db:"source"`      // SourceOwn, the name of an exchange, or the name of a file
	SourceKey  string `db:"source_key"`  // its name at the source
	Labels     Labels `db:"labels"`

	State         ContentState `db:"state"`
	DisableUntil  int64        `db:"disable_until_ts"` // 0 off, 1 on, else seconds since 1970 until which it is off
	ExpiresAt     time.Time    `db:"expires_at"`       // zero: never
	Standing      Standing     `db:"standing"`
	StandingBy    ID           `db:"standing_by"`
	StandingWhy   string       `db:"standing_why"`
	StandingAt    time.Time    `db:"standing_at"`
	QuarantineWhy string       `db:"quarantine_why"`
	ReleasedAt    time.Time    `db:"released_at"` // a person has looked: it is not put aside for the same again
	WithdrawnAt   time.Time    `db:"withdrawn_at"`
	WithdrawnBy   ID           `db:"withdrawn_by"` // empty: the source took it back
	WithdrawnWhy  string       `db:"withdrawn_why"`
	AddedBy       ID           `db:"added_by"`
	AddedAt       time.Time    `db:"added_at"`
}

// The values of DisableUntil that are no moment.
const (
	DisabledNow = 0
	EnabledNow  = 1
)

// mostDisabled is how far ahead a content may be disabled.
const mostDisabled = 5 * 366 * 24 * time.Hour

// CheckDisable refuses a moment that is neither off, nor on, nor within five years.
func CheckDisable(ts int64, now time.Time) error {
	if ts < 0 || ts > now.Add(mostDisabled).Unix() {
		return Errorf(Invalid, "bank.disable_until", "disable_until_ts is 0 (off), 1 (on), or seconds since 1970 at most five years ahead").At("disable_until_ts")
	}
	return nil
}

// Disabled reports whether the keeper has switched the content off for now.
func (c BankContent) Disabled(now time.Time) bool {
	return c.DisableUntil == DisabledNow || c.DisableUntil != EnabledNow && now.Unix() <= c.DisableUntil
}

// Expired reports whether the content's time is over.
func (c BankContent) Expired(now time.Time) bool {
	return !c.ExpiresAt.IsZero() && !now.Before(c.ExpiresAt)
}

// Withdraw takes the content out for good. Who is empty where the source took it back; why is always there.
func (c *BankContent) Withdraw(by ID, why string, now time.Time) (Event, error) {
	return c.act("withdraw", func() { c.WithdrawnAt, c.WithdrawnBy, c.WithdrawnWhy = now, by, why })
}

// AddAgain brings a withdrawn content back: a person's act only.
func (c *BankContent) AddAgain(by ID, now time.Time) (Event, error) {
	return c.act("add_again", func() {
		c.WithdrawnAt, c.WithdrawnBy, c.WithdrawnWhy = time.Time{}, "", ""
		c.AddedBy, c.AddedAt = by, now
	})
}

// Quarantine puts the content aside for a person.
func (c *BankContent) Quarantine(why string) (Event, error) {
	return c.act("quarantine", func() { c.QuarantineWhy = why })
}

// Release lets it match again after a person has looked.
func (c *BankContent) Release(now time.Time) (Event, error) {
	return c.act("release", func() { c.QuarantineWhy, c.ReleasedAt = "", now })
}

// Confirm says that a person has seen that it is what the bank says.
func (c *BankContent) Confirm(by ID, why string, now time.Time) (Event, error) {
	return c.act("confirm", func() { c.stand(StandingConfirmed, by, why, now) })
}

// Reject says that a person has seen that it is not.
func (c *BankContent) Reject(by ID, why string, now time.Time) (Event, error) {
	return c.act("reject", func() { c.stand(StandingRejected, by, why, now) })
}

// Change notes that a person changed what is written about it.
func (c *BankContent) Change() (Event, error) { return c.act("change", func() {}) }

func (c *BankContent) stand(s Standing, by ID, why string, now time.Time) {
	c.Standing, c.StandingBy, c.StandingWhy, c.StandingAt = s, by, why, now
}

func (c *BankContent) act(a Act, set func()) (Event, error) {
	to, err := ContentTable.Next("content", c.State, a)
	if err != nil {
		return Event{}, err
	}
	c.State = to
	set()
	return Event{Act: a, Noun: "bank_content", Subject: c.ID, Owner: c.Owner, Circle: c.Circle,
		Data: map[string]any{"bank": c.Bank, "number": strconv.FormatInt(c.Number, 10), "state": to, "source": c.Source}}, nil
}

// Tombstone says that a signal was withdrawn from a bank. While it stands no fetch and no file brings the signal back.
type Tombstone struct {
	ID       ID        `db:"id"`
	Bank     ID        `db:"bank"`
	Content  ID        `db:"content"`
	Owner    ID        `db:"owner"`
	Circle   ID        `db:"circle"`
	Hash     int64     `db:"hash"`
	Kind     string    `db:"kind"`
	Value    string    `db:"value"`
	N        int64     `db:"n"`       // its place in the sequence of changes that every copy of the index follows
	By       ID        `db:"by_whom"` // empty: the source
	Source   string    `db:"source"`
	Why      string    `db:"why"`
	At       time.Time `db:"at"`
	LiftedBy ID        `db:"lifted_by"`
	LiftedAt time.Time `db:"lifted_at"` // zero while it stands
}
