package connectortest

import (
	"sync"

	"github.com/staydown/staydown/internal/connector"
)

// Behaviour is how a practice provider treats the next letter.
type Behaviour string

// The behaviours. [LoseAnswer], [Malform] and [TooLong] take the letter whole
// before they misbehave; [Slow] has it whole and keeps silent.
const (
	Accept     Behaviour = "accept"
	Refuse     Behaviour = "refuse"  // for good, repeating the letter's links in the answer
	Busy       Behaviour = "busy"    // for now, with a time to wait where the protocol has one
	Break      Behaviour = "break"   // an error of its own
	LoseAnswer Behaviour = "lose"    // the connection ends before the answer
	Slow       Behaviour = "slow"    // no answer to the letter
	Silent     Behaviour = "silent"  // no answer to the connection
	Redirect   Behaviour = "move"    // names another place that would take the letter
	Malform    Behaviour = "malform" // an answer outside of the protocol
	Midway     Behaviour = "midway"  // the connection ends within the letter
	BadTLS     Behaviour = "bad TLS" // a certificate nobody trusts
	TooLong    Behaviour = "endless" // an answer without end
)

// Wait is what a busy provider asks for, in seconds, where the protocol can say it.
const Wait = 120

// endless is how many bytes of answer a [TooLong] provider writes before it
// gives up on a caller who reads them all.
const endless = 64 << 20

// Taken is one letter that a provider acted on.
type Taken struct {
	Key  string // idempotency key, or Message-ID
	Body []byte
}

// Provider is a practice provider: a real server in this process.
type Provider interface {
	// Behave sets how it treats letters from now on.
	Behave(Behaviour)
	// Address puts the provider's address into a message.
	Address(*connector.Message)
	// Taken lists the letters it acted on.
	Taken() []Taken
	// Holds receives a value each time a Slow or Silent provider holds a caller.
	Holds() <-chan struct{}
	// Elsewhere counts callers at the place a Redirect provider names.
	Elsewhere() int
	// Written counts the bytes a TooLong provider got rid of.
	Written() int
}

// state is what both kinds of provider keep.
type state struct {
	mu        sync.Mutex
	behaviour Behaviour
	taken     []Taken
	elsewhere int
	written   int
	holds     chan struct{}
	quit      chan struct{} // closed when the test is over
}

func newState() *state {
	return &state{behaviour: Accept, holds: make(chan struct{}, 16), quit: make(chan struct{})}
}

func (s *state) Behave(b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviour = b
}

func (s *state) now() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behaviour
}

func (s *state) Taken() []Taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Taken(nil), s.taken...)
}

func (s *state) Elsewhere() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.elsewhere
}

func (s *state) Written() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written
}

func (s *state) Holds() <-chan struct{} { return s.holds }

// hold keeps a caller until the test is over.
func (s *state) hold() {
	s.holds <- struct{}{}
	<-s.quit
}

func (s *state) take(key string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, Taken{Key: key, Body: body})
}

func (s *state) takenBefore(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.taken {
		if t.Key == key {
			return true
		}
	}
	return false
}

func (s *state) seenElsewhere() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.elsewhere++
}

// pour writes chunk until the caller hangs up or has taken too much.
func (s *state) pour(write func([]byte) (int, error), chunk []byte) {
	for total := 0; total < endless; {
		n, err := write(chunk)
		total += n
		s.mu.Lock()
		s.written = total
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}
