package chart

import (
	"encoding/xml"
	"flag"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a drawing with testdata/<name>.svg and checks that it is well formed and free of what the content
// security policy forbids.
func golden(t *testing.T, name string, got template.HTML) {
	t.Helper()
	wellFormed(t, got)
	// One element per line, so that a changed drawing shows where.
	text := strings.ReplaceAll(string(got), "><", ">\n<") + "\n"
	path := filepath.Join("testdata", name+".svg")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s differs (-want +got), run with -update when that is meant:\n%s", name, diff)
	}
}

func wellFormed(t *testing.T, got template.HTML) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(got)))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, got)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
				t.Errorf("<%s> has the attribute %s, which the policy forbids", start.Name.Local, a.Name.Local)
			}
		}
	}
}

func TestBar(t *testing.T) {
	for name, bar := range map[string]Bar{
		"bar-honest": {Total: 9412, Gone: 8874, Up: 331, Unknown: 207, Said: 9020},
		"bar-liar":   {Total: 1650, Gone: 611, Up: 1002, Unknown: 37, Said: 1622},
		"bar-none":   {},
		"bar-excess": {Total: 10, Gone: 9, Up: 9, Said: 30}, // never wider than its frame
	} {
		golden(t, name, bar.SVG("8,874 of 9,412 <seen> gone"))
	}
}

func TestOneLineInManyIsStillASliver(t *testing.T) {
	if svg := string((Bar{Total: 10_000, Gone: 9_999, Up: 1}).SVG("x")); !strings.Contains(svg, `class="u" x="99.99" y="3" width="0.01"`) {
		t.Errorf("the one line still up is not drawn: %s", svg)
	}
}

var units = Units{Hour: "h", Day: "d"}

func curve(name, class string, k float64, said bool) Series {
	s := Series{Name: name, Class: class, Said: said, Count: 100}
	share := 1.0
	for h := 2.0; h <= 48; h += 2 {
		share *= k
		s.Steps = append(s.Steps, Step{Hours: h, Share: share})
	}
	return s
}

func TestSurvival(t *testing.T) {
	golden(t, "survival", Survival{Hours: 48, Series: []Series{
		curve("stills", "gone", 0.5, false), curve("relay", "accent", 0.7, false),
		curve("drop", "up", 0.97, false), curve("drop, they say", "up", 0.6, true),
	}}.SVG("Still up, by hours since the letter", units))
	golden(t, "survival-empty", Survival{}.SVG("Nothing yet", units))
	banded := curve("all & <more>", "warn", 0.8, false)
	for i := range banded.Steps {
		banded.Steps[i].Low, banded.Steps[i].High = banded.Steps[i].Share*0.8, min(1, banded.Steps[i].Share*1.2)
	}
	golden(t, "survival-band", Survival{Hours: 24, Series: []Series{banded}}.SVG("With its interval", units))
}

func TestLabelsNeverCoverOneAnother(t *testing.T) {
	s := Survival{Hours: 48}
	for i := range 9 {
		s.Series = append(s.Series, curve(fmt.Sprintf("p%d", i), "gone", 0.5, false)) // all end at the same share
	}
	var ys []float64
	decoder := xml.NewDecoder(strings.NewReader(string(s.SVG("x", units))))
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "text" {
			var y float64
			label := false
			for _, a := range start.Attr {
				if a.Name.Local == "y" {
					fmt.Sscan(a.Value, &y)
				}
				label = label || a.Name.Local == "class" && a.Value == "label"
			}
			if label {
				ys = append(ys, y)
			}
		}
	}
	if len(ys) != 9 {
		t.Fatalf("%d labels", len(ys))
	}
	for i := 1; i < len(ys); i++ {
		if ys[i]-ys[i-1] < 12 {
			t.Errorf("labels %d and %d are %.1f apart", i-1, i, ys[i]-ys[i-1])
		}
	}
}

func TestHourTicks(t *testing.T) {
	for hours, want := range map[float64]string{
		6: "0, 1 h, 2 h, 3 h, 4 h, 5 h, 6 h", 48: "0, 12 h, 24 h, 36 h, 48 h", 720: "0, 7 d, 14 d, 21 d, 28 d", 4.5: "0, 1 h, 2 h, 3 h, 4 h",
	} {
		var got []string
		for _, tick := range hourTicks(hours) {
			got = append(got, hourLabel(tick, units))
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%v hours: %s, want %s", hours, text, want)
		}
	}
}

func TestLineages(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2019, 11, n, 6, 0, 0, 0, time.UTC) }
	l := Lineages{From: day(1), To: day(29), Rows: []Lineage{
		{Name: "wire.example → wire2 → wire3", Generations: []Generation{
			{Name: "wire", From: day(2), Until: day(7), Title: "wire.example"},
			{Name: "wire2", From: day(9), Until: day(13)}, {Name: "wire3", From: day(15)}}},
		{Name: "relay: <@north>", Generations: []Generation{{Name: "north", From: day(3), Until: day(3)}}},
	}}
	golden(t, "lineages", l.SVG("Back again", func(t time.Time) string { return t.Format("2 Jan") }))
	golden(t, "lineages-empty", Lineages{}.SVG("Nothing came back", func(t time.Time) string { return "" }))
}
