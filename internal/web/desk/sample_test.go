package desk

import (
	"math"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/web/page"
	"github.com/staydown/staydown/internal/web/page/chart"
)

// What the pages are tried with: an invented action day, with numbers that add up.

var sampleNow = time.Date(2019, 11, 23, 14, 20, 0, 0, time.UTC)

func sampleBoard() BoardPage {
	type p struct {
		name                                  string
		letters, say, gone, up, unknown, back int
		median                                time.Duration
	}
	b := BoardPage{Name: "Action days 21–24 November", Day: 3, Days: 4, At: sampleNow, Units: 12, Providers: 9,
		WallLink: "/campaigns/x?wall=1", PartLink: "/campaigns/x/providers", Acts: []Act{{Name: "freeze", Path: "/campaigns/x/freeze", Grave: true}}}
	f := report.Figures{Leads: 31_480, Items: 22_114, Assessed: 20_930}
	f.LawfulStopped = 2_093
	for _, r := range []p{
		{"relay.example", 9412, 9020, 8874, 331, 207, 212, 190 * time.Minute},
		{"tube.example", 3120, 3050, 3021, 58, 41, 77, 100 * time.Minute},
		{"clips.example", 1986, 1930, 1902, 49, 35, 41, 125 * time.Minute},
		{"chirp.example", 2240, 2105, 2098, 98, 44, 63, 270 * time.Minute},
		{"stills.example", 1104, 1101, 1090, 9, 5, 12, 55 * time.Minute},
		{"drop.example", 1650, 1622, 611, 1002, 37, 8, 0},
		{"shelf.example", 702, 418, 402, 281, 19, 3, 44 * time.Hour},
		{"paste.example", 980, 977, 975, 2, 3, 30, 25 * time.Minute},
		{"wire.example", 14, 9, 9, 5, 0, 4, 144 * time.Hour},
	} {
		b.Rows = append(b.Rows, BoardRow{Name: r.name, Link: "/providers/" + r.name, Rows: "/items?provider=" + r.name, Letters: "/letters?provider=" + r.name, Referred: r.letters, Delivered: r.letters,
			Say: r.say, Gone: r.gone, Up: r.up, Unknown: r.unknown, Back: r.back, MedianFrom: r.median, MedianTo: r.median * 3 / 2, MedianKnown: r.median > 0, Lies: r.name == "drop.example"})
		f.Referred += r.letters
		f.SayRemoved += r.say
		f.Gone += r.gone
		f.Returned += r.back
	}
	b.Figures = boardFigures(f, "x")
	curve := func(name, class string, hours, floor float64) chart.Series {
		s := chart.Series{Name: name, Class: class, Count: 100}
		for h := 2.0; h <= 48; h += 2 {
			s.Steps = append(s.Steps, chart.Step{Hours: h, Share: floor + (1-floor)*math.Exp2(-h/hours)})
		}
		return s
	}
	said := curve("drop, they say", "up", 5, 0.01)
	said.Said = true
	b.Curves = page.Curves{AsOf: sampleNow, Chart: chart.Survival{Hours: 48, Series: []chart.Series{
		curve("stills", "gone", 2.3, 0), curve("relay", "accent", 4.7, 0), curve("shelf", "warn", 24, 0), curve("drop", "up", 60, 0), said}}}
	day := func(n, hour int) time.Time { return time.Date(2019, 11, n, hour, 0, 0, 0, time.UTC) }
	b.Returns = page.Returns{Chart: chart.Lineages{From: day(1, 0), To: sampleNow, Rows: []chart.Lineage{
		{Name: "wire.example → wire2 → wire3 → wire4", Generations: []chart.Generation{
			{Name: "wire.example", From: day(2, 0), Until: day(6, 0)}, {Name: "wire2.example", From: day(7, 0), Until: day(11, 0)},
			{Name: "wire3.example", From: day(12, 0), Until: day(14, 0)}, {Name: "wire4.example", From: day(15, 0)}}},
		{Name: "relay: @north → @north_2 → @n0rth", Generations: []chart.Generation{
			{Name: "@north", From: day(4, 0), Until: day(7, 0)}, {Name: "@north_2", From: day(8, 0), Until: day(10, 0)}, {Name: "@n0rth", From: day(12, 0), Until: day(13, 0)}}},
		{Name: "tube: clip 7f3a (flip, caption)", Generations: []chart.Generation{
			{Name: "7f3a", From: day(5, 0), Until: day(7, 0)}, {Name: "9c01", From: day(9, 0), Until: day(10, 0)}, {Name: "b3d2", From: day(20, 0), Until: day(20, 12)}}},
	}}}
	b.UnitRows = []UnitRow{{"Unit 01", 4120, 2903, 2800, 301, 2411, 40}, {"Unit 02", 3020, 2011, 1987, 188, 1702, 12}}
	return b
}

