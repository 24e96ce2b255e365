package chart

import (
	"fmt"
	"html/template"
)

// Bar is what became of a number of lines: the filled parts are what we saw, the outline is how many of them the
// provider says it removed. Where the outline reaches further than the green, the provider's word and our sight
// differ, and one sees by how much.
type Bar struct {
	Total             int // lines asked for; the parts are shares of it
	Gone, Up, Unknown int // what we saw
	Said              int // what the provider says it removed or disabled
}

// SVG draws the bar as wide as its cell. name is its accessible name, such as "8,874 of 9,412 seen gone".
// A bar of nothing is an empty frame; counts beyond the total are cut off at it.
func (b Bar) SVG(name string) template.HTML {
	var d drawing
	d.open("bar", "0 0 100 14", name, ` preserveAspectRatio="none"`)
	d.rect("rest", 0, 3, 100, 8, "")
	x := 0.0
	for _, part := range []struct {
		class string
		count int
	}{{"g", b.Gone}, {"u", b.Up}, {"k", b.Unknown}} {
		w := min(b.share(part.count), 100-x)
		if w > 0 {
			fmt.Fprintf(&d, `<rect class="%s" x="%s" y="3" width="%s" height="8"/>`, part.class, fine(x), fine(w))
			x += w
		}
	}
	if w := min(b.share(b.Said), 100); w > 0 {
		fmt.Fprintf(&d, `<rect class="said" x="0" y="0.8" width="%s" height="12.4"/>`, fine(w))
	}
	return d.close()
}

// share is a count in hundredths of the total.
func (b Bar) share(count int) float64 {
	if b.Total <= 0 || count <= 0 {
		return 0
	}
	return 100 * float64(count) / float64(b.Total)
}

// fine writes a hundredth share with two decimals: one URL in ten thousand must still be a sliver.
func fine(v float64) string { return fmt.Sprintf("%.2f", v) }
