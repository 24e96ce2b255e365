package page

import (
	"time"

	"github.com/staydown/staydown/internal/web/page/chart"
)

// Curves is a survival chart with the date of its measurement below and its table behind it.
type Curves struct {
	Chart chart.Survival
	AsOf  time.Time
}

// Marks are the hours at which the table gives the shares: the usual ones that the chart reaches.
func (c Curves) Marks() []time.Duration {
	var marks []time.Duration
	for _, hours := range []float64{1, 6, 24, 48, 168, 720} {
		if hours <= c.Chart.Hours {
			marks = append(marks, time.Duration(hours*float64(time.Hour)))
		}
	}
	return marks
}

// CurveRow is one series in the table.
type CurveRow struct {
	Name, State string
	Said        bool
	Count       int
	Shares      []float64 // still up, at each of the marks
}

// Rows are the series as the table shows them.
func (c Curves) Rows() []CurveRow {
	var rows []CurveRow
	for _, s := range c.Chart.Series {
		row := CurveRow{Name: s.Name, State: s.Class, Said: s.Said, Count: s.Count}
		for _, mark := range c.Marks() {
			row.Shares = append(row.Shares, s.At(mark.Hours()))
		}
		rows = append(rows, row)
	}
	return rows
}

// Returns is a chart of lineages with its table behind it.
type Returns struct{ Chart chart.Lineages }
