package page

import (
	"html/template"
	"time"

	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/web/assets"
	"github.com/staydown/staydown/internal/web/page/chart"
)

// funcs are what a template may call. Those that write words are bound to the language here, so that a template says
// {{t "queue.title"}} and never carries a language around.
func funcs(l locale.Lang) template.FuncMap {
	w := words{locale.For(l)}
	return template.FuncMap{
		// Words.
		"t": w.t, "tn": w.tn, "word": w.word,
		// Figures and times.
		"n": w.number, "n64": func(n int64) string { return w.number(int(n)) }, "pct": w.percent, "bytes": w.bytes,
		"when": w.when, "clock": w.clock, "day": w.day, "exact": w.exact, "at": w.at, "dur": w.dur, "left": w.p.Countdown,
		"secs": func(n int) template.HTML { return w.dur(time.Duration(n) * time.Second) },
		// What comes from outside.
		"bdi": Name, "code": Code, "url": URL, "place": Place, "text": Text,
		// Marks and keys.
		"say": Say, "saw": Saw, "key": KeyCap, "keyattr": KeyAttr, "keycap": keyCap,
		// Pictures.
		"bar":      w.bar,
		"survival": w.survival,
		"lineages": w.lineages,
		// Files.
		"asset": assets.Path,
		// Small helps of layout.
		"add": func(a, b int) int { return a + b },
		"ago": func(now, then time.Time) time.Duration { return now.Sub(then) },
	}
}

// bar draws what became of a provider's lines; its accessible name gives the figures.
func (w words) bar(b chart.Bar) template.HTML {
	return b.SVG(w.p.T("chart.bar", b.Gone, b.Up, b.Unknown, b.Said, b.Total))
}

// survival draws the curves with the reader's names of the units.
func (w words) survival(s chart.Survival) template.HTML {
	return s.SVG(w.p.T("chart.survival"), chart.Units{Hour: w.p.T("unit.hour"), Day: w.p.T("unit.day")})
}

// lineages draws what came back.
func (w words) lineages(l chart.Lineages) template.HTML {
	return l.SVG(w.p.T("chart.lineages"), w.p.DayShort)
}
