package bank_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/match/bank"
)

// The tests of this file are named after defects that users of other matchers
// live with (docs/design/banks.md lists them): each shows that ours has not that one.

// B1: what a source withdrew went on matching.
func TestB1AWithdrawalTakesEffectAtOnceAndIsProven(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("VICTIMS", bank.Settings{})
		other := r.another()
		ask := func() []string {
			a, err := other.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{picture(h)}})
			r.must(err)
			return said(a.Hits)
		}
		take := func(withdrawn bool) bank.Taken {
			n := bank.New{Key: "case-1", Withdrawn: withdrawn}
			if !withdrawn {
				n.Signals = []bank.Signal{picture(h), md5Of(1)}
			}
			taken, err := r.desk.Take(r.ctx, r.lead, b.ID, "partner", []bank.New{n})
			r.must(err)
			return taken
		}
		take(false)
		r.same(ask(), []string{"VICTIMS 1 pdq 0 match"})
		if got := take(true); got.Withdrawn != 1 {
			r.Fatalf("taken: %+v", got)
		}
		r.same(ask(), []string{})
		r.same(r.look(md5Of(1)), []string{})
		r.same(r.whyNot(picture(h)), []string{"VICTIMS 1 withdrawn"})

		if got := take(false); got.Stood != 1 || got.Added+got.Changed > 0 {
			r.Errorf("fetched again: %+v", got)
		}
		fresh, err := r.desk.Take(r.ctx, r.lead, b.ID, "another list", []bank.New{{Signals: []bank.Signal{picture(h)}}})
		r.must(err)
		if fresh.Stood != 1 {
			r.Errorf("brought by another list: %+v", fresh)
		}
		r.same(ask(), []string{})

		w, err := r.desk.Numbered(r.ctx, r.lead, b.ID, 1)
		r.must(err)
		if len(w.Stones) != 2 || w.Stones[0].N == 0 || w.Stones[0].Why == "" || w.State != staydown.ContentWithdrawn {
			r.Errorf("tombstones: %+v", w.Stones)
		}
		if k := len(w.Proofs) - 1; k < 0 || w.Proofs[k].Act != "withdraw" {
			r.Errorf("proofs: %+v", w.Proofs)
		}
		_, err = r.desk.Add(r.ctx, r.lead, b.ID, bank.New{Signals: []bank.Signal{picture(h)}})
		r.refused(err, "bank.withdrawn")
		r.must(r.desk.AddAgain(r.ctx, r.lead, b.ID, w.ID, "the source asks for it after all"))
		r.same(ask(), []string{"VICTIMS 1 pdq 0 match"})
	})
}

// B2: a kind of signal could not be switched off.
func TestB2AKindOfSignalIsSwitchedOff(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("FILES", bank.Settings{})
		r.add(b, md5Of(1))
		r.must(r.desk.Switch(r.ctx, r.lead, staydown.SignalMD5, 0))
		r.same(r.ask(bank.Ask{Signals: []bank.Signal{md5Of(1)}, Bypass: true}), []string{})
		r.same(r.whyNot(md5Of(1)), []string{"FILES 1 kind_off"})
		r.must(r.desk.Switch(r.ctx, r.lead, staydown.SignalMD5, 1))
		r.same(r.look(md5Of(1)), []string{"FILES 1 md5 0 match"})
		r.refused(r.desk.Switch(r.ctx, r.lead, "crc32", 1), "bank.kind")
	})
}

