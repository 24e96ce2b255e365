package staydown

import "time"

// Stream tells acts, which feed the figures, from access, which feeds neither figures nor personnel matters.
// Law: LED 25.
type Stream string

// The two streams of the log.
const (
	Acts   Stream = "acts"   // something was changed or refused
	Access Stream = "access" // something was read, searched, exported
)

// Event is what a change leaves behind. The store adds who, when and for whom, stores it as one leaf, and seals it into
// the hash tree. Data holds facts without personal data; Personal holds fields that can be erased later: the leaf then
// keeps only their salted digests, and proofs stay valid.
type Event struct {
	ID       ID                `json:"id"`
	Stream   Stream            `json:"stream"`
	At       time.Time         `json:"at"`
	Owner    ID                `json:"owner"`  // the authority whose act it is
	Circle   ID                `json:"circle"` // who may see it
	Actor    Actor             `json:"-"`      // kept as a salted digest
	Act      Act               `json:"act"`
	Noun     string            `json:"noun"`
	Subject  ID                `json:"subject"`
	Data     map[string]any    `json:"data,omitempty"`
	Personal map[string]string `json:"-"`
}

// Actor is who acts: a person of an authority, a provider at the door, or a part of the system that carries out what a
// person decided.
type Actor struct {
	Person    ID     `json:"person,omitempty"`
	Authority ID     `json:"authority,omitempty"`
	System    string `json:"system,omitempty"` // "capture", "send", "provider"; empty for a person
}

// Job is work left for later by a change, in the same transaction.
type Job struct {
	ID       ID        `db:"id"`
	Kind     string    `db:"kind"`      // one of the table in internal/app
	Key      string    `db:"key"`       // at most one open job has the same kind and key; empty: no limit
	Subject  ID        `db:"subject"`   // what it is about
	Payload  string    `db:"payload"`   // JSON, small
	RunAt    time.Time `db:"run_at"`    // on the desk's clock
	Tries    int       `db:"tries"`     // how often it was begun
	MaxTries int       `db:"max_tries"` // after which it is dead and shown in health
	Token    string    `db:"token"`     // of the lease; a finished job must still hold it
}
