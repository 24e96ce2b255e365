package page

import "time"

// Figure is one number in big print: a link to the rows behind it.
type Figure struct {
	Label string // a key of the catalogue
	Value int
	Link  string
	Mark  string // "say" (they say), "saw" (we saw), or empty
	State string // the state of the mark
	Live  string // its name in the stream of live numbers
}

// Tab is a list among several, with its count and the age of its oldest entry.
type Tab struct {
	Label   string // a key of the catalogue
	Link    string
	Count   int
	Oldest  time.Duration // zero: none, or of no interest
	Late    bool          // the oldest is too old
	Current bool
}

// Pages is the way through a long list: what is shown of how many, and the neighbours. A list that does not count its
// rows leaves Total at -1.
type Pages struct {
	From, To, Total int
	Newer, Older    string // addresses; empty at the ends
}

// Fact is a line of a description: a key of the catalogue and its value, plain, coded, an address or a moment.
type Fact struct {
	Label string
	Text  string
	Kind  string // "", "code", "url", "text"
}

// Check is one line of a list of checks: a state for the mark, the words, and why.
type Check struct {
	Name  string // the catalogue key "check.<Name>"
	State string // gone (passed), up (failed), warn, held, unknown (not yet known)
	Why   string // a reason from the core, shown as it is
	Saw   bool   // filled: checked by us; else an answer that is still owed
}
