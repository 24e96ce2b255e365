package staydown

// Act is the name of something done: the verb of an event, the word on a button.
type Act string

// Step is one lawful transition: in state From, Act leads to To.
type Step[S ~string] struct {
	From S
	Act  Act
	To   S
}

// Table is a state machine as data. The desk and the API ask it which acts are allowed; the papers draw their diagrams
// from it; nothing else decides.
type Table[S ~string] []Step[S]

// Next gives the state that act leads to, or an error of kind Refused that names both.
func (t Table[S]) Next(noun string, from S, act Act) (S, error) {
	for _, s := range t {
		if s.From == from && s.Act == act {
			return s.To, nil
		}
	}
	return from, Errorf(Refused, noun+".state", "a %s that is %s cannot be %s", noun, orNew(string(from)), act)
}

// Allowed lists the acts that a state permits, in the order of the table.
func (t Table[S]) Allowed(from S) []Act {
	var acts []Act
	for _, s := range t {
		if s.From == from {
			acts = append(acts, s.Act)
		}
	}
	return acts
}

// States lists every state of the table, in the order of its first appearance.
func (t Table[S]) States() []S {
	seen := map[S]bool{}
	var out []S
	for _, s := range t {
		for _, x := range []S{s.From, s.To} {
			if !seen[x] {
				seen[x] = true
				out = append(out, x)
			}
		}
	}
	return out
}

// Acts lists every act of the table, in the order of its first appearance.
func (t Table[S]) Acts() []Act {
	seen := map[Act]bool{}
	var out []Act
	for _, s := range t {
		if !seen[s.Act] {
			seen[s.Act] = true
			out = append(out, s.Act)
		}
	}
	return out
}

func orNew(s string) string {
	if s == "" {
		return "new"
	}
	return s
}
