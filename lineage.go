package staydown

import "time"

// ReturnState is what became of the suspicion that something is back.
type ReturnState string

// The states of a return.
const (
	ReturnCandidate ReturnState = "candidate"
	ReturnConfirmed ReturnState = "confirmed" // by a person
	ReturnDismissed ReturnState = "dismissed"
)

// ReturnTable is the machine of a return.
var ReturnTable = Table[ReturnState]{
	{"", "propose", ReturnCandidate},
	{ReturnCandidate, "confirm", ReturnConfirmed},
	{ReturnCandidate, "dismiss", ReturnDismissed},
	{ReturnDismissed, "propose", ReturnCandidate},
}

// Signal is one reason to think that two things are the same, with its weight.
type Signal struct {
	Kind   string  `json:"kind"` // sha256 | pdq | text | tags | handle | redirect ...
	Score  float64 `json:"score"`
	Detail string  `json:"detail"`
}

// Return says that an item looks like one that was seen gone.
type Return struct {
	ID        ID          `db:"id"`
	Item      ID          `db:"item"`    // the new one
	Of        ID          `db:"of_item"` // the one seen gone
	Owner     ID          `db:"owner"`
	Circle    ID          `db:"circle"`
	State     ReturnState `db:"state"`
	Kind      string      `db:"kind"`  // reupload | rebuilt | account
	Score     int         `db:"score"` // 0-100
	Signals   []Signal    `db:"signals"`
	Lineage   ID          `db:"lineage"`
	DecidedBy ID          `db:"decided_by"`
	Reason    string      `db:"reason"`
	FoundAt   time.Time   `db:"found_at"`
	DecidedAt time.Time   `db:"decided_at"`
}

// Confirm says that it is the same thing. The new item inherits no decision.
func (r *Return) Confirm(by, lineage ID, now time.Time) (Event, error) {
	return r.act("confirm", by, now, func() { r.Lineage = lineage })
}

// Dismiss says that it is something else.
func (r *Return) Dismiss(by ID, reason string, now time.Time) (Event, error) {
	return r.act("dismiss", by, now, func() { r.Reason = reason })
}

func (r *Return) act(a Act, by ID, now time.Time, set func()) (Event, error) {
	to, err := ReturnTable.Next("return", r.State, a)
	if err != nil {
		return Event{}, err
	}
	r.State, r.DecidedBy, r.DecidedAt = to, by, now
	set()
	return Event{Act: a, Noun: "return", Subject: r.ID, Circle: r.Circle,
		Data: map[string]any{"item": r.Item, "of": r.Of, "lineage": r.Lineage, "kind": r.Kind}}, nil
}

// Lineage is one thing over its generations: a site rebuilt, an account respawned, a file uploaded again.
type Lineage struct {
	ID        ID        `db:"id"`
	Owner     ID        `db:"owner"`
	Circle    ID        `db:"circle"`
	Kind      string    `db:"kind"` // site | account | file
	Name      string    `db:"name"`
	CreatedAt time.Time `db:"created_at"`
}

// Generation is one life of a lineage.
type Generation struct {
	ID      ID        `db:"id"`
	Lineage ID        `db:"lineage"`
	Owner   ID        `db:"owner"`
	Circle  ID        `db:"circle"`
	Item    ID        `db:"item"`
	N       int       `db:"n"` // 1 is the first
	FromAt  time.Time `db:"from_at"`
	ToAt    time.Time `db:"to_at"` // when it was seen gone; zero while up
}
