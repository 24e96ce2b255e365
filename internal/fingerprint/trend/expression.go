package trend

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// compile makes a term of an expression in Python's dialect, and counts the
// steps it compiles to.
func compile(python string) (term, int, error) {
	pattern, err := translate(python)
	if err != nil {
		return nil, 0, err
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, 0, explain(err)
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, 0, explain(err)
	}
	if needsBoundaries(prog) {
		return &machine{prog: prog}, len(prog.Inst), nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, 0, explain(err)
	}
	return expression{re}, len(prog.Inst), nil
}

// explain keeps what is wrong, and leaves out the translated pattern, which
// nobody has written.
func explain(err error) error {
	var e *syntax.Error
	if errors.As(err, &e) {
		return errors.New(e.Code.String())
	}
	return errors.New("not a regular expression")
}

// expression is one that Go's own machine runs.
type expression struct{ *regexp.Regexp }

func (e expression) in(text string) bool { return e.MatchString(text) }

// needsBoundaries reports \b and \B, which are of ASCII words alone in Go and of
// every script's in Python.
func needsBoundaries(p *syntax.Prog) bool {
	for _, i := range p.Inst {
		if i.Op == syntax.InstEmptyWidth && syntax.EmptyOp(i.Arg)&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0 {
			return true
		}
	}
	return false
}

// machine runs an expression with boundaries of words in every script. It walks
// all threads at once (Thompson, "Regular expression search algorithm", 1968), so
// its time is at most the steps times the length of the text.
type machine struct{ prog *syntax.Prog }

func (m *machine) in(text string) bool {
	now, next := newThreads(len(m.prog.Inst)), newThreads(len(m.prog.Inst))
	before := rune(-1)
	for at := 0; ; {
		r, n := utf8.DecodeRuneInString(text[at:])
		if n == 0 {
			r = -1
		}
		if m.follow(now, uint32(m.prog.Start), emptyAt(before, r)) {
			return true
		}
		if n == 0 {
			return false
		}
		at += n
		after, _ := utf8.DecodeRuneInString(text[at:])
		if at == len(text) {
			after = -1
		}
		next.clear()
		for _, pc := range now.list {
			if i := &m.prog.Inst[pc]; i.Op != syntax.InstMatch && i.MatchRune(r) && m.follow(next, i.Out, emptyAt(r, after)) {
				return true
			}
		}
		now, next, before = next, now, r
	}
}

// follow adds a thread and all it leads to without reading. It reports whether
// one has matched.
func (m *machine) follow(t *threads, pc uint32, here syntax.EmptyOp) bool {
	stack := append(t.stack[:0], pc)
	for len(stack) > 0 {
		pc, stack = stack[len(stack)-1], stack[:len(stack)-1]
		if !t.visit(pc) {
			continue
		}
		switch i := &m.prog.Inst[pc]; i.Op {
		case syntax.InstMatch:
			return true
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, i.Arg, i.Out)
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, i.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(i.Arg)&^here == 0 {
				stack = append(stack, i.Out)
			}
		case syntax.InstFail:
		default:
			t.list = append(t.list, pc)
		}
	}
	t.stack = stack
	return false
}

// emptyAt says what holds between two characters; -1 stands for the ends.
func emptyAt(before, after rune) syntax.EmptyOp {
	op := syntax.EmptyOpContext(before, after) &^ (syntax.EmptyWordBoundary | syntax.EmptyNoWordBoundary)
	if isWord(before) != isWord(after) {
		return op | syntax.EmptyWordBoundary
	}
	return op | syntax.EmptyNoWordBoundary
}

// threads is a set of instructions that is emptied in no time.
type threads struct {
	seen  []uint32 // the round in which an instruction was visited
	round uint32
	list  []uint32 // those that read a character
	stack []uint32
}

func newThreads(n int) *threads { return &threads{seen: make([]uint32, n), round: 1} }

func (t *threads) clear() { t.list = t.list[:0]; t.round++ }

func (t *threads) visit(pc uint32) (first bool) {
	first = t.seen[pc] != t.round
	t.seen[pc] = t.round
	return first
}

// quote writes a character so that it stands for itself.
func quote(r rune) string { return regexp.QuoteMeta(string(r)) }

var hexDigits = "0123456789abcdefABCDEF"

func isHex(s string) bool { return s != "" && strings.Trim(s, hexDigits) == "" }
