package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
)

func TestCursor(t *testing.T) {
	r := QueueRow{Taken: Taken{Item: "01ABC", Priority: 7, SeenAt: noon, Location: "https://relay.example/a b#c d"}}
	got, err := ParseCursor(r.Cursor())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Cursor{7, noon, r.Location, "01ABC"}, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "7", "x 1 i l", "7 x i l", "7 1 i", "99999999999999999999 1 i l"} {
		if _, err := ParseCursor(bad); staydown.KindOf(err) != staydown.Usage {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("7 1772452800000 01ABC https://relay.example/a")
	f.Add("- - - -")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCursor(s)
		if err != nil {
			return
		}
		r := QueueRow{Taken: Taken{Item: c.Item, Priority: c.Priority, SeenAt: c.SeenAt, Location: c.Location}}
		if again, err := ParseCursor(r.Cursor()); err != nil || again != c {
			t.Errorf("%q: %v, %v", s, again, err)
		}
	})
}

func TestLedgerSumsDaysAndWeeks(t *testing.T) {
	days := []Day{{"2026-03-02", 60, 2, 1}, {"2026-02-24", 30, 1, 1}, {"2026-02-23", 10, 1, 0}}
	want := Exposure{Seconds: 100, Items: 4, Viewed: 2, Today: 60, Week: 90, Days: days}
	if diff := cmp.Diff(want, ledger(days, noon)); diff != "" {
		t.Error(diff)
	}
	if x := ledger(nil, noon.Add(24*time.Hour)); x.Seconds != 0 || x.Today != 0 {
		t.Errorf("nothing given, yet %+v", x)
	}
}