// B3 and B4: what sources disputed or called wrong matched like everything else, and the answer told nothing of it.
func TestB3DisputedAndNegativeOpinionsGate(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("SHARED", bank.Settings{})
		voices := func(all ...staydown.Opinion) (out []bank.Voice) {
			for i, o := range all {
				out = append(out, bank.Voice{Source: fmt.Sprintf("member %d", i), Opinion: o, Tags: []string{"tag"}})
			}
			return out
		}
		_, err := r.desk.Take(r.ctx, r.lead, b.ID, "exchange", []bank.New{
			{Key: "1", Signals: []bank.Signal{md5Of(1)}, Opinions: voices(staydown.OpinionPositive, staydown.OpinionNegative)},
			{Key: "2", Signals: []bank.Signal{md5Of(2)}, Opinions: voices(staydown.OpinionNegative)},
			{Key: "3", Signals: []bank.Signal{md5Of(3)}, Opinions: voices(staydown.OpinionSeed)},
			{Key: "4", Signals: []bank.Signal{md5Of(4)}, Opinions: voices(staydown.OpinionPositive, staydown.OpinionSeed)}})
		r.must(err)
		r.same(r.look(md5Of(1)), []string{"SHARED 1 md5 0 review"})
		r.same(r.look(md5Of(2)), []string{})
		r.same(r.whyNot(md5Of(2)), []string{"SHARED 2 negative"})
		r.same(r.look(md5Of(3)), []string{"SHARED 3 md5 0 review"})
		r.same(r.look(md5Of(4)), []string{"SHARED 4 md5 0 match"})
		a, err := r.desk.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{md5Of(1)}})
		r.must(err)
		if h := a.Hits[0]; h.Opinion != staydown.OpinionDisputed || len(h.Opinions) != 2 || h.Bank.Owner != "unit" || h.Opinions[0].Tags[0] != "tag" {
			r.Errorf("the answer says of opinions: %+v", h)
		}
	})
}

func TestB4NegativeFeedbackOfAFetchIsKept(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("SHARED", bank.Settings{})
		take := func(o ...bank.Voice) {
			_, err := r.desk.Take(r.ctx, r.lead, b.ID, "exchange", []bank.New{{Key: "1", Signals: []bank.Signal{md5Of(1)}, Opinions: o}})
			r.must(err)
		}
		take(bank.Voice{Source: "a", Opinion: staydown.OpinionPositive})
		r.same(r.look(md5Of(1)), []string{"SHARED 1 md5 0 match"})
		take(bank.Voice{Source: "a", Opinion: staydown.OpinionPositive}, bank.Voice{Source: "b", Opinion: staydown.OpinionNegative, Category: "wrong class"})
		r.same(r.look(md5Of(1)), []string{"SHARED 1 md5 0 review"})
		take(bank.Voice{Source: "b", Opinion: staydown.OpinionNegative}) // a snapshot: a's voice is gone
		r.same(r.look(md5Of(1)), []string{})
	})
}

// B8: everybody could do everything, and nobody could see who did.
func TestB8EverythingNeedsAPermissionAndLeavesAnEvent(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("FILES", bank.Settings{})
		c := r.add(b, md5Of(1))
		analyst := caller("analyst", "unit", staydown.RoleAnalyst)
		stranger := caller("stranger", "other", staydown.RoleLead)
		_, err := r.desk.Open(r.ctx, analyst, "", "", bank.Settings{Name: ptr("X")})
		r.refused(err, "access.permission")
		r.refused(r.desk.Withdraw(r.ctx, analyst, b.ID, c.ID, "x"), "access.permission")
		r.refused(r.desk.Confirm(r.ctx, analyst, b.ID, c.ID, "x"), "access.permission")
		r.refused(r.desk.Withdraw(r.ctx, stranger, b.ID, c.ID, "x"), "access.circle")
		_, err = r.desk.Content(r.ctx, stranger, b.ID, c.ID)
		r.refused(err, "access.circle")
		a, err := r.desk.Lookup(r.ctx, stranger, bank.Ask{Signals: []bank.Signal{md5Of(1)}})
		r.must(err)
		r.same(said(a.Hits), []string{})
		_, err = r.desk.Lookup(r.ctx, stranger, bank.Ask{Signals: []bank.Signal{md5Of(1)}, Banks: []staydown.ID{b.ID}})
		r.refused(err, "bank.not_found")
		_, err = r.desk.Lookup(r.ctx, caller("overseer", "unit", staydown.RoleOverseer), bank.Ask{Signals: []bank.Signal{md5Of(1)}})
		r.refused(err, "access.permission")

		member := caller("member", "member", staydown.RoleLead) // of the same circle, by a campaign
		member.Circles = append(member.Circles, "unit")
		r.refused(r.desk.Withdraw(r.ctx, member, b.ID, c.ID, "x"), "bank.owner")
		r.must(r.desk.Opine(r.ctx, member, b.ID, c.ID, bank.Voice{Opinion: staydown.OpinionSeed}))

		blunt, err := r.desk.Lookup(r.ctx, analyst, bank.Ask{Signals: []bank.Signal{md5Of(1)}, Why: true})
		r.must(err)
		if h := blunt.Hits[0]; !blunt.Blunt || h.Why != nil || h.Value != "" || h.Pairs != nil || blunt.Not != nil {
			r.Errorf("an analyst sees %+v", blunt)
		}
		w, err := r.desk.Content(r.ctx, r.lead, b.ID, c.ID)
		r.must(err)
		if len(w.Proofs) != 2 || w.Proofs[0].Act != "add" || w.Proofs[1].Act != "opine" {
			r.Errorf("events: %+v", w.Proofs)
		}
	})
}

