package arch

import "strings"

// layer is how far from the vocabulary a room stands. Imports run from a higher
// layer to a lower one, never back.
type layer int

const (
	vocabulary layer = iota // nouns, states and lawful transitions
	foundation              // what every room may stand on
	island                  // imports the vocabulary and other islands, nothing else of ours
	capability              // one thing that happens to an item; neighbours only along an edge of edges.go
	part                    // pages, API, runner, keeper: what app puts together
	assembly                // opens, wires, runs and stops the parts
	rehearsal               // exercises: drives an assembled desk from outside
	command                 // one file per subcommand
	binary                  // main
	proof                   // tests, measurements, tools of the house: nothing imports them
)

// room is a folder and all below it, except folders with a row of their own.
type room struct {
	dir   string // from the module's root; "" is the root package alone
	layer layer
	holds string
}

// rooms is every room of the house. A package outside of it is a problem: add
// the row in the commit that adds the package, and say what it holds.
var rooms = []room{
	{"", vocabulary, "the nouns of a referral unit, their states and transitions"},

	{"internal/access", foundation, "callers, roles and permissions as a table"},
	{"internal/dial", foundation, "the one guarded dialer"},
	{"internal/fail", foundation, "named points where a test may kill the process"},
	{"internal/htmltext", foundation, "readable text out of HTML"},
	{"internal/law", foundation, "instruments and their terms, read from files"},
	{"internal/locale", foundation, "languages, catalogues, direction of text"},
	{"internal/location", foundation, "canonical URLs"},
	{"internal/sandbox", foundation, "runs one decoder over foreign bytes, walled off"},
	{"internal/seal", foundation, "keys and signatures: JWS, S/MIME, notes"},

	{"internal/exercise/practice", island, "practice providers, and the truth about them"},
	{"internal/exercise/world", island, "what a scenario contains, from its seed"},

	{"internal/assess", capability, "queues, leases, criteria, second officer"},
	{"internal/audit", capability, "the event log that outsiders can verify"},
	{"internal/blob", capability, "the bytes of exhibits"},
	{"internal/capture", capability, "freezes what is at a location"},
	{"internal/connector", capability, "the wires to providers"},
	{"internal/consult", capability, "reading items, each consultation logged"},
	{"internal/deconflict", capability, "holds and questions between authorities"},
	{"internal/door", capability, "who passes the provider's door: links, codes, visits"},
	{"internal/evidence", capability, "the vault"},
	{"internal/exchange", capability, "sharing formats and partners"},
	{"internal/fingerprint", capability, "bytes to fingerprints"},
	{"internal/intake", capability, "leads come in"},
	{"internal/match", capability, "what is known, and near-neighbour search in it"},
	{"internal/network", capability, "accounts, sites and items as a graph"},
	{"internal/provider", capability, "the register of providers"},
	{"internal/referral", capability, "letters and orders: draft, checks, approval, sending, answers"},
	{"internal/report", capability, "figures and forms"},
	{"internal/signin", capability, "people, sessions, tokens"},
	{"internal/verify", capability, "looks again"},
	{"internal/watch", capability, "what was removed and comes back"},

	{"internal/api", part, "the JSON API"},
	{"internal/config", part, "configuration"},
	{"internal/connector/all", part, "the explicit list of connectors"},
	{"internal/jobs", part, "the runner of work to do later"},
	{"internal/store", part, "keeps everything, on two engines"},
	{"internal/web", part, "pages by audience"},

	{"internal/app", assembly, "opens, wires, runs and stops the parts"},
	{"internal/exercise", rehearsal, "scenarios and scripted officers"},
	{"internal/cli", command, "one file per subcommand"},
	{"cmd", binary, "the one binary"},

	{"bench", proof, "measurements against peers"},
	{"e2e", proof, "whole-system stories"},
	{"internal/arch", proof, "this package"},
	{"internal/stage", proof, "the stages of make test"},
	{"internal/testkit", proof, "synthetic fixtures"},
}

// pure lists the folders whose packages do no input and output of their own:
// same bytes in, same answer out, on every machine. Folders below count too.
var pure = []string{
	"",
	"internal/fingerprint/*",
	"internal/location",
	"internal/verify/rules",
}

// impure is what a pure package reaches for when it stops being pure.
var impure = map[string]bool{
	"database/sql": true,
	"io/ioutil":    true,
	"net/http":     true,
	"os":           true,
	"os/exec":      true,
	"syscall":      true,
}

// vague is every package name that says nothing about what is inside.
var vague = map[string]bool{
	"base": true, "common": true, "core": true, "helper": true, "helpers": true, "misc": true, "model": true,
	"models": true, "shared": true, "types": true, "util": true, "utils": true,
}

// roomOf finds the room that a folder belongs to: the row with the longest
// matching name.
func roomOf(dir string) (room, bool) {
	var best room
	found := false
	for _, r := range rooms {
		inside := dir == r.dir || (r.dir != "" && strings.HasPrefix(dir, r.dir+"/"))
		if inside && (!found || len(r.dir) > len(best.dir)) {
			best, found = r, true
		}
	}
	return best, found
}

// isPure tells whether a folder is on the list of pure ones. "x/*" means the
// folders below x, not x itself.
func isPure(dir string) bool {
	for _, p := range pure {
		if below, ok := strings.CutSuffix(p, "/*"); ok {
			if strings.HasPrefix(dir, below+"/") {
				return true
			}
			continue
		}
		if dir == p || (p != "" && strings.HasPrefix(dir, p+"/")) {
			return true
		}
	}
	return false
}

// isKit tells whether a package exists for tests only: conformance suites
// (storetest, connectortest), fixtures and everything in a proof room.
func isKit(p *Package) bool {
	r, ok := roomOf(p.Dir)
	return strings.HasSuffix(p.Name, "test") || ok && r.layer == proof
}
