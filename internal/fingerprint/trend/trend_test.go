package trend

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
)

// example is the one in python-threatexchange.
const example = `{"and": [{"or": ["basketball", "basket ball", "basket-ball", "bball", "hoops"]}, {"or": ["play", "tonight", "today", "now"]}], "not": ["tomorrow", "baseball", "hockey", "football", "soccer"]}`

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		name, query, text string
		want              bool
	}{
		{"example", example, "bball now?", true},
		{"one group missing", example, "bball later?", false},
		{"a term that must not be", example, "bball now? or football", false},
		{"letter case counts", example, "Bball now?", false},
		{"within a word", example, "bballs nowhere", false},
		{"no groups: everything but", `{"and":[],"not":["a"]}`, "b", true},
		{"an empty group is never met", `{"and":[{"or":[]}],"not":[]}`, "b", false},
		{"other fields", `{"and":[{"or":["a"], "And": 1}],"not":[],"x":{}}`, "a", true},
		{"Arabic words", `{"and":[{"or":["نص"]}],"not":[]}`, "هذا نص، هنا", true},
		{"within an Arabic word", `{"and":[{"or":["نص"]}],"not":[]}`, "نصوص", false},
		{"boundary after a sign", `{"and":[{"or":["C++"]}],"not":[]}`, "C++ code", false},
		{"sign before a word", `{"and":[{"or":["C++"]}],"not":[]}`, "C++code", true},
		{"repeated start", `{"and":[{"or":["aa"]}],"not":[]}`, "aaa aa", true},
		{"empty term", `{"and":[{"or":[""]}],"not":[]}`, "?a", true},
		{"empty term, no word", `{"and":[{"or":[""]}],"not":[]}`, "?!", false},
		{"expression", `{"and":[{"or":["regex-/b-?ball/"]}],"not":[]}`, "xb-ballx", true},
		{"expression, no delimiters told apart", `{"and":[{"or":["regex-xb{2}y"]}],"not":[]}`, "abb", true},
		{"empty expression", `{"and":[{"or":["regex-"]}],"not":[]}`, "", true},
	} {
		q, err := Parse([]byte(tt.query))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if got := q.Match(tt.text); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestExpressions: the answers are those of Python's re.search.
func TestExpressions(t *testing.T) {
	for _, tt := range []struct {
		expression, text string
		want             bool
	}{
		{`\bنص\b`, "هذا نص،", true},
		{`\bنص\b`, "نصوص", false},
		{`ن\Bص`, "نص", true},
		{`^\w+$`, "نص٢", true},
		{`^\d+$`, "٢٠", true},
		{`^[\W]$`, "،", true},
		{`^[\W]$`, "ن", false},
		{`^[^\W]$`, "ن", true},
		{`^[\S\s]{3}$`, "a\u00a0b", true},
		{`a\sb`, "a\u00a0b", true},
		{`^[\d_]+$`, "१_", true},
		{`end$`, "end\n", true},
		{`end$`, "end\n\n", false},
		{`end\Z`, "end\n", false},
		{`(?m)^b$`, "a\nb\nc", true},
		{`(?i)DRILL`, "a drill", true},
		{`(?i:DR)ill`, "drILL", false},
		{`(?s)a.b`, "a\nb", true},
		{`a.b`, "a\nb", false},
		{`^a{,2}$`, "aa", true},
		{`^a{,2}$`, "aaa", false},
		{`a{x}`, "a{x}", true},
		{`[[a]`, "[", true},
		{`[]a]`, "]", true},
		{`[\b]`, "\b", true},
		{`\x41\u0628\U00000043\103`, "AبCC", true},
		{`a(?#note)b`, "ab", true},
		{`(?P<w>a)b`, "ab", true},
		{`\/\-\_\'`, "/-_'", true},
		{`\،`, "،", true},
		{`\bcat\b.*\bdog\b`, "a cat, then a dog", true},
		{`\bcat\b.*\bdog\b`, "a cat, then a dogfish", false},
		{`(?:\b|x)y`, "zy", false},
	} {
		term, _, err := compile(tt.expression)
		if err != nil {
			t.Errorf("%s: %v", tt.expression, err)
		} else if got := term.in(tt.text); got != tt.want {
			t.Errorf("%s in %q: %v, want %v", tt.expression, tt.text, got, tt.want)
		}
	}
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", MaxTerm+1)
	for _, tt := range []struct{ query, reason string }{
		{``, "JSON object"},
		{`[]`, "JSON object"},
		{`null`, "JSON object"},
		{`{"and":[]}`, `"not" must be`},
		{`{"not":[]}`, `"and" must be`},
		{`{"AND":[],"not":[]}`, `"and" must be`},
		{`{"and":[{"Or":["a"]}],"not":[]}`, `group 1`},
		{`{"and":[{"or":[1]}],"not":[]}`, `group 1`},
		{`{"and":[{"or":[null]}],"not":[]}`, `group 1`},
		{`{"and":[],"not":["` + long + `"]}`, "longer than"},
		{`{"and":[],"not":[` + strings.Repeat(`"a",`, MaxTerms) + `"a"]}`, "more than 1000 terms"},
		{`{"and":[],"not":["regex-/((a{100}){100}){100}/"]}`, "invalid repeat"},
		{`{"and":[],"not":[` + strings.Repeat(`"regex-/[a-c]{900}x/",`, 30) + `"a"]}`, "too large together"},
		{`{"and":[],"not":["regex-/a(?=b)/"]}`, "look-ahead"},
		{`{"and":[],"not":["regex-/a(?!b)/"]}`, "negative look-ahead"},
		{`{"and":[],"not":["regex-/(?<=a)b/"]}`, "look-behind"},
		{`{"and":[],"not":["regex-/(?<!a)b/"]}`, "negative look-behind"},
		{`{"and":[],"not":["regex-/(a)\\1/"]}`, "references to a group"},
		{`{"and":[],"not":["regex-/(?P<a>b)(?P=a)/"]}`, "references to a group"},
		{`{"and":[],"not":["regex-/(a)?(?(1)b|c)/"]}`, "conditions"},
		{`{"and":[],"not":["regex-/(?>a)/"]}`, "atomic"},
		{`{"and":[],"not":["regex-/a*+/"]}`, "possessive"},
		{`{"and":[],"not":["regex-/(?x)a/"]}`, "flag x"},
		{`{"and":[],"not":["regex-/a(?i)b/"]}`, "beginning"},
		{`{"and":[],"not":["regex-/\\pL/"]}`, `\p cannot`},
		{`{"and":[],"not":["regex-/(/"]}`, "missing closing"},
		{`{"and":[],"not":["regex-/[a/"]}`, "no end"},
	} {
		_, err := Parse([]byte(tt.query))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), tt.reason) {
			t.Errorf("%.60s: %v, want %q", tt.query, err, tt.reason)
		}
	}
}

