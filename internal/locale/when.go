package locale

import (
	"fmt"
	"time"
)

// months are the short names of the Gregorian months.
var months = map[Lang][12]string{
	English: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	Arabic:  {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
}

// zoneUTC is how the zone is said; Arabic spells it out, since Latin letters in a running sentence break its order.
var zoneUTC = map[Lang]string{English: "UTC", Arabic: "بالتوقيت العالمي"}

// Day writes a date: 23 Nov 2019. The zero time is "–".
func (p *Printer) Day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.UTC()
	return fmt.Sprintf("%d %s %d", t.Day(), months[p.lang][t.Month()-1], t.Year())
}

// DayShort writes a date without its year, for axes: 23 Nov.
func (p *Printer) DayShort(t time.Time) string {
	t = t.UTC()
	return fmt.Sprintf("%d %s", t.Day(), months[p.lang][t.Month()-1])
}

// When writes a moment to the minute, in UTC, and says so: 23 Nov 2019, 14:20 UTC.
func (p *Printer) When(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	comma := ","
	if p.lang == Arabic {
		comma = "،"
	}
	return p.Day(t) + comma + " " + t.UTC().Format("15:04") + " " + zoneUTC[p.lang]
}

// Clock writes the time of day in UTC to the minute, without a date: 14:20 UTC.
func (p *Printer) Clock(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("15:04") + " " + zoneUTC[p.lang]
}

// Exact writes a moment to the second as evidence and references have it, the same in every language:
// 2019-11-23 14:20:07 UTC.
func (p *Printer) Exact(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// units of a duration, from day to second.
var units = map[Lang][4]string{English: {"d", "h", "m", "s"}, Arabic: {"ي", "س", "د", "ث"}}

// Duration writes a length of time in at most two units: 6 d, 3 h 10 m, 55 m, 20 s. Below two days hours are kept
// ("31 h"), because removal is measured in them; from two days on it is days and hours.
func (p *Printer) Duration(d time.Duration) string {
	if d < 0 {
		return "−" + p.Duration(-d)
	}
	u := units[p.lang]
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d %s", int(d/time.Second), u[3])
	case d < time.Hour:
		return fmt.Sprintf("%d %s", int(d/time.Minute), u[2])
	case d < 48*time.Hour:
		return twoUnits(int(d/time.Hour), u[1], int(d%time.Hour/time.Minute), u[2])
	}
	return twoUnits(int(d/(24*time.Hour)), u[0], int(d%(24*time.Hour)/time.Hour), u[1])
}

// twoUnits leaves out a second unit of nothing.
func twoUnits(a int, ua string, b int, ub string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, ua)
	}
	return fmt.Sprintf("%d %s %d %s", a, ua, b, ub)
}

// Countdown writes what is left as a clock shows it, the same in every language: 8:41, 1:02:05; never below 0:00.
func (p *Printer) Countdown(left time.Duration) string {
	if left < 0 {
		left = 0
	}
	s := int((left + time.Second - 1) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s%3600/60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
