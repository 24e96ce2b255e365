package trend

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// translate writes an expression of Python's dialect in Go's. Classes such as \w
// mean every script's there and only ASCII's here; some escapes are spelled
// otherwise. What Go's machine cannot do is refused by name.
func translate(pattern string) (string, error) {
	t := translator{in: []rune(pattern)}
	for t.more() && t.err == nil {
		t.one()
	}
	return t.out.String(), t.err
}

type translator struct {
	in    []rune
	at    int
	out   strings.Builder
	lines bool // (?m) is set somewhere
	err   error
}

func (t *translator) more() bool { return t.at < len(t.in) }

// has reports whether s comes next.
func (t *translator) has(s string) bool {
	return len(t.in)-t.at >= len(s) && string(t.in[t.at:t.at+len(s)]) == s
}

func (t *translator) refuse(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

// one translates what comes next.
func (t *translator) one() {
	r := t.in[t.at]
	switch r {
	case '\\':
		t.escape(false)
	case '[':
		t.class()
	case '(':
		t.group()
	case '*', '+', '?', '{':
		t.repeat(r)
	case '$':
		t.at++
		if t.lines {
			t.out.WriteByte('$')
		} else {
			t.out.WriteString(`(?:\n?\z)`) // also before a line's end that ends the text
		}
	default:
		t.at++
		t.out.WriteRune(r)
	}
}

var bounds = regexp.MustCompile(`^\{(\d*)(,?)(\d*)\}`)

// repeat copies a quantifier. "{,3}" is from none in Python, and five plain
// characters here.
func (t *translator) repeat(r rune) {
	if r == '{' {
		m := bounds.FindStringSubmatch(string(t.in[t.at:min(len(t.in), t.at+24)]))
		if m == nil || m[1]+m[3] == "" {
			t.at++
			t.out.WriteString(`\{`)
			return
		}
		t.at += len(m[0])
		if m[1] == "" {
			m[1] = "0"
		}
		t.out.WriteString("{" + m[1] + m[2] + m[3] + "}")
	} else {
		t.at++
		t.out.WriteRune(r)
	}
	switch {
	case t.has("+"):
		t.refuse("possessive repeats (such as *+) cannot be used")
	case t.has("?"):
		t.at++
		t.out.WriteByte('?')
	}
}

// unable are the groups of Python that need going back over the text.
var unable = []struct{ begins, name string }{
	{"(?=", "look-ahead (?=...)"}, {"(?!", "negative look-ahead (?!...)"}, {"(?<=", "look-behind (?<=...)"},
	{"(?<!", "negative look-behind (?<!...)"}, {"(?P=", "references to a group (?P=...)"}, {"(?(", "conditions (?(...)...)"}, {"(?>", "atomic groups (?>...)"},
}

func (t *translator) group() {
	for _, u := range unable {
		if t.has(u.begins) {
			t.refuse("%s cannot be used", u.name)
			return
		}
	}
	switch {
	case t.has("(?#"):
		for t.more() && t.in[t.at] != ')' {
			t.at++
		}
		if !t.more() {
			t.refuse("a comment has no end")
		}
		t.at++
	case t.has("(?P<"):
		t.copy(4)
	case t.has("(?:"):
		t.copy(3)
	case t.has("(?"):
		t.flags()
	default:
		t.copy(1)
	}
}

func (t *translator) copy(n int) {
	t.out.WriteString(string(t.in[t.at : t.at+n]))
	t.at += n
}

// flags reads "(?ims)" at the beginning, and "(?ims-ims:".
func (t *translator) flags() {
	start := t.at
	kept := ""
	for t.at += 2; t.more() && t.in[t.at] != ')' && t.in[t.at] != ':'; t.at++ {
		switch f := t.in[t.at]; f {
		case 'i', 's', '-':
			kept += string(f)
		case 'm':
			kept += "m"
			t.lines = true
		case 'u': // texts are Unicode anyway
		case 'x', 'a', 'L':
			t.refuse("the flag %c cannot be used", f)
		default:
			t.refuse("(?%c is no group", f)
		}
	}
	switch {
	case t.err != nil:
		return
	case !t.more():
		t.refuse("a group has no end")
		return
	case t.in[t.at] == ')' && start != 0:
		t.refuse("flags for the whole expression must stand at its beginning")
		return
	}
	end := t.in[t.at]
	t.at++
	if kept = strings.TrimSuffix(kept, "-"); kept != "" || end == ':' {
		t.out.WriteString("(?" + kept + string(end))
	}
}

func (t *translator) class() {
	t.copy(1)
	if t.has("^") {
		t.copy(1)
	}
	for first := true; ; first = false {
		if !t.more() || t.err != nil {
			t.refuse("a class has no end")
			return
		}
		switch r := t.in[t.at]; {
		case r == ']' && !first:
			t.copy(1)
			return
		case r == '\\':
			t.escape(true)
		case r == '-':
			t.copy(1)
		default:
			t.out.WriteString(quote(r))
			t.at++
		}
	}
}

// What Python's classes stand for, to be written into brackets.
const (
	wordChars  = `\p{L}\p{N}_`
	spaceChars = `\t-\r\x1c-\x20\x{85}\p{Z}`
)

var (
	noWordChars  = sync.OnceValue(func() string { return complement(isWord) })
	noSpaceChars = sync.OnceValue(func() string { return complement(isSpace) })
)

func isSpace(r rune) bool { return r >= 0x1c && r <= 0x1f || unicode.IsSpace(r) }

// complement lists the ranges of all characters that are not in a class, which
// cannot be said within brackets otherwise.
func complement(in func(rune) bool) string {
	var b strings.Builder
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if in(r) {
			continue
		}
		from := r
		for r < unicode.MaxRune && !in(r+1) {
			r++
		}
		fmt.Fprintf(&b, `\x{%x}-\x{%x}`, from, r)
	}
	return b.String()
}

