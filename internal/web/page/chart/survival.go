package chart

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// Survival is the share of lines still up over the hours since the letter, a step line for each series.
type Survival struct {
	Hours  float64 // the end of the time axis; 48 when not positive
	Series []Series
}

// Series is one step line. The zero share at hour 0 is never drawn: a curve starts at one.
type Series struct {
	Name  string
	Class string // gone, up, unknown, back, held, warn, accent or ink: the colour of a state, or none
	Said  bool   // the provider's word: drawn hollow
	Dash  int    // 0 to 2: tells lines of the same colour apart
	Count int    // lines the curve stands on
	Steps []Step // in order of their hours
}

// Step is a fall of the curve: from Hours on, Share of the lines are still up. Low and High bound it where an
// interval is known; both zero means none.
type Step struct{ Hours, Share, Low, High float64 }

// Units are the short names of hour and day in the reader's language.
type Units struct{ Hour, Day string }

// The frame of the drawing, in its own pixels.
const (
	survivalTop, survivalBottom = 16.0, 184.0
	survivalLeft, survivalWidth = 38.0, 480.0
	labelGap                    = 13.0 // between two labels, so that none covers another
)

// SVG draws the curves. Labels stand at the ends of their lines, moved apart where they would cover one another.
func (s Survival) SVG(name string, units Units) template.HTML {
	if s.Hours <= 0 {
		s.Hours = 48
	}
	longest := 0.0
	for _, one := range s.Series {
		longest = max(longest, width(clip(one.Name, 18)))
	}
	right := survivalWidth - longest - 10
	var d drawing
	d.open("survival", fmt.Sprintf("0 0 %s 206", num(survivalWidth)), name, "")
	s.grid(&d, right, units)
	for _, one := range s.Series {
		one.band(&d, s.Hours, right)
	}
	for _, one := range s.Series {
		one.draw(&d, s.Hours, right)
	}
	s.labels(&d, right)
	return d.close()
}

// grid draws the shares as hairlines and the time below.
func (s Survival) grid(d *drawing, right float64, units Units) {
	for quarter := 0; quarter <= 4; quarter++ {
		y := shareY(float64(quarter) / 4)
		d.line("grid", survivalLeft, y, right, y)
		d.text("", survivalLeft-6, y+4, "end", fmt.Sprintf("%d%%", quarter*25))
	}
	for _, tick := range hourTicks(s.Hours) {
		x := hourX(tick, s.Hours, right)
		d.line("axis", x, survivalBottom, x, survivalBottom+4)
		d.text("", x, survivalBottom+17, "middle", hourLabel(tick, units))
	}
}

// hourTicks gives at most seven round marks from zero to the end.
func hourTicks(hours float64) []float64 {
	for _, every := range []float64{1, 2, 3, 6, 12, 24, 48, 72, 168, 240, 720, 2160} {
		if hours/every <= 6 {
			var ticks []float64
			for at := 0.0; at <= hours+1e-9; at += every {
				ticks = append(ticks, at)
			}
			return ticks
		}
	}
	return []float64{0, hours}
}

func hourLabel(hours float64, units Units) string {
	switch {
	case hours == 0:
		return "0"
	case hours >= 72 && int(hours)%24 == 0:
		return fmt.Sprintf("%d %s", int(hours)/24, units.Day)
	}
	return fmt.Sprintf("%s %s", num(hours), units.Hour)
}

func shareY(share float64) float64 {
	share = min(max(share, 0), 1)
	return survivalBottom - share*(survivalBottom-survivalTop)
}

func hourX(hours, all, right float64) float64 {
	return survivalLeft + min(max(hours/all, 0), 1)*(right-survivalLeft)
}

// draw writes the step line: filled ink for what we saw, a hollow line for what the provider says.
func (s Series) draw(d *drawing, hours, right float64) {
	path := s.path(hours, right, func(p Step) float64 { return p.Share })
	fmt.Fprintf(d, `<g class="%s">`, template.HTMLEscapeString(s.Class))
	if s.Said {
		d.path("hollow", path)
		d.path("hollow-core", path)
	} else {
		d.path(fmt.Sprintf("step dash%d", min(max(s.Dash, 0), 2)), path)
	}
	d.WriteString("</g>")
}

// band draws the interval around the curve, where one is known.
func (s Series) band(d *drawing, hours, right float64) {
	known := slices.ContainsFunc(s.Steps, func(p Step) bool { return p.High > 0 })
	if !known || s.Said {
		return
	}
	upper := s.path(hours, right, func(p Step) float64 { return p.High })
	lower := s.corners(hours, right, func(p Step) float64 { return p.Low })
	slices.Reverse(lower)
	var b strings.Builder
	b.WriteString(upper)
	for _, c := range lower {
		fmt.Fprintf(&b, "L%s,%s", num(c[0]), num(c[1]))
	}
	fmt.Fprintf(d, `<g class="%s">`, template.HTMLEscapeString(s.Class))
	d.path("band", b.String()+"Z")
	d.WriteString("</g>")
}

// path writes the steps as horizontal and vertical strokes from one hundred per cent at hour zero.
func (s Series) path(hours, right float64, at func(Step) float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%s,%s", num(survivalLeft), num(shareY(1)))
	for _, p := range s.Steps {
		if p.Hours > hours {
			break
		}
		fmt.Fprintf(&b, "H%sV%s", num(hourX(p.Hours, hours, right)), num(shareY(at(p))))
	}
	fmt.Fprintf(&b, "H%s", num(right))
	return b.String()
}

// corners are the points of the step line, for the lower edge of a band.
func (s Series) corners(hours, right float64, at func(Step) float64) [][2]float64 {
	y := shareY(1)
	points := [][2]float64{{survivalLeft, y}}
	for _, p := range s.Steps {
		if p.Hours > hours {
			break
		}
		x := hourX(p.Hours, hours, right)
		points = append(points, [2]float64{x, y})
		y = shareY(at(p))
		points = append(points, [2]float64{x, y})
	}
	return append(points, [2]float64{right, y})
}

// At is the share still up at an hour.
func (s Series) At(hours float64) float64 {
	share := 1.0
	for _, p := range s.Steps {
		if p.Hours > hours {
			break
		}
		share = p.Share
	}
	return share
}

// labels writes each name at the end of its line, top to bottom, at least [labelGap] apart and inside the frame.
func (s Survival) labels(d *drawing, right float64) {
	type label struct {
		of     Series
		end, y float64
	}
	all := make([]label, len(s.Series))
	for i, one := range s.Series {
		y := shareY(one.At(s.Hours))
		all[i] = label{one, y, y}
	}
	slices.SortStableFunc(all, func(a, b label) int {
		if a.end < b.end {
			return -1
		}
		if a.end > b.end {
			return 1
		}
		return 0
	})
	for i := 1; i < len(all); i++ {
		all[i].y = max(all[i].y, all[i-1].y+labelGap)
	}
	floor := survivalBottom
	for i := len(all) - 1; i >= 0; i-- {
		all[i].y = min(all[i].y, floor)
		floor = all[i].y - labelGap
	}
	for _, l := range all {
		fmt.Fprintf(d, `<g class="%s">`, template.HTMLEscapeString(l.of.Class))
		d.line("leader", right, l.end, right+7, l.y)
		d.text("label", right+9, l.y+4, "start", clip(l.of.Name, 18))
		d.WriteString("</g>")
	}
}
