package staydown

import (
	"slices"
	"testing"
	"time"
)

var bankNow = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestBankCheck(t *testing.T) {
	nan := 0.0
	nan /= nan
	for _, c := range []struct {
		name string
		bank Bank
		code string
	}{
		{"sound", Bank{Name: "A_1", Ratio: 1, Radius: map[string]int{SignalPDQ: 63, SignalText: 0}}, ""},
		{"begins with a digit", Bank{Name: "1A"}, "bank.name"},
		{"lower case", Bank{Name: "a"}, "bank.name"},
		{"no name", Bank{}, "bank.name"},
		{"more than all", Bank{Name: "A", Ratio: 1.01}, "bank.ratio"},
		{"no number", Bank{Name: "A", Ratio: nan}, "bank.ratio"},
		{"too wide", Bank{Name: "A", Radius: map[string]int{SignalPDQ: 64}}, "bank.radius"},
		{"of a kind without one", Bank{Name: "A", Radius: map[string]int{SignalMD5: 1}}, "bank.radius"},
		{"of no kind", Bank{Name: "A", Radius: map[string]int{"x": 0}}, "bank.radius"},
		{"suppresses and is not negative", Bank{Name: "A", Against: []ID{"b"}}, "bank.against"},
		{"expires before", Bank{Name: "A", ExpireIn: -1}, "bank.expiry"},
		{"floods below nothing", Bank{Name: "A", Flood: FloodRule{Least: -1}}, "bank.flood"},
	} {
		if err := c.bank.Check(); c.code == "" && err != nil || c.code != "" && CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Every state and act: what the table allows happens, everything else is refused and changes nothing.
func TestContentMachine(t *testing.T) {
	acts := map[Act]func(*BankContent) (Event, error){
		"withdraw":   func(c *BankContent) (Event, error) { return c.Withdraw("p", "why", bankNow) },
		"add_again":  func(c *BankContent) (Event, error) { return c.AddAgain("p", bankNow) },
		"quarantine": func(c *BankContent) (Event, error) { return c.Quarantine("why") },
		"release":    func(c *BankContent) (Event, error) { return c.Release(bankNow) },
		"confirm":    func(c *BankContent) (Event, error) { return c.Confirm("p", "why", bankNow) },
		"reject":     func(c *BankContent) (Event, error) { return c.Reject("p", "why", bankNow) },
		"change":     func(c *BankContent) (Event, error) { return c.Change() },
	}
	for _, a := range ContentTable.Acts() {
		if acts[a] == nil && a != "add" {
			t.Errorf("nothing does %s", a)
		}
	}
	for _, from := range []ContentState{ContentActive, ContentQuarantined, ContentWithdrawn} {
		for a, do := range acts {
			c := BankContent{ID: "c", State: from}
			e, err := do(&c)
			if !slices.Contains(ContentTable.Allowed(from), a) {
				if CodeOf(err) != "content.state" || c.State != from {
					t.Errorf("%s %s: %v, now %s", from, a, err, c.State)
				}
				continue
			}
			if to, _ := ContentTable.Next("content", from, a); err != nil || c.State != to || e.Act != a || e.Subject != "c" {
				t.Errorf("%s %s: %v, now %s, event %+v", from, a, err, c.State, e)
			}
		}
	}
}

func TestAggregate(t *testing.T) {
	p, n, s := OpinionPositive, OpinionNegative, OpinionSeed
	for _, c := range []struct {
		all  []Opinion
		want Opinion
	}{
		{nil, OpinionNone}, {[]Opinion{p}, p}, {[]Opinion{n}, n}, {[]Opinion{s}, s}, {[]Opinion{p, n}, OpinionDisputed}, {[]Opinion{s, n, p}, OpinionDisputed},
		{[]Opinion{p, s}, p}, {[]Opinion{n, s}, s}, {[]Opinion{n, n}, n},
	} {
		var all []BankOpinion
		for _, o := range c.all {
			all = append(all, BankOpinion{Opinion: o})
		}
		if got := Aggregate(all); got != c.want {
			t.Errorf("%v: %s, want %s", c.all, got, c.want)
		}
	}
}

func TestWeigh(t *testing.T) {
	say := func(all ...Opinion) (out []BankOpinion) {
		for _, o := range all {
			out = append(out, BankOpinion{Opinion: o})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		change  func(*Found, *Draw)
		outcome Outcome
		code    string // of the last reason
	}{
		{"near enough", func(*Found, *Draw) {}, OutcomeMatch, "within"},
		{"at the radius", func(f *Found, _ *Draw) { f.Distance = 31 }, OutcomeMatch, "within"},
		{"beyond it", func(f *Found, _ *Draw) { f.Distance = 32 }, OutcomeNone, "radius"},
		{"within the bank's own", func(f *Found, _ *Draw) { f.Distance, f.Bank.Radius = 63, map[string]int{SignalPDQ: 63} }, OutcomeMatch, "within"},
		{"the same file", func(f *Found, _ *Draw) { f.Signal.Kind, f.Distance = SignalMD5, 0 }, OutcomeMatch, "same"},
		{"bank disabled", func(f *Found, _ *Draw) { f.Bank.Enabled = false }, OutcomeNone, "bank_disabled"},
		{"bank closed", func(f *Found, _ *Draw) { f.Bank.ClosedAt = bankNow }, OutcomeNone, "bank_disabled"},
		{"quarantined", func(f *Found, _ *Draw) { f.Content.State = ContentQuarantined }, OutcomeNone, "quarantined"},
		{"withdrawn", func(f *Found, _ *Draw) { f.Content.State = ContentWithdrawn }, OutcomeNone, "withdrawn"},
		{"under a tombstone", func(f *Found, _ *Draw) { f.Stone = &Tombstone{At: bankNow} }, OutcomeNone, "withdrawn"},
		{"rejected though vouched for", func(f *Found, _ *Draw) { f.Content.Standing, f.Opinions = StandingRejected, say(OpinionPositive) }, OutcomeNone, "rejected"},
		{"confirmed though denied", func(f *Found, _ *Draw) { f.Content.Standing, f.Opinions = StandingConfirmed, say(OpinionNegative) }, OutcomeMatch, "confirmed"},
		{"confirmed though quarantined", func(f *Found, _ *Draw) {
			f.Content.Standing, f.Content.State = StandingConfirmed, ContentQuarantined
		}, OutcomeNone, "quarantined"},
		{"disabled", func(f *Found, _ *Draw) { f.Content.DisableUntil = 0 }, OutcomeNone, "disabled"},
		{"disabled for now", func(f *Found, _ *Draw) { f.Content.DisableUntil = bankNow.Unix() }, OutcomeNone, "disabled"},
		{"enabled again", func(f *Found, _ *Draw) { f.Content.DisableUntil = bankNow.Unix() - 1 }, OutcomeMatch, "within"},
		{"expired", func(f *Found, _ *Draw) { f.Content.ExpiresAt = bankNow }, OutcomeNone, "expired"},
		{"not yet", func(f *Found, _ *Draw) { f.Content.ExpiresAt = bankNow.Add(time.Second) }, OutcomeMatch, "within"},
		{"of low quality", func(f *Found, _ *Draw) { f.Signal.Quality = 49 }, OutcomeNone, "quality"},
		{"of unknown quality", func(f *Found, _ *Draw) { f.Signal.Quality = UnknownQuality }, OutcomeMatch, "within"},
		{"of a text, which has none", func(f *Found, _ *Draw) { f.Signal.Kind, f.Signal.Quality = SignalText, 0 }, OutcomeMatch, "within"},
		{"not rolled out", func(f *Found, _ *Draw) { f.Bank.Ratio = 0.5 }, OutcomeNone, "rolled_out"},
		{"rolled out to this one", func(f *Found, _ *Draw) { f.Bank.Ratio = 0.51 }, OutcomeMatch, "within"},
		{"bypassed", func(f *Found, d *Draw) { f.Bank.Ratio, d.Bypass = 0.1, true }, OutcomeMatch, "within"},
		{"never bypassed at nothing", func(f *Found, d *Draw) { f.Bank.Ratio, d.Bypass = 0, true }, OutcomeNone, "rolled_out"},
		{"kind off", func(_ *Found, d *Draw) { d.Kinds = map[string]float64{SignalPDQ: 0} }, OutcomeNone, "kind_off"},
		{"kind on", func(_ *Found, d *Draw) { d.Kinds = map[string]float64{SignalPDQ: 1} }, OutcomeMatch, "within"},
		{"disputed", func(f *Found, _ *Draw) { f.Opinions = say(OpinionPositive, OpinionNegative) }, OutcomeReview, "disputed"},
		{"suspected", func(f *Found, _ *Draw) { f.Opinions = say(OpinionSeed) }, OutcomeReview, "seed"},
		{"denied", func(f *Found, _ *Draw) { f.Opinions = say(OpinionNegative) }, OutcomeNone, "negative"},
		{"vouched for", func(f *Found, _ *Draw) { f.Opinions = say(OpinionPositive) }, OutcomeMatch, "positive"},
	} {
		f := Found{Bank: Bank{Name: "B", Enabled: true, Ratio: 1}, Content: BankContent{State: ContentActive, DisableUntil: EnabledNow},
			Signal: BankSignal{Kind: SignalPDQ, Quality: 100}, Distance: 7}
		d := Draw{Coin: 0.5}
		c.change(&f, &d)
		o, why := f.Weigh(d, bankNow)
		if o != c.outcome || len(why) == 0 || why[len(why)-1].Code != c.code || why[0].Text == "" {
			t.Errorf("%s: %s %v, want %s %s", c.name, o, why, c.outcome, c.code)
		}
	}
}

func TestSuppress(t *testing.T) {
	found := func(negative bool, kind string) Found {
		return Found{Bank: Bank{ID: "x", Circle: "c", Negative: negative}, Signal: BankSignal{Kind: kind}}
	}
	other := found(false, SignalPDQ)
	other.Bank.ID = "other"
	only := found(true, SignalPDQ)
	only.Bank.Against = []ID{"other"}
	foreign := found(true, SignalPDQ)
	foreign.Bank.Circle = "d"
	for _, c := range []struct {
		name string
		f    Found
		good Found
		want bool
	}{
		{"near by near", found(false, SignalPDQ), found(true, SignalPDQ), true},
		{"near by the same bytes", found(false, SignalPDQ), found(true, SignalSHA256), true},
		{"the same bytes by near", found(false, SignalSHA256), found(true, SignalPDQ), false},
		{"the same bytes by the same bytes", found(false, SignalMD5), found(true, SignalSHA256), true},
		{"a negative bank", found(true, SignalPDQ), found(true, SignalPDQ), false},
		{"by one that is against another", found(false, SignalPDQ), only, false},
		{"by one that is against it", other, only, true},
		{"by one of another circle", found(false, SignalPDQ), foreign, false},
		{"by one that is not negative", found(false, SignalPDQ), found(false, SignalPDQ), false},
	} {
		if _, got := Suppress(c.f, []Found{c.good}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestFlooded(t *testing.T) {
	like := []int{1, 1, 2, 2, 3}
	for _, c := range []struct {
		name    string
		rule    FloodRule
		content BankContent
		bank    Bank
		tide    Tide
		want    bool
	}{
		{"few", FloodRule{}, BankContent{}, Bank{}, Tide{Matches: 49, Like: like}, false},
		{"as its like, times twenty", FloodRule{}, BankContent{}, Bank{}, Tide{Matches: 60, Like: like}, false},
		{"more than that", FloodRule{}, BankContent{}, Bank{}, Tide{Matches: 61, Like: like}, true},
		{"nothing to compare with", FloodRule{}, BankContent{}, Bank{}, Tide{Matches: 999, Like: like[:4]}, false},
		{"very many, with nothing to compare with", FloodRule{}, BankContent{}, Bank{}, Tide{Matches: 1000}, true},
		{"near too many", FloodRule{}, BankContent{}, Bank{}, Tide{Entries: 200}, true},
		{"near fewer", FloodRule{}, BankContent{}, Bank{}, Tide{Entries: 199}, false},
		{"own numbers", FloodRule{Least: 5, Times: 2}, BankContent{}, Bank{}, Tide{Matches: 7, Like: like}, true},
		{"off", FloodRule{Off: true}, BankContent{}, Bank{}, Tide{Matches: 1000, Entries: 1000}, false},
		{"a negative bank", FloodRule{}, BankContent{}, Bank{Negative: true}, Tide{Matches: 1000}, false},
		{"confirmed", FloodRule{}, BankContent{Standing: StandingConfirmed}, Bank{}, Tide{Matches: 1000}, false},
		{"released before", FloodRule{}, BankContent{ReleasedAt: bankNow}, Bank{}, Tide{Matches: 1000}, false},
		{"not new", FloodRule{}, BankContent{AddedAt: bankNow.Add(-15 * 24 * time.Hour)}, Bank{}, Tide{Matches: 1000}, false},
		{"put aside already", FloodRule{}, BankContent{State: ContentQuarantined}, Bank{}, Tide{Matches: 1000}, false},
	} {
		if c.content.State == "" {
			c.content.State = ContentActive
		}
		if c.content.AddedAt.IsZero() {
			c.content.AddedAt = bankNow
		}
		if why, got := c.rule.Flooded(c.bank, c.content, c.tide, bankNow); got != c.want || got && why == "" {
			t.Errorf("%s: %v %q", c.name, got, why)
		}
	}
}

func TestCoin(t *testing.T) {
	below := 0
	for i := range 1000 {
		c := Coin(string(rune('a'+i%26)) + string(rune('a'+i/26)))
		if c < 0 || c >= 1 {
			t.Fatalf("a coin of %v", c)
		}
		if c < 0.1 {
			below++
		}
	}
	if below < 70 || below > 130 {
		t.Errorf("%d of 1000 below a tenth", below)
	}
	if Coin("seed") != Coin("seed") {
		t.Error("the same seed gives two coins")
	}
}
