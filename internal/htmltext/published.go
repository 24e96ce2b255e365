package htmltext

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// dated are the meta names under which pages say when their content appeared,
// the most deliberate first.
var dated = []string{"article:published_time", "og:published_time", "og:article:published_time", "datepublished", "uploaddate", "video:release_date",
	"dcterms.created", "dc.date.issued", "dc.date", "parsely-pub-date", "sailthru.date", "publish-date", "pubdate", "date"}

// linkedDate finds the date in linked data (schema.org) without reading all of
// it as JSON, which is often broken.
var linkedDate = regexp.MustCompile(`"(?:datePublished|uploadDate|dateCreated)"\s*:\s*"([^"\\]{8,40})"`)

func (r *reader) linkedData(n *html.Node, attrs map[string]string) {
	if !strings.EqualFold(strings.TrimSpace(attrs["type"]), "application/ld+json") || n.FirstChild == nil {
		return
	}
	data := n.FirstChild.Data
	if m := linkedDate.FindStringSubmatch(data[:min(len(data), 64<<10)]); m != nil {
		r.date(m[1])
	}
}

func (r *reader) date(s string) {
	if s != "" && len(s) <= 40 && len(r.dates) < 8 {
		r.dates = append(r.dates, s)
	}
}

// published is the first date that can be read: of the meta tags, then of
// linked data and time elements in their order.
func (r *reader) published() time.Time {
	for _, name := range dated {
		if t, ok := parseDate(r.page.Meta[name]); ok {
			return t
		}
	}
	for _, s := range r.dates {
		if t, ok := parseDate(s); ok {
			return t
		}
	}
	return time.Time{}
}

// exact and daily are the ways dates are written; without a zone they are read
// as UTC.
var (
	exact = []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.RFC1123Z, time.RFC1123}
	daily = []string{"2006-01-02", "20060102", "2006/01/02"}
)

func parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range exact {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t.UTC())
		}
	}
	for _, layout := range daily {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t.Add(24*time.Hour - time.Second))
		}
	}
	return time.Time{}, false
}

func plausible(t time.Time) (time.Time, bool) { return t, t.Year() >= 1990 && t.Year() < 2200 }
