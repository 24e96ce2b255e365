package compare

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Line is the last line of the command in JSON: the desk's figures, the truth's
// under the same keys, recall and precision of what was seen.
type Line struct {
	Counts
	Truth       Counts             `json:"truth"`
	Recall      map[string]float64 `json:"recall"`
	Precision   map[string]float64 `json:"precision"`
	Providers   []ProviderLine     `json:"providers"`
	Differences []Difference       `json:"differences"`
	More        int                `json:"more_differences"` // beyond those listed
	Equal       bool               `json:"equal"`            // no difference that must not be, recall as it must be
	WallS       float64            `json:"wall_s"`
	MaxRSS      int64              `json:"max_rss_bytes"`
}

// maxListed bounds the differences in one line.
const maxListed = 1000

// Line makes the last line.
func (r Result) Line(wall time.Duration, maxRSS int64) Line {
	l := Line{Counts: r.Desk, Truth: r.Truth, Recall: map[string]float64{}, Precision: map[string]float64{}, Providers: r.Providers, Equal: r.OK,
		WallS: float64(wall.Milliseconds()) / 1000, MaxRSS: maxRSS}
	for _, m := range r.Measures {
		if m.True > 0 {
			l.Recall[m.Name] = m.Recall()
		}
		if m.Said > 0 {
			l.Precision[m.Name] = m.Precision()
		}
	}
	n := min(len(r.Differences), maxListed)
	l.Differences, l.More = append([]Difference{}, r.Differences[:n]...), len(r.Differences)-n
	return l
}

// Pen writes for people; Red marks what must catch the eye, on a terminal.
type Pen struct {
	Out   io.Writer
	Red   func(string) string
	Limit int // differences told one by one; the rest is counted
}

func (p Pen) red(s string) string {
	if p.Red == nil {
		return s
	}
	return p.Red(s)
}

// Tell writes the end of an exercise: the table per provider, then the
// comparison, wrong referrals first.
func (p Pen) Tell(r Result) error {
	p.table(r)
	p.counts(r)
	p.measures(r)
	p.differences(r)
	_, err := fmt.Fprintln(p.Out, p.verdict(r))
	return err
}

func (p Pen) table(r Result) {
	fmt.Fprintln(p.Out, "\nWhat they say and what we saw, items in delivered letters")
	t := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "provider\tin letters\tthey say removed\twe saw gone\tstill up\tcannot tell\tback\t")
	var liars []ProviderLine
	for _, l := range r.Providers {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", l.Name, l.Letters, l.TheySay, l.WeSaw, l.Up, l.Unknown, l.Back)
		if l.Against > 0 {
			liars = append(liars, l)
		}
	}
	t.Flush()
	for _, l := range liars {
		fmt.Fprintln(p.Out, p.red(fmt.Sprintf("%s says removed of %d that are still up", l.Name, l.Against)))
	}
}

func (p Pen) counts(r Result) {
	fmt.Fprintln(p.Out, "\nThe desk beside the providers' truth")
	t := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tdesk\ttruth\t")
	for _, row := range countRows(r) {
		fmt.Fprintf(t, "%s\t%s\t%s\t\n", row.name, known(row.desk), known(row.truth))
	}
	t.Flush()
}

// known is a number, or a dash where a side cannot know it.
func known(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

type countRow struct {
	name        string
	desk, truth *int
}

func countRows(r Result) []countRow {
	d, t := &r.Desk, &r.Truth
	return []countRow{
		{"items", &d.Items, &t.Items}, {"assessed", d.Assessed, nil}, {"lawful, stopped", &d.LawfulStopped, &t.LawfulStopped},
		{"wrongly referred", &d.WronglyReferred, &t.WronglyReferred}, {"on terms alone", &d.TermsOnly, &t.TermsOnly}, {"delivered", &d.Delivered, &t.Delivered},
		{"gone", &d.Gone, &t.Gone}, {"gone by author or timer", &d.GoneByAuthor, &t.GoneByAuthor}, {"refused", &d.Refused, &t.Refused}, {"no answer", &d.NoAnswer, &t.NoAnswer},
		{"back", &d.Returned, &t.Returned}, {"stopped by a hold", &d.Stopped, &t.Stopped}, {"holds breached", &d.HoldsBreached, &t.HoldsBreached},
		{"doubled", &d.Doubled, &t.Doubled}, {"lost", &d.Lost, &t.Lost}, {"delivery unknown", d.DeliveryUnknown, nil}, {"officers' minutes", d.OfficerMinutes, nil},
	}
}

func (p Pen) measures(r Result) {
	fmt.Fprintln(p.Out, "\nHow well it was seen")
	t := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twas so\tfound\trecall\tprecision\t")
	for _, m := range r.Measures {
		if m.True+m.Said > 0 {
			fmt.Fprintf(t, "%s\t%d\t%d\t%.1f %%\t%.1f %%\t\n", strings.ReplaceAll(m.Name, "_", " "), m.True, m.Found, 100*m.Recall(), 100*m.Precision())
		}
	}
	t.Flush()
}

func (p Pen) differences(r Result) {
	if len(r.Differences) == 0 {
		return
	}
	fmt.Fprintln(p.Out, "\nDifferences, the gravest first")
	for i, d := range r.Differences {
		if i == p.Limit {
			fmt.Fprintf(p.Out, "  and %d more (--json lists them)\n", len(r.Differences)-i)
			break
		}
		line := fmt.Sprintf("  %s  %s: the desk says %s; the truth is: %s", strings.ReplaceAll(string(d.Kind), "_", " "), d.URL, d.Desk, d.Truth)
		if d.Hard {
			line = p.red(line)
		}
		fmt.Fprintln(p.Out, line)
	}
}

func (p Pen) verdict(r Result) string {
	hard := 0
	for _, d := range r.Differences {
		count(&hard, d.Hard)
	}
	if r.OK {
		return "\nThe desk agrees with the truth."
	}
	return p.red(fmt.Sprintf("\nThe desk differs from the truth: %d differences that must not be.", hard))
}
