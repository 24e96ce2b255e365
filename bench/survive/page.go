package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/staydown/staydown/bench/picture"
)

const (
	beginMark = "<!-- written by bench/survive: begin -->"
	endMark   = "<!-- written by bench/survive: end -->"
)

// tables are the results in Markdown.
func tables(r report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pictures, seed %d, radius %d bits; %d drawn pictures more were below quality 50 and left out.\n\n", r.Pictures, r.Seed, r.Radius, r.Left)
	b.WriteString("| change | strength | found | within 31, upright | within 31, eight turns | median | p90 | below quality 50 |\n|---|---|---|---|---|---|---|---|\n")
	for _, x := range r.Rows {
		fmt.Fprintf(&b, "| %s | %s | %.1f %% | %.1f %% | %.1f %% | %d | %d | %.1f %% |\n",
			x.Transform, x.Strength, x.Found, x.Upright, x.Turned, x.Median, x.P90, x.BelowGood)
	}
	b.WriteString("\nThe same by kind of picture, per cent within 31 bits in one of the eight turns:\n\n| change | strength |")
	for _, k := range picture.Kinds {
		fmt.Fprintf(&b, " %s |", k)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(picture.Kinds)) + "\n")
	for _, x := range r.Rows {
		fmt.Fprintf(&b, "| %s | %s |", x.Transform, x.Strength)
		for _, k := range picture.Kinds {
			fmt.Fprintf(&b, " %.1f |", x.TurnedKind[k])
		}
		b.WriteByte('\n')
	}
	b.WriteString("\nPictures that have nothing to do with each other, in pairs:\n\n| kind of both | pairs | within 31, upright | within 31, eight turns | nearest pair, bits |\n|---|---|---|---|---|\n")
	for _, u := range r.Unrelated {
		fmt.Fprintf(&b, "| %s | %d | %.3f %% | %.3f %% | %d |\n", u.Kind, u.Pairs, u.Upright, u.Turned, u.Nearest)
	}
	return b.String()
}

// intoPage replaces what stands between the marks of a page.
func intoPage(path, text string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the page: %w", err)
	}
	page, err := between(string(data), text)
	if err != nil {
		return fmt.Errorf("writing into %s: %w", path, err)
	}
	return os.WriteFile(path, []byte(page), 0o644)
}

func between(page, text string) (string, error) {
	before, rest, ok := strings.Cut(page, beginMark)
	_, after, closed := strings.Cut(rest, endMark)
	if !ok || !closed {
		return "", errors.New("the marks of bench/survive are missing")
	}
	return before + beginMark + "\n\n" + text + "\n" + endMark + after, nil
}
