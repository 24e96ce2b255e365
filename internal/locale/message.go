package locale

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// piece is a part of a message: a text, or the place of an argument.
type piece struct {
	text string
	arg  int // -1 for a text
}

// message is one entry of a catalogue: one pattern, or one for each plural form.
type message struct {
	plain []piece
	forms map[plural.Form][]piece
}

// maxArgs bounds the places of a message; none needs as many.
const maxArgs = 10

// parsePattern reads "{0} of {1}". A brace that is no place is an error, so that a typing error does not reach a page.
func parsePattern(pattern string) ([]piece, error) {
	var pieces []piece
	rest := pattern
	for {
		before, after, found := strings.Cut(rest, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("pattern %q: a closing brace without an opening one", pattern)
		}
		if before != "" {
			pieces = append(pieces, piece{text: before, arg: -1})
		}
		if !found {
			return pieces, nil
		}
		number, behind, closed := strings.Cut(after, "}")
		n, err := strconv.Atoi(number)
		if !closed || err != nil || n < 0 || n >= maxArgs {
			return nil, fmt.Errorf("pattern %q: {%s is no place", pattern, number)
		}
		pieces = append(pieces, piece{arg: n})
		rest = behind
	}
}

// formNames are the plural categories of Unicode CLDR, as the catalogues write them.
var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// formsOf are the categories a language distinguishes for whole numbers (Unicode CLDR, cardinal rules).
func formsOf(l Lang) []string {
	if l == Arabic {
		return []string{"zero", "one", "two", "few", "many", "other"}
	}
	return []string{"one", "other"}
}

// form is the category of a number in a language. Numbers beyond seven digits are taken modulo, as CLDR allows.
func form(l Lang, n int) plural.Form {
	if n < 0 {
		n = -n
	}
	return plural.Cardinal.MatchPlural(l.tag(), n%10_000_000, 0, 0, 0, 0)
}