// B9 and B19: a content was read, changed and deleted under the name of any bank.
func TestB9AContentIsFoundInItsOwnBankOnly(t *testing.T) {
	each(t, func(r *rig) {
		a, b := r.open("A", bank.Settings{}), r.open("B", bank.Settings{})
		c := r.add(b, md5Of(1))
		_, err := r.desk.Content(r.ctx, r.lead, a.ID, c.ID)
		r.refused(err, "bank_contents.not_found")
		_, err = r.desk.Numbered(r.ctx, r.lead, a.ID, c.Number)
		r.refused(err, "bank_contents.not_found")
		_, err = r.desk.Edit(r.ctx, r.lead, a.ID, c.ID, bank.Edit{Note: ptr("x")})
		r.refused(err, "bank_contents.not_found")
	})
}

func TestB19AContentIsNotWithdrawnThroughAnotherBank(t *testing.T) {
	each(t, func(r *rig) {
		a, b := r.open("A", bank.Settings{}), r.open("B", bank.Settings{})
		c := r.add(b, md5Of(1))
		r.refused(r.desk.Withdraw(r.ctx, r.lead, a.ID, c.ID, "x"), "bank_contents.not_found")
		r.refused(r.desk.Opine(r.ctx, r.lead, a.ID, c.ID, bank.Voice{Opinion: staydown.OpinionSeed}), "bank_contents.not_found")
		r.same(r.look(md5Of(1)), []string{"B 1 md5 0 match"})
	})
}

// B13: one picture stored with a palette, and in colours, had hashes far apart.
func TestB13APalettePictureIsHashedAsItIsSeen(t *testing.T) {
	colours := color.Palette{color.Gray{0}, color.Gray{255}, color.Gray{60}, color.Gray{200}, color.Gray{120}}
	flat := image.NewPaletted(image.Rect(0, 0, 128, 128), colours)
	full := image.NewRGBA(flat.Rect)
	for i := range flat.Pix {
		flat.Pix[i] = uint8((i/128/9 + i%128/13 + i*i%128/31) % len(colours))
		full.Set(i%128, i/128, colours[flat.Pix[i]])
	}
	each(t, func(r *rig) {
		b := r.open("PICTURES", bank.Settings{})
		c, err := r.desk.AddFile(r.ctx, r.lead, b.ID, pngOf(t, full), bank.New{})
		r.must(err)
		w, err := r.desk.Content(r.ctx, r.lead, b.ID, c.ID)
		r.must(err)
		if len(w.Signals) != 10 { // two digests, eight turns
			r.Errorf("%d signals", len(w.Signals))
		}
		got := r.ask(bank.Ask{Bytes: pngOf(t, flat)})
		r.same(got, []string{"PICTURES 1 pdq 0 match"})
	})
}

