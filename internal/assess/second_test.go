package assess

import (
	"fmt"
	"testing"

	"github.com/staydown/staydown"
)

func TestNeedsSecond(t *testing.T) {
	never := Facts{Location: "https://relay.example/1"}
	always := Facts{Location: "https://relay.example/1", Percent: 100}
	news := Facts{Location: "https://news.example/1", KnownGood: true}
	terror := func(g staydown.Ground) staydown.Assessment {
		return staydown.Assessment{Verdict: staydown.TerroristContent, Ground: g}
	}
	for _, g := range staydown.Grounds {
		want := ""
		if g == staydown.Incites {
			want = WhyGroundA
		}
		if got := NeedsSecond(terror(g), never); got != want {
			t.Errorf("ground %s: %q, want %q", g, got, want)
		}
	}
	for _, v := range staydown.Verdicts {
		want := map[staydown.Verdict]string{staydown.TermsOnly: WhyTermsOnly, staydown.Unclear: WhyUnclear}[v]
		a := staydown.Assessment{Verdict: v}
		if got := NeedsSecond(a, never); got != want {
			t.Errorf("%s: %q, want %q", v, got, want)
		}
		if got := NeedsSecond(a, news); got != WhyKnownGood {
			t.Errorf("%s of a news house: %q", v, got)
		}
		if want == "" {
			want = WhySample
		}
		if got := NeedsSecond(a, always); got != want {
			t.Errorf("%s with a sample of all: %q, want %q", v, got, want)
		}
	}
}

func TestTheSampleIsATenthAndTheSameEverywhere(t *testing.T) {
	const n = 20_000
	drawn := 0
	for i := range n {
		loc := fmt.Sprintf("https://relay.example/post/%d", i)
		if sampled(loc, 10) {
			drawn++
		}
		if sampled(loc, 10) && !sampled(loc, 20) {
			t.Fatalf("%s falls out of a larger sample", loc)
		}
	}
	if drawn != 2088 {
		t.Errorf("%d of %d drawn; the draw changed, so two desks would not agree", drawn, n)
	}
	if sampled("x", 0) || sampled("x", -1) || !sampled("x", 100) {
		t.Error("none, or all, is not what it says")
	}
}
