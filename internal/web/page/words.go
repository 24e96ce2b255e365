package page

import (
	"fmt"
	"html/template"
	"time"

	"github.com/staydown/staydown/internal/locale"
)

// words are the functions of a template that depend on the language.
type words struct{ p *locale.Printer }

// t says a message as markup: the catalogue's words and every argument are escaped, and an argument from outside is
// isolated. An argument that is markup already, such as a mark or an address, goes in as it is.
func (w words) t(key string, args ...any) template.HTML {
	return template.HTML(w.p.Expand(key, 0, args, template.HTMLEscapeString, w.arg))
}

// tn says a message in the form a number asks for; the number is {0}.
func (w words) tn(key string, n int, args ...any) template.HTML {
	return template.HTML(w.p.Expand(key, n, append([]any{n}, args...), template.HTMLEscapeString, w.arg))
}

// word says a value of a closed list, such as a state: the message of "<list>.<value>". A value that has no message yet
// is shown as it is, isolated.
func (w words) word(list string, value any) template.HTML {
	key := list + "." + fmt.Sprint(value)
	if !w.p.Has(key) {
		return Name(fmt.Sprint(value))
	}
	return w.t(key)
}

func (w words) arg(a any) string {
	switch v := a.(type) {
	case template.HTML:
		return string(v)
	case time.Time:
		return string(w.when(v))
	case time.Duration:
		return string(w.dur(v))
	}
	if s, ok := w.p.Value(a); ok {
		return template.HTMLEscapeString(s)
	}
	return string(Name(fmt.Sprint(a)))
}

// when writes a moment to the minute; hovering shows it to the second.
func (w words) when(t time.Time) template.HTML { return w.stamp(t, w.p.When(t)) }

// clock writes the time of day.
func (w words) clock(t time.Time) template.HTML { return w.stamp(t, w.p.Clock(t)) }

// day writes a date.
func (w words) day(t time.Time) template.HTML { return w.stamp(t, w.p.Day(t)) }

// exact writes a moment to the second, left to right.
func (w words) exact(t time.Time) template.HTML {
	if t.IsZero() {
		return "–"
	}
	return template.HTML(`<bdi dir="ltr">`) + w.stamp(t, w.p.Exact(t)) + `</bdi>`
}

func (w words) stamp(t time.Time, text string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`,
		t.UTC().Format(time.RFC3339), w.p.Exact(t), template.HTMLEscapeString(text)))
}

// at writes the time of day at another place, with that place's offset: 02:20 (UTC+1). A zone the machine does not
// know is written in UTC.
func (w words) at(t time.Time, zone string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return w.clock(t)
	}
	there := t.In(place)
	_, offset := there.Zone()
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	utc := fmt.Sprintf("UTC%s%d", sign, offset/3600)
	if minutes := offset % 3600 / 60; minutes != 0 {
		utc += fmt.Sprintf(":%02d", minutes)
	}
	return template.HTML(fmt.Sprintf(`<bdi dir="ltr"><time datetime="%s" title="%s">%s</time> (%s)</bdi>`,
		there.Format(time.RFC3339), w.p.Exact(t), there.Format("15:04"), utc))
}

// dur writes a length of time; it never breaks across lines.
func (w words) dur(d time.Duration) template.HTML {
	return template.HTML(`<span class="nowrap">` + template.HTMLEscapeString(w.p.Duration(d)) + `</span>`)
}

// number, percent and bytes write figures.
func (w words) number(n int) string      { return w.p.Number(n) }
func (w words) percent(v float64) string { return w.p.Percent(v) }
func (w words) bytes(n int64) string     { return w.p.Bytes(n) }