func pngOf(t *testing.T, i image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, i); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// B14: a picture of low quality was an error.
func TestB14ALowQualityPictureIsAnAnswer(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("PICTURES", bank.Settings{})
		r.add(b, picture(h))
		poor := picture(h)
		poor.Quality = 49
		a, err := r.desk.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{poor}})
		r.must(err)
		if len(a.Hits) != 0 || a.Asked[0].Skipped == nil || a.Asked[0].Skipped.Code != "quality" {
			r.Errorf("answer: %+v", a)
		}
		blank := image.NewGray(image.Rect(0, 0, 200, 200))
		r.same(r.ask(bank.Ask{Bytes: pngOf(t, blank)}), []string{})

		other := r.hash()
		low := picture(other)
		low.Quality = 49
		r.add(b, low) // of a bank, the same: kept, and no match
		r.same(r.look(picture(other)), []string{})
		r.same(r.whyNot(picture(other)), []string{"PICTURES 2 quality"})
	})
}

// B15: the thresholds of videos were not what they were said to be, and one without a good frame divided by nothing.
func TestB15FramesCountUpToTheRadiusAndAVideoWithoutGoodOnesIsAnAnswer(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("CLIPS", bank.Settings{})
		h, other := r.hash(), r.hash()
		frame := func(v bank.Signal, n int) bank.Signal {
			v.Kind, v.Frame, v.AtMS = staydown.SignalFrame, n, int64(n)*1000
			return v
		}
		r.add(b, frame(picture(h), 3), frame(picture(other), 4))
		a, err := r.desk.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{frame(picture(r.near(h, 31)), 7), frame(picture(r.near(other, 32)), 8), frame(picture(r.near(h, 2)), 9)}})
		r.must(err)
		r.same(said(a.Hits), []string{"CLIPS 1 vpdq 2 match"})
		if x := a.Hits[0]; x.Frames != 2 || x.Fits != 1 || x.Pairs[0] != (bank.Pair{Asked: 2, Frame: 9, AtMS: 9000, ToFrame: 3, ToAtMS: 3000, Distance: 2}) {
			r.Errorf("hit: %+v", x)
		}
		r.same(r.look(picture(h)), []string{"CLIPS 1 vpdq 0 match"}) // a still of the video
		poor := frame(picture(h), 1)
		poor.Quality = 0
		r.same(r.look(poor, poor), []string{})
	})
}

// B18: an imported false positive, deleted here, came back with the next fetch.
func TestB18OurWordOutlivesEveryFetch(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("FETCHED", bank.Settings{})
		take := func() bank.Taken {
			taken, err := r.desk.Take(r.ctx, r.lead, b.ID, "exchange", []bank.New{
				{Key: "1", Signals: []bank.Signal{md5Of(1)}, Opinions: []bank.Voice{{Source: "a", Opinion: staydown.OpinionPositive}}},
				{Key: "2", Signals: []bank.Signal{md5Of(2)}, Opinions: []bank.Voice{{Source: "a", Opinion: staydown.OpinionNegative}}},
				{Key: "3", Signals: []bank.Signal{md5Of(3)}}})
			r.must(err)
			return taken
		}
		take()
		content := func(n int64) staydown.ID {
			w, err := r.desk.Numbered(r.ctx, r.lead, b.ID, n)
			r.must(err)
			return w.ID
		}
		r.must(r.desk.Reject(r.ctx, r.lead, b.ID, content(1), "it is a news report"))
		r.must(r.desk.Confirm(r.ctx, r.lead, b.ID, content(2), "seen"))
		r.must(r.desk.Withdraw(r.ctx, r.lead, b.ID, content(3), "imported by mistake"))
		for range 2 {
			r.same(r.look(md5Of(1), md5Of(2), md5Of(3)), []string{"FETCHED 2 md5 0 match"})
			r.same(r.whyNot(md5Of(1)), []string{"FETCHED 1 rejected"})
			if got := take(); got != (bank.Taken{Changed: 2, Stood: 1}) {
				r.Errorf("fetched again: %+v", got)
			}
		}
	})
}

