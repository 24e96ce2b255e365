package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// RawPercent is the share of a known text's characters that may be changed for
// another still to match, in per cent: the default of ThreatExchange's signal
// type raw_text.
const RawPercent = 5

// MaxRaw bounds the raw form of a text, in characters. Longer texts are told
// apart by their signatures.
const MaxRaw = 20_000

// Raw is a text in the form that ThreatExchange's signal type raw_text compares:
// lower case, decomposed (NFKD), without combining marks, and of what is left
// only letters and numbers, without spaces. Build one with [RawOf].
type Raw struct {
	chars    []rune
	squeezed []rune // the same with no character more than twice in a row
	cut      bool
}

// RawOf brings a text into its raw form.
func RawOf(s string) Raw {
	var r Raw
	lower := cases.Lower(language.Und).String(strings.ToValidUTF8(s, "\uFFFD"))
	var it norm.Iter
	it.InitString(norm.NFKD, lower)
	for !it.Done() && !r.cut {
		for segment := it.Next(); len(segment) > 0 && !r.cut; {
			c, n := utf8.DecodeRune(segment)
			combining := norm.NFKD.Properties(segment).CCC() != 0
			segment = segment[n:]
			if combining || !unicode.IsLetter(c) && !unicode.IsNumber(c) {
				continue
			}
			if r.cut = len(r.chars) == MaxRaw; !r.cut {
				r.chars = append(r.chars, c)
			}
		}
	}
	r.squeezed = squeeze(r.chars)
	return r
}

// squeeze leaves at most two of equal characters in a row ("w0000000t" becomes
// "w00t").
func squeeze(chars []rune) []rune {
	var out []rune
	for _, c := range chars {
		if n := len(out); n < 2 || out[n-1] != c || out[n-2] != c {
			out = append(out, c)
		}
	}
	return out
}

// String returns the raw form.
func (r Raw) String() string { return string(r.chars) }

// RawMatch says how a text resembles a known one.
type RawMatch struct {
	Match    bool
	Distance int  // characters to insert, delete or exchange; only if Match
	Most     int  // the distance allowed
	Squeezed bool // they only match once repeated letters are taken out
}

// Compare tells whether another text is within percent per cent of a known one
// (see [RawPercent]) by Levenshtein's distance in characters, measured by the
// known text's length as ThreatExchange does. Its normal form was meant to take
// out repeated letters and by a slip does not: so both forms are compared, the one
// its programs use first, and partners' matches stay matches.
//
// Two empty texts do not match, nor do texts longer than [MaxRaw].
func (r Raw) Compare(other Raw, percent int) RawMatch {
	if r.cut || other.cut || len(r.chars) == 0 || len(other.chars) == 0 {
		return RawMatch{}
	}
	for _, form := range []struct {
		a, b     []rune
		squeezed bool
	}{{r.chars, other.chars, false}, {r.squeezed, other.squeezed, true}} {
		most := len(form.a) * min(max(percent, 0), 100) / 100
		if d, ok := distance(form.a, form.b, most); ok {
			return RawMatch{Match: true, Distance: d, Most: most, Squeezed: form.squeezed}
		}
	}
	return RawMatch{Most: len(r.chars) * min(max(percent, 0), 100) / 100}
}

// distance is Levenshtein's, if it is at most most. For each number of edits it
// keeps how far each diagonal reaches (Ukkonen, "Algorithms for approximate
// string matching", 1985): the work is at most the length times most, and for
// texts that differ much it ends after most rounds.
func distance(a, b []rune, most int) (int, bool) {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return 0, false
	}
	const never = -1 << 30
	goal := len(b) - len(a) // the diagonal of both ends
	reach := slices.Repeat([]int{never}, 2*most+3)
	before := slices.Clone(reach)
	at := func(diagonal int) int { return diagonal + most + 1 }
	for edits := 0; edits <= most; edits++ {
		reach, before = before, reach
		for d := -edits; d <= edits; d++ {
			i := max(before[at(d)]+1, before[at(d-1)], before[at(d+1)]+1) // exchange, insert, delete
			if edits == 0 {
				i = 0
			}
			for i = min(i, len(a), len(b)-d); i >= 0 && i+d >= 0 && i < len(a) && i+d < len(b) && a[i] == b[i+d]; i++ {
			}
			reach[at(d)] = i
		}
		if reach[at(goal)] >= len(a) {
			return edits, true
		}
	}
	return 0, false
}
