package arch

// edge lets one capability import another. Everything else between capabilities
// goes by job, so that the chain of what happens to an item stands in one table
// and a capability can become a process of its own.
type edge struct {
	from, to string
	why      string
}

var edges = []edge{
	{"internal/intake", "internal/evidence", "files handed in are exhibits"},
	{"internal/capture", "internal/evidence", "what was fetched is kept, by hash"},
	{"internal/fingerprint", "internal/evidence", "reads the exhibit it fingerprints"},
	{"internal/assess", "internal/evidence", "an officer judges an exhibit, and its viewing is custody"},
	{"internal/referral", "internal/evidence", "a letter rests on exhibits and their seals"},
	{"internal/verify", "internal/evidence", "what a check saw is kept"},
	{"internal/evidence", "internal/blob", "the vault keeps bytes in a folder or in object storage"},
	{"internal/match", "internal/fingerprint", "searches among fingerprints"},
	{"internal/watch", "internal/fingerprint", "a return is recognised by its fingerprint"},
	{"internal/watch", "internal/match", "asks what is known"},
	{"internal/verify", "internal/capture", "looks with the same eyes, guard and limits as capture"},
	{"internal/exchange", "internal/fingerprint", "a signal from outside is checked where its kind is at home, before it is kept"},
	{"internal/referral", "internal/connector", "hands a letter to the provider's channel"},
}

// gate names a room that only some may import, whatever their layer.
type gate struct {
	dir string
	by  []string
	why string
}

var gates = []gate{
	{"internal/blob", []string{"internal/evidence", "internal/app"}, "bytes are reached through the vault, which records custody"},
	{"internal/store", []string{"internal/app"}, "rules and pages name the narrow Store they need; app hands them the keeper"},
	{"internal/jobs", []string{"internal/app", "internal/cli"}, "capabilities leave jobs as values; only the assembly runs them"},
	{"internal/config", []string{"internal/app", "internal/cli"}, "configuration is handed on as arguments, never looked up"},
	{"internal/connector/all", []string{"internal/app"}, "one explicit list, opened in one place"},
	{"internal/exercise", []string{"internal/cli"}, "an exercise drives the desk from outside"},
}

func edgeAllowed(from, to string) bool {
	for _, e := range edges {
		if e.from == from && e.to == to {
			return true
		}
	}
	return false
}

func gateOf(dir string) (gate, bool) {
	for _, g := range gates {
		if g.dir == dir {
			return g, true
		}
	}
	return gate{}, false
}