// B20: a bank made disabled was enabled.
func TestB20ABankMadeDisabledIsDisabled(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("QUIET", bank.Settings{Enabled: ptr(false)})
		r.add(b, md5Of(1))
		r.same(r.ask(bank.Ask{Signals: []bank.Signal{md5Of(1)}, Bypass: true}), []string{})
		none := r.open("NONE", bank.Settings{Ratio: ptr(0.0)})
		r.add(none, md5Of(1))
		r.same(r.ask(bank.Ask{Signals: []bank.Signal{md5Of(1)}, Bypass: true}), []string{})
	})
}

// A malformed hash from upstream crashed the building of the index (ThreatExchange issue 1609).
func TestAMalformedSignalIsRefusedAtTheDoor(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("FILES", bank.Settings{})
		for _, s := range []bank.Signal{signal("pdq", "abc"), signal("pdq", strings.Repeat("0", 64)), signal("md5", "x"), signal("crc32", "1"), signal("text", "hi"),
			signal("trend_query", `{"and":`), signal("tlsh", "T1zz"), signal("url", "::"), {Kind: "md5", Value: md5Of(1).Value, Quality: 101}} {
			_, err := r.desk.Add(r.ctx, r.lead, b.ID, bank.New{Signals: []bank.Signal{md5Of(9), s}})
			r.refused(err, "bank.signal")
			if e := err.(*staydown.Error); e.Where != "signals[1]" {
				r.Errorf("%v: at %s", s, e.Where)
			}
		}
		_, err := r.desk.Take(r.ctx, r.lead, b.ID, "list", []bank.New{{Signals: []bank.Signal{md5Of(1)}}, {Signals: []bank.Signal{signal("pdq", "abc")}}})
		r.refused(err, "bank.signal")
		r.same(r.look(md5Of(1)), []string{}) // all or nothing
	})
}

func TestNegativeBanksSuppress(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		bad, news := r.open("POSTERS", bank.Settings{}), r.open("KNOWN_GOOD", bank.Settings{Negative: ptr(true)})
		r.add(bad, picture(r.near(h, 5)), sha256Of(1))
		c := r.add(news, picture(h))
		r.same(r.look(picture(h)), []string{})
		r.same(r.whyNot(picture(h)), []string{"POSTERS 1 suppressed"})
		a, err := r.desk.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{picture(h)}, Banks: []staydown.ID{bad.ID}})
		r.must(err)
		r.same(said(a.Good), []string{"KNOWN_GOOD 2 pdq 0 match"})
		r.same(r.look(picture(h), sha256Of(1)), []string{"POSTERS 1 sha256 0 match"}) // the same bytes outweigh a likeness
		r.must(r.desk.Withdraw(r.ctx, r.lead, news.ID, c.ID, "not so good"))
		r.same(r.look(picture(h)), []string{"POSTERS 1 pdq 5 match"})
	})
}

func TestRollOutAndTimes(t *testing.T) {
	each(t, func(r *rig) {
		half := r.open("HALF", bank.Settings{Ratio: ptr(0.3)})
		r.add(half, md5Of(1))
		r.same(r.look(md5Of(1)), []string{}) // the coin is 0.5
		r.same(r.whyNot(md5Of(1)), []string{"HALF 1 rolled_out"})
		r.same(r.ask(bank.Ask{Signals: []bank.Signal{md5Of(1)}, Bypass: true}), []string{"HALF 1 md5 0 match"})
		in := 0
		for i := range 200 {
			seed := fmt.Sprint("item ", i)
			first := r.ask(bank.Ask{Signals: []bank.Signal{md5Of(1)}, Seed: seed})
			if again := r.ask(bank.Ask{Signals: []bank.Signal{md5Of(1)}, Seed: seed}); !slices.Equal(first, again) {
				r.Fatalf("seed %q: %v, then %v", seed, first, again)
			}
			in += len(first)
		}
		if in < 40 || in > 80 {
			r.Errorf("%d of 200 at 30 %%", in)
		}

		short := r.open("SHORT", bank.Settings{ExpireIn: ptr(1)})
		c := r.add(short, md5Of(2))
		r.same(r.look(md5Of(2)), []string{"SHORT 2 md5 0 match"})
		until := r.clock.At.Add(time.Hour).Unix()
		edit := func(ts int64) error {
			_, err := r.desk.Edit(r.ctx, r.lead, short.ID, c.ID, bank.Edit{DisableUntil: &ts})
			return err
		}
		r.must(edit(until))
		r.same(r.whyNot(md5Of(2)), []string{"SHORT 2 disabled"})
		r.clock.At = r.clock.At.Add(time.Hour + time.Second)
		r.same(r.look(md5Of(2)), []string{"SHORT 2 md5 0 match"})
		r.must(edit(0))
		r.same(r.whyNot(md5Of(2)), []string{"SHORT 2 disabled"})
		r.must(edit(1))
		r.refused(edit(r.clock.At.AddDate(6, 0, 0).Unix()), "bank.disable_until")
		r.clock.At = r.clock.At.Add(24 * time.Hour)
		r.same(r.whyNot(md5Of(2)), []string{"SHORT 2 expired"})
	})
}