// TestMachineAgrees: with ASCII alone our machine and Go's give one answer.
func TestMachineAgrees(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	pieces := []string{`\b`, `\B`, "a", "b", "[ab]", " ", "a*", "b?", "(?:a|b )", "^", `\bab`, ".", `\A`}
	for range 3000 {
		pattern, text := "", ""
		for range 1 + rnd.IntN(5) {
			pattern += pieces[rnd.IntN(len(pieces))]
		}
		for range rnd.IntN(7) {
			text += string("ab \n"[rnd.IntN(4)])
		}
		term, _, err := compile(`\b|` + pattern) // the machine, whatever comes
		if err != nil {
			t.Fatal(pattern, err)
		}
		if got, want := term.in(text), regexp.MustCompile(`\b|`+pattern).MatchString(text); got != want {
			t.Fatalf("%s in %q: %v, want %v", pattern, text, got, want)
		}
		term, _, _ = compile(`(?:` + pattern + `)\B`)
		if got, want := term.in(text), regexp.MustCompile(`(?:`+pattern+`)\B`).MatchString(text); got != want {
			t.Fatalf(`(?:%s)\B in %q: %v, want %v`, pattern, text, got, want)
		}
	}
}

// TestNoExplosion: what takes a machine that goes back for ever is answered.
func TestNoExplosion(t *testing.T) {
	term, _, err := compile(`\b(a+)+\bx`)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan bool, 1)
	go func() { done <- term.in(strings.Repeat("a", 20_000)) }()
	select {
	case got := <-done:
		if got {
			t.Error("found what is not there")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no answer")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(example, "bball now?")
	for _, e := range []string{`\\bنص\\b`, `(?i)[^\\W\\d]{,3}`, `[]\\S-]`, `\\x41\\u0628$`, `(?m)^a$`} {
		f.Add(fmt.Sprintf(`{"and":[{"or":["regex-/%s/"]}],"not":[]}`, e), "a نص\n")
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		q, err := Parse([]byte(query))
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: %v is no Error", query, err)
		}
		if err == nil && len(text) < 2000 {
			if q.Match(text) != q.Match(text) {
				t.Fatal("two answers")
			}
		}
	})
}
