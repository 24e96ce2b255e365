package desk

import (
	"time"

	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/page/chart"
)

var boardView = page.NewView[BoardPage](templates, "board.html")

// BoardPage is the board of an action day: how much came in, what is out, what they say, what we saw, what is back.
type BoardPage struct {
	Name             string
	Day, Days        int // day 3 of 4; zero before and after
	At               time.Time
	Units, Providers int
	Standing         *Standing // embargo, freeze, end; nil while it runs
	Acts             []Act
	Wall             bool
	WallLink         string // this board on the wall, or back
	PartLink         string // the table of providers alone, asked for when numbers change
	Figures          []page.Figure
	Rows             []BoardRow
	UnitRows         []UnitRow
	Curves           page.Curves
	Returns          page.Returns
}

// Standing is what holds for the campaign as a whole.
type Standing struct {
	Key   string // "embargo", "frozen", "ended", "planned"
	Until time.Time
	Grave bool
}

// BoardRow is one provider. Rows is the address of the lines behind its numbers; it already has a query.
type BoardRow struct {
	Name, Link, Rows                      string
	Letters, Say, Gone, Up, Unknown, Back int
	Median                                time.Duration // from letter to seen gone
	MedianKnown                           bool          // fewer than half are gone: there is no median yet
	Lies                                  bool          // says removed, and we saw it up
}

// Bar is the row as a picture.
func (r BoardRow) Bar() chart.Bar {
	return chart.Bar{Total: r.Letters, Gone: r.Gone, Up: r.Up, Unknown: r.Unknown, Said: r.Say}
}

// UnitRow is one unit's share of the work: counts, never speed.
type UnitRow struct {
	Name, Link                                    string
	Leads, Items, Assessed, Lawful, Letters, Held int
}

// BoardCounts are the eight figures in big print, of one campaign at one moment.
type BoardCounts struct {
	Leads, Items, Assessed, Lawful, Lines, Say, Gone, Back int
}

// figures gives the counts their words, marks and the rows behind them. rows is the address of the campaign's items,
// and has a query already.
func (c BoardCounts) figures(rows string) []page.Figure {
	return []page.Figure{
		{Label: "board.leads", Value: c.Leads, Link: rows + "&leads=any", Live: "leads"},
		{Label: "board.items", Value: c.Items, Link: rows, Live: "items"},
		{Label: "board.assessed", Value: c.Assessed, Link: rows + "&state=assessed", Live: "assessed"},
		{Label: "board.lawful", Value: c.Lawful, Link: rows + "&stopped=yes", Live: "lawful"},
		{Label: "board.letters", Value: c.Lines, Link: rows + "&line=any", Live: "lines"},
		{Label: "board.say", Value: c.Say, Link: rows + "&say=removed", Mark: "say", State: page.StateGone, Live: "say"},
		{Label: "board.gone", Value: c.Gone, Link: rows + "&saw=gone", Mark: "saw", State: page.StateGone, Live: "gone"},
		{Label: "board.back_again", Value: c.Back, Link: rows + "&back=yes", Mark: "saw", State: page.StateBack, Live: "back"},
	}
}