// escape translates a backslash and what follows.
func (t *translator) escape(inClass bool) {
	t.at++
	if !t.more() {
		t.refuse("ends in a backslash")
		return
	}
	r := t.in[t.at]
	t.at++
	if inner, outer := escapedClass(r); inner != nil {
		if inClass {
			t.out.WriteString(inner())
		} else {
			t.out.WriteString(outer)
		}
		return
	}
	switch {
	case r == 'b' && inClass:
		t.out.WriteString(`\x08`)
	case (r == 'b' || r == 'B' || r == 'A') && !inClass:
		t.out.WriteString(`\` + string(r))
	case (r == 'Z' || r == 'z') && !inClass:
		t.out.WriteString(`\z`)
	case strings.ContainsRune("afnrtv", r):
		t.out.WriteString(`\` + string(r))
	case r == 'x':
		t.number(2, 16)
	case r == 'u':
		t.number(4, 16)
	case r == 'U':
		t.number(8, 16)
	case r >= '0' && r <= '9':
		t.digits(r, inClass)
	case r < 0x80 && unicode.IsLetter(r):
		t.refuse(`\%c cannot be used`, r)
	default:
		t.out.WriteString(quote(r))
	}
}

// escapedClass is what \d, \w, \s and their opposites mean within brackets and
// outside.
func escapedClass(r rune) (inner func() string, outer string) {
	is := func(s string) func() string { return func() string { return s } }
	switch r {
	case 'd':
		return is(`\p{Nd}`), `\p{Nd}`
	case 'D':
		return is(`\P{Nd}`), `\P{Nd}`
	case 'w':
		return is(wordChars), `[` + wordChars + `]`
	case 's':
		return is(spaceChars), `[` + spaceChars + `]`
	case 'W':
		return noWordChars, `[^` + wordChars + `]`
	case 'S':
		return noSpaceChars, `[^` + spaceChars + `]`
	}
	return nil, ""
}

// number reads n digits that name a character.
func (t *translator) number(n, base int) {
	if len(t.in)-t.at < n {
		t.refuse("an escape is cut off")
		return
	}
	digits := string(t.in[t.at : t.at+n])
	t.at += n
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || v > unicode.MaxRune || !isHex(digits) {
		t.err = errors.Join(t.err, errors.New("an escape names no character"))
		return
	}
	fmt.Fprintf(&t.out, `\x{%x}`, v)
}

// digits reads an octal escape; anything else in digits refers to a group.
func (t *translator) digits(first rune, inClass bool) {
	octal := string(first)
	for len(octal) < 3 && t.more() && t.in[t.at] >= '0' && t.in[t.at] <= '7' {
		octal += string(t.in[t.at])
		t.at++
	}
	v, err := strconv.ParseUint(octal, 8, 32)
	switch {
	case err != nil, first != '0' && len(octal) < 3 && !inClass:
		t.refuse(`references to a group (\%s) cannot be used`, octal)
	case v > 0o377 || first != '0' && len(octal) < 3:
		t.refuse("an escape names no character")
	default:
		fmt.Fprintf(&t.out, `\x{%x}`, v)
	}
}
