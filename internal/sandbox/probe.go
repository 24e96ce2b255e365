package sandbox

// Wall is one thing a decoder is kept from.
type Wall struct {
	Stands bool   `json:"stands"`        // a child tried to get through, and could not
	How    string `json:"how,omitempty"` // what holds it
	Why    string `json:"why,omitempty"` // why it does not stand, or what weakens it
}

// Confinement is what a decoder is kept from on this machine.
type Confinement struct {
	Files      Wall `json:"files"`      // reading files that are none of its business, and writing any
	Network    Wall `json:"network"`    // reaching other machines, and services on this one
	Processes  Wall `json:"processes"`  // starting processes, and signalling others
	Memory     Wall `json:"memory"`     // more address space than allowed
	Privileges Wall `json:"privileges"` // gaining rights, and having any of the administrator's

	walls    walls
	landlock int
	filter   bool
}

// walls are what a child is started behind.
type walls int

const (
	none  walls = iota
	apart       // namespaces of users, network, processes and messages
)