func TestQuarantineOfWhatFloods(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("LIST", bank.Settings{Flood: &staydown.FloodRule{Least: 10, Times: 1, Entries: 20}})
		bad := r.add(b, picture(h))
		r.add(b, md5Of(1))
		r.drain()
		item := r.item("unit", print(fingerprint.PDQ, h.String()))
		r.drain()
		for range 10 {
			r.item("unit", print(fingerprint.PDQ, r.near(h, 3).String()))
		}
		r.drain()
		r.same(r.look(picture(h)), []string{})
		r.same(r.whyNot(picture(h)), []string{"LIST 1 quarantined"})
		list, err := r.desk.Quarantined(r.ctx, r.lead, 10)
		r.must(err)
		if len(list) != 1 || !strings.Contains(list[0].QuarantineWhy, "matched 1") {
			r.Fatalf("quarantined: %+v", list)
		}
		r.same(r.hits(item), []string{"LIST 1 pdq 0"}) // what was found stays on the record
		r.must(r.desk.Release(r.ctx, r.lead, b.ID, bad.ID, "looked at"))
		for range 10 {
			r.item("unit", print(fingerprint.PDQ, r.near(h, 3).String()))
		}
		r.drain()
		r.same(r.look(picture(h)), []string{"LIST 1 pdq 0 match"}) // a person has looked

		r.clock.At = r.clock.At.Add(time.Minute)
		for i := range 11 { // lookups alone flood, too
			if got := r.look(md5Of(1)); (len(got) == 1) != (i < 10) {
				r.Errorf("lookup %d: %v", i, got)
			}
		}
	})
}

// A picture near everything, as a blank one or a page of dense text, is put aside when it comes in.
func TestQuarantineOfWhatIsNearEverything(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("LIST", bank.Settings{Flood: &staydown.FloodRule{Entries: 20}})
		var list []bank.New
		for range 30 {
			list = append(list, bank.New{Signals: []bank.Signal{picture(r.near(h, 4))}})
		}
		list = append(list, bank.New{Signals: []bank.Signal{picture(r.hash())}})
		_, err := r.desk.Take(r.ctx, r.lead, b.ID, "list.csv", list)
		r.must(err)
		r.drain()
		aside, err := r.desk.Quarantined(r.ctx, r.lead, 100)
		r.must(err)
		if len(aside) < 30-20 || slices.ContainsFunc(aside, func(c staydown.BankContent) bool { return c.Number == 31 }) {
			r.Errorf("%d put aside", len(aside))
		}
	})
}

// A value that two contents share goes on matching when one of them is withdrawn.
func TestASharedSignalBelongsToBoth(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("CLIPS", bank.Settings{})
		one := r.add(b, picture(h), md5Of(1))
		two := r.add(b, picture(h), md5Of(2))
		r.must(r.desk.Withdraw(r.ctx, r.lead, b.ID, one.ID, "wrong"))
		r.same(r.look(picture(h)), []string{"CLIPS 2 pdq 0 match"})
		r.same(r.look(md5Of(1)), []string{})
		r.must(r.desk.Withdraw(r.ctx, r.lead, b.ID, two.ID, "wrong, too"))
		r.same(r.look(picture(h)), []string{})
		live, aside := r.desk.Index().Len()
		if live != 0 || aside != 1 {
			r.Errorf("%d in the index, %d aside", live, aside)
		}
	})
}

