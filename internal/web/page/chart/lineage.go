package chart

import (
	"fmt"
	"html/template"
	"time"
)

// Lineages are things that came back: for each a row of bars on one time line, a bar for each generation from the
// moment we first saw it to the moment we saw it gone.
type Lineages struct {
	From, To time.Time // the time line
	Rows     []Lineage
}

// Lineage is one row.
type Lineage struct {
	Name        string
	Generations []Generation
}

// Generation is one life. A zero Until means still up: the bar is left open at the end of the line.
type Generation struct {
	Name        string
	From, Until time.Time
	Title       string // what hovering says, with the dates; the page writes it in the reader's language
}

const (
	lineageWidth = 480.0
	lineageRow   = 36.0 // one row: its name, its bars, air
)

// SVG draws the rows. day writes a date for the axis, in the reader's language.
func (l Lineages) SVG(name string, day func(time.Time) string) template.HTML {
	height := lineageRow*float64(len(l.Rows)) + 22
	var d drawing
	d.open("lineages", fmt.Sprintf("0 0 %s %s", num(lineageWidth), num(height)), name, "")
	span := l.To.Sub(l.From)
	if span <= 0 {
		span = time.Hour
	}
	at := func(t time.Time) float64 {
		return min(max(float64(t.Sub(l.From))/float64(span), 0), 1) * lineageWidth
	}
	bottom := height - 18
	for _, tick := range l.ticks() {
		d.line("grid", at(tick), 0, at(tick), bottom)
		d.text("", at(tick), height-4, tickAnchor(at(tick)), day(tick))
	}
	for i, row := range l.Rows {
		row.draw(&d, float64(i)*lineageRow, at)
	}
	return d.close()
}

// draw writes one row. The first generation has the accent, each return the colour of what is back, a little paler
// from one to the next so that touching bars stay apart.
func (l Lineage) draw(d *drawing, top float64, at func(time.Time) float64) {
	d.text("", 0, top+12, "start", clip(l.Name, 70))
	for i, g := range l.Generations {
		class := "again"
		if i == 0 {
			class = "first"
		}
		x, end := at(g.From), lineageWidth
		if !g.Until.IsZero() {
			end = at(g.Until)
		}
		w := max(end-x, 2)
		d.rect(fmt.Sprintf("%s g%d", class, min(i, 6)), x, top+18, w, 9, g.Title)
		if g.Until.IsZero() {
			d.line("open up", min(x+w, lineageWidth)-1, top+15, min(x+w, lineageWidth)-1, top+30)
		}
	}
}

// ticks are at most six dates at midnight, evenly spread over the line.
func (l Lineages) ticks() []time.Time {
	from := l.From.UTC().Truncate(24 * time.Hour)
	if from.Before(l.From) {
		from = from.AddDate(0, 0, 1)
	}
	days := int(l.To.Sub(from).Hours() / 24)
	every := max(1, (days+5)/6)
	var ticks []time.Time
	for i := 0; i <= days && days >= 0; i += every {
		ticks = append(ticks, from.AddDate(0, 0, i))
	}
	return ticks
}

// tickAnchor keeps the first and the last date inside the drawing.
func tickAnchor(x float64) string {
	switch {
	case x < 20:
		return "start"
	case x > lineageWidth-20:
		return "end"
	}
	return "middle"
}
