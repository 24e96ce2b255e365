package watch

import (
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match"
)

func TestWeigh(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2019, 11, n, 0, 0, 0, 0, time.UTC) }
	sha, near, far, words, other := map[string]int{"sha256": 0, "pdq": 0}, map[string]int{"pdq": 4}, map[string]int{"pdq": 31}, map[string]int{"text": 10}, map[string]int{"text": 39}
	for _, tt := range []struct {
		name        string
		distances   map[string]int
		title       string
		account     string
		change      func(s *suspect, e *evidence)
		least, most int // 0: no return
	}{
		{"same bytes, title and account", sha, "Harbour morning", "lamp", nil, 75, 90},
		{"same bytes alone", sha, "", "", nil, 70, 70},
		{"near picture and title", near, "Harbour morning", "", nil, 65, 75},
		{"far picture alone", far, "", "", nil, 30, 40},
		{"text nearly the same", words, "", "", nil, 65, 70},
		{"text somewhat alike", other, "", "", nil, 40, 50},
		{"only the title", nil, "Harbour morning", "lamp", nil, 0, 0},
		{"a title of one word says nothing", sha, "Morning", "", func(s *suspect, _ *evidence) { s.old.Title = "Morning" }, 70, 70},
		{"the other was never seen gone", sha, "", "", func(s *suspect, _ *evidence) { s.old.GoneAt = time.Time{} }, 0, 0},
		{"it appeared while the other was up", sha, "", "", func(_ *suspect, e *evidence) { e.published = day(21) }, 0, 0},
		{"it is the same item", sha, "", "", func(s *suspect, _ *evidence) { s.new.ID = s.old.ID }, 0, 0},
		{"both belong to one lineage already", sha, "", "", func(s *suspect, _ *evidence) { s.new.Lineage, s.old.Lineage = "l", "l" }, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := suspect{new: staydown.Item{ID: "new", Title: tt.title, Account: tt.account, SeenAt: day(25), Host: "tube.example", Kind: "post"},
				old: match.Other{ID: "old", Title: "Harbour, morning!", Account: "lamp", GoneAt: day(23), Host: "relay.example"}, lastUp: day(22)}
			e := evidence{published: day(24), distances: tt.distances}
			if tt.change != nil {
				tt.change(&s, &e)
			}
			ok := s.weigh(e)
			if ok != (tt.most > 0) || ok && (s.score < tt.least || s.score > tt.most) {
				t.Errorf("return %v with score %d, want %d to %d; %+v", ok, s.score, tt.least, tt.most, s.signals)
			}
			if ok && s.kind != Reupload {
				t.Errorf("kind %s", s.kind)
			}
		})
	}
}

func TestAway(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2019, 11, 22, h, 0, 0, 0, time.UTC) }
	life := func(from, to, published int) Life {
		l := Life{Generation: staydown.Generation{FromAt: at(from)}}
		if to > 0 {
			l.ToAt = at(to)
		}
		if published > 0 {
			l.Thing.PublishedAt = at(published)
		}
		return l
	}
	for _, tt := range []struct {
		before, after Life
		want          time.Duration
	}{
		{life(1, 5, 0), life(9, 0, 0), 4 * time.Hour},
		{life(1, 5, 0), life(9, 0, 7), 2 * time.Hour},
		{life(1, 0, 0), life(9, 0, 0), 0},
		{life(1, 5, 0), life(9, 0, 4), 0},
	} {
		if got := away(tt.before, tt.after); got != tt.want {
			t.Errorf("away %v, want %v", got, tt.want)
		}
	}
}
