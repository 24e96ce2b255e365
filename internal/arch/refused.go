package arch

import (
	"fmt"
	"go/ast"
	"regexp"
)

// refusal is something Staydown will not do. What does not exist cannot be tested,
// but it can be noticed when somebody begins to build it: by the names it would
// need. Whoever meets this rule reads docs/design/misuse.md first.
//
// Law: TCO 5(8), DSA 8
type refusal struct {
	what  string
	names *regexp.Regexp // of identifiers
}

var refusals = []refusal{
	{"search faces or voices", regexp.MustCompile(`(?i)(face|facial|voice)s?_?(search|match|recogni|embed|detect|print|index|vector)`)},
	{"search people, or sweep a name over sites", regexp.MustCompile(`(?i)(people|person)_?(search|finder|sweep)|(user)?names?_?sweep|sweep_?(sites|names)`)},
	{"send, approve or remove by itself", regexp.MustCompile(`(?i)auto(matic(ally)?)?_?(send|sent|refer|approv|remov|takedown|notif)`)},
	{"issue blocking lists", regexp.MustCompile(`(?i)block(ing)?_?lists?|rpz_?zone|null_?route`)},
	{"trawl for keywords", regexp.MustCompile(`(?i)keyword_?(trawl|watch|alert|monitor|subscri|stream)`)},
	{"index believers", regexp.MustCompile(`(?i)believer|(faith|religion|ethnicity)_?(of|score|index|profile)`)},
	{"ask for upload filters", regexp.MustCompile(`(?i)upload_?filter`)},
}

// Refused reports names, outside of tests, of things that Staydown will not do.
func Refused(t *Tree) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		if p.Dir == "internal/arch" {
			continue
		}
		for _, f := range p.code() {
			ast.Inspect(f.AST, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				for _, r := range refusals {
					if r.names.MatchString(id.Name) {
						found = append(found, Problem{t.at(id), fmt.Sprintf("%s: Staydown does not %s (docs/design/misuse.md)", id.Name, r.what)})
					}
				}
				return true
			})
		}
	}
	return found
}