// A process that starts later knows the same.
func TestANewCopyReadsWhatThereIs(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("ALL", bank.Settings{})
		r.add(b, picture(h))
		gone := r.add(b, picture(r.near(h, 20)))
		r.must(r.desk.Withdraw(r.ctx, r.lead, b.ID, gone.ID, "x"))
		r.add(b, signal(staydown.SignalTrend, `{"and":[{"or":["regex-/white (scarf|hat)/"]}],"not":["yesterday"]}`))
		late := r.another()
		a, err := late.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{picture(h)}, Text: words})
		r.must(err)
		r.same(said(a.Hits), []string{"ALL 1 pdq 0 match", "ALL 3 trend_query 0 match"})
	})
}

// Numbers of another installation are taken over, and counted on from there.
func TestNumbersAreTakenOver(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("OLD", bank.Settings{})
		c, err := r.desk.Add(r.ctx, r.lead, b.ID, bank.New{Number: 1001, Signals: []bank.Signal{md5Of(1)}, DisableUntil: ptr(int64(0)), Extra: `{"a":1}`})
		r.must(err)
		if c.Number != 1001 || c.DisableUntil != 0 {
			r.Errorf("taken over: %+v", c)
		}
		_, err = r.desk.Add(r.ctx, r.lead, b.ID, bank.New{Number: 1001, Signals: []bank.Signal{md5Of(2)}})
		r.refused(err, "bank.number_taken")
		if next := r.add(b, md5Of(3)); next.Number != 1002 {
			r.Errorf("the next is %d", next.Number)
		}
		_, err = r.desk.Open(r.ctx, r.lead, "", "", bank.Settings{Name: ptr("OLD")})
		r.refused(err, "bank.name_taken")
		_, err = r.desk.Open(r.ctx, r.lead, "", "", bank.Settings{Name: ptr("lower case")})
		r.refused(err, "bank.name")
		list, err := r.desk.Contents(r.ctx, r.lead, b.ID, bank.Filter{After: 1001, Limit: 1})
		r.must(err)
		if len(list) != 1 || list[0].Number != 1002 {
			r.Errorf("page: %+v", list)
		}
	})
}

func TestCompare(t *testing.T) {
	near := strings.Repeat("0f", 31) + "0e"
	for _, c := range []struct {
		kind, a, b string
		distance   int
		matches    bool
		code       string
	}{
		{"pdq", strings.Repeat("0f", 32), near, 1, true, "within"},
		{"pdq", strings.Repeat("0f", 32), strings.Repeat("f0", 32), 256, false, "radius"},
		{"pdq", near, strings.ToUpper(near), 0, true, "same"},
		{"md5", md5Of(1).Value, md5Of(2).Value, 1, false, "different"},
		{"text", words, words + ".", 0, true, "same"},
		{"url", "https://a.example", "https://A.example/", 0, true, "same"},
	} {
		r, err := bank.Compare(c.kind, c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		if r.Distance != c.distance || r.Matches != c.matches || r.Why[0].Code != c.code {
			t.Errorf("%s %s %s: %+v", c.kind, c.a, c.b, r)
		}
	}
	if _, err := bank.Compare("pdq", near, "x"); staydown.CodeOf(err) != "bank.signal" || err.(*staydown.Error).Where != "b" {
		t.Errorf("got %v", err)
	}
	d := &bank.Desk{}
	if _, err := d.Compare(caller("a", "u", staydown.RoleAnalyst), "pdq", near, near); staydown.CodeOf(err) != "access.permission" {
		t.Errorf("an analyst compared: %v", err)
	}
	if err := caller("a", "u", staydown.RoleLead).May(access.Explain); err != nil {
		t.Error(err)
	}
}
