package chart

import (
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
)

// drawing collects the parts of an SVG. Texts are escaped where they enter; numbers are written short.
type drawing struct{ strings.Builder }

// open begins a drawing with its accessible name. The name is repeated as <title>, which browsers show on hover.
func (d *drawing) open(class, box, name string, extra string) {
	fmt.Fprintf(d, `<svg class="%s" viewBox="%s" role="img" aria-label="%s"%s><title>%s</title>`,
		class, box, html.EscapeString(name), extra, html.EscapeString(name))
}

// close ends the drawing and gives it out as markup that the page may embed.
func (d *drawing) close() template.HTML {
	d.WriteString("</svg>")
	return template.HTML(d.String())
}

// text writes a text at a point; anchor is start, middle or end.
func (d *drawing) text(class string, x, y float64, anchor, s string) {
	fmt.Fprintf(d, `<text%s x="%s" y="%s"`, classed(class), num(x), num(y))
	if anchor != "start" {
		fmt.Fprintf(d, ` text-anchor="%s"`, anchor)
	}
	fmt.Fprintf(d, `>%s</text>`, html.EscapeString(s))
}

// line draws a straight line.
func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(d, `<line%s x1="%s" y1="%s" x2="%s" y2="%s"/>`, classed(class), num(x1), num(y1), num(x2), num(y2))
}

// rect draws a rectangle, with a title of its own where there is one.
func (d *drawing) rect(class string, x, y, w, h float64, title string) {
	fmt.Fprintf(d, `<rect%s x="%s" y="%s" width="%s" height="%s"`, classed(class), num(x), num(y), num(w), num(h))
	if title == "" {
		d.WriteString("/>")
		return
	}
	fmt.Fprintf(d, `><title>%s</title></rect>`, html.EscapeString(title))
}

// path draws a path that the caller has written.
func (d *drawing) path(class, data string) {
	fmt.Fprintf(d, `<path%s d="%s"/>`, classed(class), data)
}

func classed(class string) string {
	if class == "" {
		return ""
	}
	return ` class="` + html.EscapeString(class) + `"`
}

// num writes a coordinate with at most one decimal: a tenth of a pixel is finer than any screen shows.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// clip shortens a label to n runes; the whole name stands in the table behind the picture.
func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

// width estimates how many pixels a label of eleven pixels takes; the fonts are not loaded on the server.
func width(s string) float64 { return 6.1 * float64(len([]rune(s))) }
