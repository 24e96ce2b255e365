package main

import (
	"fmt"
	"strings"

	"github.com/staydown/staydown/bench/picture"
)

// tables are the results in Markdown.
func tables(r report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pictures, seed %d, radius %d bits; %d more were below quality 50 and left out.\n\n", r.Pictures, r.Seed, r.Radius, r.Left)
	b.WriteString("| change | strength | found | within 31, upright | within 31, eight turns | median | p90 | below quality 50 |\n|---|---|---|---|---|---|---|---|\n")
	for _, x := range r.Rows {
		fmt.Fprintf(&b, "| %s | %s | %.1f %% | %.1f %% | %.1f %% | %d | %d | %.1f %% |\n",
			x.Transform, x.Strength, x.Found, x.Upright, x.Turned, x.Median, x.P90, x.BelowGood)
	}
	byKind(&b, r.Rows)
	b.WriteString("\nPictures that have nothing to do with each other, in pairs:\n\n| kind of both | pairs | within 31, upright | within 31, eight turns | nearest pair, bits |\n|---|---|---|---|---|\n")
	for _, u := range r.Unrelated {
		fmt.Fprintf(&b, "| %s | %d | %.3f %% | %.3f %% | %d |\n", u.Kind, u.Pairs, u.Upright, u.Turned, u.Nearest)
	}
	return b.String()
}

// byKind is the table of drawn pictures; of files there is none.
func byKind(b *strings.Builder, rows []row) {
	if len(rows) == 0 || len(rows[0].TurnedKind) == 0 {
		return
	}
	b.WriteString("\nThe same by kind of picture, per cent within 31 bits in one of the eight turns:\n\n| change | strength |")
	for _, k := range picture.Kinds {
		fmt.Fprintf(b, " %s |", k)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(picture.Kinds)) + "\n")
	for _, x := range rows {
		fmt.Fprintf(b, "| %s | %s |", x.Transform, x.Strength)
		for _, k := range picture.Kinds {
			fmt.Fprintf(b, " %.1f |", x.TurnedKind[k])
		}
		b.WriteByte('\n')
	}
}