func sampleItem() ItemPage {
	return ItemPage{ID: "01", Kind: "video", Address: "https://relay.example/north/4182", Language: "ar", State: staydown.ItemCaptured, Turn: staydown.First,
		Priority: 8, Reasons: []string{"reliable_source", "several_units", "known_content"},
		Description: "Described by the source as a statement with a call to act at 1:32–1:47.",
		Viewer:      Viewer{Still: "/items/01/stills/1", Strip: []string{"/items/01/stills/2", "/items/01/stills/3", "/items/01/stills/4", "/items/01/stills/5", "/items/01/stills/6", "/items/01/stills/7"}},
		Text:        "نص تمرين غير حقيقي: «العبارة المقتبسة هنا»، الدقيقة 1:32.",
		Seen:        SeenBefore{Alike: 12, Kind: "pdq", Distance: 9, Nearest: "https://tube.example/w/7f3a", Link: "/items/02", Pictures: []string{"/items/01/stills/1", "/items/02/stills/1"}},
		AlikeLink:   "/items/01/alike", Alike: 3,
		Posting: []page.Fact{{Label: factAccount, Text: "@north"}, {Label: factTitle, Text: "“exercise caption”", Kind: "text"},
			{Label: factPublisher, Text: "not on the known-good list"}, {Label: factPosted, Text: "2019-11-23 09:12:00 UTC"}},
		Kept: []page.Fact{{Label: factCaptured, Text: "2019-11-23 09:31:07 UTC"}, {Label: factExhibits, Text: "8 exhibits"},
			{Label: factSHA256, Text: "5b1ec0de5b1ec0de5b1ec0de5b1ec0de5b1ec0de5b1ec0de5b1ec0de5b1ec0de", Kind: "code"}},
		Statuses: Statuses{Say: saying(""), Saw: sighting(staydown.Up), SawAt: sampleNow, Places: []staydown.Place{{From: "direct", Country: "BE", Verdict: staydown.Up, Signal: "content"},
			{From: "direct-de", Country: "DE", Verdict: staydown.Up, Signal: "content"}}},
		Decide: &Decide{Path: "/items/01/assess", DraftPath: "/items/01/draft", PutBackPath: "/items/01/put-back", Purposes: choices(texts(staydown.Purposes), ""),
			Grounds: []Choice{{Value: "a", Key: "Digit1"}, {Value: "b", Key: "Digit2"}, {Value: "c", Key: "Digit3"}, {Value: "d", Key: "Digit4"}, {Value: "e", Key: "Digit5"}, {Value: "terms", Key: "Digit6"}},
			StopAs:  choices(stopVerdicts, ""), Clause: "Terms 4.2 (2019-06-01)",
			Acts: []Act{{Name: "refer", Key: "KeyR", Main: true}, {Name: "stop", Key: "KeyL"}, {Name: "second", Key: "KeyS"}}},
		HoldLink: "/items/01/hold",
		Checks: []page.Check{{Name: "1", State: page.StateGone, Saw: true}, {Name: "2", State: page.StateUnknown}, {Name: "3", State: page.StateGone, Saw: true}, {Name: "4", State: page.StateGone, Saw: true},
			{Name: "5", State: page.StateGone, Saw: true}, {Name: "6", State: page.StateGone, Saw: true}, {Name: "7", State: page.StateWarn, Saw: true, Why: "outside the recipient's contact hours: it is Sat 02:20 PST there"},
			{Name: "8", State: page.StateGone, Saw: true}, {Name: "9", State: page.StateGone, Saw: true}, {Name: "11", State: page.StateGone, Saw: true}},
		History: []HistoryLine{{At: sampleNow.Add(-5 * time.Hour), Act: "item.see", Who: "Officer 4"}, {At: sampleNow.Add(-4 * time.Hour), Act: "item.capture"}},
		Leads:   []LeadLine{{Source: "own watch", Grade: "B2", Reference: "U04-311", At: sampleNow.Add(-5 * time.Hour)}},
	}
}
