package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// layouts with a zone, and without one. Fractions of a second are read after any of them.
var (
	zoned = []string{
		time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 -0700",
		"2006-01-02 15:04:05 -0700 MST", "2006-01-02 15:04:05 UTC", "2006-01-02T15:04Z07:00", "2006-01-02 15:04 UTC",
		time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon Jan 2 15:04:05 -0700 2006", "20060102T150405Z",
	}
	zoneless = []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
		"2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02", "2006.01.02 15:04:05", "2006.01.02",
		"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 Jan 2006",
		"2 January 2006 15:04", "2 January 2006", "Jan 2, 2006 15:04:05", "Jan 2, 2006", "January 2, 2006", "20060102150405", "20060102",
	}
	slashed = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$`)
	epoch   = regexp.MustCompile(`^\d{9,13}(\.\d+)?$`)
)

// parseTime reads a time as sources write it, in Western or Arabic digits. hasZone tells whether a zone was written; if
// not, zone is taken. 3/4/2019 has two readings and is not read: only a day above twelve tells which is which.
func parseTime(s string, zone *time.Location) (t time.Time, hasZone, ok bool) {
	s = strings.TrimFunc(westernDigits(s), blank)
	if s == "" || len(s) > 64 {
		return t, false, false
	}
	if epoch.MatchString(s) {
		return parseEpoch(s)
	}
	for _, layout := range zoned {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(t, true)
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range zoneless {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return sane(t, false)
		}
	}
	return parseSlashed(s, zone)
}

// parseEpoch reads seconds or, from thirteen digits, milliseconds since 1970.
func parseEpoch(s string) (time.Time, bool, bool) {
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false, false
	}
	if len(whole) > 11 {
		return sane(time.UnixMilli(n), true)
	}
	return sane(time.Unix(n, 0), true)
}

func parseSlashed(s string, zone *time.Location) (time.Time, bool, bool) {
	m := slashed.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false, false
	}
	var n [7]int
	for i := range m {
		n[i], _ = strconv.Atoi(m[i]) // the expression lets only digits through; a missing part is 0
	}
	day, month := n[1], n[2]
	if day <= 12 && month <= 12 && day != month {
		return time.Time{}, false, false
	}
	if month > 12 {
		day, month = month, day
	}
	t := time.Date(n[3], time.Month(month), day, n[4], n[5], n[6], 0, zone)
	if t.Day() != day || t.Month() != time.Month(month) || n[4] > 23 || n[5] > 59 || n[6] > 59 {
		return time.Time{}, false, false
	}
	return sane(t, false)
}

// sane refuses years in which nothing was posted to any network: a column of numbers is then no column of times.
func sane(t time.Time, hasZone bool) (time.Time, bool, bool) {
	t = t.UTC()
	if t.Year() < 1985 || t.Year() > 2200 {
		return time.Time{}, false, false
	}
	return t, hasZone, true
}

// westernDigits folds the digits of other scripts.
func westernDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, s)
}

// takeTime reads a time into the row's field, or keeps it as it is written.
func (r *Row) takeTime(at *time.Time, name, value string, zone *time.Location) {
	if strings.TrimFunc(value, blank) == "" {
		return
	}
	t, hasZone, ok := parseTime(value, zone)
	if !ok {
		r.note(NoteTime)
		r.field(name, cutText(value, headBytes))
		return
	}
	*at = t
	if !hasZone {
		r.note(NoteZone)
		r.field(name, value)
	}
}
