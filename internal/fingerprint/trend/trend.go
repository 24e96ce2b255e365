// Package trend reads trend queries, ThreatExchange's signal type trend_query,
// and asks them of texts: groups of words and regular expressions of which each
// group must be met by one of its terms, and terms of which none may be met.
//
//	{"and": [{"or": ["basketball", "regex-/b-?ball/"]}, {"or": ["tonight"]}], "not": ["tomorrow"]}
//
// They are read as python-threatexchange reads them: a plain term stands between
// word boundaries, letter case counts (unless an expression says (?i)), and both
// "and" and "not" must be there. Expressions are in Python's dialect; they run in
// time linear in the text here, so what needs going back (look-around, references
// to groups) is refused, by name.
//
// A query finds much and proves nothing: it is for sifting.
package trend

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds on a query.
const (
	MaxBytes = 64 << 10 // of JSON
	MaxTerms = 1000     // in all groups
	MaxTerm  = 2000     // bytes of one term
	MaxSteps = 20_000   // instructions that all expressions compile to
	// MaxText is how many bytes of a text are looked at.
	MaxText = 256 << 10
)

// Query is a trend query ready to be asked. It is safe for use by several
// goroutines.
type Query struct {
	and [][]term
	not []term
}

// term is one plain term or expression.
type term interface {
	in(text string) bool
}

// Error says why a text is no query that can be asked. It is shown to whoever
// wrote the query.
type Error struct {
	Term   string // the term at fault; empty if it is the query as a whole
	Reason string
}

// Error gives the reason with its term.
func (e *Error) Error() string {
	if e.Term == "" {
		return e.Reason
	}
	return fmt.Sprintf("term %q: %s", e.Term, e.Reason)
}

func refuse(format string, args ...any) *Error { return &Error{Reason: fmt.Sprintf(format, args...)} }

// Parse reads a query. The error is of type [*Error].
func Parse(data []byte) (*Query, error) {
	if len(data) > MaxBytes {
		return nil, refuse("longer than %d bytes", MaxBytes)
	}
	if !utf8.Valid(data) {
		return nil, refuse("not valid UTF-8")
	}
	groups, not, err := shape(data)
	if err != nil {
		return nil, err
	}
	p := parser{}
	q := &Query{not: p.terms(not)}
	for _, g := range groups {
		q.and = append(q.and, p.terms(g))
	}
	if p.err != nil {
		return nil, p.err
	}
	return q, nil
}

// shape takes the JSON apart. Names count letter by letter, as in Python, and
// others beside them are passed over.
func shape(data []byte) (groups [][]string, not []string, err error) {
	var top map[string]json.RawMessage
	if json.Unmarshal(data, &top) != nil || top == nil {
		return nil, nil, refuse("not a JSON object")
	}
	var and []map[string]json.RawMessage
	if json.Unmarshal(top["and"], &and) != nil || and == nil {
		return nil, nil, refuse(`"and" must be a list of groups`)
	}
	for i, g := range and {
		terms, ok := list(g["or"])
		if !ok {
			return nil, nil, refuse(`group %d of "and" must have a list of terms under "or"`, i+1)
		}
		groups = append(groups, terms)
	}
	not, ok := list(top["not"])
	if !ok {
		return nil, nil, refuse(`"not" must be a list of terms, if need be an empty one`)
	}
	return groups, not, nil
}

func list(data json.RawMessage) (terms []string, ok bool) {
	var raw []*string
	if json.Unmarshal(data, &raw) != nil || raw == nil {
		return nil, false
	}
	for _, t := range raw {
		if t == nil {
			return nil, false
		}
		terms = append(terms, *t)
	}
	return terms, true
}

// parser counts against the bounds and keeps the first error.
type parser struct {
	count, steps int
	err          error
}

func (p *parser) terms(list []string) []term {
	terms := make([]term, 0, len(list))
	for _, s := range list {
		if p.err != nil {
			return nil
		}
		p.count++
		t, steps, err := parseTerm(s)
		p.steps += steps
		switch {
		case p.count > MaxTerms:
			p.err = refuse("more than %d terms", MaxTerms)
		case len(s) > MaxTerm:
			p.err = refuse("a term is longer than %d bytes", MaxTerm)
		case err != nil:
			p.err = &Error{Term: s, Reason: err.Error()}
		case p.steps > MaxSteps:
			p.err = refuse("the expressions are too large together (%d steps, at most %d)", p.steps, MaxSteps)
		}
		terms = append(terms, t)
	}
	return terms
}

// prefix begins an expression. The characters behind it and at the end are
// delimiters, whatever they are.
const prefix = "regex-"

func parseTerm(s string) (term, int, error) {
	if len(s) > MaxTerm {
		return nil, 0, nil
	}
	rest, found := strings.CutPrefix(s, prefix)
	if !found {
		return plain(s), 0, nil
	}
	chars := []rune(rest)
	if len(chars) < 2 {
		return compile("")
	}
	return compile(string(chars[1 : len(chars)-1]))
}

// Match asks the query of a text: of its first [MaxText] bytes.
func (q *Query) Match(text string) bool {
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	for _, group := range q.and {
		if !anyIn(group, text) {
			return false
		}
	}
	return !anyIn(q.not, text)
}

func anyIn(terms []term, text string) bool {
	for _, t := range terms {
		if t.in(text) {
			return true
		}
	}
	return false
}
